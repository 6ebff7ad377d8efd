import type { TownLanguage } from '../src/config/language';
import { hasMapLink, withoutPins } from '../src/domain/place/map-pin';
import { dangerIn } from '../src/domain/routing/danger';
import type { Says } from '../src/domain/talk/conversation-state';
import {
  insults,
  type Meaning,
  type MeaningLexicon,
  meaningOf,
  speaksOfPetition,
} from '../src/domain/talk/message-meaning';
import { readTap, type Tap } from '../src/domain/talk/taps';
import type { MessageContent } from '../src/whatsapp/message-content';

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
  if (words !== null && dangerIn(words, language.danger)?.to === 'people') return 'emergency';
  const isPicture = words === null || PICTURES.test(words);
  const meaning = isPicture ? 'empty' : meaningOf(withoutPins(words), language.meaning);
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
