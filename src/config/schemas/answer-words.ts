import { z } from 'zod';
import { answerCues, choiceKinds, endingKinds } from '../../domain/talk/answer-words';
import { entry } from './fields';

/** One to five stems. $ marks a whole word. */
const term = z
  .string()
  .regex(/^\S+( \S+){0,4}$/, 'one to five stems with one space between them')
  .max(60);
const terms = z.array(term).min(1);
const signs = z.string().regex(/^[^\p{L}\p{N}\s]+$/u, 'emoji without blanks');

const oneEach = <Key extends string>(keys: readonly Key[]) =>
  entry(Object.fromEntries(keys.map(key => [key, terms])) as Record<Key, typeof terms>);

/** language/answers.yaml: how citizens answer our questions in words. */
export const answerWordsSchema = entry({
  ...oneEach(answerCues).shape,
  endings: oneEach(endingKinds),
  signs: entry({ solved: signs, unsolved: signs, thanks: signs }),
  choices: oneEach(choiceKinds),
});

export type AnswerWordsFile = z.infer<typeof answerWordsSchema>;
