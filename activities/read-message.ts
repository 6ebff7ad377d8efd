import { placeOf, tellsAddress } from '../src/config/places';
import type { Category } from '../src/config/schemas/categories';
import { HOUR_MS } from '../src/domain/durations';
import { caseNumbersIn, readCaseNumber } from '../src/domain/identifiers';
import { pinIn } from '../src/domain/place/map-pin';
import { type Classification, kindOf, LIKELY_FROM } from '../src/domain/routing/classify';
import { dangerIn } from '../src/domain/routing/danger';
import { type Beside, type CaseMeant, caseMeant, followsCase } from '../src/domain/talk/case-meant';
import type { MessageFacts, Says } from '../src/domain/talk/conversation-state';
import { type OpenQuestion, surveyAnswers, tapInWords } from '../src/domain/talk/answer-words';
import { insults, languageIn, mattersIn, questionIn } from '../src/domain/talk/message-meaning';
import { readTap, type Tap } from '../src/domain/talk/taps';
import { foldedWords } from '../src/domain/turkish';
import { AppError } from '../src/errors';
import type { CaseRecord } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import { isPhoto, type Message, wordsOf } from '../src/store/message-records';
import { contentOf, type MessageContent } from '../src/whatsapp/message-content';
import { isStale } from '../src/whatsapp/hand-over';
import { senderOf } from '../src/whatsapp/payload';
import type { Activities } from '../workflows/contract';
import { buttonTitles } from './answers';
import {
  aboutOf,
  bondOf,
  casesAtHand,
  disputedBy,
  endedLately,
  isElsewhere,
  isOpenCase,
  lacksFromReport,
  latestCasesOf,
  saidAfterEnd,
  stateAskedOf,
} from './case-lookup';
import { correctionSaid, roadSaid, withdrawalSaid } from './place-told';
import type { Deps } from './deps';
import { guessOf, needsNoPlace } from './case-intake';
import { besidesReport, isMessage, judgedNote, saidByTap, saysOf, spokenFacts } from './message-says';

/** Facts that records and the open question add to the meaning of a single message. */
type Reading = Partial<Omit<MessageFacts, 'messageId' | 'at' | 'photo' | 'alreadyHandled'>>;

export function readMessage(deps: Deps): Activities['readMessage'] {
  const { store, municipality, receipts, speech, now } = deps;
  const { conversation, answerWords, smallQuestions } = municipality;
  const { meaning: lexicon, languages: languageWords, followUp } = municipality.language;
  const limits = { openedMs: conversation.recentHours * HOUR_MS, toldMs: conversation.toldHours * HOUR_MS };
  const answerIn = surveyAnswers(answerWords, lexicon.caseNumber);
  const titles = buttonTitles(municipality);

  async function understand(citizenId: string, messageId: string): Promise<Message> {
    const inbox = await store.inbox.get(messageId);
    if (!inbox) throw new AppError('message-missing');
    const { refersTo, lostFile, ...received } = contentOf(inbox.payload);
    const content = { ...received, place: received.place ?? placeInWords(received) };
    const { bsuid, phone, profileName } = senderOf(inbox.payload, inbox.contact);
    const language =
      content.words === null || content.tap !== null ? null : languageIn(content.words, languageWords);
    await store.citizens.seen(citizenId, {
      ...{ bsuid, phone, profileName, language },
      at: inbox.sentAt,
      isMessage: isMessage(content),
    });
    const hashId = await store.hashId();
    // A tap contains its case number.
    const quoted = refersTo === null || content.tap !== null ? null : await store.outbox.quoted(refersTo);
    const message: Message = {
      id: messageId,
      citizenId: await store.identities.currentOf(citizenId),
      sentAt: inbox.sentAt,
      receivedAt: inbox.receivedAt,
      ...content,
      refersTo: refersTo === null ? null : hashId(refersTo),
      quotedCase: quoted?.caseNumber ?? null,
      quotesSurvey: quoted?.asksSolved ?? false,
      says: isStale(inbox) ? 'event' : saysOf({ ...content, refersTo, lostFile }, municipality.language),
      lostFile,
      language,
      caseNumber: null,
      handledAt: null,
    };
    await store.messages.add(message);
    if (isMessage(content) && message.says !== 'event') receipts.read(inbox, isAnswered(message.says));
    return message;
  }

  /** Treats coordinates and map links in the text as a location pin. */
  function placeInWords({ words, tap }: Pick<MessageContent, 'words' | 'tap'>): Message['place'] {
    const pin = words === null || tap !== null ? null : pinIn(words, municipality.country);
    return pin && { ...pin, name: null, address: null };
  }

  /** Whether the last message of a burst names another place than those before it. */
  function isOfAnotherPlace(burst: readonly Message[]): boolean {
    const { neighbourhood, street } = placeOf(municipality, null, wordsOf(burst.slice(0, -1)));
    return isElsewhere(municipality, wordsOf(burst.slice(-1)), { neighbourhood, location: { street } });
  }

  /** The subject is guessed from the whole burst: "merhaba", "çöp", "üç gündür alınmadı" are one report. */
  async function burstOf(message: Message, gathered: readonly string[]): Promise<Message[]> {
    return [...(await store.messages.several(gathered)), message];
  }

  /** Applies an edit or deletion of an earlier message. */
  async function correction(message: Message, gathered: readonly string[]): Promise<Reading | null> {
    if (!message.refersTo || (message.type !== 'edit' && message.type !== 'revoke')) return null;
    const original = await store.messages.get(message.refersTo);
    if (!original) return null;
    const isAsked = original.transcript === 'unconfirmed' && original.handledAt === null;
    const isGathered = isAsked || gathered.includes(original.id);
    if (message.type === 'revoke') {
      await store.messages.takenBack(original.id, message.sentAt);
      return isGathered ? { takesBack: original.id } : null;
    }
    const { words, language } = message;
    if (words === null) return null;
    const says = saysOf({ ...original, refersTo: null, lostFile: false, words }, municipality.language);
    if (isGathered) await store.messages.reword(original.id, { words, language, says });
    // A message that belongs to a case is not changed. Its edited text is an addition.
    return isGathered ? { says, rewords: original.id } : original.caseNumber === null ? { says } : null;
  }

  /**
   * Returns the case numbers that a message names: in a button, in its text, or by quoting a message of
   * either side.
   */
  async function namedBy(message: Message, tap: Tap | null): Promise<string[]> {
    const tapped = tap && 'caseNumber' in tap ? tap.caseNumber : null;
    const typed = caseNumbersIn(message.words ?? '', lexicon.caseNumber).map(readCaseNumber);
    const quoted = message.refersTo ? await store.messages.get(message.refersTo) : null;
    return [tapped, ...typed, quoted?.caseNumber, message.quotedCase].flatMap(number => number ?? []);
  }

  async function read(
    message: Message,
    citizen: Citizen,
    { gathered = [], question }: { gathered?: readonly string[]; question?: OpenQuestion },
  ): Promise<Reading> {
    const { words } = message;
    const cases = await latestCasesOf(store, citizen);
    const records = cases.filter(isOpenCase);
    const tap = tapOf(message, question, records);
    const isTapInWords = message.tap === null && tap !== null;
    const meaning: Reading = isTapInWords ? { says: saidByTap(tap) } : {};
    if (tap?.kind === 'subject') {
      const said = wordsOf(await store.messages.several(gathered));
      const needsNone = await needsNoPlace(deps, tap.category, said);
      return { ...meaning, chosen: tap.category, ...(needsNone && { tellsPlace: true }) };
    }
    if (tap?.kind === 'subjects') {
      const [chosen, chosenToo] = tap.categories;
      return { ...meaning, chosen, chosenToo };
    }
    if (tap?.kind === 'undo') return { about: tap.caseNumber, undoes: tap.caseNumber };
    const corrected = await correction(message, gathered);
    if (corrected?.takesBack !== undefined) return corrected;
    const says = corrected?.says ?? meaning.says ?? message.says;
    const burst = gathered.filter(id => id !== corrected?.rewords);
    const all = words !== null && tap === null ? await burstOf(message, burst) : null;
    const text = all && wordsOf(all);
    const guess = all && guessOf(all, municipality);
    const named = await namedBy(message, tap);
    const atHand = await casesAtHand(store, cases);
    const meantBy = (by: Classification | null): CaseMeant | null => {
      const subject = by?.sure ? (by.ranked[0]?.category ?? null) : null;
      return caseMeant({ named, subject }, atHand, limits, now().getTime());
    };
    const meant = meantBy(guess);
    const record = cases.find(({ caseNumber }) => caseNumber === meant?.caseNumber);
    const found = { ...meaning, ...corrected, ...(meant && bondOf(meant)) };
    if (message.type === 'edit' && !corrected && meant?.tie === 'named' && words !== null)
      return { ...found, says: 'report', follows: 'addition' };
    // While a question of ours is open, the burst is about that question, but its last message may not be.
    const isAsked = question !== undefined && question.phase !== 'gathering';
    const own = isAsked && all ? guessOf([message], municipality) : guess;
    const alone = { guess: own, meant: isAsked ? meantBy(own) : meant };
    const about = { named, meant, limits };
    const corrects =
      text !== null && words !== null && mayCorrect.includes(says) && !isDrafted(question)
        ? ((await correctionSaid(deps, text, cases, about)) ??
          (isAsked ? await correctionSaid(deps, words, cases, { ...about, meant: alone.meant }) : null))
        : null;
    const threat = corrects && dangerIn(words ?? '', municipality.language.danger);
    if (corrects && (threat === null || (corrects.corrects?.sure && threat.to === 'passers' && !threat.hurt)))
      return { ...found, ...corrects, subject: guess?.sure ? 'sure' : 'unsure' };
    const gatheredWords = wordsOf((all ?? []).slice(0, -1));
    const dropped =
      words !== null && says === 'report'
        ? withdrawalSaid(municipality, words, gatheredWords, records)
        : null;
    if (dropped) return { ...meaning, ...corrected, ...dropped };
    const disputed =
      words !== null && (says === 'report' || says === 'status')
        ? disputedBy(citizen, cases, answerIn(words), { named, ...alone }, now().getTime())
        : null;
    if (disputed !== null) return { ...meaning, says: 'objects', about: disputed };
    if (meant === null && (says === 'attachment' || says === 'place')) {
      const lacking = cases.find(each => lacksFromReport(each, says, message.sentAt.getTime(), limits));
      if (lacking) return { ...found, recentCase: lacking.caseNumber, follows: 'addition' };
    }
    const answered = answerTo(message, says, alone, cases);
    if (answered) return { ...meaning, ...corrected, ...answered };
    const beside = meant && record ? besideOf(message, says, guess, meant, record) : null;
    const follows = beside ? { follows: followsCase(beside, followUp) } : {};
    if (says === 'attachment' || says === 'place') return { ...found, ...follows };
    if (says === 'emergency') return { ...found, danger: 'people' };
    if (says === 'status') return { ...found, ...(named[0] !== undefined && { statusOf: named[0] }) };
    if (words === null || all === null || text === null || !guess || says !== 'report')
      return { ...found, matter: says === 'suggestion' };
    const ended = endedLately(municipality, cases, now());
    const danger = dangerIn(words, municipality.language.danger);
    const isHazard = danger?.to === 'passers';
    const besides = isHazard && danger.hurt ? 'emergency' : besidesReport(message, lexicon);
    if (isHazard && isOfAnotherPlace(all))
      return { ...found, danger: 'passers', apart: true, ...(besides && { besides }) };
    if (!isHazard && guess.matched.length === 0 && insults(words, lexicon) && words.length < 80)
      return { ...found, says: 'abuse' };
    if (!danger && !isPhoto(message)) {
      const about = stateAskedOf(municipality, words, cases, ended, { guess, meant, named });
      if (about) return { ...meaning, ...corrected, ...about };
    }
    const asked = danger || isPhoto(message) ? null : questionIn(words, smallQuestions, municipality);
    if (asked !== null) {
      const toDesk = municipality.questions[asked]?.toDesk ?? false;
      return {
        ...{ ...meaning, ...corrected, ...aboutOf(meant) },
        ...{ says: 'question', asks: { question: asked, toDesk } },
      };
    }
    const isAddition = beside !== null && beside.subject !== 'other' && follows.follows === 'addition';
    if (!danger && isAddition && record && roadSaid(municipality, words, record))
      return { ...found, ...follows, says: 'corrects', matter: true, corrects: { place: true, sure: true } };
    const kind =
      danger || isPhoto(message) ? 'problem' : kindOf(words, 'problem', municipality.language.kind);
    if (kind === 'suggestion') return { ...found, says: 'suggestion', matter: true };
    if (kind === 'thanks' && !isPraiseOfStaff(guess)) return { ...found, says: 'thanks' };
    const isOfAnother = beside?.tie === 'named' || (beside !== null && beside.subject !== 'other');
    const isOfEnded = ended.some(({ caseNumber }) => named.includes(caseNumber));
    const isFree = !danger && !isPhoto(message) && (isOfEnded || !isOfAnother);
    const said = isFree ? saidAfterEnd(municipality, words, ended, { guess, named }) : null;
    if (said) return { ...meaning, ...corrected, ...said };
    if (question?.phase === 'awaitingPlace' && own?.sure && tellsAddress(municipality, words)) {
      const asked = guessOf(all.slice(0, -1), municipality).ranked[0]?.category;
      if (asked !== own.ranked[0]?.category) return { ...found, subject: 'sure', matter: true, apart: true };
    }
    const matters = mattersIn(text, municipality.language.matters, municipality);
    return {
      ...found,
      subject: guess.sure ? 'sure' : guess.matched.length > 0 ? 'unsure' : 'none',
      ...((guess.ranked[0]?.confidence ?? 0) >= LIKELY_FROM && { likely: true as const }),
      ...(matters && !danger && { matters }),
      matter: isHazard || guess.matched.length > 0 || isPhoto(message),
      // No location needed: an institution is responsible, and no crew of ours goes there.
      ...(guess.sure &&
        !isHazard &&
        (await needsNoPlace(deps, guess.ranked[0]?.category, text)) && { tellsPlace: true }),
      ...(besides && { besides }),
      ...(isHazard && { danger: 'passers' as const }),
      ...follows,
    };
  }

  function categoryNamed(subject: string | undefined): Category | undefined {
    return municipality.categories.find(({ slug }) => slug === subject);
  }

  /** Thanks for a specific team are passed on to it. */
  function isPraiseOfStaff(guess: Classification): boolean {
    return guess.sure && categoryNamed(guess.ranked[0]?.category)?.kind === 'thanks';
  }

  function tapOf(
    { tap, words, type }: Message,
    question: OpenQuestion | undefined,
    open: readonly CaseRecord[],
  ): Tap | null {
    if (tap !== null) return readTap(tap);
    if (!question || words === null || type !== 'text') return null;
    const [only = null] = open.length === 1 ? open : [];
    const caseNumber = question.caseNumber ?? only?.caseNumber ?? null;
    return tapInWords(words, { ...question, caseNumber }, titles, answerWords);
  }

  /** Returns the content of a message relative to the case that it may refer to. */
  function besideOf(
    { words, tap }: Message,
    says: Says,
    guess: Classification | null,
    { tie }: CaseMeant,
    { intake }: CaseRecord,
  ): Beside {
    const { slug } = intake.category;
    const isSame = guess?.ranked[0]?.category === slug;
    return {
      tie,
      words: says === 'attachment' || says === 'place' ? null : words,
      subject: !guess || guess.matched.length === 0 ? 'none' : isSame ? 'same' : 'other',
      sure: guess?.sure ?? false,
      tellsPlace: tap === null && words !== null && tellsAddress(municipality, words),
      otherPlace: words !== null && isElsewhere(municipality, words, intake),
      asked: categoryNamed(slug)?.question !== undefined || intake.location?.roadGuessed === true,
    };
  }

  /** Returns the survey answer in a message and its case, if the survey is open and the text refers to that case. */
  function answerTo(
    message: Message,
    says: Says,
    { guess, meant }: { guess: Classification | null; meant: CaseMeant | null },
    cases: readonly CaseRecord[],
  ): Reading | null {
    const { words } = message;
    const record = cases.find(({ caseNumber }) => caseNumber === meant?.caseNumber);
    if (words === null || !meant || record?.progress?.stage !== 'resolved') return null;
    const { tie, subject, sure, otherPlace } = besideOf(message, says, guess, meant, record);
    const isReaction = message.type === 'reaction' && message.quotesSurvey === true;
    if (!isReaction && !answering.includes(says)) return null;
    // Praise is about the finished work, although a subject of its own collects praise without a case.
    const isShort = words.length <= LONGEST_THANKS && subject === 'same';
    const isPraise =
      kindOf(words, 'problem', municipality.language.kind) === 'thanks' ||
      (isShort && foldedWords(words).some(lexicon.thanks));
    if (tie !== 'named' && (otherPlace || (subject === 'other' && sure && !isPraise))) return null;
    const answer = answerIn(words) ?? (isPraise ? { says: 'thanks' as const, sure: false } : null);
    if (!answer || (answer.says === 'thanks' && (isReaction || says === 'greeting'))) return null;
    // A status question can contain the same words.
    if (says === 'status' && !answer.sure) return null;
    const told = answer.says === 'objection' ? 'unsolved' : answer.says;
    return { ...bondOf(meant), says: 'feedback', answer: { says: told, sure: answer.sure } };
  }

  async function factsOf(
    message: Message,
    citizen: Citizen,
    open: Parameters<typeof read>[2],
  ): Promise<MessageFacts> {
    const isBlocked = await store.blocks.isBlocked([citizen.id, ...citizen.formerIds], now());
    const told: MessageFacts = {
      messageId: message.id,
      at: message.sentAt.getTime(),
      says: message.says,
      tellsPlace:
        message.place !== null || (message.words !== null && tellsAddress(municipality, message.words)),
      photo: isPhoto(message),
      recentCase: null,
      alreadyHandled: message.handledAt !== null,
      matter: false,
      ...(await read(message, citizen, open)),
    };
    if (isBlocked && message.says !== 'event') return { ...told, says: 'blocked' };
    return { ...told, ...spokenFacts(message, speech !== null) };
  }

  return async ({ citizenId, messageId, ...open }) => {
    const message = (await store.messages.get(messageId)) ?? (await understand(citizenId, messageId));
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const merged = citizen.id !== citizenId && { mergedInto: citizen.id };
    const tap = tapOf(message, open.question, []);
    if (tap?.kind !== 'voice') return { ...(await factsOf(message, citizen, open)), ...merged };
    const note = await judgedNote(store, citizen, tap);
    if (!note) return { ...(await factsOf(message, citizen, {})), ...merged, says: 'event' };
    const said = await factsOf(note, citizen, open);
    return { ...said, ...merged, judged: { isRight: tap.isRight, by: messageId } };
  };
}

/** Whether such messages are usually answered. For others, no typing indicator is shown. */
function isAnswered(says: Says): boolean {
  return says !== 'aside' && says !== 'thanks' && says !== 'blocked';
}

/** Meanings of a text that may correct a case. */
const mayCorrect: readonly Says[] = ['report', 'status', 'suggestion'];

/** Whether we ask about a report that has no case yet. */
function isDrafted(question: OpenQuestion | undefined): boolean {
  return question?.phase === 'awaitingPlace' || question?.phase === 'awaitingSubject';
}

/** Longer words of thanks may tell something else, in letters. */
const LONGEST_THANKS = 40;

/** Meanings that may be a survey answer in words. */
const answering: readonly Says[] = ['report', 'thanks', 'aside', 'greeting', 'status'];
