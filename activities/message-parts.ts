import { withoutPins } from '../src/domain/place/map-pin';
import type { Message } from '../src/store/message-records';

/** Returns the text of a burst for routing, without links and coordinates. */
export function wordsOf(messages: readonly Pick<Message, 'words'>[]): string {
  return messages.flatMap(({ words }) => (words === null ? [] : withoutPins(words))).join('\n');
}

/** Whether a message brought a picture: citizens also send photos as documents. */
export function isPhoto({ media }: Pick<Message, 'media'>): boolean {
  return media?.kind === 'image' || (media?.kind === 'document' && media.mimeType.startsWith('image/'));
}

/** Whether a message brought a file that belongs to the report. */
export function bringsFile({ media }: Pick<Message, 'media'>): boolean {
  return media !== null && media.kind !== 'sticker';
}
