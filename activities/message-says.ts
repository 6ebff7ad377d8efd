import type { Says } from '../src/domain/talk/conversation';
import { insults, meaningOf, type Meaning } from '../src/domain/talk/message-meaning';
import { readTap } from '../src/domain/talk/taps';
import type { MessageContent } from '../src/whatsapp/message-content';

/** Types that report something about a message or an account and are no message of their own. */
const events: readonly string[] = ['system', 'edit', 'revoke', 'reaction'];

/** Whether a message opens Meta's 24-hour window; that a notice or a reaction does is documented nowhere. */
export function isMessage({ type }: Pick<MessageContent, 'type'>): boolean {
  return !events.includes(type) && type !== 'request_welcome';
}

/** What a message says by itself, without regard to who sent it and what went before. */
export function saysOf({ type, words, place, media, tap, lostFile }: MessageContent): Says {
  if (events.includes(type)) return 'event';
  if (type === 'sticker') return 'aside';
  if (type === 'request_welcome') return 'greeting';
  if (tap !== null) return saidByTap(tap);
  const meaning = words === null ? 'empty' : meaningOf(words);
  // Whatever stands under a picture tells what is on it, unless it is a whole report of its own.
  if (meaning !== 'empty' && (!media || speaksOfItself.includes(meaning))) return saidByWords[meaning];
  if (place) return 'place';
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
export function besidesReport(
  content: { words: string | null; lostFile?: boolean },
  isPetition: boolean,
): 'petition' | 'abuse' | 'lostFile' | undefined {
  if (content.words !== null && insults(content.words)) return 'abuse';
  if (content.lostFile) return 'lostFile';
  return isPetition ? 'petition' : undefined;
}
