import { hear } from './conversation';
import type { BurstRules, ConversationState, ConversationTurn } from './conversation-state';

/** Two talks of one person as one. `later` waits until nothing is pending in the first. */
interface JoinedTalks extends ConversationTurn {
  later: ConversationState | null;
}

const isIdle = ({ deadline }: ConversationState): boolean => deadline === null;

/** Keeps what both talks have answered, so that nothing is repeated, and their unconfirmed voice notes. */
function withMemory(state: ConversationState, other: ConversationState): ConversationState {
  const answered = { ...other.answered };
  for (const [key, at] of Object.entries(state.answered ?? {}) as [keyof typeof answered, number][]) {
    answered[key] = Math.max(at, answered[key] ?? at);
  }
  const notes = [...(state.unconfirmed ?? []), ...(other.unconfirmed ?? [])];
  const alarmedAt = Math.max(state.alarmedAt ?? -Infinity, other.alarmedAt ?? -Infinity);
  return {
    ...state,
    ...(Object.keys(answered).length > 0 && { answered }),
    ...(alarmedAt > -Infinity && { alarmedAt }),
    ...(notes.length > 0 && { unconfirmed: notes }),
  };
}

/** Returns the messages of both talks as one burst, which lasts as long as if they had come in one chat. */
function asOneBurst(
  own: ConversationState,
  other: ConversationState,
  { longestMs, mostInBurst = Infinity }: BurstRules,
  now: number,
): ConversationState {
  const gathered = [...own.gathered, ...other.gathered].sort((a, b) => a.at - b.at);
  const since = Math.min(own.gatheringSince ?? now, other.gatheringSince ?? now);
  const until = Math.max(own.deadline ?? now, other.deadline ?? now);
  const isUrgent = gathered.length >= mostInBurst || gathered.some(({ danger }) => danger !== undefined);
  const deadline = isUrgent ? now : Math.max(Math.min(until, since + longestMs), now);
  return { ...own, gathered, gatheringSince: since, deadline };
}

/** Whether one talk asks what happened and the other one where: each has what the other one asks for. */
function answerEachOther(one: ConversationState['phase'], other: ConversationState['phase']): boolean {
  return [one, other].sort().join() === 'awaitingPlace,awaitingWords';
}

/**
 * Joins the talk of another identity of the same person. Without open questions the messages become one burst;
 * with one, the other messages are heard as its answers; with two, the other talk waits, unless they answer each other. Messages that this talk
 * has `handled` are left out. `now` is epoch ms UTC.
 */
export function joinTalks(
  own: ConversationState,
  given: ConversationState,
  handled: readonly string[],
  pace: BurstRules,
  now: number,
): JoinedTalks {
  const other = {
    ...given,
    gathered: given.gathered.filter(({ messageId }) => !handled.includes(messageId)),
  };
  const isEmpty = isIdle(other) || (other.gathered.length === 0 && given.gathered.length > 0);
  if (isEmpty) return { state: withMemory(own, other), effects: [], later: null };
  if (isIdle(own)) return { state: withMemory(other, own), effects: [], later: null };
  const [asks, otherAsks] = [own.phase !== 'gathering', other.phase !== 'gathering'];
  if (!asks && !otherAsks) {
    return { state: withMemory(asOneBurst(own, other, pace, now), other), effects: [], later: null };
  }
  if (pace.joinsAnswers && answerEachOther(own.phase, other.phase)) {
    const burst = asOneBurst({ ...own, phase: 'gathering' }, other, pace, now);
    return { state: withMemory({ ...burst, deadline: now }, other), effects: [], later: null };
  }
  if (asks && otherAsks) {
    const { unconfirmed: _, ...later } = other;
    return { state: withMemory(own, other), effects: [], later };
  }
  const [asking, said] = asks ? [own, other] : [other, own];
  const turn: ConversationTurn = { state: withMemory(asking, said), effects: [] };
  for (const message of said.gathered) {
    const next = hear(turn.state, message, pace, now);
    turn.state = next.state;
    turn.effects.push(...next.effects);
  }
  return { ...turn, later: null };
}

/** Returns the talk that had to wait. Its question is still in the chat and gets its whole time again. */
export function laterTalk(
  before: ConversationState,
  later: ConversationState,
  { answerWaitMs }: BurstRules,
  now: number,
): ConversationState {
  return { ...withMemory(later, before), deadline: now + answerWaitMs };
}
