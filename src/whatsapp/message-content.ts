import type { Media, Place } from '../store/message-records';
import { asList, asNumber, asObject, asText, field } from './loose-json';
import { plainWords } from './outgoing';
import { sharedNumber } from './payload';

/** The content of a message of any type; see `Message` for the fields. */
export interface MessageContent {
  /** Meta's message type, or `unknown`. */
  type: string;
  words: string | null;
  place: Place | null;
  media: Media | null;
  tap: string | null;
  /** The wamid of the message that this one quotes, reacts to, edits or revokes; null if none. */
  refersTo: string | null;
  /** Whether Meta could not deliver the attached file. */
  lostFile: boolean;
  /** Whether the sender answered a request for the phone number with it. Absent if not. */
  sharesNumber?: true;
}

const TYPE = /^[a-z_]{1,32}$/;
const LONGEST_WORDS = 4_096;
const LONGEST_NAME = 200;
const LONGEST_ID = 256;
const LONGEST_FORM = 65_536;

/** Maps a content member to its type, for messages without `type`. */
const carriers = [
  'text',
  'image',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'location',
  'interactive',
  'button',
  'reaction',
  'contacts',
  'order',
  'system',
  'edit',
  'revoke',
] as const;
/** The member that references another message, by type. All other types use `context`. */
const references: Readonly<Record<string, string>> = {
  reaction: 'message_id',
  edit: 'original_message_id',
  revoke: 'original_message_id',
};

const words = (value: unknown): string | null => plainWords(value, LONGEST_WORDS);

/**
 * Parses Meta's message object (Cloud API webhooks, `messages[]`). Text has at most 4,096 code points and no control
 * characters. Never throws; a message without readable content has only a type.
 */
export function contentOf(message: unknown): MessageContent {
  const type = typeOf(message);
  const body = field(message, type);
  const bare: MessageContent = {
    type,
    words: null,
    place: null,
    media: null,
    tap: null,
    refersTo: asText(field(body, references[type] ?? '')) ?? asText(field(field(message, 'context'), 'id')),
    lostFile: false,
  };
  switch (type) {
    case 'text':
      return { ...bare, words: words(field(body, 'body')) };
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return { ...bare, words: words(field(body, 'caption')), ...fileOf(type, body, message) };
    case 'voice':
      // The earlier type of a voice note, which is now an audio with `voice: true`.
      return { ...bare, type: 'audio', ...fileOf('audio', body, message) };
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
    case 'reaction':
      return { ...bare, words: words(field(body, 'emoji')) };
    case 'order':
      return { ...bare, words: words(field(body, 'text')) };
    case 'contacts':
      return { ...bare, ...(sharedNumber(message) !== null && { sharesNumber: true }) };
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

/** Meta replaces a file that was too large or failed with `errors` (131052). */
function fileOf(
  kind: Media['kind'],
  body: unknown,
  message: unknown,
): Pick<MessageContent, 'media' | 'lostFile'> {
  const media = mediaOf(kind, body);
  const errors = asList(field(message, 'errors')) ?? [];
  return { media, lostFile: media === null && errors.length > 0 };
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

/** Parses a tapped button or list row, or the answers of a form. Replies to call requests have no content. */
function replyOf(body: unknown): Pick<MessageContent, 'words' | 'tap'> {
  const form = field(body, 'nfm_reply');
  if (form !== undefined) return { words: words(answersOf(field(form, 'response_json'))), tap: null };
  const reply = field(body, 'button_reply') ?? field(body, 'list_reply');
  return { words: words(field(reply, 'title')), tap: asText(field(reply, 'id'), LONGEST_ID) };
}

/** Meta sends the answers of a form as a JSON string. Invalid JSON is ignored. */
function answersOf(json: unknown): string | null {
  let answers: unknown;
  try {
    answers = JSON.parse(asText(json, LONGEST_FORM) ?? '');
  } catch {
    return null;
  }
  const texts = Object.entries(asObject(answers) ?? {}).flatMap(([name, answer]) => {
    if (name === 'flow_token') return [];
    // A multiple-choice question has an array as its answer.
    return (asList(answer) ?? [answer]).flatMap(each => asText(each) ?? []);
  });
  return texts.join('\n');
}

/** Parses the new text of an edited message. Edits do not nest. */
function editedOf(message: unknown): Pick<MessageContent, 'words'> {
  const type = typeOf(message);
  return type === 'edit' ? { words: null } : { words: contentOf(message).words };
}
