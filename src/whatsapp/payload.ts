import type { Sender } from '../store/identity-records';
import { readNotice } from './account-notice';
import {
  asList,
  asMoment,
  asObject,
  asText,
  field,
  isDeeper,
  jsonText,
  type LooseObject,
} from './loose-json';
import { contactOf, formerNamesOf, isNobody, renamedIn, senderOf } from './sender';

export type OddReason =
  | 'not-json'
  | 'no-entries'
  | 'no-changes'
  | 'not-an-object'
  | 'unknown-field'
  | 'empty-value'
  | 'account-error'
  | 'other-line'
  | 'not-private'
  | 'too-deep'
  | 'no-id'
  | 'no-sender'
  | 'no-status';

export interface MessageItem {
  type: 'message';
  wamid: string;
  sender: Sender;
  /** Other names of the same person, from a notice of a changed number or user id. */
  alsoKnownAs: Sender[];
  /** Null if the timestamp is missing or invalid. */
  sentAt: Date | null;
  /** The message object as sent by Meta. */
  message: LooseObject;
  /** The sender's contact object, or null. */
  contact: unknown;
}

export interface StatusItem {
  type: 'status';
  /** Our `biz_opaque_callback_data`, or null. */
  key: string | null;
  wamid: string | null;
  status: string;
  at: Date | null;
  errorCode: string | null;
}

/** A user id change outside a message: all names of the person, current ones first. */
export interface RenamedItem {
  type: 'renamed';
  names: Sender[];
}

/** A signed item that could not be parsed; `payload` is its JSON text. */
interface OddItem {
  type: 'odd';
  reason: OddReason;
  payload: string;
}

/** A notice from Meta about the account. It is identified by its bytes and the time of its entry. */
export interface NoticeItem {
  type: 'notice';
  notice: NonNullable<ReturnType<typeof readNotice>>;
  bytes: string;
}

export type WebhookItem = MessageItem | StatusItem | RenamedItem | NoticeItem | OddItem;

const DEEPEST = 64;
const LONGEST_KEY = 512;
const STATUS = /^[a-z_]{1,32}$/;

const odd = (reason: OddReason, value: unknown): OddItem => ({
  type: 'odd',
  reason,
  payload: jsonText(value),
});

/**
 * Parses every entry, change, message and status of a webhook body, in order. Never throws: an unreadable
 * item becomes an odd item and does not affect the others. A change for a number other than `phoneNumberId`
 * also becomes an odd item, because an app receives the webhooks of all numbers of its accounts.
 */
export function parseWebhook(body: Buffer, phoneNumberId?: string): WebhookItem[] {
  const text = body.toString('utf8');
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch {
    return [{ type: 'odd', reason: 'not-json', payload: text }];
  }
  const entries = asList(field(envelope, 'entry')) ?? [];
  const itemsOf = (change: unknown, time?: unknown): WebhookItem[] =>
    changeItems(change, phoneNumberId, time);
  if (entries.length > 0) return entries.flatMap(entry => entryItems(entry, itemsOf));
  // Meta's test samples contain a single change without the enclosing entry.
  return field(envelope, 'value') === undefined ? [odd('no-entries', envelope)] : itemsOf(envelope);
}

function entryItems(
  entry: unknown,
  itemsOf: (change: unknown, time: unknown) => WebhookItem[],
): WebhookItem[] {
  if (!asObject(entry)) return [odd('not-an-object', entry)];
  const changes = asList(field(entry, 'changes')) ?? [];
  return changes.length > 0
    ? changes.flatMap(change => itemsOf(change, field(entry, 'time')))
    : [odd('no-changes', entry)];
}

function changeItems(change: unknown, phoneNumberId: string | undefined, time: unknown): WebhookItem[] {
  const value = asObject(field(change, 'value'));
  if (!value) return [odd('not-an-object', change)];
  const metadata = field(value, 'metadata');
  const addressed = asText(field(metadata, 'phone_number_id'));
  if (phoneNumberId !== undefined && addressed !== null && addressed !== phoneNumberId) {
    return [odd('other-line', change)];
  }
  const about = field(change, 'field') ?? 'messages';
  if (about === 'user_id_update') return members(value, 'user_id_update').map(renamedItem);
  const notice = readNotice(about, value);
  if (notice) return [{ type: 'notice', notice, bytes: `${asText(time) ?? ''}:${jsonText(change)}` }];
  if (about !== 'messages') return [odd('unknown-field', change)];
  const contacts = asList(field(value, 'contacts')) ?? [];
  const items = [
    ...members(value, 'messages').map(message => messageItem(message, contacts, metadata)),
    ...members(value, 'statuses').map(statusItem),
    ...members(value, 'errors').map(error => odd('account-error', error)),
  ];
  return items.length > 0 ? items : [odd('empty-value', change)];
}

/** Returns the members of a list. Treats any other value as a list with one member. */
function members(value: LooseObject, name: string): readonly unknown[] {
  const found = field(value, name) ?? [];
  return asList(found) ?? [found];
}

function renamedItem(value: unknown): WebhookItem {
  const names = renamedIn(value);
  return names.length > 0 ? { type: 'renamed', names } : odd('no-sender', value);
}

/** WhatsApp addresses that are not people: groups, broadcasts and channels. */
const IMPERSONAL = /@(g\.us|broadcast|newsletter)$/;

/** Whether a message or status belongs to the conversation between the line and one person. */
function isPrivate(item: LooseObject): boolean {
  const from = asText(field(item, 'from')) ?? '';
  const to = asText(field(item, 'recipient_id')) ?? '';
  const isOfGroup = asText(field(item, 'group_id')) !== null || field(item, 'recipient_type') === 'group';
  return !isOfGroup && !IMPERSONAL.test(from) && !IMPERSONAL.test(to);
}

/** Whether the line itself sent a message: an echo from another of its devices. */
function isEcho(message: LooseObject, metadata: unknown): boolean {
  const own = asText(field(metadata, 'display_phone_number'))?.replace(/\D/g, '');
  return own !== undefined && own !== '' && asText(field(message, 'from'))?.replace(/^\+/, '') === own;
}

function messageItem(value: unknown, contacts: readonly unknown[], metadata: unknown): WebhookItem {
  const message = asObject(value);
  if (!message) return odd('not-an-object', value);
  const wamid = asText(field(message, 'id'));
  if (wamid === null) return odd('no-id', message);
  if (isDeeper(message, DEEPEST)) return odd('too-deep', message);
  if (!isPrivate(message) || isEcho(message, metadata)) return odd('not-private', message);
  const found = contactOf(message, contacts);
  const contact = isDeeper(found, DEEPEST) ? null : found;
  const { bsuid, phone } = senderOf(message, contact);
  const sender = { bsuid, phone };
  if (isNobody(sender)) return odd('no-sender', message);
  return {
    type: 'message',
    wamid,
    sender,
    alsoKnownAs: formerNamesOf(message),
    sentAt: asMoment(field(message, 'timestamp')),
    message,
    contact,
  };
}

function statusItem(value: unknown): WebhookItem {
  const report = asObject(value);
  if (!report) return odd('not-an-object', value);
  if (!isPrivate(report)) return odd('not-private', value);
  const key = asText(field(value, 'biz_opaque_callback_data'), LONGEST_KEY);
  const wamid = asText(field(value, 'id'));
  if (key === null && wamid === null) return odd('no-id', value);
  const status = asText(field(value, 'status')) ?? '';
  if (!STATUS.test(status)) return odd('no-status', value);
  const [error] = asList(field(value, 'errors')) ?? [];
  return {
    type: 'status',
    key,
    wamid,
    status,
    at: asMoment(field(value, 'timestamp')),
    errorCode: asText(field(error, 'code'), 32),
  };
}
