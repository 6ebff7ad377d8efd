/**
 * The stages of a case, in the order in which a case usually meets them. `received` means on its way to a desk;
 * a case in one of the last four has left the desk, and `resolved` alone still waits for the citizen's word.
 */
export const stages = [
  'received',
  'triage',
  'assigned',
  'accepted',
  'resolved',
  'closed',
  'rejected',
  'handedOff',
] as const;
export type Stage = (typeof stages)[number];

export type Outcome = 'resolved' | 'rejected' | 'handedOff';
export type CaseKind = 'problem' | 'request' | 'suggestion' | 'thanks';
export type Priority = 'p1' | 'p2' | 'p3' | 'p4';
export type FeedbackAnswer = 'solved' | 'partly' | 'unsolved';

export const slaStates = ['onTrack', 'atRisk', 'breached', 'met', 'missed'] as const;
export type SlaState = (typeof slaStates)[number];

/** Something of the configuration with the Turkish name that people read: a department, subject, neighbourhood. */
export interface Named {
  slug: string;
  name: string;
}

/** Everything that is decided when a report becomes a case; ids, enums, names from the configuration, epoch ms. */
export interface NewCase {
  caseNumber: string;
  citizenId: string;
  kind: CaseKind;
  category: Named;
  priority: Priority;
  neighbourhood: Named | null;
  /** Set when the matter belongs to an institution outside the municipality. */
  institution: Named | null;
  receivedAt: number;
  /** All that the citizen sent for this case, in the order of arrival. */
  messageIds: string[];
  /** The messages that brought a photo or another file. */
  photoMessageIds: string[];
  plan: Plan;
  /** How long a resolved case waits for the citizen's word, in ms. */
  closeAfterMs: number;
}

export type Clock = 'accept' | 'resolve' | 'legal';
export type Role = 'department' | 'chief' | 'deputyMayor';

/** One planned rung of the ladder. Level 0 is a reminder before the target, 1 the breach, more an escalation. */
export interface Step {
  clock: Clock;
  level: number;
  to: Role;
  at: number;
}

/** Absolute deadlines of one task, planned by an activity and kept as facts; all times epoch ms UTC. */
export interface Plan {
  /** The department that must act; the triage desk is one like the others. */
  desk: Named;
  /** Whether the desk only sorts: it sends on, answers or rejects, but does no work on the street. */
  triage: boolean;
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  /** Ordered by time. */
  steps: Step[];
  /** Minutes east of UTC on the town's clock when planned, for the words shown to managers. */
  utcOffsetMinutes: number;
  calendarVersion: string;
}

/** The case as it stands: what it was opened with, and all that has happened since. */
export interface CaseState extends Omit<NewCase, 'photoMessageIds'> {
  stage: Stage;
  outcome: Outcome | null;
  /** Number of the department's current turn; a link of an earlier turn can no longer act. */
  task: number;
  plan: Plan;
  /** The steps still ahead, ordered by time. */
  steps: Step[];
  slaState: SlaState;
  everBreached: boolean;
  escalationLevel: number;
  reopenCount: number;
  rerouteCount: number;
  acceptedAt: number | null;
  resolvedAt: number | null;
  closeAt: number | null;
  feedback: FeedbackAnswer | null;
  /** Facts recorded so far; also the revision of the record. */
  revision: number;
  /** Effects issued so far; each one's number is its idempotency key. */
  effects: number;
  /** Ids of messages and actions already dealt with, newest last, bounded. */
  handled: string[];
}

/** Whether the department still has to do something. */
export function isWithDepartment(stage: Stage): boolean {
  return stage === 'triage' || stage === 'assigned' || stage === 'accepted';
}

/** Whether nothing more can happen to the case. */
export function isEnded(stage: Stage): boolean {
  return stage === 'closed' || stage === 'rejected' || stage === 'handedOff';
}
