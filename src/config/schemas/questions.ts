import { z } from 'zod';
import { bySlug, entry, line, weightedTerms } from './fields';
import { message } from './texts';

/** questions.yaml: small questions with their answers. */
export const questionsSchema = bySlug(
  entry({
    words: weightedTerms,
    notWords: weightedTerms.default({}),
    answer: entry({ tr: message, en: message }),
    /** Whether a citizen with a case gets its status instead of the answer. */
    ownCases: z.boolean().default(false),
    /** Whether the triage desk receives the question by e-mail. */
    toDesk: z.boolean().default(false),
    /** Whether the answer shows what is stored, and offers to erase it. */
    offers: z.literal('erasure').optional(),
    /** How citizens ask. Each example must match this question only. */
    examples: z.array(line).min(2),
  }),
);

export type Questions = z.infer<typeof questionsSchema>;
