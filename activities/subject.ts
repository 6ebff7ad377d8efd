import type { Municipality } from '../src/config/municipality';
import { type Classification, classify } from '../src/domain/routing/classify';
import { dangerIn } from '../src/domain/routing/danger';

/**
 * Classifies a text. A hurt animal determines the subject regardless of other words: "yavru kedi rögara
 * düştü" is not a sewer problem.
 */
export function subjectOf(words: string, municipality: Municipality): Classification {
  const guess = classify(words, municipality);
  if (dangerIn(words, municipality.language.danger)?.to !== 'animal') return guess;
  const [hurt] = municipality.categories.filter(({ hurtAnimals }) => hurtAnimals);
  if (!hurt) return guess;
  const others = guess.ranked.filter(({ category }) => category !== hurt.slug);
  return { ...guess, ranked: [{ category: hurt.slug, confidence: 1 }, ...others], sure: true };
}
