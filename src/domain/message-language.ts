import { foldedWords } from './turkish';

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
    've bir bu su cok var yok icin ile ama da de mi ne nasil merhaba selam sokak sokakta mahalle mah cadde lutfen ' +
      'tesekkur durum yardim iyi gunler kolay gelsin bizim burada evin onunde degil gibi kadar hala bozuk',
  ),
);

/** The language to answer in; Turkish unless the words are plainly English. */
export function languageOf(text: string): 'tr' | 'en' {
  if (turkishLetters.test(text)) return 'tr';
  const words = foldedWords(text);
  const hits = (list: ReadonlySet<string>): number => words.filter(word => list.has(word)).length;
  return hits(english) > hits(turkish) ? 'en' : 'tr';
}
