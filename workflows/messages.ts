import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CaseState, FeedbackAnswer, NewCase } from '../src/domain/case';
import type { Act } from '../src/domain/case-events';
import type { ConversationState, Pace } from '../src/domain/conversation';

export interface ConversationInput {
  citizenId: string;
  pace: Pace;
  /** Carried over when a long conversation continues as new. */
  carried?: { state: ConversationState; queue: string[]; handled: string[] };
}

export interface ReportCaseInput {
  opening: NewCase;
  /** Carried over when a long case continues as new. */
  carried?: CaseState;
}

/** A citizen wrote; the message itself is in the store. */
export const inbound = defineSignal<[{ messageId: string }]>('inbound');

/** A citizen sent something more for an open case. */
export const citizenAdded =
  defineSignal<[{ messageIds: string[]; photoMessageIds: string[] }]>('citizenAdded');

/** A citizen answered whether the matter is solved. */
export const feedback =
  defineSignal<[{ messageId: string; citizenId: string; answer: FeedbackAnswer }]>('feedback');

/** Meta reported that a message of the case, by the number of its effect, never arrived. */
export const deliveryFailed = defineSignal<[{ undelivered: number }]>('deliveryFailed');

/** A department acts; refused with an `act-refused` failure whose first detail is the refusal. */
export const act = defineUpdate<CaseState, [Act]>('act');

export const view = defineQuery<CaseState>('view');
