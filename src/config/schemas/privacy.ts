import { z } from 'zod';
import { addressee, count, entry, line } from './fields';

const lines = entry({ tr: z.array(line).min(1), en: z.array(line).min(1) });

/** The parts of the privacy notice in their order: what Law 6698, article 10, requires, and what is stored. */
export const noticeParts = [
  'controller',
  'collected',
  'method',
  'purposes',
  'basis',
  'recipients',
  /** May name the days of a family of retention.yaml: {{cases}}. */
  'periods',
  'rights',
  'apply',
] as const;

/** privacy.yaml: the protection of personal data. */
export const privacySchema = entry({
  /** What citizens are told about the processing: the page of the privacy notice, and parts in the copy of their data. */
  processing: entry(
    Object.fromEntries(noticeParts.map(part => [part, lines])) as Record<
      (typeof noticeParts)[number],
      typeof lines
    >,
  ),
  /** Decides requests for erasure. */
  officer: addressee,
  /** The number of people who must approve an erasure from the chat. */
  approvals: count.max(2),
  /** Days before the limit of 30 days (Law 6698, article 13) at which the officer is reminded. */
  warnDays: count.max(25),
});

export type Privacy = z.infer<typeof privacySchema>;
