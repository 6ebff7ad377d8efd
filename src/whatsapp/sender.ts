import type { Sender } from '../store/identity-records';
import { asObject, asText, field } from './loose-json';
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

export const isNobody = ({ bsuid, phone }: Sender): boolean => bsuid === null && phone === null;

const completed = (first: Sender, then: Sender): Sender => ({
  bsuid: first.bsuid ?? then.bsuid,
  phone: first.phone ?? then.phone,
});

const messageSender = (message: unknown): Sender =>
  both(field(message, 'from_user_id'), field(message, 'from'));
const contactSender = (contact: unknown): Sender => both(field(contact, 'user_id'), field(contact, 'wa_id'));

/** Returns the contact object of the sender, matched by id because the order is not defined; null if none. */
export function contactOf(message: unknown, contacts: readonly unknown[]): unknown {
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
export function renamedIn(update: unknown): Sender[] {
  const id = field(update, 'user_id');
  const phone = field(update, 'wa_id');
  const now = asObject(id) ? field(id, 'current') : id;
  const before = asObject(id) ? field(id, 'previous') : field(update, 'previous_user_id');
  return [both(now, phone), named(before)].filter(sender => !isNobody(sender));
}

/** Returns the earlier ids of the sender if the message is a change notice. */
export function formerNamesOf(message: unknown): Sender[] {
  const change = changeIn(message);
  if (!change) return [];
  const { before, told } = change;
  const isNew =
    (told.bsuid ?? before.bsuid) !== before.bsuid || (told.phone ?? before.phone) !== before.phone;
  return [before, ...(isNew ? [told] : [])].filter(sender => !isNobody(sender));
}

/** Returns the sender of a message from the message and its contact object. `phone` is digits only. */
export function senderOf(
  message: unknown,
  contact: unknown,
): { bsuid: string | null; phone: string | null; profileName: string | null } {
  const change = changeIn(message);
  const own = change ? completed(change.now, change.before) : messageSender(message);
  return {
    ...completed(own, contactSender(contact)),
    profileName: plainWords(field(field(contact, 'profile'), 'name'), LONGEST_NAME),
  };
}
