import type { TownLanguage } from '../src/config/language';
import { hasMapLink, withoutPins } from '../src/domain/place/map-pin';
import { plainText } from '../src/domain/plain-text';
import { dangerIn } from '../src/domain/routing/danger';
import type { MessageFacts, Says } from '../src/domain/talk/conversation-state';
import {
  commands,
  insults,
  languageIn,
  type Meaning,
  type MeaningLexicon,
  meaningOf,
  speaksOfPetition,
} from '../src/domain/talk/message-meaning';
import { readTap, type Tap } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import { isForConversation } from '../src/whatsapp/hand-over';
import { fileTypeOf, gathered } from '../src/whatsapp/media-file';
import type { MessageContent } from '../src/whatsapp/message-content';
import type { Activities } from '../workflows/contract';
import type { Deps } from './deps';

/** Types that report an event of a message or account instead of being a message. */
const events: readonly string[] = ['system', 'edit', 'revoke', 'reaction'];

/**
 * Whether a message opens Meta's 24-hour window. Meta does not document this for system events and reactions,
 * so they do not count.
 */
export function isMessage({ type }: Pick<MessageContent, 'type'>): boolean {
  return !events.includes(type) && type !== 'request_welcome';
}

/** Returns the meaning of a single message, regardless of its sender and earlier messages. */
export function saysOf(
  { type, words, place, media, tap, lostFile, sharesNumber }: MessageContent,
  language: TownLanguage,
): Says {
  if (events.includes(type)) return 'event';
  if (type === 'sticker') return 'aside';
  if (type === 'request_welcome') return 'greeting';
  if (tap !== null) return saidByTap(readTap(tap));
  if (sharesNumber) return 'sharesNumber';
  const isPicture = words === null || PICTURES.test(words);
  const meaning = isPicture ? 'empty' : meaningOf(withoutPins(words), language.meaning);
  // All words of a command are known ("aradım kimse açmıyor"), so it is no danger, whatever it resembles.
  const isCommand = commands.some(command => command === meaning);
  if (!isCommand && words !== null && dangerIn(words, language.danger)?.to === 'people') return 'emergency';
  // A caption describes the picture, unless it is a complete report by itself.
  if (meaning !== 'empty' && (!media || speaksOfItself.includes(meaning))) return saidByWords[meaning];
  if (place || (words !== null && hasMapLink(words))) return 'place';
  if (media) return 'attachment';
  if (words !== null && isPicture) return 'aside';
  if (lostFile) return 'lostFile';
  // "???" is text without words.
  return type === 'text' && words !== null ? 'report' : 'unreadable';
}

/**
 * Text that consists of emoji is treated as a sticker. Emoji are matched as sequences, because "1️⃣" begins
 * with a digit.
 */
const PICTURES = new RegExp(
  '^(?=.*[^\\s\\p{Default_Ignorable_Code_Point}])' +
    '(?:\\p{RGI_Emoji}|[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{Regional_Indicator}]|' +
    '[\\s\\p{Default_Ignorable_Code_Point}])+$',
  'vs',
);

const speaksOfItself: readonly Meaning[] = ['report', 'suggestion', 'petition'];

const saidByWords: Readonly<Record<Exclude<Meaning, 'empty'>, Says>> = {
  report: 'report',
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

export function saidByTap(tap: Tap | null): Says {
  switch (tap?.kind) {
    case 'feedback':
    case 'objection':
      return 'endedCase';
    case 'rating':
      return 'rated';
    case 'status':
      return 'status';
    case 'subject':
    case 'subjects':
      return 'subject';
    case 'otherSubject':
      return 'otherSubject';
    case 'which':
      return 'which';
    case 'withdraw':
      return ({ ask: 'withdraw', yes: 'withdrawYes', no: 'withdrawNo' } as const)[tap.choice];
    case 'wish':
      return ({ report: 'insists', status: 'status', person: 'person' } as const)[tap.wish];
    case 'undo':
      return 'undo';
    case 'erase':
      return tap.isWanted ? 'eraseYes' : 'eraseNo';
    case 'voice':
      return 'event';
    case undefined:
      return 'help';
  }
}

/** Returns an additional answer that must be sent immediately, besides the handling of the report. */
export function besidesReport(
  { words, lostFile }: { words: string | null; lostFile?: boolean },
  lexicon: MeaningLexicon,
): 'petition' | 'abuse' | 'lostFile' | undefined {
  if (words !== null && insults(words, lexicon)) return 'abuse';
  if (lostFile) return 'lostFile';
  return words !== null && speaksOfPetition(words, lexicon) ? 'petition' : undefined;
}

/** Returns the messages that are stored but not yet handed over to the talk, oldest first. */
export function storedMessages({ store }: Deps): Activities['storedMessages'] {
  return async ({ citizenId }) => {
    const citizen = await store.citizens.get(citizenId);
    const records = await store.inbox.notHandedOver([citizenId, ...(citizen?.formerIds ?? [])]);
    return records.filter(isForConversation).map(({ id }) => id);
  };
}

/** Passes a talk on to that of the remaining citizen, who may have been merged again meanwhile. */
export function joinTalk({ store, gateway }: Deps): Activities['joinTalk'] {
  return async ({ citizenId, talk }) => gateway.joinTalk(await store.identities.currentOf(citizenId), talk);
}

const MEGABYTE = 1024 * 1024;

/**
 * Stores the transcript of a voice note with its message, for the citizen to confirm. The recording itself is kept
 * with its case, as without a speech server.
 */
export function transcribe(
  deps: Pick<Deps, 'store' | 'graph' | 'speech' | 'municipality'>,
): Activities['transcribe'] {
  const { store, graph, speech, municipality } = deps;
  const limit = municipality.speech.mostMegabytes * MEGABYTE;
  return async ({ citizenId, messageId }) => {
    const [message, citizen] = await Promise.all([
      store.messages.get(messageId),
      store.citizens.get(citizenId),
    ]);
    if (!message?.media || !citizen) throw new AppError('message-missing');
    if (message.transcript) return true;
    if (speech === null) return false;
    const bytes = await gathered(await graph.download(message.media.mediaId, limit), limit);
    const type = fileTypeOf(bytes);
    if (type?.kind !== 'audio') throw new AppError('file-unreadable', { reason: 'type' });
    const { mimeType, extension } = type;
    const words = plainText(
      await speech.transcribe({ bytes, mimeType, extension, language: citizen.language }),
    );
    if (words === '') return false;
    // A transcript is the message itself, not the caption of a file.
    const content = { ...message, words, media: null, lostFile: false, refersTo: null };
    await store.messages.transcribed(messageId, {
      words,
      says: saysOf(content, municipality.language),
      language: languageIn(words, municipality.language.languages),
    });
    return true;
  };
}

/** Returns the facts of a message that concern its recording. */
export function spokenFacts(
  { media, words, transcript, says, handledAt }: Message,
  canTranscribe: boolean,
): Pick<MessageFacts, 'voice' | 'spoken' | 'unconfirmed'> {
  if (media?.kind !== 'audio') return {};
  if (words !== null && transcript)
    return { spoken: true, ...(transcript === 'unconfirmed' && { unconfirmed: true }) };
  const isNew = !transcript && words === null && says === 'attachment' && handledAt === null;
  return canTranscribe && isNew ? { voice: true } : {};
}

/**
 * Stores whether the transcript of a voice note is right and returns the note, which is then read again. Returns null
 * if it has been handled meanwhile or is not the citizen's.
 */
export async function judgedNote(
  { messages }: Deps['store'],
  { id, formerIds }: Citizen,
  { messageId, isRight }: Extract<Tap, { kind: 'voice' }>,
): Promise<Message | null> {
  const note = await messages.get(messageId);
  if (!note?.transcript || ![id, ...formerIds].includes(note.citizenId)) return null;
  await messages.transcriptJudged(messageId, isRight);
  return note.handledAt === null ? messages.get(messageId) : null;
}
