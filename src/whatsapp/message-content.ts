import type { Media, Place } from '../store/message-records';
import { asNumber, asText, field } from './loose-json';
import { plainWords } from './plain-words';

/** What a message brings, whatever its type; see `Message` for the parts. */
export interface MessageContent {
  /** Meta's message type, or `unknown`. */
  type: string;
  words: string | null;
  place: Place | null;
  media: Media | null;
  tap: string | null;
}

const TYPE = /^[a-z_]{1,32}$/;
const LONGEST_WORDS = 4_096;
const LONGEST_NAME = 200;
const LONGEST_ID = 256;

/** Types by the member that carries them, for messages that do not name theirs. */
const carriers = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'interactive',
  'button',
] as const;

const words = (value: unknown): string | null => plainWords(value, LONGEST_WORDS);

/**
 * Reads Meta's message object (Cloud API webhooks, `messages[]`). Words are at most 4,096 code points without
 * control characters. Never throws; types that bring nothing readable have a type alone.
 */
export function contentOf(message: unknown): MessageContent {
  const type = typeOf(message);
  const body = field(message, type);
  const bare: MessageContent = { type, words: null, place: null, media: null, tap: null };
  switch (type) {
    case 'text':
      return { ...bare, words: words(field(body, 'body')) };
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return { ...bare, words: words(field(body, 'caption')), media: mediaOf(type, body) };
    case 'location':
      return { ...bare, place: placeOf(body) };
    case 'interactive':
      return { ...bare, ...replyOf(body) };
    case 'button':
      return {
        ...bare,
        words: words(field(body, 'text')),
        tap: asText(field(body, 'payload'), LONGEST_ID),
      };
    case 'order':
      return { ...bare, words: words(field(body, 'text')) };
    case 'edit':
      return { ...bare, ...editedOf(field(body, 'message')) };
    default:
      return bare;
  }
}

function typeOf(message: unknown): string {
  const type = asText(field(message, 'type'));
  if (type !== null) return TYPE.test(type) ? type : 'unknown';
  return carriers.find(name => field(message, name) !== undefined) ?? 'unknown';
}

function mediaOf(kind: Media['kind'], body: unknown): Media | null {
  const mediaId = asText(field(body, 'id'), LONGEST_ID);
  if (mediaId === null) return null;
  return { kind, mediaId, mimeType: asText(field(body, 'mime_type'), 128) ?? 'application/octet-stream' };
}

function placeOf(body: unknown): Place | null {
  const latitude = asNumber(field(body, 'latitude'));
  const longitude = asNumber(field(body, 'longitude'));
  if (latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  const part = (name: string): string | null => plainWords(field(body, name), LONGEST_NAME);
  return { latitude, longitude, name: part('name'), address: part('address') };
}

/** A tapped button or list row. Filled-in forms and answers to call requests bring nothing for us. */
function replyOf(body: unknown): Pick<MessageContent, 'words' | 'tap'> {
  const reply = field(body, 'button_reply') ?? field(body, 'list_reply');
  return { words: words(field(reply, 'title')), tap: asText(field(reply, 'id'), LONGEST_ID) };
}

/** The new wording of an edited message; an edit of an edit does not exist. */
function editedOf(message: unknown): Pick<MessageContent, 'words'> {
  const type = typeOf(message);
  return type === 'edit' ? { words: null } : { words: contentOf(message).words };
}
