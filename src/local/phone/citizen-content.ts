import type { MediaItem, MediaStore } from '../cloud-api/media';
import { INBOUND_MEDIA_MS } from '../cloud-api/media';
import type { Content, LineEntry, Thread, Threads } from '../cloud-api/threads';
import type { PhoneMessage } from './citizen-message';
import { repliesOf } from './replies';
import { sampleFile } from './samples';

export interface ContentDeps {
  media: MediaStore;
  threads: Threads;
  displayPhoneNumber: string;
}

export type ContentOutcome = { content: Content } | { problem: string };

/** The context of an answer names who wrote the quoted message, the municipality or the citizen. */
function contextOf(
  deps: ContentDeps,
  thread: Thread,
  wamid: string,
): { id: string; from?: string } | undefined {
  const found = deps.threads.entry(wamid);
  if (found?.thread !== thread) return undefined;
  const from = found.entry.from === 'municipality' ? deps.displayPhoneNumber : thread.citizen.phone;
  return { id: wamid, ...(from === undefined ? {} : { from }) };
}

const mediaPart = (item: MediaItem): Record<string, unknown> => ({
  id: item.id,
  mime_type: item.mimeType,
  sha256: Buffer.from(item.sha256, 'hex').toString('base64'),
});

function tapContent(line: LineEntry, replyId: string): Content | undefined {
  const reply = repliesOf(line).find(candidate => candidate.id === replyId);
  if (reply === undefined) return undefined;
  const { id, title, description } = reply;
  switch (reply.form) {
    case 'button':
      return { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } };
    case 'list':
      return {
        type: 'interactive',
        interactive: {
          type: 'list_reply',
          list_reply: { id, title, ...(description === undefined ? {} : { description }) },
        },
      };
    case 'quick-reply':
      return { type: 'button', button: { payload: id, text: title } };
  }
}

/** The webhook form of what a citizen did, with files put into the media store first. */
export async function sentContent(
  deps: ContentDeps,
  thread: Thread,
  message: PhoneMessage,
): Promise<ContentOutcome> {
  const quoted = 'replyTo' in message && message.replyTo !== undefined ? message.replyTo : undefined;
  const context = quoted === undefined ? undefined : contextOf(deps, thread, quoted);
  if (quoted !== undefined && context === undefined)
    return { problem: 'replyTo is not a message of this chat' };
  const answering = context === undefined ? {} : { context };

  const stored = async (
    sample: Parameters<typeof sampleFile>[0],
    given: { file?: string | undefined; mimeType?: string | undefined; filename?: string | undefined },
  ): Promise<Record<string, unknown>> => {
    const fallback = await sampleFile(sample);
    const own = given.file === undefined ? undefined : Buffer.from(given.file, 'base64');
    const item = deps.media.put(own ?? fallback.bytes, {
      mimeType: given.mimeType ?? fallback.mimeType,
      filename: given.filename,
      livesMs: INBOUND_MEDIA_MS,
    });
    return mediaPart(item);
  };
  const captioned = (caption: string | undefined): object =>
    caption === undefined || caption === '' ? {} : { caption };

  switch (message.type) {
    case 'text': {
      const marks = message.forwarded === true ? { context: { ...context, forwarded: true } } : answering;
      return { content: { type: 'text', text: { body: message.body }, ...marks } };
    }
    case 'image': {
      const image = await stored(message.sample ?? 'pothole', message);
      return { content: { type: 'image', image: { ...image, ...captioned(message.caption) }, ...answering } };
    }
    case 'video': {
      const video = await stored('pothole', { ...message, mimeType: message.mimeType ?? 'video/mp4' });
      return { content: { type: 'video', video: { ...video, ...captioned(message.caption) }, ...answering } };
    }
    case 'voice': {
      const audio = await stored('voice', message);
      return { content: { type: 'audio', audio: { ...audio, voice: true }, ...answering } };
    }
    case 'document': {
      const filename = message.filename ?? 'dilekce.pdf';
      const document = await stored('petition', { ...message, filename });
      return {
        content: {
          type: 'document',
          document: { ...document, filename, ...captioned(message.caption) },
          ...answering,
        },
      };
    }
    case 'sticker': {
      const sticker = await stored('sticker', message);
      return { content: { type: 'sticker', sticker: { ...sticker, animated: false }, ...answering } };
    }
    case 'location': {
      const { latitude, longitude, name, address } = message;
      const words = {
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { address }),
      };
      return { content: { type: 'location', location: { latitude, longitude, ...words }, ...answering } };
    }
    case 'tap': {
      const found = deps.threads.entry(message.messageId);
      if (found?.thread !== thread || found.entry.from !== 'municipality') {
        return { problem: 'messageId is not a message the municipality sent to this citizen' };
      }
      const content = tapContent(found.entry, message.replyId);
      if (content === undefined) return { problem: 'replyId is not on that message' };
      return { content: { ...content, context: { from: deps.displayPhoneNumber, id: message.messageId } } };
    }
    case 'reaction': {
      const { messageId, emoji } = message;
      const removed = emoji === undefined || emoji === '';
      return {
        content: { type: 'reaction', reaction: { message_id: messageId, ...(removed ? {} : { emoji }) } },
      };
    }
    case 'contacts': {
      const card = {
        name: { formatted_name: message.name, first_name: message.name },
        phones: [{ phone: message.phone, type: 'CELL' }],
      };
      return { content: { type: 'contacts', contacts: [card], ...answering } };
    }
    case 'unsupported': {
      const error = {
        code: 131051,
        title: 'Message type unknown',
        message: 'Message type unknown',
        error_data: { details: 'Message type is currently not supported.' },
      };
      return { content: { type: 'unsupported', errors: [error], unsupported: { type: message.kind } } };
    }
    case 'edit':
      return {
        content: {
          type: 'edit',
          edit: {
            original_message_id: message.messageId,
            message: { type: 'text', text: { body: message.body } },
          },
        },
      };
    case 'revoke':
      return { content: { type: 'revoke', revoke: { original_message_id: message.messageId } } };
    case 'raw':
      return { content: message.message };
  }
}
