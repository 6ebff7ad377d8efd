import { z } from 'zod';
import type { SandboxCitizen } from '../cloud-api/citizens';
import { INBOUND_MEDIA_MS, type MediaItem, type MediaStore } from '../cloud-api/media';
import type { Content, LineEntry, Thread, Threads } from '../cloud-api/threads';
import { repliesOf } from './replies';
import { sampleFile } from './samples';

export interface ContentDeps {
  media: MediaStore;
  threads: Threads;
  displayPhoneNumber: string;
}

export type ContentOutcome = { content: Content } | { problem: string };

/** Returns the context of a reply, with the sender of the quoted message. */
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

function tapContent(line: LineEntry, replyId: string, citizen: SandboxCitizen): Content | undefined {
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
    case 'contact': {
      const number = citizen.phone ?? citizen.privatePhone ?? '';
      const name = { formatted_name: citizen.name, first_name: citizen.name };
      const phones = [{ phone: `+${number}`, wa_id: number, type: 'CELL' }];
      return { type: 'contacts', contacts: [{ name, phones, origin: 'contact_request' }] };
    }
  }
}

/** Converts a citizen's action to webhook content. Stores its files first. */
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
      const content = tapContent(found.entry, message.replyId, thread.citizen);
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
        origin: 'other',
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

const base64 = z
  .string()
  .min(1)
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, 'must be base64');
const replyTo = { replyTo: z.string().optional() };
const file = { file: base64.optional(), mimeType: z.string().optional() };
const caption = { caption: z.string().optional() };

/** An action on the phone: the body of `POST /control/citizens/:id/messages`. */
export const phoneMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), body: z.string(), ...replyTo, forwarded: z.boolean().optional() }),
  z.object({
    type: z.literal('image'),
    ...file,
    sample: z.enum(['pothole', 'rubbish', 'street-lamp']).optional(),
    ...caption,
    ...replyTo,
  }),
  z.object({
    type: z.literal('video'),
    file: base64,
    mimeType: z.string().optional(),
    ...caption,
    ...replyTo,
  }),
  z.object({ type: z.literal('voice'), ...file, ...replyTo }),
  z.object({
    type: z.literal('document'),
    ...file,
    filename: z.string().optional(),
    ...caption,
    ...replyTo,
  }),
  z.object({ type: z.literal('sticker'), ...file, ...replyTo }),
  z.object({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().optional(),
    address: z.string().optional(),
    ...replyTo,
  }),
  /** A tap on a reply button, a list row or a template's quick reply of `messageId`. */
  z.object({ type: z.literal('tap'), messageId: z.string(), replyId: z.string() }),
  z.object({ type: z.literal('reaction'), messageId: z.string(), emoji: z.string().optional() }),
  z.object({ type: z.literal('contacts'), name: z.string(), phone: z.string(), ...replyTo }),
  z.object({ type: z.literal('unsupported'), kind: z.string().default('poll_creation') }),
  z.object({ type: z.literal('edit'), messageId: z.string(), body: z.string() }),
  z.object({ type: z.literal('revoke'), messageId: z.string() }),
  /** An arbitrary message object. Its keys override `from`, `id` and `timestamp`. */
  z.object({ type: z.literal('raw'), message: z.looseObject({ type: z.string() }) }),
]);

export type PhoneMessage = z.infer<typeof phoneMessage>;
