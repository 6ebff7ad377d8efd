import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
  type SearchAttributeUpdatePair,
  TypedSearchAttributes,
} from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Act, Correction } from '../src/domain/case/acts';
import type { CaseState, FeedbackAnswer, NewCase, Outcome } from '../src/domain/case/case';
import type { CitizenSent, LeaderCorrected } from '../src/domain/case/case-events';
import type { CallNews, CallReport } from '../src/domain/case/citizen-call';
import type { HandOffLetter, HandOffNews, HandOffReport } from '../src/domain/case/hand-off';
import type { Role } from '../src/domain/sla/sla';
import { type AttributeName, attributeTypes, type CaseAttributes } from '../src/domain/case/temporal-ui';
import type { BurstRules, ConversationState } from '../src/domain/talk/conversation-state';
import type { PersonAct, TakenTalk } from '../src/domain/talk/taken-talk';

export interface ConversationInput {
  citizenId: string;
  pace: BurstRules;
  /**
   * Whether decisions are recorded in the history before they are carried out. Absent in conversations from
   * before this rule.
   */
  decidesFirst?: boolean;
  /**
   * Whether a decision includes stored messages whose signal is late. Absent in conversations from before
   * this rule.
   */
  hearsStored?: boolean;
  /** State carried over by continue-as-new. */
  carried?: CarriedTalk;
}

/** The state of a talk that continues in another run, or joins the talk of the same person. */
export interface CarriedTalk {
  state: ConversationState;
  queue: string[];
  handled: string[];
  /** Talks with open questions that wait until nothing is pending. */
  later?: ConversationState[];
  /** Set while a member of staff holds the talk. */
  taken?: TakenTalk;
}

/**
 * A value with its file ids as sent on the wire. Histories, and clients and workers of earlier versions, use
 * `photoMessageIds`, from when citizens could send only photos.
 */
type OnWire<T extends { fileMessageIds: string[] }> = Omit<T, 'fileMessageIds'> & {
  photoMessageIds: string[];
};

export function toWire<T extends { fileMessageIds: string[] }>({ fileMessageIds, ...rest }: T): OnWire<T> {
  return { ...rest, photoMessageIds: fileMessageIds };
}

export function fromWire<T extends { photoMessageIds: string[] }>({
  photoMessageIds,
  ...rest
}: T): Omit<T, 'photoMessageIds'> & { fileMessageIds: string[] } {
  return { ...rest, fileMessageIds: photoMessageIds };
}

export interface ReportCaseInput {
  opening: OnWire<NewCase>;
  /**
   * The state to continue from: after continue-as-new, when a closed case is taken back, or when a lost
   * workflow is restarted.
   */
  carried?: CaseState;
  /** The act that takes a closed case back. */
  taking?: Act;
  /** The objection that reopens an ended case for a decision. */
  objecting?: Objecting;
  /** The message that undoes the answer which closed the case. */
  undoing?: CitizenSays;
  /** The reasons of a low rating, or other words `afterEnd`, which are added to the ended case. */
  adding?: OnWire<CitizenSent> & { quietly?: boolean; afterEnd?: true };
  /** What the citizen corrects after the end. */
  correcting?: OnWire<Corrected>;
  /** A report about a message of an ended case, or a step of its call or hand-off. */
  told?: AfterEnd;
}

/** What an ended case still records: the delivery of its last messages, their call, and its hand-off. */
export type AfterEnd =
  | { type: 'notDelivered'; undelivered: number; recipient?: Role }
  | { type: 'arrivedLate'; undelivered: number }
  | { type: 'called'; news: CallNews }
  | { type: 'handOffMoved'; news: HandOffNews };

/** A citizen's correction. Its values are stored under the action id. */
type Corrected = CitizenSent & { actionId: string; correction: Correction };

/** A citizen's message about the case. */
export interface CitizenSays {
  messageId: string;
  citizenId: string;
}

/** A citizen's objection. Its text is that of the message, unless a button was tapped. */
export interface Objecting extends CitizenSays {
  inWords?: true;
}

/** The citizen sent a message, which is already stored. */
export const inbound = defineSignal<[{ messageId: string }]>('inbound');

/** The citizen turned out to be another one, whose talk continues this one. */
export const mergedInto = defineSignal<[{ citizenId: string }]>('mergedInto');

/** The talk of another identity of the same citizen joins this one. */
export const joined = defineSignal<[CarriedTalk]>('joined');

/**
 * A member of staff takes a talk over, writes in it or gives it back. Rejected with an `act-refused` failure whose first
 * detail is the refusal.
 */
export const personActs = defineUpdate<void, [PersonAct]>('personActs');

/** Who holds the talk, and about which case; null while the line answers. */
export const talkHolder = defineQuery<Pick<TakenTalk, 'person' | 'caseNumber'> | null>('talkHolder');

/**
 * The citizen sent an addition to an open case. `quietly`: the conversation answers the citizen. `reasons`:
 * the reasons of a low rating, which a case accepts after its end as well. `afterEnd`: the case has an outcome.
 */
export const citizenAdded =
  defineSignal<[OnWire<CitizenSent> & { quietly?: boolean; reasons?: boolean; afterEnd?: boolean }]>(
    'citizenAdded',
  );

/** The citizen corrects a case. */
export const citizenCorrected = defineSignal<[OnWire<Corrected>]>('citizenCorrected');

/** The citizen answered the survey by button or in words. */
export const feedback =
  defineSignal<
    [{ messageId: string; citizenId: string; answer: FeedbackAnswer; with?: OnWire<CitizenSent> }]
  >('feedback');

/** The citizen withdraws the report. */
export const withdraw = defineSignal<[CitizenSays]>('withdraw');

/** The citizen undoes the last survey answer. */
export const undoAnswer = defineSignal<[CitizenSays]>('undoAnswer');

/** The citizen objects to the outcome. */
export const objection = defineSignal<[Objecting]>('objection');

/** The closures in the calendar changed after the case was planned. */
export const calendarChanged = defineSignal<[]>('calendarChanged');

/** Another case, given by its number, starts or stops following this one. */
export const memberJoined = defineSignal<[{ caseNumber: string }]>('memberJoined');
export const memberLeft = defineSignal<[{ caseNumber: string }]>('memberLeft');

/** The leading case has ended. */
export const leaderEnded = defineSignal<[{ outcome: Outcome; actionId: string | null }]>('leaderEnded');

/** The leading case has been planned for a later date, or its planned date has changed. */
export const leaderPlanned = defineSignal<[{ actionId: string; moved: boolean }]>('leaderPlanned');

/** The end of the incident that the case belongs to has changed. */
export const incidentMoved = defineSignal<[]>('incidentMoved');
/** Subject, priority or owner of the leading case have been corrected, which are those of its followers as well. */
export const leaderCorrected = defineSignal<[LeaderCorrected]>('leaderCorrected');

/** The record of the case is older than its workflow, for example after a backup was restored. */
export const recordAgain = defineSignal<[]>('recordAgain');

/** The message of an effect was not delivered: to the citizen, or as a letter to `recipient`. */
export const deliveryFailed = defineSignal<[{ undelivered: number; recipient?: Role }]>('deliveryFailed');

/** Meta reported the delivery of a message that it had reported as failed. */
export const messageArrived = defineSignal<[{ undelivered: number }]>('messageArrived');

/** A step of the call that replaces undelivered messages of the case. */
export const called = defineSignal<[CallNews]>('called');

/** A message of the case did not arrive, so its citizen must be phoned. Sent to the call. */
export const toldInVain = defineSignal<[{ undelivered: number }]>('toldInVain');

/** A message that had failed arrived. Sent to the call. */
export const arrivedAfterAll = defineSignal<[{ undelivered: number }]>('arrivedAfterAll');

/** The desk reports the result of its call. Rejected with `act-refused` after the end of the call. */
export const callReport = defineUpdate<void, [CallReport]>('callReport');

/** A gathering of letters to one address, until a time (epoch ms UTC); `later`: not those of an opening. */
export interface Gathering {
  until: number;
  later?: boolean;
}

/** A letter of a case that is gathered with others. `key` is its outbox key. */
export interface GatheredLetter {
  caseNumber: string;
  key: string;
}

/** A letter came back as mail. Sent to the hand-off. */
export const handOffReturned = defineSignal<[{ letter: HandOffLetter; count: number }]>('letterReturned');

/** A letter came back as mail; `at` is the time of its request, epoch ms UTC. Sent to the call. */
export const callReturned = defineSignal<[{ attempt: number; at: number }]>('letterReturned');

/** A letter to gather with the others to its address. */
export const letterGathered = defineSignal<[GatheredLetter]>('gathered');

/** A step of the hand-off of the case to an institution. */
export const handOffMoved = defineSignal<[HandOffNews]>('handOffMoved');

/** The institution or our desk reports. Rejected with `act-refused` if the hand-off does not wait for it. */
export const handOffReport = defineUpdate<void, [HandOffReport]>('handOffReport');

/** The citizen wrote more about the matter. Sent to the hand-off. */
export const handOffAdded = defineSignal<[{ messageIds: string[] }]>('handOffAdded');

/** The case was reopened, so its hand-off ends. Sent to the hand-off. */
export const recalled = defineSignal<[]>('recalled');

/**
 * An act of a department or manager. Rejected with an `act-refused` failure whose first detail is the
 * refusal.
 */
export const act = defineUpdate<CaseState, [Act]>('act');

export const view = defineQuery<CaseState>('view');

const words = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const numbers = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.INT);
const flags = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.BOOL);
const times = (name: AttributeName) => defineSearchAttributeKey(name, SearchAttributeType.DATETIME);

/** Returns the SDK's typed updates for changed search attributes. Null unsets an attribute. */
export function attributeUpdates(changes: Partial<CaseAttributes>): SearchAttributeUpdatePair[] {
  return (Object.keys(changes) as AttributeName[]).map(name => {
    const value = changes[name] ?? null;
    switch (attributeTypes[name]) {
      case 'Keyword':
        return { key: words(name), value: value as string | null };
      case 'Int':
        return { key: numbers(name), value: value as number | null };
      case 'Bool':
        return { key: flags(name), value: value as boolean | null };
      case 'Datetime':
        return { key: times(name), value: value === null ? null : new Date(value as number) };
    }
  });
}

/** Returns the search attributes that a workflow starts with. Unset ones are left out. */
export function initialAttributes(attributes: Partial<CaseAttributes>): TypedSearchAttributes {
  const isSet = (pair: SearchAttributeUpdatePair): pair is SearchAttributePair => pair.value !== null;
  return new TypedSearchAttributes(attributeUpdates(attributes).filter(isSet));
}
