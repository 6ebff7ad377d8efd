import { randomUUID } from 'node:crypto';
import { AppError } from '../src/errors';
import type { CaseRecord } from '../src/store/case-records';
import type { StaffReport } from '../src/store/staff-reports';
import { type OpeningDeps, openFrom } from './open-case';

/**
 * Opens a case for a report that a member of staff entered, and returns its record. The case has the same life as one
 * from WhatsApp. A known number belongs to the same citizen, who can follow the case in the chat. Rejects with
 * `case-missing` if the record was not stored.
 */
export async function enterReport(
  deps: OpeningDeps,
  { source, words, pin, subject, kind, phone, name, wantsWhatsApp, language, by, ...given }: StaffReport,
): Promise<CaseRecord> {
  const { store, now } = deps;
  const at = now();
  const id = `staff-${given.id ?? randomUUID()}`;
  const earlier = await store.messages.get(id);
  const senders = phone === null ? [] : [{ bsuid: null, phone }];
  const citizenId = earlier?.citizenId ?? (await store.identities.citizenOf(senders, store.citizens, at));
  const known = await store.citizens.get(citizenId);
  await store.citizens.seen(citizenId, {
    phone,
    bsuid: null,
    profileName: known?.profileName ? null : name,
    language: known ? null : language,
    at,
    isMessage: false,
  });
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
