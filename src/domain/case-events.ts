import type { Clock, FeedbackAnswer, Plan, Role } from './case';

/** What a department can do with its task. */
export const taskActions = ['accept', 'reroute', 'resolve', 'reject', 'note'] as const;
export type TaskAction = (typeof taskActions)[number];

/** A department's act as it travels: ids and choices; the words are stored under the action id. */
export interface Act {
  actionId: string;
  action: TaskAction;
  /** The turn the link was made for. */
  task: number;
  /** The department to send on to; only with `reroute`. */
  department?: string;
}

export type CaseEvent =
  | { type: 'opened'; photoMessageIds: string[] }
  | { type: 'acted'; act: Act }
  | { type: 'planned'; plan: Plan; after: 'reroute' | 'reopen' }
  | { type: 'citizenAdded'; messageIds: string[]; photoMessageIds: string[] }
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  | { type: 'photoLost'; messageId: string }
  | { type: 'timePassed' };

/** A line of the case's story, written once to the audit trail; times epoch ms UTC. */
export type CaseFact = { at: number } & (
  | { type: 'opened'; desk: string }
  | { type: 'handedOff'; institution: string }
  | { type: 'accepted' | 'resolved' | 'rejected' | 'noted'; actionId: string; desk: string }
  | { type: 'rerouted'; actionId: string; from: string; to: string }
  | {
      type: 'planned';
      desk: string;
      acceptBy: number;
      resolveBy: number;
      legalBy: number;
      calendarVersion: string;
    }
  | { type: 'citizenAdded'; messageIds: string[] }
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer }
  | { type: 'reopened'; count: number }
  | { type: 'closed'; reason: 'confirmed' | 'silence' }
  | { type: 'reminded' | 'breached' | 'escalated'; clock: Clock; level: number; to: Role; lateMs: number }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  | { type: 'photoLost'; messageId: string }
);

export type CitizenNews =
  | 'acknowledged'
  | 'handedOff'
  | 'added'
  | 'rerouted'
  | 'resolved'
  | 'rejected'
  | 'reopened'
  | 'closed'
  | 'status'
  | 'alreadyClosed';
export type LetterKind = 'task' | 'reminder' | 'breach' | 'escalation' | 'citizenAdded' | 'reopened';

/** A letter to a desk: which kind, to whom there, about which task, and what gave rise to it. */
export interface LetterOrder {
  letter: LetterKind;
  to: Role;
  department: string;
  task: number;
  /** The rung of the ladder behind a reminder, breach or escalation. */
  rung?: { clock: Clock; level: number };
  /** The messages behind `citizenAdded`. */
  added?: string[];
}

/** What the workflow must get done; `effect` numbers them for ever and is part of each idempotency key. */
export type CaseEffect = { effect: number } & (
  | { type: 'plan'; department: string; after: 'reroute' | 'reopen'; from: number }
  | { type: 'tellCitizen'; news: CitizenNews; actionId?: string }
  | ({ type: 'mail' } & LetterOrder)
  | { type: 'keepPhoto'; messageId: string }
);
