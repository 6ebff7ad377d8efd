import type { Sender } from '../store/identity-records';
import { asText, field } from './loose-json';
import { plainWords } from './plain-words';

const PHONE = /^\+?(\d{5,15})$/;
/** Meta's form is `TR.` and up to 128 letters and digits; whatever else has no space is taken for one, too. */
const BSUID = /^[\x21-\x7e]{1,160}$/;
const LONGEST_NAME = 100;

const nobody: Sender = { bsuid: null, phone: null };

/** Reads one of Meta's names: since usernames exist, a BSUID can stand where a phone number used to. */
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

const messageSender = (message: unknown): Sender =>
  both(field(message, 'from_user_id'), field(message, 'from'));
const contactSender = (contact: unknown): Sender => both(field(contact, 'user_id'), field(contact, 'wa_id'));

/** The contact object about the sender of a message, or null: found by id, since the order means nothing. */
export function contactOf(message: unknown, contacts: readonly unknown[]): unknown {
  const own = messageSender(message);
  const found = contacts.find(contact => {
    const { bsuid, phone } = contactSender(contact);
    return (bsuid !== null && bsuid === own.bsuid) || (phone !== null && phone === own.phone);
  });
  return found ?? null;
}

/** Who sent a message, from the message and the contact object about its sender; `phone` is digits only. */
export function senderOf(
  message: unknown,
  contact: unknown,
): { bsuid: string | null; phone: string | null; profileName: string | null } {
  const own = messageSender(message);
  const about = contactSender(contact);
  return {
    bsuid: own.bsuid ?? about.bsuid,
    phone: own.phone ?? about.phone,
    profileName: plainWords(field(field(contact, 'profile'), 'name'), LONGEST_NAME),
  };
}
