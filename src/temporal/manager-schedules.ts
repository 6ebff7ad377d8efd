import type { Municipality } from '../config/municipality';
import type { LineSchedule } from './schedules';

const HOUR_MS = 3_600_000;

const dayNames = {
  mon: 'MONDAY',
  tue: 'TUESDAY',
  wed: 'WEDNESDAY',
  thu: 'THURSDAY',
  fri: 'FRIDAY',
  sat: 'SATURDAY',
  sun: 'SUNDAY',
} as const;

/** The weekly letter to those who follow the figures; none without recipients. */
export function weeklyLetterSchedules({ timeZone, managers }: Municipality): LineSchedule[] {
  const { recipients, weeklyLetter: when } = managers;
  if (Object.keys(recipients).length === 0) return [];
  const [hour = 0, minute = 0] = when.at.split(':').map(Number);
  return [
    {
      id: 'weekly-letter',
      workflow: 'weeklyLetter',
      at: [{ dayOfWeek: dayNames[when.day], hour, minute }],
      timeZone,
      catchUpMs: 12 * HOUR_MS,
      summary: 'Yöneticilere haftalık mektup',
    },
  ];
}

/** The comparison of records and workflows, each hour. */
export function reconcileSchedules({ timeZone }: Municipality): LineSchedule[] {
  return [
    {
      id: 'reconcile',
      workflow: 'reconcile',
      at: [{ hour: '*', minute: 17 }],
      timeZone,
      catchUpMs: HOUR_MS / 2,
      summary: 'Kayıtlarla iş akışlarının karşılaştırılması',
    },
  ];
}
