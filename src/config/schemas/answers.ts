import { z } from 'zod';
import { bySlug, entry } from './fields';

/** The use of a prepared answer: an outcome message or a question to the citizen. */
const answerPurposes = [
  'resolved',
  'partlyResolved',
  'planned',
  'rejected',
  'handedOff',
  'question',
] as const;
export type AnswerPurpose = (typeof answerPurposes)[number];

/** An interactive message may hold 1,024 characters; this leaves room for the text around the answer. */
const LONGEST_ANSWER = 400;

const words = z.string().trim().min(1).max(LONGEST_ANSWER);

/** answers.yaml: prepared answers for departments, in both languages. */
export const answersSchema = bySlug(
  entry({
    tr: words,
    en: words,
    for: z.enum(answerPurposes).default('resolved'),
    /** Offered for every subject. Other answers are offered only for subjects that name them. */
    always: z.boolean().default(false),
  }),
);

export type Answers = z.infer<typeof answersSchema>;
export type Answer = Answers[string] & { slug: string };
