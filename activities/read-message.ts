import type { Follows, MessageFacts } from '../src/domain/talk/conversation';
import { followsCase } from '../src/domain/talk/follow-up';
import { readCaseNumber } from '../src/domain/identifiers';
import { caseNumbersIn, insults, languageIn, speaksOfPetition } from '../src/domain/talk/message-meaning';
import { classify, type Classification } from '../src/domain/routing/classify';
import { tellsStreet } from '../src/domain/place/place-words';
import { readTap } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { CaseRecord } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import { contentOf } from '../src/whatsapp/message-content';
import { isStale } from '../src/whatsapp/replay';
import { senderOf } from '../src/whatsapp/sender';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { isPhoto, wordsOf } from './message-parts';
import { besidesReport, isMessage, saysOf } from './message-says';
import { openCasesOf, ownOpenCase } from './own-cases';

const HOUR_MS = 3_600_000;

type Reading = Pick<MessageFacts, 'subject' | 'chosen' | 'about' | 'follows' | 'besides'>;

export function readMessage({ store, municipality, now }: Deps): Activities['readMessage'] {
  const recentMs = municipality.conversation.recentHours * HOUR_MS;

  async function understand(citizenId: string, messageId: string): Promise<Message> {
    const inbox = await store.inbox.get(messageId);
    if (!inbox) throw new AppError('message-missing');
    const { refersTo, lostFile, ...content } = contentOf(inbox.payload);
    const { bsuid, phone, profileName } = senderOf(inbox.payload, inbox.contact);
    const language = content.words === null || content.tap !== null ? null : languageIn(content.words);
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
      says: isStale(inbox) ? 'event' : saysOf({ ...content, refersTo, lostFile }),
      lostFile,
      language,
      caseNumber: null,
      handledAt: null,
    };
    await store.messages.add(message);
    return message;
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
    if (isPlain && insults(words) && words.length < 80) return { says: 'abuse' };
    const target = meant ?? recent;
    const besides = says === 'report' ? besidesReport(message, speaksOfPetition(words)) : undefined;
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
    return followsCase({
      words,
      meansCase,
      subject: guess.matched.length === 0 ? 'none' : isSame ? 'same' : 'other',
      sure: guess.sure,
      tellsPlace: tap === null && tellsStreet(words),
      asked: municipality.categories.find(category => category.slug === slug)?.question !== undefined,
    });
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
      tellsPlace: message.place !== null || (message.words !== null && tellsStreet(message.words)),
      photo: isPhoto(message),
      recentCase: recent?.caseNumber ?? null,
      alreadyHandled: message.handledAt !== null,
      ...(await read(message, citizen, recent, gathered)),
      ...(isBlocked && message.says !== 'event' && { says: 'blocked' }),
    };
  };
}
