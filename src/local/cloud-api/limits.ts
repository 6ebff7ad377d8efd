import { graphError, type GraphError, invalidParameter } from './graph-errors';
import { type Interactive, mediaOf, type SendBody } from './message-body';

/** Counts characters as Meta does, in code points. */
export const lengthOf = (text: string): number => Array.from(text).length;

const tooLong = (what: string, max: number): GraphError =>
  graphError(131009, `${what} is too long. Max length is ${max}`);

const outside = (text: string, min: number, max: number): boolean => {
  const length = lengthOf(text);
  return length < min || length > max;
};

function duplicate(values: readonly string[]): boolean {
  return new Set(values).size !== values.length;
}

function frameError(message: Interactive): GraphError | undefined {
  const bodyMax = message.type === 'list' ? 4096 : 1024;
  if (outside(message.body.text, 1, bodyMax)) {
    return graphError(131009, `Body text length invalid. Min length: 1, Max length: ${bodyMax}`);
  }
  if (message.type === 'location_request_message' || message.type === 'request_contact_info')
    return undefined;
  if (message.footer !== undefined && outside(message.footer.text, 1, 60)) {
    return graphError(131009, 'Footer text length invalid. Min length: 1, Max length: 60');
  }
  const header = message.header;
  if (header === undefined) return undefined;
  if (message.type === 'list' && header.type !== 'text') {
    return graphError(131009, 'Header type invalid. List messages support text headers only');
  }
  if (header.type === 'text') {
    return outside(header.text ?? '', 1, 60)
      ? graphError(131009, 'Header text length invalid. Min length: 1, Max length: 60')
      : undefined;
  }
  const media = header[header.type];
  return media?.id === undefined && media?.link === undefined
    ? graphError(131008, `Param interactive['header']['${header.type}'] needs an id or a link`)
    : undefined;
}

function buttonsError(message: Extract<Interactive, { type: 'button' }>): GraphError | undefined {
  const replies = message.action.buttons.map(button => button.reply);
  if (replies.length < 1 || replies.length > 3) {
    return graphError(131009, 'Buttons count invalid. Min allowed buttons: 1, Max allowed buttons: 3');
  }
  if (replies.some(reply => outside(reply.title, 1, 20))) {
    return graphError(131009, 'Button title length invalid. Min length: 1, Max length: 20');
  }
  if (replies.some(reply => outside(reply.id, 1, 256))) {
    return graphError(131009, 'Button id length invalid. Min length: 1, Max length: 256');
  }
  if (duplicate(replies.map(reply => reply.title))) {
    return graphError(131009, 'Duplicated button title. Button titles should be unique');
  }
  if (duplicate(replies.map(reply => reply.id))) {
    return graphError(131009, 'Duplicated button id. Button ids should be unique');
  }
  return undefined;
}

function listError(message: Extract<Interactive, { type: 'list' }>): GraphError | undefined {
  const { button, sections } = message.action;
  const rows = sections.flatMap(section => section.rows);
  if (outside(button, 1, 20)) return tooLong('Button label', 20);
  if (sections.length < 1 || sections.length > 10) {
    return graphError(131009, 'Section count invalid. Min allowed sections: 1, Max allowed sections: 10');
  }
  if (sections.some(section => section.rows.length === 0)) {
    return graphError(131009, 'Section must have at least one row');
  }
  if (rows.length > 10) return graphError(131009, 'Total row count exceed max allowed count: 10');
  if (sections.length > 1 && sections.some(section => (section.title ?? '') === '')) {
    return graphError(131008, 'Section title is required when there is more than one section');
  }
  if (sections.some(section => lengthOf(section.title ?? '') > 24)) return tooLong('Section title', 24);
  if (rows.some(row => row.title === '')) return graphError(131009, 'Row title is required');
  if (rows.some(row => lengthOf(row.title) > 24)) return tooLong('Row title', 24);
  if (rows.some(row => lengthOf(row.description ?? '') > 72)) return tooLong('Row description', 72);
  if (rows.some(row => outside(row.id, 1, 200))) return tooLong('Row id', 200);
  if (duplicate(rows.map(row => row.id)))
    return graphError(131009, 'Duplicated row id. Row ids should be unique');
  return undefined;
}

function interactiveError(message: Interactive): GraphError | undefined {
  const frame = frameError(message);
  if (frame !== undefined) return frame;
  switch (message.type) {
    case 'button':
      return buttonsError(message);
    case 'list':
      return listError(message);
    case 'location_request_message':
    case 'request_contact_info':
      return undefined;
    case 'cta_url': {
      const { display_text, url } = message.action.parameters;
      if (outside(display_text, 1, 20)) return tooLong('Display text', 20);
      return /^https?:\/\/\S+$/.test(url) ? undefined : graphError(131009, 'URL is not valid');
    }
  }
}

function mediaError(message: SendBody): GraphError | undefined {
  const part = mediaOf(message);
  if (part === undefined) return undefined;
  const { type, media } = part;
  if ((media.id === undefined) === (media.link === undefined)) {
    return invalidParameter(`Param ${type} must have exactly one of id and link.`);
  }
  if (media.caption === undefined) return undefined;
  if (type === 'audio' || type === 'sticker')
    return invalidParameter(`Unexpected key "caption" on param "${type}".`);
  return lengthOf(media.caption) > 1024
    ? invalidParameter(`Param ${type}['caption'] must be at most 1024 characters long.`)
    : undefined;
}

/**
 * Returns the first exceeded limit of a message, or undefined. Meta rejects the whole message and does not truncate.
 * Template parameters are validated against the template.
 */
export function limitError(message: SendBody): GraphError | undefined {
  if (lengthOf(message.biz_opaque_callback_data ?? '') > 512) {
    return invalidParameter('Param biz_opaque_callback_data must be at most 512 characters long.');
  }
  switch (message.type) {
    case 'text':
      if (message.text.body === '') return graphError(131008, "Param text['body'] is required.");
      return lengthOf(message.text.body) > 4096
        ? invalidParameter("Param text['body'] must be at most 4096 characters long.")
        : undefined;
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return mediaError(message);
    case 'interactive':
      return interactiveError(message.interactive);
    case 'location':
      return Math.abs(message.location.latitude) <= 90 && Math.abs(message.location.longitude) <= 180
        ? undefined
        : graphError(131009, 'Location coordinates are not valid');
    case 'template':
    case 'reaction':
      return undefined;
  }
}

/** A token bucket, stored as the time at which it will be full. */
interface Bucket {
  take(now: number): boolean;
}

function createBucket(capacity: number, intervalMs: number): Bucket {
  let fullAt = 0;
  return {
    take(now) {
      const next = Math.max(fullAt, now) + intervalMs;
      if (next - now > capacity * intervalMs) return false;
      fullAt = next;
      return true;
    },
  };
}

export interface RateLimits {
  /** Returns false for error 131056: one message per 6 s to one person, with a burst of 45. */
  takePair(person: string, now: number): boolean;
  /** Returns false for error 130429: messages per second of the number, both directions. */
  takeThroughput(now: number): boolean;
}

const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;

export function createRateLimits(messagesPerSecond: number): RateLimits {
  const pairs = new Map<string, Bucket>();
  const throughput = createBucket(messagesPerSecond, 1_000 / messagesPerSecond);
  return {
    takePair(person, now) {
      const bucket = pairs.get(person) ?? createBucket(PAIR_BURST, PAIR_INTERVAL_MS);
      pairs.set(person, bucket);
      return bucket.take(now);
    },
    takeThroughput: now => throughput.take(now),
  };
}
