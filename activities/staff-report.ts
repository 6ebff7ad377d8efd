import { randomUUID } from 'node:crypto';
import type { Language } from '../src/config/texts';
import type { CaseKind } from '../src/domain/case/case';
import { AppError } from '../src/errors';
import type { CaseRecord, StaffEntry } from '../src/store/case-records';
import type { Place } from '../src/store/message-records';
import { type OpeningDeps, openFrom } from './open-case';

/** A report of somebody who phoned, came to the counter, or told a muhtar. */
export interface StaffReport {
  source: StaffEntry['source'];
  /** What was reported, with the address if there is no pin. */
  words: string;
  pin: Place | null;
  /** The subject, if the member of staff knows it. */
  subject?: string;
  kind?: CaseKind;
  /** Digits with country code; null if the person left no number. */
  phone: string | null;
  name: string | null;
  /** Whether the person wants to be answered on WhatsApp. */
  wantsWhatsApp: boolean;
  language: Language;
  by: string;
}

/**
 * Opens a case for a report that a member of staff entered, and returns its record. The case has the same life as one
 * from WhatsApp. A known number belongs to the same citizen, who can follow the case in the chat. Rejects with
 * `case-missing` if the record was not stored.
 */
export async function enterReport(
  deps: OpeningDeps,
  { source, words, pin, subject, kind, phone, name, wantsWhatsApp, language, by }: StaffReport,
): Promise<CaseRecord> {
  const { store, now } = deps;
  const at = now();
  const senders = phone === null ? [] : [{ bsuid: null, phone }];
  const citizenId = await store.identities.citizenOf(senders, store.citizens, at);
  const known = await store.citizens.get(citizenId);
  await store.citizens.seen(citizenId, {
    phone,
    bsuid: null,
    profileName: known?.profileName ? null : name,
    language: known ? null : language,
    at,
    isMessage: false,
  });
  const id = `staff-${randomUUID()}`;
  await store.messages.add({
    ...{ id, citizenId, sentAt: at, receivedAt: at, type: 'text', words, place: pin },
    ...{ media: null, tap: null, says: 'report', language, caseNumber: null, handledAt: at },
  });
  const answer = phone === null ? 'none' : wantsWhatsApp ? 'whatsapp' : 'call';
  const choice = {
    entry: { source, answer, by } as const,
    ...(subject !== undefined && { chosenCategory: subject }),
    ...(kind && { kind }),
  };
  const caseNumber = await openFrom(deps)(citizenId, [id], choice, false);
  const record = caseNumber === null ? null : await store.cases.get(caseNumber);
  if (!record) throw new AppError('case-missing');
  return record;
}
