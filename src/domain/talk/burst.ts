import {
  type Answer,
  type BurstRules,
  type ConversationEffect,
  type ConversationState,
  type ConversationTurn,
  emptied,
  type Follows,
  type MessageFacts,
  newConversation,
  once,
  type Phase,
  type Reply,
  type Says,
} from './conversation-state';
import type { Matters } from './message-meaning';

/**
 * Continues when the burst is complete or a question timed out: opens a case, adds to one, asks for what is
 * missing, or answers. A case needs a matter; a timeout alone never opens one.
 */
export function goOn(state: ConversationState, pace: BurstRules, now: number): ConversationTurn {
  const { gathered, phase } = state;
  if (gathered.length === 0) return { state: emptied(state), effects: [] };
  const messageIds = gathered.map(message => message.messageId);
  const done = (...effects: ConversationEffect[]): ConversationTurn => ({ state: emptied(state), effects });
  const ask = (next: Phase, reply: Reply, about: Partial<Answer> = {}) => ({
    state: { ...state, phase: next, gatheringSince: null, deadline: now + pace.answerWaitMs },
    effects: [{ type: 'reply' as const, reply, messageIds, ...about }],
  });
  const askWhich = (caseNumber: string): ConversationTurn => {
    const alike = gathered.findLast(message => message.alike?.length)?.alike;
    return ask('awaitingWhich', 'askWhich', { caseNumber, ...(alike && { alike }) });
  };
  const some = (...kinds: Says[]): boolean => gathered.some(message => kinds.includes(message.says));
  const target = caseOf(gathered);
  const follows = followsOf(gathered);

  if (some('feedback') && target && follows !== 'new') {
    const isUnclear = !some('which') && gathered.some(message => message.alike?.length);
    if (isUnclear && phase === 'gathering') return askWhich(target);
    if (isUnclear) return done({ type: 'addToCase', caseNumber: target, messageIds });
    const { own, others } = parted(gathered);
    const answered = done(...answering(own, target));
    if (others.length === 0) return answered;
    const turn = goOn({ ...answered.state, gathered: others }, pace, now);
    return { ...turn, effects: [...answered.effects, ...turn.effects] };
  }
  if (some('corrects') && target && follows !== 'new') {
    const { subject, sure, place } = correctionOf(gathered);
    if (subject === undefined && !place) {
      // Our question has been asked; the department reads the rest.
      const isAsked = phase !== 'gathering';
      return isAsked
        ? done({ type: 'addToCase', caseNumber: target, messageIds })
        : ask('awaitingWords', 'askRight', { caseNumber: target });
    }
    const isAlike = gathered.some(message => message.alike?.length);
    const choices = gathered.filter(({ says }) => says === 'which').length;
    if (isAlike && choices === 0 && phase !== 'awaitingWhich') return askWhich(target);
    const isConfirmed = sure || choices > (isAlike ? 1 : 0);
    if (!isConfirmed && !isUnanswered(state)) {
      const asked = { caseNumber: target, ...(subject !== undefined && { subject }) };
      return ask('awaitingWhich', 'askCorrection', asked);
    }
    if (isUnanswered(state) && choices === 0 && (isAlike || !sure))
      return done({ type: 'addToCase', caseNumber: target, messageIds });
    const right = { ...(subject !== undefined && { subject }), ...(place && { place }) };
    return done({ type: 'correctCase', caseNumber: target, messageIds, ...right });
  }
  if (some('report', 'emergency', 'feedback', 'corrects')) {
    if (target) {
      const isSettled = phase === 'awaitingWhich' && follows === 'likelyAddition';
      if (follows === 'addition' || isSettled)
        return done({ type: 'addToCase', caseNumber: target, messageIds });
      const isPressing = gathered.some(({ danger }) => danger !== undefined);
      if (phase === 'gathering' && follows !== 'new' && !isPressing) return askWhich(target);
    }
    // A photo with any words is a matter, even if we asked for more of them.
    const isShown = gathered.some(({ subject, photo }) => subject === 'none' && photo);
    const isSilent = isUnanswered(state) && phase === 'awaitingWords' && !isShown && !hasRecording(gathered);
    if (isSilent || !hasMatter(state)) {
      return isUnanswered(state) ? done({ type: 'note', messageIds }) : ask('awaitingWish', 'notUnderstood');
    }
    if (isUndecided(state, pace)) {
      if (state.lapsed) return done({ type: 'note', messageIds });
      const lapsed = ask('awaitingSubject', 'subjectLapsed');
      return { ...lapsed, state: { ...lapsed.state, lapsed: true, deadline: now + (pace.lapseMs ?? 0) } };
    }
    const step = nextStep(state);
    const matters = mattersOf(gathered);
    switch (step) {
      case 'openCase':
        return done(...openings(state, pace, messageIds));
      case 'askMatters':
        return ask('awaitingSubject', step, { ...(matters && { matters }) });
      case 'askSubject':
        return ask('awaitingSubject', step);
      case 'askWords':
        return ask('awaitingWords', step);
      case 'askPlace':
        return ask('awaitingPlace', step);
    }
  }
  if (some('suggestion')) return done({ type: 'openCase', messageIds, kind: 'suggestion' });
  if (some('attachment', 'place')) {
    if (target) {
      const isAsked = phase === 'gathering' && follows === 'likelyAddition';
      return isAsked ? askWhich(target) : done({ type: 'addToCase', caseNumber: target, messageIds });
    }
    const isHeard = !isOfBefore(gathered) && !isUnanswered(state);
    if (hasRecording(gathered) && isUnanswered(state)) return done({ type: 'openCase', messageIds });
    if (phase !== 'awaitingWords' || isHeard) return ask('awaitingWords', 'askWords');
    // Histories from before this rule treat a picture without text as a report.
    const isReport = some('attachment') && isOfBefore(gathered);
    return done(isReport ? { type: 'openCase', messageIds } : { type: 'note', messageIds });
  }
  return done(answerTo(gathered, messageIds));
}

/**
 * Takes an answer or a correction about a case while our question is about something else; null for any other message
 * and if it needs a question of its own.
 */
export function takenApart(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn | null {
  const isOfCase = ({ says }: MessageFacts): boolean => says === 'feedback' || says === 'corrects';
  if (!isOfCase(message) || state.gathered.some(isOfCase)) return null;
  const alone = { ...newConversation, gathered: [message], gatheringSince: now };
  const turn = goOn(alone, pace, now);
  return turn.state.phase === 'gathering' ? { state, effects: turn.effects } : null;
}

/** Whether the time to answer our question is over. */
function isUnanswered({ gatheringSince, phase }: ConversationState): boolean {
  return gatheringSince === null && phase !== 'gathering';
}

/** Whether a voice note could not be understood, so that somebody must listen to it. */
function hasRecording(gathered: readonly MessageFacts[]): boolean {
  return gathered.some(({ toBeHeard }) => toBeHeard);
}

/** Whether the messages were read before `matter` was recorded. */
function isOfBefore(gathered: readonly MessageFacts[]): boolean {
  return gathered.every(({ matter }) => matter === undefined);
}

/** Whether the messages have a matter: a subject, a photo with text, or an explicit wish to report. */
function hasMatter({ gathered, chosen, insists }: ConversationState): boolean {
  if (isOfBefore(gathered) || chosen !== undefined || insists || hasRecording(gathered)) return true;
  return gathered.some(({ matter, danger, photo }) => matter || danger !== undefined || photo);
}

/**
 * Whether nobody has said what a report is about: our question about its subject was not answered, and its text does
 * not name a subject clearly. Such a report is kept without a case. A photo with text, a danger, a choice or an explicit
 * wish to report is always a case, and so is a voice note that somebody must listen to.
 */
function isUndecided(state: ConversationState, { lapseMs }: BurstRules): boolean {
  const { gathered, phase, chosen, insists } = state;
  if (lapseMs === undefined || !isUnanswered(state) || chosen !== undefined || insists) return false;
  if (hasRecording(gathered)) return false;
  if (phase !== 'awaitingSubject' && phase !== 'awaitingWhich') return false;
  const last = gathered.findLast(({ subject }) => subject);
  const isNamed = last?.subject === 'sure' || last?.likely === true || mattersOf(gathered) !== undefined;
  return !isNamed && !gathered.some(({ danger, photo }) => danger !== undefined || photo);
}

/**
 * Returns the next step for a report: ask its subject, then its place. An unanswered question is not
 * repeated.
 */
function nextStep(
  state: ConversationState,
): 'askMatters' | 'askSubject' | 'askWords' | 'askPlace' | 'openCase' {
  const { gathered, phase, chosen } = state;
  if (phase === 'awaitingPlace' || (isUnanswered(state) && phase !== 'awaitingWords')) return 'openCase';
  const subject = gathered.findLast(message => message.subject)?.subject;
  // Do not ask people in danger to choose from a list.
  const isUrgent = gathered.some(({ says, danger }) => says === 'emergency' || danger !== undefined);
  const isUnchosen = !isUrgent && chosen === undefined && phase !== 'awaitingSubject';
  if (isUnchosen && mattersOf(gathered)) return 'askMatters';
  if (isUnchosen && subject === 'none' && phase !== 'awaitingWords') return 'askWords';
  if (isUnchosen && subject === 'unsure') return 'askSubject';
  return gathered.some(message => message.tellsPlace) ? 'openCase' : 'askPlace';
}

/** Returns what the messages correct. A pin of the same burst is the right place, unless a subject is wrong. */
function correctionOf(gathered: readonly MessageFacts[]): {
  subject?: string;
  place: boolean;
  sure: boolean;
} {
  const {
    subject,
    place = false,
    sure = true,
  } = gathered.findLast(({ corrects }) => corrects)?.corrects ?? {};
  const isPinned = gathered.some(({ says }) => says === 'place');
  return { ...(subject !== undefined && { subject }), place: place || isPinned, sure: sure || isPinned };
}

/** Returns the two subjects of the messages, if they tell two matters. */
export function mattersOf(gathered: readonly MessageFacts[]): Matters | undefined {
  return gathered.findLast(({ matters }) => matters)?.matters;
}

/** Two matters become two cases by the citizen's choice, or if our question about them is not answered. */
function openings(
  state: ConversationState,
  { lapseMs }: BurstRules,
  messageIds: string[],
): ConversationEffect[] {
  const { gathered, phase, chosen, chosenToo } = state;
  const open = { type: 'openCase', messageIds } as const;
  const isSilent = lapseMs !== undefined && phase === 'awaitingSubject' && isUnanswered(state);
  const matters = isSilent && chosen === undefined ? mattersOf(gathered) : undefined;
  if (matters) {
    const [first, second] = matters;
    return [
      { ...open, chosenCategory: first, fromText: true },
      { ...open, chosenCategory: second, fromText: true, second: true },
    ];
  }
  if (chosen === undefined) return [open];
  const own = { ...open, chosenCategory: chosen };
  return chosenToo === undefined ? [own] : [own, { ...open, chosenCategory: chosenToo, second: true }];
}

/**
 * Returns the case that the messages may belong to: a named case first, then the case that waits for the
 * citizen.
 */
export function caseOf(gathered: readonly MessageFacts[]): string | null {
  const named = gathered.findLast(message => message.about !== undefined)?.about;
  return named ?? gathered.find(message => message.recentCase)?.recentCase ?? null;
}

/**
 * Returns how the messages relate to the case. An answer to our question decides; text has priority over
 * pictures.
 */
function followsOf(gathered: readonly MessageFacts[]): Follows {
  const answer = gathered.findLast(message => message.says === 'which')?.follows;
  if (answer) return answer;
  if (gathered.some(({ says }) => says === 'feedback')) return 'addition';
  const isSpoken = gathered.some(({ says }) => says === 'report' || says === 'emergency');
  const found = gathered.flatMap(({ says, follows }) =>
    says === 'report' ? [follows ?? 'new'] : isSpoken ? [] : (follows ?? []),
  );
  const firm = (['new', 'likelyNew', 'likelyAddition'] as const).find(kind => found.includes(kind));
  return firm ?? (found.length > 0 ? 'addition' : 'new');
}

/** Separates messages about a resolved case from a new report in the same burst. */
function parted(gathered: readonly MessageFacts[]): { own: MessageFacts[]; others: MessageFacts[] } {
  const isOther = ({ says, follows }: MessageFacts): boolean =>
    says === 'emergency' || says === 'suggestion' || (says === 'report' && follows === 'new');
  return { own: gathered.filter(each => !isOther(each)), others: gathered.filter(isOther) };
}

/**
 * Treats a clear answer in words as a button tap. For an unclear answer, the department gets the message and
 * the citizen is asked again.
 */
function answering(own: readonly MessageFacts[], caseNumber: string): ConversationEffect[] {
  const messageIds = own.map(message => message.messageId);
  const answers = own.flatMap(({ answer }) => answer ?? []).filter(({ says }) => says !== 'thanks');
  const last = answers.at(-1);
  const question = { type: 'reply', reply: 'askSolved', messageIds, caseNumber } as const;
  if (!last || last.says === 'thanks') return [question];
  const agree = answers.every(({ says }) => says === last.says);
  // "Yapıldı" then "ama yine bozuldu" revokes the first answer. "Hayır" then "çözüldü" may be an error, so
  // ask again.
  if (last.sure && (agree || last.says !== 'solved')) {
    const answer = last.says;
    return [
      { type: 'feedback', caseNumber, answer, messageIds },
      { type: 'reply', reply: 'answerTaken', messageIds, caseNumber, answer },
    ];
  }
  return [{ type: 'addToCase', caseNumber, messageIds, quietly: true }, question];
}

/** Kinds of messages with an answer of their own, most important first. */
const answers = [
  'status',
  'endedCase',
  'petition',
  'help',
  'greeting',
  'thanks',
  'unreadable',
  'abuse',
] as const;

/** Returns one answer for the whole burst. */
function answerTo(gathered: readonly MessageFacts[], messageIds: string[]): ConversationEffect {
  const openCase = gathered.some(message => message.recentCase);
  // Thanks for an open case are recorded without an answer, because each message costs money.
  if (openCase && gathered.every(({ says }) => says === 'thanks' || says === 'aside' || says === 'event')) {
    return { type: 'note', messageIds };
  }
  const reply = answers.find(says => gathered.some(message => message.says === says));
  if (reply) return { type: 'reply', reply, messageIds };
  if (gathered.every(message => message.says === 'event')) return { type: 'note', messageIds };
  return { type: 'reply', reply: 'help', messageIds };
}

/** Returns the conversation that waits for the rest of the burst. `now` is epoch ms UTC. */
export function awaitingMore(state: ConversationState, pace: BurstRules, now: number): ConversationState {
  const since = state.gatheringSince ?? now;
  const isFull = pace.mostInBurst !== undefined && state.gathered.length >= pace.mostInBurst;
  const deadline =
    isFull || state.gathered.at(-1)?.danger !== undefined
      ? now
      : Math.max(Math.min(now + pace.quietMs, since + pace.longestMs), now);
  return { ...state, gatheringSince: since, deadline };
}

/**
 * Answers an emergency call with 112 only: no question, no case. Staff get the messages so far, and a
 * location or picture that follows shortly. Returns null for any other message.
 */
export function alarmed(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn | null {
  const messageIds = [message.messageId];
  if (message.danger === 'people' && message.says !== 'blocked') {
    const turn = once(state, { reply: 'emergency', messageIds }, pace, now);
    const said = [...messageIds, ...state.gathered.map(({ messageId }) => messageId)];
    return {
      state: { ...turn.state, alarmedAt: now },
      effects: [...turn.effects, { type: 'tellStaff', messageIds: said }],
    };
  }
  if (!followsAlarm(state, message, pace, now)) return null;
  return {
    state,
    effects: [
      { type: 'note', messageIds },
      { type: 'tellStaff', messageIds },
    ],
  };
}

/** Whether a location or picture follows an emergency call shortly, and no question is open. */
function followsAlarm(
  { alarmedAt, gathered, phase }: ConversationState,
  { says, tellsPlace, subject }: MessageFacts,
  { answerWaitMs }: BurstRules,
  now: number,
): boolean {
  if (alarmedAt === undefined || now - alarmedAt > answerWaitMs) return false;
  if (gathered.length > 0 || phase !== 'gathering') return false;
  return says === 'place' || says === 'attachment' || (says === 'report' && tellsPlace && subject !== 'sure');
}

/** Whether a report is being gathered. */
export function isDraft({ gathered: messages }: ConversationState): boolean {
  return messages.some(({ says }) =>
    ['report', 'attachment', 'place', 'suggestion', 'emergency'].includes(says),
  );
}

/** Gives up the report that is being gathered. */
export function dropped(state: ConversationState, messageId: string): ConversationTurn {
  const messageIds = [...state.gathered.map(message => message.messageId), messageId];
  return { state: newConversation, effects: [{ type: 'reply', reply: 'draftDropped', messageIds }] };
}
