import { foldedWords } from '../turkish';

const turkishLetters = /[ğşıçöüİĞŞÇÖÜ]/;

/** Frequent words of each language that the other does not have. */
const english = new Set(
  foldedWords(
    'the is are was there this that my our your please hello hi street road water of and with has have been not from ' +
      'near broken help status thanks thank you good morning what when who how report problem neighbourhood it its no',
  ),
);
const turkish = new Set(
  foldedWords(
    'turkce ve bir bu su cok var yok icin ile ama da de mi ne nasil merhaba selam sokak sokakta mahalle mah cadde lutfen ' +
      'tesekkur durum yardim iyi gunler kolay gelsin bizim burada evin onunde degil gibi kadar hala bozuk',
  ),
);

const asksEnglish = /\b(english|ingilizce)\b/;

/** The language that words speak plainly or ask for; null when they do not tell. */
export function languageIn(text: string): 'tr' | 'en' | null {
  const words = foldedWords(text);
  if (words.length <= 6 && asksEnglish.test(words.join(' '))) return 'en';
  if (turkishLetters.test(text)) return 'tr';
  const hits = (list: ReadonlySet<string>): number => words.filter(word => list.has(word)).length;
  const difference = hits(english) - hits(turkish);
  return difference === 0 ? null : difference > 0 ? 'en' : 'tr';
}

/** The language to answer in; Turkish unless the words are plainly English. */
export function languageOf(text: string): 'tr' | 'en' {
  return languageIn(text) ?? 'tr';
}
