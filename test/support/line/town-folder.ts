import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { calendarSchema } from '../../../src/config/schemas/calendar';
import { slaSchema } from '../../../src/config/schemas/sla';
import { townSchema } from '../../../src/config/schemas/town';
import { projectFolder } from './role-process';

export interface TownChanges {
  /** The silence that ends a burst; 1 by default. */
  quietSeconds?: number;
  /** 3 by default. */
  longestSeconds?: number;
  mostOpenCases?: number;
  /** How long an open question waits for its answer; 30 by default. */
  answerWaitMinutes?: number;
  /** Whether every calendar is always open, so that no letter waits for the office hours; `targets` does the same. */
  alwaysOpen?: boolean;
  /** Targets in minutes for every class of subjects, in calendars that are always open. */
  targets?: { acceptMinutes: number; resolveMinutes: number };
  /** The fractions of the target for the steps of the ladder, in order. */
  ladderShares?: readonly number[];
}

const always = ['00:00-24:00'];
const everyDay = {
  mon: always,
  tue: always,
  wed: always,
  thu: always,
  fri: always,
  sat: always,
  sun: always,
};

/** Copies the municipality's folder to `folder` with shorter times. Returns the folder. */
export function townFolder(folder: string, changes: TownChanges): string {
  const {
    quietSeconds = 1,
    longestSeconds = 3,
    mostOpenCases,
    answerWaitMinutes,
    targets,
    alwaysOpen = targets !== undefined,
    ladderShares,
  } = changes;
  cpSync(join(projectFolder, 'config/etimesgut'), folder, { recursive: true });

  change(join(folder, 'municipality.yaml'), townSchema, town => ({
    ...town,
    conversation: {
      ...town.conversation,
      quietSeconds,
      longestSeconds,
      ...(mostOpenCases !== undefined && { mostOpenCases }),
      ...(answerWaitMinutes !== undefined && { answerWaitMinutes }),
    },
  }));
  change(join(folder, 'sla.yaml'), slaSchema, sla => ({
    ...sla,
    classes: targets ? mapValues(sla.classes, () => targets) : sla.classes,
    // Letters of a ladder in seconds would all be gathered.
    openingLetters: ladderShares ? { withinMinutes: 0, laterMinutes: 0 } : sla.openingLetters,
    ladder: sla.ladder.map((step, place) => ({ ...step, share: ladderShares?.[place] ?? step.share })),
  }));
  if (alwaysOpen) {
    change(join(folder, 'calendar.yaml'), calendarSchema, file => ({
      ...file,
      calendars: mapValues(file.calendars, () => ({ observesHolidays: false, week: everyDay })),
    }));
  }
  return folder;
}

function change<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  edit: (content: z.output<Schema>) => unknown,
): void {
  writeFileSync(file, stringify(edit(schema.parse(parse(readFileSync(file, 'utf8'))))));
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, to: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
