import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import type { output, ZodType } from 'zod';
import { slaSchema } from '../../config/schemas/sla';
import { calendarSchema } from '../../config/schemas/calendar';
import { townSchema } from '../../config/schemas/town';

const day = ['00:00-24:00'];
/**
 * Targets of the fast configuration. Acceptance is due before the resolution, so that the steps of the two
 * clocks can be distinguished.
 */
export const fastTargets = { acceptMinutes: 1, resolveMinutes: 3 };
const alwaysOpen = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };

/**
 * Copies the municipality's folder to `.local/config-fast` with all targets in minutes, calendars that never
 * close, letters that are never gathered, and short waits for the citizen. Returns the path of the copy.
 */
export function fastConfig(root: string, local: string, configFolder: string): string {
  const copy = join(local, 'config-fast');
  rmSync(copy, { recursive: true, force: true });
  cpSync(resolve(root, configFolder), copy, { recursive: true });

  change(join(copy, 'sla.yaml'), slaSchema, sla => ({
    ...sla,
    version: `${sla.version}-fast`,
    classes: mapValues(sla.classes, ({ priorities }) => ({
      ...fastTargets,
      ...(priorities === undefined ? {} : { priorities: mapValues(priorities, () => fastTargets) }),
    })),
    openingLetters: { withinMinutes: 0, laterMinutes: 0 },
    objections: {
      ...sla.objections,
      deciders: sla.objections.deciders.map(decider => ({ ...decider, decideMinutes: 2 })),
      repeat: { ...sla.objections.repeat, everyMinutes: 2 },
    },
  }));
  change(join(copy, 'calendar.yaml'), calendarSchema, file => ({
    ...file,
    version: `${file.version}-fast`,
    calendars: mapValues(file.calendars, () => ({ observesHolidays: false, week: alwaysOpen })),
  }));
  change(join(copy, 'municipality.yaml'), townSchema, town => ({
    ...town,
    conversation: { ...town.conversation, quietSeconds: 5, longestSeconds: 15, answerWaitMinutes: 1 },
  }));
  return copy;
}

/** Invalid files are copied unchanged: the roles list all mistakes when they read the folder. */
function change<Schema extends ZodType>(
  file: string,
  schema: Schema,
  edit: (content: output<Schema>) => unknown,
): void {
  const read = schema.safeParse(parse(readFileSync(file, 'utf8')));
  if (read.success) writeFileSync(file, stringify(edit(read.data)));
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, to: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}
