import type { Language, Say } from '../config/texts';
import { ratings, tapId } from '../domain/talk/taps';
import type { OutgoingContent } from './outgoing';

/** Words with a list of stars, which nobody has to give. */
export function ratingQuestion(
  { say }: { say: Say },
  language: Language,
  caseNumber: string,
  words: string,
): Extract<OutgoingContent, { type: 'list' }> {
  return {
    type: 'list',
    body: [words, say(language, 'askRating', {})].join('\n\n'),
    open: say(language, 'buttons.rate', {}),
    rows: ratings.map(rating => ({
      id: tapId({ kind: 'rating', rating, caseNumber }),
      title: say(language, `buttons.rating${rating}`, {}),
    })),
  };
}
