import { loadMunicipality } from '../../src/config/municipality';
import type { RoutedCategory } from '../../src/domain/routing/category';
import type { RoutingKnowledge } from '../../src/domain/routing/classify';
import { lexiconOf } from '../../src/domain/routing/lexicon';

const { grammar } = loadMunicipality('config/etimesgut').language;

/** Knowledge with the given subjects, matched by the rules of the municipality's language. */
export function knowledgeOf(categories: readonly RoutedCategory[]): RoutingKnowledge {
  return { categories, catalogue: lexiconOf(categories, grammar) };
}
