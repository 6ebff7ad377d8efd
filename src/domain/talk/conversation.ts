import { alarmed, awaitingMore, dropped, goOn, isDraft, takenApart } from './burst';
import {
  type Answer,
  type BurstRules,
  type ConversationEffect,
  type ConversationState,
  type ConversationTurn,
  emptied,
  type MessageFacts,
  once,
  type Phase,
  type Reply,
  type Says,
} from './conversation-state';
import { askVoice, unjudged, unjudgedNote, withoutNote, withRecordings } from './voice-note';

/** Applies a message to the conversation. `now` is epoch ms UTC. */
export function hear(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  if (message.alreadyHandled) return { state, effects: [] };
  if (message.judged) return judged(state, message, message.judged, pace, now);
  const alarm = alarmed(state, message, pace, now);
  if (alarm) return alarm;
  if (message.unconfirmed && message.says !== 'blocked') return askVoice(state, message, pace, now);
  const { messageId, says, about } = message;
  const messageIds = [messageId];
  const single = (reply: Reply): ConversationTurn =>
    once(state, { reply, messageIds, ...(about && { caseNumber: about }) }, pace, now);

  if (message.rewords !== undefined || message.takesBack !== undefined)
    return corrected(state, message, pace, now);
  if (message.joins && message.statusOf !== undefined) return delayComplained(state, message, pace, now);
  switch (says) {
    case 'blocked':
    case 'lostFile':
    case 'stop':
    case 'start':
    case 'rated':
    case 'eraseNo':
      return single(says);
    case 'withdrawNo':
      return answered(state, single(says));
    case 'undo':
      return message.undoes === undefined
        ? single('undone')
        : { state, effects: [{ type: 'undo', caseNumber: message.undoes, messageIds }] };
    case 'objects':
      return about === undefined
        ? single('endedCase')
        : { state, effects: [{ type: 'object', caseNumber: about, messageIds }] };
    case 'language':
      return single('help');
    case 'person':
    case 'eraseYes':
    // The number is asked for only when a citizen wants a call.
    case 'sharesNumber': {
      const turn = single(says);
      const isTold = turn.effects.some(({ type }) => type === 'reply');
      const effects: ConversationEffect[] = isTold ? [{ type: 'tellStaff', messageIds }] : [];
      return answered(state, { ...turn, effects: [...turn.effects, ...effects] });
    }
    case 'withdraw':
      return about === undefined && isDraft(state)
        ? dropped(state, messageId)
        : withdrawing(state, single('confirmWithdraw'), about, pace, now);
    case 'withdrawYes':
      return about === undefined
        ? single('endedCase')
        : answered(state, { state, effects: [{ type: 'withdraw', caseNumber: about, messageIds }] });
    case 'subject':
      return subjectChosen(state, message, pace, now);
    case 'otherSubject':
      return otherWanted(state, message, pace, now);
    case 'which':
      return whichAnswered(state, message, pace, now);
    case 'insists':
      return insisted(state, message, pace, now);
    case 'question':
      return questionAnswered(state, message, pace, now);
    default:
      return pace.attentive ? heardAtOnce(state, message, pace, now) : gathered(state, message, pace, now);
  }
}

/** Applies "Doğru" or "Yanlış" below the transcript of a voice note. */
function judged(
  before: ConversationState,
  { judged: _, besides, ...note }: MessageFacts,
  { isRight, by }: NonNullable<MessageFacts['judged']>,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const state = withoutNote(before, note.messageId);
  const noted: ConversationEffect = { type: 'note', messageIds: [by] };
  const isAddition = note.follows === 'addition' && (note.about ?? note.recentCase) !== null;
  if (isRight || isAddition) {
    // The 112 notice was sent before the confirmation.
    const said = besides === undefined || besides === 'emergency' ? note : { ...note, besides };
    const turn = hear(state, said, pace, now);
    return { ...turn, effects: [noted, ...turn.effects] };
  }
  const isFree = state.phase === 'gathering';
  return {
    state: {
      ...state,
      gathered: [...state.gathered, { ...note, toBeHeard: true }],
      ...(isFree && { phase: 'awaitingWords', gatheringSince: null, deadline: now + pace.answerWaitMs }),
    },
    effects: [noted, { type: 'reply', reply: 'voiceWrong', messageIds: [note.messageId] }],
  };
}

/**
 * Continues when a time has passed: with a voice note that nobody confirmed, otherwise with the burst or the
 * question. `now` is epoch ms UTC.
 */
export function timePassed(state: ConversationState, pace: BurstRules, now: number): ConversationTurn {
  const note = unjudgedNote(state, now);
  if (!note) return goOn(state, pace, now);
  const rest = withoutNote(state, note.messageId);
  const kept = unjudged(note);
  if (kept) return hear(rest, kept, pace, now);
  return { state: rest, effects: [{ type: 'note', messageIds: [note.messageId] }] };
}

/** Messages that are answered without waiting for the rest of the burst. */
const answerable: readonly Says[] = ['status', 'help', 'petition', 'abuse', 'endedCase', 'unreadable'];
/** Messages that add nothing to a report with an open question. */
const courtesies: readonly Says[] = ['greeting', 'thanks', 'aside', 'event'];
/** Messages that are answered immediately if they are the first of a burst. */
const prompt: readonly Says[] = ['greeting', 'status', 'help', 'petition'];

/** The question of each phase, for repeating it. */
const questionOf: Readonly<Record<Exclude<Phase, 'gathering'>, Reply>> = {
  awaitingWhich: 'askWhich',
  awaitingSubject: 'askSubject',
  awaitingPlace: 'askPlace',
  awaitingWords: 'askWords',
  awaitingWish: 'notUnderstood',
  awaitingWithdrawal: 'confirmWithdraw',
};

/** Answers a small question. If a question of ours is open, it stays open and is repeated. */
function questionAnswered(
  state: ConversationState,
  { messageId, asks, about }: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const messageIds = [messageId];
  const { phase } = state;
  const answer: Answer = {
    reply: 'question',
    messageIds,
    ...(asks && { question: asks.question }),
    ...(about !== undefined && { caseNumber: about }),
    ...(phase !== 'gathering' && phase !== 'awaitingWish' && { again: questionOf[phase] }),
  };
  const turn = once(state, answer, pace, now);
  const isAnswered = turn.effects.some(({ type }) => type === 'reply');
  const effects: ConversationEffect[] = asks?.toDesk && isAnswered ? [{ type: 'tellStaff', messageIds }] : [];
  const told = { ...turn, effects: [...turn.effects, ...effects] };
  return phase === 'awaitingWish' ? answered(state, told) : told;
}

/** Returns the answer to a message of a kind that has an answer of its own. */
const answerTo = ({ says, messageId, statusOf }: MessageFacts): Answer => ({
  reply: says as Reply,
  messageIds: [messageId],
  ...(statusOf !== undefined && { statusOf }),
});

/** Answers a complaint about delay with the status of the case, and adds the text to it. */
function delayComplained(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const again = state.phase === 'gathering' ? {} : { again: questionOf[state.phase] };
  const turn = once(state, { ...answerTo(message), ...again }, pace, now);
  const messageIds = [message.messageId];
  const caseNumber = message.statusOf ?? '';
  const replies = turn.effects.filter(({ type }) => type === 'reply');
  return { ...turn, effects: [{ type: 'addToCase', caseNumber, messageIds, quietly: true }, ...replies] };
}

/** Answers messages that need no waiting. While a question is open, every message gets an answer. */
function heardAtOnce(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const { says, messageId } = message;
  const messageIds = [messageId];
  if (state.phase === 'gathering') {
    const isPrompt = state.gathered.length === 0 && prompt.includes(says);
    return isPrompt ? once(state, answerTo(message), pace, now) : gathered(state, message, pace, now);
  }
  const taken = pace.takesApart ? takenApart(state, message, pace, now) : null;
  if (taken) return taken;
  const again = questionOf[state.phase];
  if (says === 'event') return { state, effects: [{ type: 'note', messageIds }] };
  if (courtesies.includes(says)) return once(state, { reply: 'again', messageIds, again }, pace, now);
  if (answerable.includes(says)) {
    if (state.phase === 'awaitingWish' && says === 'status')
      return answered(state, once(state, answerTo(message), pace, now));
    return once(state, { ...answerTo(message), again }, pace, now);
  }
  if (state.phase === 'awaitingWithdrawal') return gathered(emptied(state), message, pace, now);
  const turn = gathered(state, message, pace, now);
  const isSilent = turn.effects.length === 0 && turn.state.gatheringSince === null;
  if (!isSilent) return turn;
  // Do not repeat the question if its list or buttons are still visible.
  const asked = once(turn.state, { reply: 'kept', messageIds, again }, pace, now);
  return { ...asked, effects: asked.effects.filter(({ type }) => type !== 'note') };
}

function gathered(
  before: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const { says, messageId } = message;
  const messageIds = [messageId];
  if (before.phase !== 'gathering') {
    // While a question is open, other messages neither end the wait nor stay unanswered.
    if (courtesies.includes(says)) return { state: before, effects: [{ type: 'note', messageIds }] };
    if (answerable.includes(says)) return once(before, answerTo(message), pace, now);
  }
  const urgent = says === 'emergency' ? says : message.besides;
  const spoken = urgent
    ? once(before, { reply: urgent, messageIds }, pace, now)
    : { state: before, effects: [] };
  const effects = spoken.effects.filter(({ type }) => type !== 'note');
  if (message.apart) return { state: spoken.state, effects: [...effects, { type: 'openCase', messageIds }] };
  const open = message.subject ? resumed(spoken.state) : spoken.state;
  const isWritten = says === 'report' && !message.spoken && open.phase === 'gathering';
  const { gathered: earlier, ...rest } = isWritten ? withRecordings(open) : open;
  const state = { ...rest, gathered: [...earlier, message] };
  if (state.phase === 'awaitingPlace' && message.tellsPlace) {
    const turn = goOn(state, pace, now);
    return { ...turn, effects: [...effects, ...turn.effects] };
  }
  if (state.phase === 'awaitingWhich' || (state.phase === 'awaitingSubject' && !message.subject)) {
    return { state, effects };
  }
  return { state: awaitingMore(state, pace, now), effects };
}

/** Hours after our list, new words begin the report anew, together with the earlier ones. */
function resumed(state: ConversationState): ConversationState {
  const { lapsed, ...open } = state;
  return lapsed ? { ...open, phase: 'gathering' } : state;
}

/** Applies an edit or a deletion of an earlier message. It may also answer a question asked meanwhile. */
function corrected(
  before: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const { messageId, rewords, takesBack } = message;
  const note: ConversationEffect = { type: 'note', messageIds: [messageId] };
  const kept = before.gathered.flatMap(each => {
    if (each.messageId === takesBack) return [];
    return each.messageId === rewords ? [{ ...message, messageId: rewords }] : [each];
  });
  const left = takesBack === undefined ? before : withoutNote(before, takesBack);
  if (kept.length === 0) return { state: emptied(left), effects: [note] };
  const state = { ...left, gathered: kept };
  if (rewords === undefined || state.phase === 'gathering') return { state, effects: [note] };
  const isAnswer = state.phase === 'awaitingPlace' ? message.tellsPlace : message.matter === true;
  if (!isAnswer) return { state, effects: [note] };
  const turn = goOn({ ...state, gatheringSince: now }, pace, now);
  return { ...turn, effects: [note, ...turn.effects] };
}

function subjectChosen(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const messageIds = [message.messageId];
  if (state.phase === 'awaitingSubject' && message.chosen !== undefined) {
    const { chosen: first, chosenToo } = message;
    const chosen = {
      ...state,
      gathered: [...state.gathered, message],
      chosen: first,
      ...(chosenToo !== undefined && { chosenToo }),
    };
    return goOn({ ...chosen, gatheringSince: now }, pace, now);
  }
  // The case has been opened meanwhile, so the answer goes to its desk.
  const { recentCase } = message;
  if (recentCase) return { state, effects: [{ type: 'addToCase', caseNumber: recentCase, messageIds }] };
  return once(state, { reply: 'help', messageIds }, pace, now);
}

/** "Başka": lists the other subjects instead of the one in our question. */
function otherWanted(
  state: ConversationState,
  { messageId }: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  if (state.phase !== 'awaitingSubject')
    return once(state, { reply: 'help', messageIds: [messageId] }, pace, now);
  const messageIds = state.gathered.map(message => message.messageId);
  return {
    state: { ...state, deadline: now + ((state.lapsed && pace.lapseMs) || pace.answerWaitMs) },
    effects: [
      { type: 'note', messageIds: [messageId] },
      { type: 'reply', reply: 'listSubjects', messageIds },
    ],
  };
}

function whichAnswered(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const messageIds = [message.messageId];
  if (state.phase !== 'awaitingWhich') {
    return pace.attentive && message.about === undefined
      ? insisted(state, message, pace, now)
      : once(state, { reply: 'help', messageIds }, pace, now);
  }
  const follows = message.about === undefined ? 'new' : 'addition';
  const answer = { ...message, follows } as const;
  return goOn({ ...state, gathered: [...state.gathered, answer], gatheringSince: now }, pace, now);
}

/** "Sorun bildir": earlier messages are kept and become a report with the next message, whatever its text. */
function insisted(
  before: ConversationState,
  { messageId }: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const state: ConversationState = {
    ...before,
    phase: 'awaitingWords',
    insists: true,
    gatheringSince: null,
    deadline: now + pace.answerWaitMs,
  };
  return { state, effects: [{ type: 'reply', reply: 'askReport', messageIds: [messageId] }] };
}

/** Remembers for some time that a withdrawal needs confirmation, so that "evet" in words is understood. */
function withdrawing(
  before: ConversationState,
  turn: ConversationTurn,
  about: string | undefined,
  { attentive, answerWaitMs }: BurstRules,
  now: number,
): ConversationTurn {
  const isFree = before.phase === 'gathering' || before.phase === 'awaitingWithdrawal';
  const isAsked = turn.effects.some(({ type }) => type === 'reply');
  if (!attentive || !isFree || before.gathered.length > 0 || !isAsked) return turn;
  const state: ConversationState = {
    ...turn.state,
    phase: 'awaitingWithdrawal',
    deadline: now + answerWaitMs,
    ...(about !== undefined && { withdraws: about }),
  };
  return { ...turn, state };
}

/** Ends the wait for a button. Earlier messages stay in the record. */
function answered(before: ConversationState, turn: ConversationTurn): ConversationTurn {
  if (before.phase !== 'awaitingWithdrawal' && before.phase !== 'awaitingWish') return turn;
  const messageIds = before.gathered.map(({ messageId }) => messageId);
  const notes: ConversationEffect[] = messageIds.length > 0 ? [{ type: 'note', messageIds }] : [];
  return { state: emptied(turn.state), effects: [...notes, ...turn.effects] };
}
