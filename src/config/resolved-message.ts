import type { FeedbackAnswer } from '../domain/case';
import type { Say, TextParams } from './texts';
import type { Language } from './schemas/texts';

const answers = ['solved', 'partly', 'unsolved'] as const satisfies readonly FeedbackAnswer[];

/** The message that tells a citizen the result and asks about it: as it is sent, and as the department previews it. */
export function resolvedMessage(
  say: Say,
  language: Language,
  result: TextParams<'resolved'>,
): { body: string; buttons: { answer: FeedbackAnswer; title: string }[] } {
  return {
    body: [say(language, 'resolved', result), say(language, 'askSolved', {})].join('\n\n'),
    buttons: answers.map(answer => ({ answer, title: say(language, `buttons.${answer}`, {}) })),
  };
}
