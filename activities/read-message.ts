import { tellsAddress } from '../src/config/places';
import { HOUR_MS } from '../src/domain/durations';
import { caseNumbersIn, readCaseNumber } from '../src/domain/identifiers';
import { hasMapLink, pinIn, withoutPins } from '../src/domain/place/map-pin';
import { type Classification, classify } from '../src/domain/routing/classify';
import type { Follows, MessageFacts, Says } from '../src/domain/talk/conversation';
import { followsCase } from '../src/domain/talk/follow-up';
import {
  insults,
  languageIn,
  type Meaning,
  type MeaningLexicon,
  meaningOf,
  speaksOfPetition,
} from '../src/domain/talk/message-meaning';
import { readTap } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { CaseRecord } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import { contentOf, type MessageContent } from '../src/whatsapp/message-content';
import { isStale } from '../src/whatsapp/hand-over';
import { senderOf } from '../src/whatsapp/sender';
import type { Activities } from '../workflows/contract';
import { openCasesOf, ownOpenCase } from './case-lookup';
import type { Deps } from './deps';
import { isPhoto, wordsOf } from './case-intake';

type Reading = Pick<MessageFacts, 'subject' | 'chosen' | 'about' | 'follows' | 'besides'>;

export function readMessage({ store, municipality, now }: Deps): Activities['readMessage'] {
  const { meaning, languages, followUp } = municipality.language;
  const recentMs = municipality.conversation.recentHours * HOUR_MS;

  async function understand(citizenId: string, messageId: string): Promise<Message> {
    const inbox = await store.inbox.get(messageId);
    if (!inbox) throw new AppError('message-missing');
    const { refersTo, lostFile, ...received } = contentOf(inbox.payload);
    const content = { ...received, place: received.place ?? placeInWords(received) };
    const { bsuid, phone, profileName } = senderOf(inbox.payload, inbox.contact);
    const language =
      content.words === null || content.tap !== null ? null : languageIn(content.words, languages);
    await store.citizens.seen(citizenId, {
      ...{ bsuid, phone, profileName, language },
      at: inbox.sentAt,
      isMessage: isMessage(content),
    });
    const hashId = await store.hashId();
    const message: Message = {
      id: messageId,
      citizenId: await store.identities.currentOf(citizenId),
      sentAt: inbox.sentAt,
      ...content,
      refersTo: refersTo === null ? null : hashId(refersTo),
      // A tap names its case itself.
      quotedCase: refersTo === null || content.tap !== null ? null : await store.outbox.caseOf(refersTo),
      says: isStale(inbox) ? 'event' : saysOf({ ...content, refersTo, lostFile }, meaning),
      lostFile,
      language,
      caseNumber: null,
      handledAt: null,
    };
    await store.messages.add(message);
    return message;
  }

  /** Reads coordinates and map links in the text as a pin. */
  function placeInWords({ words, tap }: Pick<MessageContent, 'words' | 'tap'>): Message['place'] {
    const pin = words === null || tap !== null ? null : pinIn(words, municipality.country);
    return pin && { ...pin, name: null, address: null };
  }

  /** The open case of the citizen's own that a message names by number, by a tap or by quoting. */
  async function caseMeant(message: Message, citizen: Citizen): Promise<CaseRecord | null> {
    const tap = message.tap === null ? null : readTap(message.tap);
    const tapped = tap && 'caseNumber' in tap ? tap.caseNumber : null;
    const typed = caseNumbersIn(message.words ?? '').map(readCaseNumber);
    const quoted = message.refersTo ? await store.messages.get(message.refersTo) : null;
    for (const caseNumber of [tapped, ...typed, quoted?.caseNumber, message.quotedCase]) {
      const record = caseNumber ? await ownOpenCase(store, citizen, caseNumber) : null;
      if (record) return record;
    }
    return null;
  }

  /** The subject is guessed from the whole burst: "merhaba", "çöp", "üç gündür alınmadı" are one report. */
  async function subjectOf(message: Message, gathered: readonly string[]): Promise<Classification> {
    const before = await store.messages.several(gathered);
    return classify(wordsOf([...before, message]), municipality);
  }

  async function read(
    message: Message,
    citizen: Citizen,
    recent: CaseRecord | null,
    gathered: readonly string[],
  ): Promise<Reading & { says?: MessageFacts['says'] }> {
    const { says, words } = message;
    const tap = message.tap === null ? null : readTap(message.tap);
    if (tap?.kind === 'subject') return { chosen: tap.category };
    const meant = await caseMeant(message, citizen);
    const about = meant && { about: meant.caseNumber };
    if (message.type === 'edit' && meant && words !== null)
      return { ...about, says: 'report', follows: 'addition' };
    if (words === null || (says !== 'report' && says !== 'emergency')) return { ...about };
    const guess = await subjectOf(message, gathered);
    const isPlain = says === 'report' && guess.matched.length === 0;
    if (isPlain && insults(words, meaning) && words.length < 80) return { says: 'abuse' };
    const target = meant ?? recent;
    const besides = says === 'report' ? besidesReport(message, meaning) : undefined;
    return {
      ...about,
      subject: guess.sure ? 'sure' : 'unsure',
      ...(besides && { besides }),
      ...(says === 'report' &&
        target && { follows: followsOf(message, words, target, meant !== null, guess) }),
    };
  }

  function followsOf(
    { tap }: Message,
    words: string,
    target: CaseRecord,
    meansCase: boolean,
    guess: Classification,
  ): Follows {
    const [best] = guess.ranked;
    const { slug } = target.intake.category;
    const isSame = best?.category === slug;
    return followsCase(
      {
        words,
        meansCase,
        subject: guess.matched.length === 0 ? 'none' : isSame ? 'same' : 'other',
        sure: guess.sure,
        tellsPlace: tap === null && tellsAddress(municipality, words),
        asked: municipality.categories.find(category => category.slug === slug)?.question !== undefined,
      },
      followUp,
    );
  }

  return async ({ citizenId, messageId, gathered = [] }): Promise<MessageFacts> => {
    const message = (await store.messages.get(messageId)) ?? (await understand(citizenId, messageId));
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const isBlocked = await store.blocks.isBlocked([citizen.id, ...citizen.formerIds], now());
    const [recent = null] = await openCasesOf(store, citizen, new Date(now().getTime() - recentMs));
    return {
      messageId,
      at: message.sentAt.getTime(),
      says: message.says,
      tellsPlace:
        message.place !== null || (message.words !== null && tellsAddress(municipality, message.words)),
      photo: isPhoto(message),
      recentCase: recent?.caseNumber ?? null,
      alreadyHandled: message.handledAt !== null,
      ...(await read(message, citizen, recent, gathered)),
      ...(isBlocked && message.says !== 'event' && { says: 'blocked' }),
    };
  };
}

/** Types that report something about a message or an account and are no message of their own. */
const events: readonly string[] = ['system', 'edit', 'revoke', 'reaction'];

/** Whether a message opens Meta's 24-hour window; that a notice or a reaction does is documented nowhere. */
function isMessage({ type }: Pick<MessageContent, 'type'>): boolean {
  return !events.includes(type) && type !== 'request_welcome';
}

/** What a message says by itself, without regard to who sent it and what went before. */
function saysOf({ type, words, place, media, tap, lostFile }: MessageContent, lexicon: MeaningLexicon): Says {
  if (events.includes(type)) return 'event';
  if (type === 'sticker') return 'aside';
  if (type === 'request_welcome') return 'greeting';
  if (tap !== null) return saidByTap(tap);
  const meaning = words === null ? 'empty' : meaningOf(withoutPins(words), lexicon);
  // Whatever stands under a picture tells what is on it, unless it is a whole report of its own.
  if (meaning !== 'empty' && (!media || speaksOfItself.includes(meaning))) return saidByWords[meaning];
  if (place || (words !== null && hasMapLink(words))) return 'place';
  if (media) return 'attachment';
  if (words !== null && PICTURES.test(words)) return 'aside';
  return lostFile ? 'lostFile' : 'unreadable';
}

/** Emoji alone are a sticker by another way. */
const PICTURES = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\s]+$/u;

const speaksOfItself: readonly Meaning[] = ['report', 'emergency', 'suggestion', 'petition'];

const saidByWords: Readonly<Record<Exclude<Meaning, 'empty'>, Says>> = {
  report: 'report',
  emergency: 'emergency',
  suggestion: 'suggestion',
  petition: 'petition',
  abuse: 'abuse',
  greeting: 'greeting',
  thanks: 'thanks',
  status: 'status',
  help: 'help',
  person: 'person',
  stop: 'stop',
  start: 'start',
  withdraw: 'withdraw',
  english: 'language',
  turkish: 'language',
  newReport: 'which',
};

function saidByTap(id: string): Says {
  const tap = readTap(id);
  switch (tap?.kind) {
    case 'feedback':
    case 'objection':
      return 'endedCase';
    case 'rating':
      return 'rated';
    case 'subject':
      return 'subject';
    case 'which':
      return 'which';
    case 'withdraw':
      return ({ ask: 'withdraw', yes: 'withdrawYes', no: 'withdrawNo' } as const)[tap.choice];
    case undefined:
      return 'help';
  }
}

/** What has to be said at once besides taking in a report. */
function besidesReport(
  { words, lostFile }: { words: string | null; lostFile?: boolean },
  lexicon: MeaningLexicon,
): 'petition' | 'abuse' | 'lostFile' | undefined {
  if (words !== null && insults(words, lexicon)) return 'abuse';
  if (lostFile) return 'lostFile';
  return words !== null && speaksOfPetition(words, lexicon) ? 'petition' : undefined;
}
