import { z } from 'zod';
import { answerCues, choiceKinds, endingKinds } from '../../domain/talk/answer-words';
import { foldedWords } from '../../domain/turkish';
import type { Problem } from '../config-error';
import type { ReadFile } from '../yaml-file';
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

/** Returns terms that are listed for two answers. */
export function answerWordProblems(file: ReadFile<AnswerWordsFile>): Problem[] {
  const { value } = file;
  if (!value) return [];
  const seen = new Map<string, string>();
  return answerCues.flatMap(cue =>
    value[cue].flatMap((written, place) => {
      const key = foldedWords(written).join(' ') + (written.endsWith('$') ? '$' : '');
      const other = seen.get(key);
      seen.set(key, cue);
      const isVerb = cue === 'doneVerbs' || cue === 'missedVerbs';
      return other === undefined || isVerb
        ? []
        : [file.at([cue, place], `"${written}" stands under "${other}" as well`, 'each term once')];
    }),
  );
}
