import { z } from 'zod';
import { lastingFamilies, type RecordFamily, recordFamilies, retentionRules } from '../../domain/retention';
import { entry, line } from './fields';
import type { Problem } from '../config-error';
import type { ReadFile } from '../yaml-file';
import { noticeParts, type Privacy } from './privacy';
import { languages, placeholdersOf } from './texts';

function family(name: RecordFamily) {
  const { after, then, least } = retentionRules[name];
  return entry({
    /** The name in the municipality's data inventory, in Turkish. */
    name: line,
    days: z.int('a whole number of days').min(least).max(36_500),
    after: z.literal(after),
    then: z.literal(then),
    /** The legal source of the time, in Turkish. */
    basis: line,
  });
}

const lasting = entry({ name: line, basis: line });

function bothOf<Name extends string, Value extends z.ZodType>(
  names: readonly Name[],
  of: (name: Name) => Value,
): z.ZodObject<Record<Name, Value>, z.core.$strict> {
  return entry(Object.fromEntries(names.map(name => [name, of(name)])) as Record<Name, Value>);
}

/** retention.yaml: how long each family of records is kept, and what happens afterwards. */
export const retentionSchema = entry({
  /** When the nightly run starts, local time. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 03:20'),
  families: bothOf(recordFamilies, family),
  /** Temporal's histories of ended workflows. The namespace applies it. */
  closedWorkflows: entry({
    name: line,
    days: z.int('a whole number of days').min(1).max(365),
    after: z.literal('workflowEnd'),
    then: z.literal('erase'),
    basis: line,
  }),
  /** Families without personal data that are kept forever. */
  lasting: bothOf(lastingFamilies, () => lasting),
});

export type Retention = z.infer<typeof retentionSchema>;

/** Returns the placeholders of the privacy notice that name no family of retention.yaml. */
export function noticeProblems({ value, at }: ReadFile<Privacy>): Problem[] {
  if (!value) return [];
  const { processing } = value;
  return noticeParts.flatMap(part =>
    languages.flatMap(language =>
      processing[part][language].flatMap((text, place) =>
        placeholdersOf(text)
          .filter(name => !recordFamilies.some(family => family === name))
          .map(name =>
            at(
              ['processing', part, language, place],
              `there is no family {{${name}}} in retention.yaml`,
              recordFamilies.join(', '),
            ),
          ),
      ),
    ),
  );
}
