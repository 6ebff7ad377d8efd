import { alarmed } from './burst';
import type {
  BurstRules,
  ConversationEffect,
  ConversationState,
  MessageFacts,
  Reply,
  Says,
} from './conversation-state';

/** A talk that a member of staff has taken over. The line is silent meanwhile, except about danger. */
export interface TakenTalk {
  /** A hash of who holds it. */
  person: string;
  /** The act that took it over. */
  since: string;
  /** The open case that it is about; null without one. */
  caseNumber: string | null;
  /** After this silence of the person the line takes the talk back, ms. */
  silenceMs: number;
  /** Epoch ms UTC. */
  until: number;
  /** What the citizen wrote meanwhile, and whether the person has written since. */
  heard: { messageId: string; isAnswered: boolean; isCourtesy: boolean }[];
}

/** What a member of staff does with a talk. `key` is the outbox key of a text, `category` the subject of a new case. */
export type PersonAct = { actionId: string; person: string } & (
  | { type: 'takes'; caseNumber: string | null; silenceMs: number }
  | { type: 'writes'; key: string }
  | { type: 'releases'; category: string | null }
);

/** Why an act is refused: somebody else holds the talk, or nobody does. */
export type TalkRefusal = 'talkHeld' | 'talkNotHeld';

/** `sendWords`: sends the text of a person that is stored under this outbox key. */
export type TakenEffect = ConversationEffect | { type: 'sendWords'; key: string };

interface TakenTurn {
  talk: TakenTalk | null;
  effects: TakenEffect[];
}

/** Returns why an act is not possible now, or null. Only one person at a time writes in a talk. */
export function talkRefusal(talk: TakenTalk | null, { type, person }: PersonAct): TalkRefusal | null {
  if (talk !== null && talk.person !== person) return 'talkHeld';
  return talk === null && type !== 'takes' ? 'talkNotHeld' : null;
}

/** Applies a person's act. `now` is epoch ms UTC. */
export function personActed(talk: TakenTalk | null, act: PersonAct, now: number): TakenTurn {
  const { actionId, person } = act;
  if (act.type === 'takes') {
    const { caseNumber, silenceMs } = act;
    const until = now + silenceMs;
    if (talk !== null)
      return { talk: { ...talk, caseNumber: talk.caseNumber ?? caseNumber, silenceMs, until }, effects: [] };
    const taken: TakenTalk = { person, since: actionId, caseNumber, silenceMs, until, heard: [] };
    return { talk: taken, effects: [{ type: 'reply', reply: 'personHere', messageIds: [actionId] }] };
  }
  if (talk === null) return { talk, effects: [] };
  if (act.type === 'releases') return { talk: null, effects: givenBack(talk, act.category) };
  const heard = talk.heard.map(each => ({ ...each, isAnswered: true }));
  return {
    talk: { ...talk, heard, until: now + talk.silenceMs },
    effects: [{ type: 'sendWords', key: act.key }],
  };
}

/**
 * Returns what follows when nobody has written for too long: the line answers again, and the desk hears of messages that
 * nobody has answered.
 */
export function personSilent(talk: TakenTalk): ConversationEffect[] {
  const unanswered = talk.heard.filter(({ isAnswered, isCourtesy }) => !isAnswered && !isCourtesy);
  const messageIds = unanswered.map(({ messageId }) => messageId);
  return [
    ...givenBack(talk, null),
    ...(messageIds.length > 0 ? [{ type: 'tellStaff' as const, messageIds }] : []),
  ];
}

/** What the citizen wrote goes to the case of the talk, or becomes a case of the chosen subject. */
function givenBack({ since, caseNumber, heard }: TakenTalk, category: string | null): ConversationEffect[] {
  const messageIds = heard.map(({ messageId }) => messageId);
  const hasMatter = heard.some(({ isCourtesy }) => !isCourtesy);
  const kept: ConversationEffect[] = !hasMatter
    ? []
    : caseNumber !== null
      ? [{ type: 'addToCase', caseNumber, messageIds, quietly: true }]
      : category !== null
        ? [{ type: 'openCase', messageIds, chosenCategory: category }]
        : [];
  return [...kept, { type: 'reply', reply: 'personGone', messageIds: [since] }];
}

/** Messages that a person answers. All others are commands, buttons and choices that mean the line itself. */
const forPerson: readonly Says[] = [
  ...([
    'report',
    'attachment',
    'place',
    'suggestion',
    'feedback',
    'corrects',
    'question',
    'insists',
  ] as const),
  ...(['greeting', 'thanks', 'aside', 'status', 'help', 'petition', 'abuse', 'person', 'language'] as const),
  ...(['endedCase', 'unreadable', 'lostFile'] as const),
];
const courtesies: readonly Says[] = ['greeting', 'thanks', 'aside'];

/**
 * Returns the talk with a message, and whether the person answers it. Danger, what follows an alarm, and commands are
 * answered by the line all the same. `now` is epoch ms UTC.
 */
export function heardByPerson(
  talk: TakenTalk,
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): { talk: TakenTalk; isForPerson: boolean } {
  const { messageId, says, danger, besides, alreadyHandled, judged, rewords, takesBack } = message;
  const isOfLine =
    alreadyHandled ||
    judged !== undefined ||
    rewords !== undefined ||
    takesBack !== undefined ||
    !forPerson.includes(says);
  const isPressing =
    danger !== undefined || besides === 'emergency' || alarmed(state, message, pace, now) !== null;
  const isForPerson = !isOfLine && !isPressing;
  // A hazard becomes a case of its own.
  const isKept = isForPerson || (isPressing && danger !== 'passers' && !alreadyHandled);
  if (!isKept) return { talk, isForPerson };
  const isCourtesy = courtesies.includes(says);
  const heard = [...talk.heard, { messageId, isAnswered: !isForPerson, isCourtesy }];
  return { talk: { ...talk, heard }, isForPerson };
}

/** Answers that the line gives although a person holds the talk. */
const neverSilent: readonly Reply[] = [
  ...(['emergency', 'blocked', 'personHere', 'personGone', 'stop', 'start'] as const),
  ...(['eraseYes', 'eraseNo', 'rated', 'sharesNumber', 'undone', 'withdrawNo', 'confirmWithdraw'] as const),
];

/** Returns whether an answer waits, because a person holds the talk. */
export function isSilenced(talk: TakenTalk | null, reply: Reply): boolean {
  return talk !== null && !neverSilent.includes(reply);
}
