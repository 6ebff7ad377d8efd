const not = new Set(['degil', 'not']);
/** "çöp değil mi" asks and "değil mi" confirms; "bile değil" complains of the thing itself. */
const stillMeant = new Set(['mi', 'bile', 'mu']);
const matter = /^(sorun|sikinti|problem|sikayet|dert|derdim|konu)/;
const none = new Set(['yok', 'yoktur', 'olmadi', 'kalmadi']);

/**
 * Whether the text says of the word at `end` that it is not the matter: "çöp değil", "suyla ilgili değil",
 * "çöp sorunu yok". "Çöp konteyneri yok" denies nothing: that is what it complains of.
 */
export function isDenied(words: readonly string[], end: number): boolean {
  const [next, second, third] = [words[end + 1], words[end + 2], words[end + 3]];
  if (next === undefined) return false;
  if (not.has(next)) return !stillMeant.has(second ?? '');
  if (/^(ilgili|alakali)$/.test(next) && not.has(second ?? '')) return !stillMeant.has(third ?? '');
  if (matter.test(next))
    return none.has(second ?? '') || (not.has(second ?? '') && !stillMeant.has(third ?? ''));
  return false;
}
