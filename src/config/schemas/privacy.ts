import { z } from 'zod';
import { addressee, count, entry, line } from './fields';

const lines = entry({ tr: z.array(line).min(1), en: z.array(line).min(1) });

/** privacy.yaml: the protection of personal data. */
export const privacySchema = entry({
  /** What citizens are told about the processing, in the copy of their data. */
  processing: entry({
    purposes: lines,
    /** The legal basis. */
    basis: lines,
    recipients: lines,
  }),
  /** Decides requests for erasure. */
  officer: addressee,
  /** The number of people who must approve an erasure from the chat. */
  approvals: count.max(2),
  /** Days before the limit of 30 days (Law 6698, article 13) at which the officer is reminded. */
  warnDays: count.max(25),
});

export type Privacy = z.infer<typeof privacySchema>;
