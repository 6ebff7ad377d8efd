import { setTimeout as pause } from 'node:timers/promises';
import type { CaseKind, CaseProgress } from '../domain/case/case';
import type { StaffEntry } from './case-records';
import type { Place } from './message-records';
import type { Store } from './store';

/** A report of somebody who phoned, came to the counter, or told a muhtar. */
export interface StaffReport {
  /** Names the report, so that a form sent twice opens one case; random if omitted. */
  id?: string;
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
  language: 'tr' | 'en';
  by: string;
}

/** How a report can reach staff. */
export const reportSources = [
  'phone',
  'counter',
  'muhtar',
] as const satisfies readonly StaffEntry['source'][];

const PLANNED_WITHIN_MS = 5_000;

/** Waits for a new case to be planned. Returns null if that takes longer, for example without a worker. */
export async function plannedCase(
  { cases }: Pick<Store, 'cases'>,
  caseNumber: string,
): Promise<CaseProgress | null> {
  for (const end = Date.now() + PLANNED_WITHIN_MS; Date.now() < end; await pause(100)) {
    const progress = (await cases.get(caseNumber))?.progress;
    if (progress) return progress;
  }
  return null;
}
