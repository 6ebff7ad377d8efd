import { foldWord } from '../turkish';

/** A test for folded words: those that begin with one of the given stems; with $ the whole word. */
export function vocabulary(stems: string): (word: string) => boolean {
  const all = stems.split(/\s+/).filter(stem => stem !== '');
  const whole = new Set(all.filter(stem => stem.endsWith('$')).map(stem => foldWord(stem.slice(0, -1))));
  const beginnings = all.filter(stem => !stem.endsWith('$')).map(foldWord);
  return word => whole.has(word) || beginnings.some(stem => word.startsWith(stem));
}
