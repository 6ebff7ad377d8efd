import { z } from 'zod';
import { bySlug, entry } from './fields';

/** What a ready answer is for: an outcome that the citizen is told, or a question to the citizen. */
export const answerPurposes = [
  'resolved',
  'partlyResolved',
  'planned',
  'rejected',
  'handedOff',
  'question',
] as const;
export type AnswerPurpose = (typeof answerPurposes)[number];

/** Leaves room in a message with buttons, which holds 1,024 characters. */
const LONGEST_ANSWER = 400;

const words = z.string().trim().min(1).max(LONGEST_ANSWER);

/** answers.yaml: words a department may choose for the citizen, in both languages of the line. */
export const answersSchema = bySlug(
  entry({
    tr: words,
    en: words,
    for: z.enum(answerPurposes).default('resolved'),
    /** Offered with every subject; the others only with the subjects that name them. */
    always: z.boolean().default(false),
  }),
);

export type Answers = z.infer<typeof answersSchema>;
export type Answer = Answers[string] & { slug: string };
