import type { Point } from '../domain/place/distance';
import type { CaseProgress } from '../domain/case/case';
import type { Priority } from '../domain/sla/sla';
import { type OpenedCase, placeNow } from './case-records';
import { type Message, wordsOf } from './message-records';
import type { TaskActionRecord } from './task-records';

/** Returns what a correction builds on. `messages` are those of the case. */
export function correctable(
  { intake, progress }: Pick<OpenedCase, 'intake' | 'progress'>,
  messages: readonly Message[],
): { state: CaseProgress; pin: Point | null; words: string; address: string } {
  const words = wordsOf(messages);
  const address = intake.placedAt ? (intake.location?.address ?? '') : words;
  return { state: progress, pin: placeNow(intake, messages), words, address };
}

/** Returns what somebody asked to correct, from the stored act or the values of its form. */
export function askedIn({
  subject = null,
  priority = null,
  pin = null,
  neighbourhood = null,
  street = null,
}: Pick<TaskActionRecord, 'subject' | 'priority' | 'pin' | 'neighbourhood' | 'street'>): {
  subject: string | null;
  priority: Priority | null;
  pin: Point | null;
  neighbourhood: string | null;
  street: string | null;
} {
  return { subject, priority, pin: pin === null ? null : pointIn(pin), neighbourhood, street };
}

/** Formats a pin for the record of an act. */
export function pinText({ latitude, longitude }: Point): string {
  return `${latitude},${longitude}`;
}

function pointIn(text: string): Point | null {
  const [latitude, longitude] = text.split(',').map(Number);
  return latitude === undefined || longitude === undefined ? null : { latitude, longitude };
}
