import { classify, type RoutingKnowledge } from '../routing/classify';
import { foldedWords, type PhrasePlace } from '../turkish';

/** Two subjects of one message, in their order. */
export type Matters = readonly [first: string, second: string];

/** From this likelihood, each part of the message is a matter of its own. */
const LIKELY = 0.85;

/**
 * Returns the two subjects of a text that explicitly joins two matters ("çöp alınmadı, ayrıca lamba yanmıyor"); null
 * for any other text. Two subjects without a joining word are more often one matter that is hard to name.
 */
export function mattersIn(text: string, joins: PhrasePlace, knowledge: RoutingKnowledge): Matters | null {
  const words = foldedWords(text);
  const joint = joins(words);
  if (!joint) return null;
  const subjectOf = (part: readonly string[]): string | null => {
    const [best] = classify(part.join(' '), knowledge).ranked;
    return best && best.confidence >= LIKELY ? best.category : null;
  };
  const first = subjectOf(words.slice(0, joint.start));
  const second = subjectOf(words.slice(joint.end));
  return first === null || second === null || first === second ? null : [first, second];
}
