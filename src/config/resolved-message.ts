import type { Resolution } from '../domain/case/acts';
import type { FeedbackAnswer } from '../domain/case/case';
import type { Say, TextParams } from './texts';
import type { Language } from './schemas/texts';

const answers = ['solved', 'partly', 'unsolved'] as const satisfies readonly FeedbackAnswer[];

interface SurveyMessage {
  body: string;
  buttons: { answer: FeedbackAnswer; title: string }[];
}

/** The message that tells a citizen the result and asks about it: as it is sent, and as the department previews it. */
export function resolvedMessage(
  say: Say,
  language: Language,
  result: TextParams<Resolution>,
  outcome: Resolution = 'resolved',
): SurveyMessage {
  return surveyMessage(say, language, say(language, outcome, result));
}

/** Words about a result with the question whether the citizen is content with it. */
export function surveyMessage(say: Say, language: Language, words: string): SurveyMessage {
  return {
    body: [words, say(language, 'askSolved', {})].join('\n\n'),
    buttons: answers.map(answer => ({ answer, title: say(language, `buttons.${answer}`, {}) })),
  };
}
