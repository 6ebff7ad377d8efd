import type {
  BurstRules,
  ConversationEffect,
  ConversationState,
  ConversationTurn,
  MessageFacts,
} from './conversation-state';

/** Returns what was understood of a voice note to the citizen. Nothing is decided before it is confirmed. */
export function askVoice(
  state: ConversationState,
  { unconfirmed: _, besides, ...note }: MessageFacts,
  { answerWaitMs }: BurstRules,
  now: number,
): ConversationTurn {
  const messageIds = [note.messageId];
  // Danger is answered before any confirmation.
  const urgent: ConversationEffect[] =
    besides === 'emergency' ? [{ type: 'reply', reply: besides, messageIds }] : [];
  const { unconfirmed = [] } = withoutNote(state, note.messageId);
  return {
    state: { ...state, unconfirmed: [...unconfirmed, { note, until: now + answerWaitMs }] },
    effects: [...urgent, { type: 'reply', reply: 'askVoice', messageIds }],
  };
}

/** Returns the conversation without a voice note that waited for confirmation or was a recording of the burst. */
export function withoutNote(
  { unconfirmed = [], ...state }: ConversationState,
  messageId: string,
): ConversationState {
  const left = unconfirmed.filter(({ note }) => note.messageId !== messageId);
  const gathered = state.gathered.filter(each => each.messageId !== messageId);
  return { ...state, gathered, ...(left.length > 0 && { unconfirmed: left }) };
}

/**
 * Returns the conversation with its unconfirmed voice notes as plain recordings of the burst, because the citizen
 * has written the report instead.
 */
export function withRecordings({ unconfirmed = [], ...state }: ConversationState): ConversationState {
  const recordings = unconfirmed.map(({ note }) => recordingOf(note));
  return { ...state, gathered: [...state.gathered, ...recordings] };
}

function recordingOf({ messageId, at, recentCase }: MessageFacts): MessageFacts {
  return {
    ...{ messageId, at, recentCase, says: 'attachment', tellsPlace: false, photo: false },
    ...{ alreadyHandled: false, matter: false },
  };
}

/** Returns a voice note that nobody confirmed in time; null if the conversation waits for none of this age. */
export function unjudgedNote({ unconfirmed = [] }: ConversationState, now: number): MessageFacts | null {
  return unconfirmed.find(({ until }) => until <= now)?.note ?? null;
}

/**
 * Returns what an unconfirmed voice note is still good for: reports, additions and answers are passed on, but no
 * answer is sure. Returns null for commands and courtesies, which expire.
 */
export function unjudged(note: MessageFacts): MessageFacts | null {
  const { says, answer, matter, danger, follows } = note;
  if (answer) return { ...note, answer: { ...answer, sure: false } };
  const isAddition = follows === 'addition' || follows === 'likelyAddition';
  const isKept = matter === true || danger !== undefined || says === 'objects' || says === 'person';
  if (!isKept && !isAddition) return null;
  return says === 'report' && !isAddition ? { ...note, toBeHeard: true } : note;
}

/** Returns when the conversation continues without a message, epoch ms UTC; null if nothing is pending. */
export function wakeAt({ deadline, unconfirmed = [], phase, gathered }: ConversationState): number | null {
  if (unconfirmed.length === 0) return deadline;
  const expires = Math.min(...unconfirmed.map(({ until }) => until));
  // A picture or location beside a voice note waits for its words.
  const isBeside = phase === 'gathering' && gathered.every(({ says }) => beside.includes(says));
  return deadline === null || isBeside ? expires : Math.min(deadline, expires);
}

const beside: readonly MessageFacts['says'][] = [
  'attachment',
  'place',
  'greeting',
  'thanks',
  'aside',
  'event',
];
