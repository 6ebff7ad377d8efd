import type { Municipality } from '../src/config/municipality';
import { type Classification, classify } from '../src/domain/routing/classify';
import { dangerIn } from '../src/domain/routing/danger';

/**
 * Returns the subject that words tell. An animal that is hurt is the subject of hurt animals, whatever else the words
 * speak of: "yavru kedi rögara düştü" is no matter of the sewer.
 */
export function subjectOf(words: string, municipality: Municipality): Classification {
  const guess = classify(words, municipality);
  if (dangerIn(words, municipality.language.danger)?.to !== 'animal') return guess;
  const [hurt] = municipality.categories.filter(({ hurtAnimals }) => hurtAnimals);
  if (!hurt) return guess;
  const others = guess.ranked.filter(({ category }) => category !== hurt.slug);
  return { ...guess, ranked: [{ category: hurt.slug, confidence: 1 }, ...others], sure: true };
}
