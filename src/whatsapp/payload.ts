import type { Sender } from '../store/identity-records';
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
import { contactOf, senderOf } from './sender';

export { senderOf } from './sender';

export type OddReason =
  | 'not-json'
  | 'no-entries'
  | 'no-changes'
  | 'not-an-object'
  | 'unknown-field'
  | 'empty-value'
  | 'account-error'
  | 'too-deep'
  | 'no-id'
  | 'no-sender'
  | 'no-status';

export interface MessageItem {
  type: 'message';
  wamid: string;
  sender: Sender;
  /** Null when Meta's timestamp is missing or no moment. */
  sentAt: Date | null;
  /** The message as Meta wrote it. */
  message: LooseObject;
  /** The sender's contact object, or null. */
  contact: unknown;
}

export interface StatusItem {
  type: 'status';
  /** What we sent along as `biz_opaque_callback_data`, or null. */
  key: string | null;
  wamid: string | null;
  status: string;
  at: Date | null;
  errorCode: string | null;
}

/** Something signed that has no meaning here; `payload` is its text. */
export interface OddItem {
  type: 'odd';
  reason: OddReason;
  payload: string;
}

export type WebhookItem = MessageItem | StatusItem | OddItem;

const DEEPEST = 64;
const LONGEST_KEY = 512;
const STATUS = /^[a-z_]{1,32}$/;

const odd = (reason: OddReason, value: unknown): OddItem => ({
  type: 'odd',
  reason,
  payload: jsonText(value),
});

/**
 * Everything a webhook body holds, in its order: each entry, change, message and status. Never throws; what cannot
 * be understood becomes an odd item of its own and spoils none of the others.
 */
export function parseWebhook(body: Buffer): WebhookItem[] {
  const text = body.toString('utf8');
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch {
    return [{ type: 'odd', reason: 'not-json', payload: text }];
  }
  const entries = asList(field(envelope, 'entry'));
  return entries ? entries.flatMap(entryItems) : [odd('no-entries', envelope)];
}

function entryItems(entry: unknown): WebhookItem[] {
  if (!asObject(entry)) return [odd('not-an-object', entry)];
  const changes = asList(field(entry, 'changes'));
  return changes ? changes.flatMap(changeItems) : [odd('no-changes', entry)];
}

function changeItems(change: unknown): WebhookItem[] {
  const value = asObject(field(change, 'value'));
  if (!value) return [odd('not-an-object', change)];
  if ((field(change, 'field') ?? 'messages') !== 'messages') return [odd('unknown-field', change)];
  const contacts = asList(field(value, 'contacts')) ?? [];
  const items = [
    ...members(value, 'messages').map(message => messageItem(message, contacts)),
    ...members(value, 'statuses').map(statusItem),
    ...members(value, 'errors').map(error => odd('account-error', error)),
  ];
  return items.length > 0 ? items : [odd('empty-value', change)];
}

/** The members of a list; what stands in its place without being one counts as its only member. */
function members(value: LooseObject, name: string): readonly unknown[] {
  const found = field(value, name) ?? [];
  return asList(found) ?? [found];
}

function messageItem(value: unknown, contacts: readonly unknown[]): WebhookItem {
  const message = asObject(value);
  if (!message) return odd('not-an-object', value);
  const wamid = asText(field(message, 'id'));
  if (wamid === null) return odd('no-id', message);
  if (isDeeper(message, DEEPEST)) return odd('too-deep', message);
  const found = contactOf(message, contacts);
  const contact = isDeeper(found, DEEPEST) ? null : found;
  const { bsuid, phone } = senderOf(message, contact);
  if (bsuid === null && phone === null) return odd('no-sender', message);
  const sentAt = asMoment(field(message, 'timestamp'));
  return { type: 'message', wamid, sender: { bsuid, phone }, sentAt, message, contact };
}

function statusItem(value: unknown): WebhookItem {
  if (!asObject(value)) return odd('not-an-object', value);
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
