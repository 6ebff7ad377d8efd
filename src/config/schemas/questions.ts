import { z } from 'zod';
import { bySlug, entry, line, weightedTerms } from './fields';
import { message } from './texts';

/** questions.yaml: small questions with their answers. */
export const questionsSchema = bySlug(
  entry({
    words: weightedTerms,
    notWords: weightedTerms.default({}),
    answer: entry({ tr: message, en: message }),
    /** Whether a citizen with a case sees where it stands instead of the answer. */
    ownCases: z.boolean().default(false),
    /** Whether the desk that sorts reports receives the question by e-mail. */
    toDesk: z.boolean().default(false),
    /** How citizens ask; each must lead to this question alone. */
    examples: z.array(line).min(2),
  }),
);

export type Questions = z.infer<typeof questionsSchema>;
