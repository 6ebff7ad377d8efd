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
import { plainWords } from './outgoing';

const PHONE = /^\+?(\d{1,15})$/;
/** Meta documents `TR.` and up to 128 letters and digits. Any other text without spaces is accepted as well. */
const BSUID = /^[\x21-\x7e]{1,160}$/;
const LONGEST_NAME = 100;

const nobody: Sender = { bsuid: null, phone: null };

/** Parses one of Meta's ids. With usernames, a BSUID can occur where a phone number was before. */
function named(value: unknown): Sender {
  const name = asText(value, 200) ?? '';
  const [, phone] = PHONE.exec(name) ?? [];
  if (phone !== undefined) return { bsuid: null, phone };
  return BSUID.test(name) ? { bsuid: name, phone: null } : nobody;
}

function both(id: unknown, name: unknown): Sender {
  const byId = named(id);
  const byName = named(name);
  return { bsuid: byId.bsuid ?? byName.bsuid, phone: byName.phone ?? byId.phone };
}

const isNobody = ({ bsuid, phone }: Sender): boolean => bsuid === null && phone === null;

const completed = (first: Sender, then: Sender): Sender => ({
  bsuid: first.bsuid ?? then.bsuid,
  phone: first.phone ?? then.phone,
});

const messageSender = (message: unknown): Sender =>
  both(field(message, 'from_user_id'), field(message, 'from'));
const contactSender = (contact: unknown): Sender => both(field(contact, 'user_id'), field(contact, 'wa_id'));

/** Returns the contact object of the sender, matched by id because the order is not defined; null if none. */
function contactOf(message: unknown, contacts: readonly unknown[]): unknown {
  const own = messageSender(message);
  // A message without sender belongs to the only contact of the webhook.
  if (isNobody(own)) return contacts.length === 1 ? (contacts[0] ?? null) : null;
  const found = contacts.find(contact => {
    const { bsuid, phone } = contactSender(contact);
    return (bsuid !== null && bsuid === own.bsuid) || (phone !== null && phone === own.phone);
  });
  return found ?? null;
}

/** The end of Meta's notice text. It follows the person's name, which is arbitrary text. */
const CHANGED = / changed from (\S+) to (\S+)$/;

/** Returns the old id from the text of a notice. Some notices contain it nowhere else. */
function formerInWords(words: unknown, now: Sender): Sender {
  const [, old, present] = CHANGED.exec(asText(words)?.trim() ?? '') ?? [];
  const { bsuid, phone } = named(present);
  const isAboutIt = (bsuid !== null && bsuid === now.bsuid) || (phone !== null && phone === now.phone);
  return isAboutIt ? named(old) : nobody;
}

/** Returns the new and old ids from a notice of a changed number or user id; null for other messages. */
function changeIn(message: unknown): { now: Sender; before: Sender; told: Sender } | null {
  const system = asObject(field(message, 'system'));
  const kind = asText(field(system, 'type')) ?? '';
  if (!/^(user|customer)_changed_(number|user_id)$/.test(kind)) return null;
  const own = messageSender(message);
  const now = both(field(system, 'user_id'), field(system, 'new_wa_id') ?? field(system, 'wa_id'));
  return {
    now,
    told: formerInWords(field(system, 'body'), now),
    before: {
      bsuid: named(field(system, 'previous_user_id')).bsuid ?? own.bsuid,
      phone: own.phone ?? named(field(system, 'customer')).phone,
    },
  };
}

/** Returns all ids of a person in an item of `user_id_update`, current ones first; empty if it has none. */
function renamedIn(update: unknown): Sender[] {
  const id = field(update, 'user_id');
  const phone = field(update, 'wa_id');
  const now = asObject(id) ? field(id, 'current') : id;
  const before = asObject(id) ? field(id, 'previous') : field(update, 'previous_user_id');
  return [both(now, phone), named(before)].filter(sender => !isNobody(sender));
}

/** Returns the earlier ids of the sender if the message is a change notice. */
function formerNamesOf(message: unknown): Sender[] {
  const change = changeIn(message);
  if (!change) return [];
  const { before, told } = change;
  const isNew =
    (told.bsuid ?? before.bsuid) !== before.bsuid || (told.phone ?? before.phone) !== before.phone;
  return [before, ...(isNew ? [told] : [])].filter(sender => !isNobody(sender));
}

/**
 * Returns the number that the sender shared with WhatsApp's own button (`request_contact_info`), digits only.
 * Meta marks such a card with `origin: contact_request`. Any other card can be about somebody else.
 */
export function sharedNumber(message: unknown): string | null {
  if (field(field(message, 'context'), 'forwarded') === true) return null;
  const [card, ...otherCards] = asList(field(message, 'contacts')) ?? [];
  const [number, ...otherNumbers] = asList(field(card, 'phones')) ?? [];
  if (otherCards.length > 0 || otherNumbers.length > 0) return null;
  if (asText(field(message, 'type')) !== 'contacts' || field(card, 'origin') !== 'contact_request')
    return null;
  const written = asText(field(number, 'phone'))?.replace(/[\s()-]/g, '');
  return named(field(number, 'wa_id')).phone ?? named(written).phone;
}

/** Returns the sender of a message from the message and its contact object. `phone` is digits only. */
export function senderOf(
  message: unknown,
  contact: unknown,
): { bsuid: string | null; phone: string | null; profileName: string | null } {
  const change = changeIn(message);
  const own = change ? completed(change.now, change.before) : messageSender(message);
  const sender = completed(own, contactSender(contact));
  return {
    ...completed(sender, { bsuid: null, phone: sharedNumber(message) }),
    profileName: plainWords(field(field(contact, 'profile'), 'name'), LONGEST_NAME),
  };
}

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
