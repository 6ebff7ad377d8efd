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

/** Types that report something about a message or an account and are no message of their own. */
const events: readonly string[] = ['system', 'edit', 'revoke', 'reaction'];

/** Whether a message opens Meta's 24-hour window; that a notice or a reaction does is documented nowhere. */
export function isMessage({ type }: Pick<MessageContent, 'type'>): boolean {
  return !events.includes(type) && type !== 'request_welcome';
}

/** What a message says by itself, without regard to who sent it and what went before. */
export function saysOf(
  { type, words, place, media, tap, lostFile }: MessageContent,
  language: TownLanguage,
): Says {
  if (events.includes(type)) return 'event';
  if (type === 'sticker') return 'aside';
  if (type === 'request_welcome') return 'greeting';
  if (tap !== null) return saidByTap(readTap(tap));
  if (words !== null && dangerIn(words, language.danger)?.to === 'people') return 'emergency';
  const isPicture = words === null || PICTURES.test(words);
  const meaning = isPicture ? 'empty' : meaningOf(withoutPins(words), language.meaning);
  // Whatever stands under a picture tells what is on it, unless it is a whole report of its own.
  if (meaning !== 'empty' && (!media || speaksOfItself.includes(meaning))) return saidByWords[meaning];
  if (place || (words !== null && hasMapLink(words))) return 'place';
  if (media) return 'attachment';
  if (words !== null && isPicture) return 'aside';
  return lostFile ? 'lostFile' : 'unreadable';
}

/** Emoji alone are a sticker by another way; they are told by sequence, since "1️⃣" begins with a digit. */
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
    case 'subject':
      return 'subject';
    case 'which':
      return 'which';
    case 'withdraw':
      return ({ ask: 'withdraw', yes: 'withdrawYes', no: 'withdrawNo' } as const)[tap.choice];
    case 'wish':
      return ({ report: 'insists', status: 'status', person: 'person' } as const)[tap.wish];
    case 'undo':
      return 'undo';
    case undefined:
      return 'help';
  }
}

/** What has to be said at once besides taking in a report. */
export function besidesReport(
  { words, lostFile }: { words: string | null; lostFile?: boolean },
  lexicon: MeaningLexicon,
): 'petition' | 'abuse' | 'lostFile' | undefined {
  if (words !== null && insults(words, lexicon)) return 'abuse';
  if (lostFile) return 'lostFile';
  return words !== null && speaksOfPetition(words, lexicon) ? 'petition' : undefined;
}
