import { dangerIn } from '../domain/routing/danger';
import { classify, type RoutingKnowledge } from '../domain/routing/classify';
import { type Grammar, lexiconOf } from '../domain/routing/lexicon';
import { meaningOf, questionIn, type SmallQuestions } from '../domain/talk/message-meaning';
import type { Problem } from './config-error';
import type { TownLanguage } from './language';
import type { Category } from './schemas/categories';
import type { Questions } from './schemas/questions';
import { commonParams, placeholdersOf } from './schemas/texts';
import type { ReadFile } from './yaml-file';

/** Compiles the terms of the small questions. */
export function compileQuestions(questions: Questions, grammar: Grammar): SmallQuestions {
  return { slugs: Object.keys(questions), terms: lexiconOf(Object.values(questions), grammar) };
}

interface Town extends RoutingKnowledge {
  readonly categories: readonly Category[];
  readonly language: TownLanguage;
  readonly smallQuestions: SmallQuestions;
}

/**
 * Returns the problems of the small questions: examples that are understood as something else, subjects whose
 * name matches a question, and unknown placeholders.
 */
export function questionProblems(file: ReadFile<Questions>, town: Town): Problem[] {
  const names = town.categories
    .flatMap(({ name }) => [name.tr, name.en])
    .map(name => ({ name, question: questionIn(name, town.smallQuestions, town) }));
  return Object.entries(file.value ?? {}).flatMap(([slug, { answer, examples }]) => [
    ...examples.flatMap((example, place) => {
      const understood = understoodAs(example, town);
      const what = `"${example}" is understood as ${understood}`;
      return understood === `the question "${slug}"` ? [] : [file.at([slug, 'examples', place], what, slug)];
    }),
    ...names
      .filter(({ question }) => question === slug)
      .map(({ name }) =>
        file.at([slug, 'words'], `the name of the subject "${name}" is taken for this question`),
      ),
    ...(['tr', 'en'] as const).flatMap(language =>
      placeholdersOf(answer[language])
        .filter(name => !commonParams.some(known => known === name))
        .map(name =>
          file.at(
            [slug, 'answer', language],
            `unknown placeholder {{${name}}}`,
            commonParams.map(known => `{{${known}}}`).join(' '),
          ),
        ),
    ),
  ]);
}

function understoodAs(example: string, town: Town): string {
  const danger = dangerIn(example, town.language.danger);
  if (danger) return `danger to ${danger.to} (language/danger.yaml)`;
  const meaning = meaningOf(example, town.language.meaning);
  if (meaning !== 'report') return `"${meaning}" (language/talk.yaml, commands.yaml)`;
  const question = questionIn(example, town.smallQuestions, town);
  if (question !== null) return `the question "${question}"`;
  const [subject] = classify(example, town).ranked;
  return subject && subject.confidence > 0 ? `the subject "${subject.category}"` : 'nothing';
}
