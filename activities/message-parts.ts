import type { Message } from '../src/store/message-records';

/** The words of a burst, as they are read for routing. */
export function wordsOf(messages: readonly Pick<Message, 'words'>[]): string {
  return messages.flatMap(message => message.words ?? []).join('\n');
}

/** Whether a message brought a picture: citizens also send photos as documents. */
export function isPhoto({ media }: Pick<Message, 'media'>): boolean {
  return media?.kind === 'image' || (media?.kind === 'document' && media.mimeType.startsWith('image/'));
}

/** Whether a message brought a file that belongs to the report. */
export function bringsFile({ media }: Pick<Message, 'media'>): boolean {
  return media !== null && media.kind !== 'sticker';
}
