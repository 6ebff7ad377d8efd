import type { Resolution } from './acts';
import type { Clock, FeedbackAnswer, HoldStage, Outcome, Priority, Role } from './case';

/** Why the service clock went on: somebody said so, or the longest wait was over. */
export type ResumeReason = 'answered' | 'department' | 'separated' | 'limit';

/** Why the times of a task were planned anew while it stayed where it was. */
export type ReplanReason = 'resume' | 'priority' | 'extend' | 'calendar';

export type CloseReason = 'confirmed' | 'silence' | 'undecided' | 'withdrawn' | 'answered';

/** The deadlines as they stand after planning; times epoch ms UTC. */
interface Deadlines {
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  calendarVersion: string;
  policyVersion?: string;
}

/** A line of the case's story, written once to the audit trail; times epoch ms UTC. */
export type CaseFact = { at: number } & (
  | { type: 'opened'; desk: string }
  | { type: 'handedOff'; institution: string; actionId?: string; desk?: string }
  | { type: 'accepted'; actionId: string; desk: string; plannedFor?: number }
  | { type: 'scheduled'; actionId: string; desk: string; plannedFor: number }
  | { type: 'started' | 'rejected' | 'noted' | 'handedOver'; actionId: string; desk: string }
  | { type: 'resolved'; actionId: string; desk: string; outcome?: Resolution }
  /** `asked` is the desk that was chosen, when the desk that sorts got the case instead. */
  | { type: 'rerouted'; actionId: string; from: string; to: string; asked?: string }
  | {
      type: 'paused';
      stage: HoldStage;
      /** Until when at most. */
      until: number | null;
      institution?: string;
      desk: string;
      actionId?: string;
    }
  | { type: 'resumed'; reason: ResumeReason; pausedMs: number; desk: string; actionId?: string }
  | ({ type: 'planned'; desk: string } & Deadlines)
  | ({ type: 'replanned'; reason: ReplanReason; desk: string } & Deadlines)
  | { type: 'joined'; leader: string; desk: string; actionId?: string }
  | { type: 'separated'; leader: string; desk: string; actionId?: string }
  | { type: 'followed'; leader: string; outcome: Outcome; leaderActionId: string | null }
  | { type: 'memberJoined' | 'memberLeft'; member: string }
  | { type: 'extended'; actionId: string; until: number }
  | { type: 'reassigned'; actionId: string; from: string; to: string }
  /** By a manager's act, or without one by the number of people who report the same. */
  | { type: 'prioritised'; actionId?: string; from: Priority; to: Priority }
  | { type: 'escalatedByManager'; actionId: string; level: number; to: Role }
  | { type: 'takenBack'; actionId: string }
  | { type: 'managerNoted'; actionId: string }
  | { type: 'citizenAdded'; messageIds: string[] }
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer }
  | { type: 'withdrawn'; messageId: string }
  | { type: 'surveyRepeated' }
  | { type: 'decisionAsked'; count: number }
  | { type: 'reopened'; count: number }
  | { type: 'closed'; reason: CloseReason }
  | { type: 'reminded' | 'breached' | 'escalated'; clock: Clock; level: number; to: Role; lateMs: number }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  | { type: 'photoLost'; messageId: string }
);
