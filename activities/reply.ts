import { hasMapLink } from '../src/domain/place/map-pin';
import { type Language, noticeVersion } from '../src/config/texts';
import { DAY_MS } from '../src/domain/durations';
import { dangerIn } from '../src/domain/routing/danger';
import type { Reply } from '../src/domain/talk/conversation-state';
import { LOW_RATING, readTap } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import type { Activities } from '../workflows/contract';
import {
  answerTaken,
  correctionQuestion,
  endedAnswer,
  mattersQuestion,
  type ReplyTo,
  solvedQuestion,
  subjectQuestion,
  voiceQuestion,
  whichQuestion,
  wishQuestion,
  withdrawQuestion,
} from './answers';
import { ownCase } from './case-lookup';
import type { Deps } from './deps';
import { askErasure, requestTaken } from './erasure';
import { questionAnswer, statusAnswer } from './status-answer';

/** Replies that keep the messages pending. */
const questions: readonly Reply[] = [
  'askPlace',
  'askWords',
  'askSubject',
  'listSubjects',
  'subjectLapsed',
  'askMatters',
  'askWhich',
  'askRight',
  'askCorrection',
  'notUnderstood',
  'kept',
  'askVoice',
  'voiceWrong',
  'emergency',
];

/** Replies that are sent at most once a day. */
const saidOnce: readonly Reply[] = ['unreadable', 'blocked'];
const ONCE_MS = DAY_MS;

export function reply(deps: Deps): Activities['reply'] {
  const { store, citizenOutbox, now } = deps;

  /** Stores lasting preferences that a message expresses. */
  async function keep(citizen: Citizen, kind: Reply, messages: readonly Message[]): Promise<void> {
    if (kind === 'stop') await store.citizens.stopped(citizen.id, now());
    if (kind === 'start') await store.citizens.stopped(citizen.id, null);
    for (const { id, tap } of messages) {
      if (kind === 'abuse') await store.citizens.struck(citizen.id, id);
      const rating = kind === 'rated' && tap !== null ? readTap(tap) : null;
      if (rating?.kind !== 'rating' || !(await ownCase(store, citizen, rating.caseNumber))) continue;
      await store.ratings.add({ caseNumber: rating.caseNumber, rating: rating.rating, at: now() });
    }
  }

  return async ({ citizenId, ...given }) => {
    const { reply: kind, messageIds } = given;
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const messages = await store.messages.several(messageIds);
    await keep(citizen, kind, messages);
    const name = onceName(kind, messages);
    const last = name === null ? undefined : citizen.told[name];
    if (last === undefined || now().getTime() - last.getTime() > ONCE_MS) {
      const language = languageFor(citizen, messages);
      const content = repeating(
        deps,
        language,
        await replyContent(deps, {
          ...{ citizen, language, kind, messages },
          caseNumber: given.caseNumber ?? given.statusOf ?? null,
          alike: given.alike ?? [],
          answer: given.answer ?? null,
          question: given.question ?? null,
          matters: given.matters ?? null,
          subject: given.subject ?? null,
        }),
        given.again,
      );
      const version = noticeVersion(deps.municipality);
      const noticed = isNoticeOld(citizen, version) && withNewNotice(deps, language, kind, content);
      await citizenOutbox.send({
        key: `${messageIds[0]}:${kind}`,
        citizenId: citizen.id,
        caseNumber: null,
        content: noticed || content,
      });
      if (noticed)
        await store.citizens.noticeGiven(citizen.id, { noticeGivenAt: now(), noticeVersion: version });
      if (name !== null) await store.citizens.toldOnce(citizen.id, name, now());
    }
    const isAlarm = messages.every(({ says }) => says === 'emergency');
    if (isAlarm || !questions.includes(kind))
      await store.messages.handled(messageIds, now(), ownAsked(citizen, given));
  };
}

const repeated = {
  askPlace: 'againAskPlace',
  askSubject: 'againAskSubject',
  askWhich: 'againAskWhich',
  askWords: 'againAskWords',
  notUnderstood: 'againNotUnderstood',
  confirmWithdraw: 'againConfirmWithdraw',
} as const;

/** Returns the citizen's own case that a status question is about, so that the question is kept with it; otherwise null. */
function ownAsked({ cases }: Citizen, { statusOf }: { statusOf?: string }): string | null {
  return cases.find(({ caseNumber }) => caseNumber === statusOf)?.caseNumber ?? null;
}

/** Returns an answer followed by the open question in one line. */
function repeating(
  { say }: Deps,
  language: Language,
  content: OutgoingContent,
  again: Reply | undefined,
): OutgoingContent {
  if (again === undefined || !('body' in content) || !isRepeated(again)) return content;
  const question = say(language, repeated[again], {});
  return { ...content, body: content.body === '' ? question : `${content.body}\n\n${question}` };
}

/** The first notice comes with the acknowledgement of a case. */
function isNoticeOld({ noticeGivenAt, noticeVersion: seen }: Citizen, version: string): boolean {
  return noticeGivenAt !== null && seen !== version;
}

/** Returns an answer followed by the link to the changed privacy notice, or null if it has no room for one. */
function withNewNotice(
  { say }: Deps,
  language: Language,
  kind: Reply,
  content: OutgoingContent,
): OutgoingContent | null {
  if (content.type !== 'text' || [...questions, ...saidOnce].includes(kind)) return null;
  return { ...content, body: `${content.body}\n\n${say(language, 'privacyNoticeChanged', {})}` };
}

function isRepeated(reply: Reply): reply is keyof typeof repeated {
  return reply in repeated;
}

/** Returns the key under which a reply is sent once a day, or null. The 112 notice is always repeated. */
function onceName(kind: Reply, messages: readonly Message[]): string | null {
  if (messages.some(({ says }) => says === 'emergency')) return null;
  if (saidOnce.includes(kind)) return kind;
  return kind === 'help' && messages.every(({ says }) => says === 'aside') ? 'aside' : null;
}

/** Returns the language of the latest text, if clear, otherwise the citizen's preference. */
function languageFor(citizen: Citizen, messages: readonly Message[]): Language {
  return messages.findLast(({ language }) => language !== null)?.language ?? citizen.language;
}

/** Returns the answer to some messages. */
async function replyContent(deps: Deps, to: ReplyTo): Promise<OutgoingContent> {
  const { say } = deps;
  const { citizen, language, kind, messages, caseNumber, alike } = to;
  const text = (body: string): OutgoingContent => ({ type: 'text', body });
  switch (kind) {
    case 'askPlace':
      return { type: 'locationRequest', body: say(language, placeAsked(messages), {}) };
    case 'askWords': {
      const spoken = messages.some(message => message.media?.kind === 'audio');
      return text(say(language, spoken ? 'voiceNote' : 'askWords', {}));
    }
    case 'askSubject':
      return subjectQuestion(deps, language, messages);
    case 'listSubjects':
      return subjectQuestion(deps, language, messages, { isRefused: true });
    case 'subjectLapsed':
      return subjectQuestion(deps, language, messages, { isLapsed: true });
    case 'askMatters':
      return to.matters
        ? mattersQuestion(deps, language, to.matters)
        : subjectQuestion(deps, language, messages);
    case 'askWhich':
      return caseNumber === null
        ? text(say(language, 'help', {}))
        : whichQuestion(deps, language, [caseNumber, ...alike]);
    case 'askRight':
    case 'askCorrection':
      return correctionQuestion(deps, to);
    case 'pinOutside':
      return text(say(language, kind, { caseNumber: caseNumber ?? '' }));
    case 'askSolved':
    case 'undone':
      return solvedQuestion(deps, to);
    case 'answerTaken':
      return answerTaken(deps, to);
    case 'askVoice':
      return voiceQuestion(deps, to);
    case 'notUnderstood':
      return wishQuestion(deps, language);
    case 'again':
      return text('');
    case 'confirmWithdraw':
      return withdrawQuestion(deps, to);
    case 'status':
      return statusAnswer(deps, to);
    case 'question':
      return questionAnswer(deps, to);
    case 'endedCase': {
      const [tapped] = messages.flatMap(({ tap }) => (tap === null ? [] : (readTap(tap) ?? [])));
      const named = tapped && 'caseNumber' in tapped ? tapped.caseNumber : null;
      return endedAnswer(deps, citizen, language, named ?? caseNumber);
    }
    case 'blocked': {
      const isUrgent = messages.some(({ says }) => says === 'emergency');
      return text(say(language, isUrgent ? emergencyKey(deps, messages) : 'blocked', {}));
    }
    case 'emergency':
      return text(say(language, emergencyKey(deps, messages), {}));
    case 'unreadable':
      return text(say(language, 'unsupported', {}));
    case 'stop':
      return text(say(language, 'stopped', {}));
    case 'start':
      return text(say(language, 'started', {}));
    case 'withdrawNo':
      return text(say(language, 'withdrawKept', {}));
    case 'eraseYes': {
      const [wish] = messages;
      const request = wish && (await askErasure(deps.store, citizen, wish.id, wish.sentAt));
      return text(request ? requestTaken(deps, language, request) : say(language, 'help', {}));
    }
    case 'eraseNo':
      return text(say(language, 'eraseKept', {}));
    case 'rated':
      return text(ratedAnswer(deps, language, messages));
    case 'greeting':
    case 'thanks':
    case 'help':
    case 'petition':
    case 'abuse':
    case 'lostFile':
    case 'person': {
      const body = say(language, kind, {});
      // Citizens with a username can be called only after they have shared their number.
      return citizen.phone === null
        ? { type: 'contactRequest', body: `${body}\n\n${say(language, 'shareNumber', {})}` }
        : text(body);
    }
    case 'draftDropped':
    case 'sharesNumber':
    case 'personHere':
    case 'personGone':
    case 'tooManyCases':
    case 'askReport':
    case 'voiceWrong':
    case 'kept':
      return text(say(language, kind, {}));
  }
}

/** Thanks for a rating, and asks for the reasons of a low one. */
function ratedAnswer({ say }: Deps, language: Language, messages: readonly Message[]): string {
  const [tap] = messages.flatMap(message => (message.tap === null ? [] : (readTap(message.tap) ?? [])));
  return tap?.kind === 'rating' && tap.rating <= LOW_RATING
    ? say(language, 'ratedLow', { caseNumber: tap.caseNumber })
    : say(language, 'rated', {});
}

/** Selects the question for the place. Short map links have no coordinates, and we do not follow links. */
function placeAsked(messages: readonly Message[]): 'askLocation' | 'askPinForLink' {
  const isLinked = messages.some(({ words, place }) => place === null && words !== null && hasMapLink(words));
  return isLinked ? 'askPinForLink' : 'askLocation';
}

/** Gas has a separate emergency number. If a hazard has hurt somebody, the report continues in addition to 112. */
function emergencyKey(
  { municipality }: Deps,
  messages: readonly Message[],
): 'emergency' | 'emergencyGas' | 'emergencyHurt' | 'emergencyBitten' {
  const dangers = messages.map(({ words }) => dangerIn(words ?? '', municipality.language.danger));
  if (dangers.some(danger => danger?.to === 'people' && danger.gas)) return 'emergencyGas';
  const hazards = dangers.flatMap(danger => (danger?.to === 'passers' ? [danger] : []));
  if (hazards.some(({ byAnimal }) => byAnimal)) return 'emergencyBitten';
  return hazards.length > 0 ? 'emergencyHurt' : 'emergency';
}
