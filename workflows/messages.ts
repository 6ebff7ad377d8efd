import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CaseState, FeedbackAnswer, NewCase, Outcome } from '../src/domain/case/case';
import type { Act } from '../src/domain/case/acts';
import type { CitizenSent } from '../src/domain/case/case-events';
import type { ConversationState, BurstRules } from '../src/domain/talk/conversation-state';

export interface ConversationInput {
  citizenId: string;
  pace: BurstRules;
  /** Whether decisions stand in the history before they are carried out; absent in talks that began before. */
  decidesFirst?: boolean;
  /** Carried over when a long conversation continues as new. */
  carried?: { state: ConversationState; queue: string[]; handled: string[] };
}

export interface ReportCaseInput {
  opening: NewCase;
  /** The state to go on from: a long case continues as new, a closed one is taken back, a lost one starts again. */
  carried?: CaseState;
  /** The act that takes a closed case back. */
  taking?: Act;
  /** The objection that brings an ended case before its decider. */
  objecting?: Objecting;
}

/** A citizen's objection; the words are those of the message. */
export interface Objecting {
  messageId: string;
  citizenId: string;
}

/** A citizen wrote; the message itself is in the store. */
export const inbound = defineSignal<[{ messageId: string }]>('inbound');

/** A citizen sent something more for an open case; "quietly" if the conversation itself answers. */
export const citizenAdded = defineSignal<[CitizenSent & { quietly?: boolean }]>('citizenAdded');

/** A citizen answered whether the problem is solved, by a tap or in words. */
export const feedback =
  defineSignal<[{ messageId: string; citizenId: string; answer: FeedbackAnswer; with?: CitizenSent }]>(
    'feedback',
  );

/** A citizen takes the report back. */
export const withdraw = defineSignal<[{ messageId: string; citizenId: string }]>('withdraw');

/** A citizen disputes the outcome. */
export const objection = defineSignal<[Objecting]>('objection');

/** The calendar has other closures than when the case was planned. */
export const calendarChanged = defineSignal<[]>('calendarChanged');

/** Another case, by its number, reports the same problem and follows this one; or does so no longer. */
export const memberJoined = defineSignal<[{ caseNumber: string }]>('memberJoined');
export const memberLeft = defineSignal<[{ caseNumber: string }]>('memberLeft');

/** The case that this one follows has ended. */
export const leaderEnded = defineSignal<[{ outcome: Outcome; actionId: string | null }]>('leaderEnded');

/** The work of the case that this one follows is on the programme, or its time there has moved. */
export const leaderPlanned = defineSignal<[{ actionId: string; moved: boolean }]>('leaderPlanned');

/** Meta reported that a message of the case, by the number of its effect, never arrived. */
export const deliveryFailed = defineSignal<[{ undelivered: number }]>('deliveryFailed');

/** Meta reported that a message arrived which it had reported as failed. */
export const messageArrived = defineSignal<[{ undelivered: number }]>('messageArrived');

/** A department or a manager acts; refused with an `act-refused` failure whose first detail is the refusal. */
export const act = defineUpdate<CaseState, [Act]>('act');

export const view = defineQuery<CaseState>('view');
