import type { CaseKind } from '../case/case';
import { foldedWords } from '../turkish';
import type { WeightedTerms } from './category';
import { findTerms, lexiconOf } from './lexicon';

/** What tells the kinds of report apart; written like the terms of the catalogue. */
const signs: readonly { readonly kind: CaseKind; readonly words: WeightedTerms }[] = [
  {
    kind: 'thanks',
    words: {
      'teşekkür ed': 2,
      teşekkürler: 1,
      'emeği geçen': 4,
      'elinize sağlık$': 4,
      'ellerinize sağlık$': 4,
      'tebrik ed': 3,
      'takdir ed': 3,
      minnettar: 4,
      'memnun kald': 3,
      'memnun old': 3,
      'thank$ you$': 2,
      'well done$': 4,
    },
  },
  {
    kind: 'suggestion',
    words: {
      önerim: 4,
      öneri$: 3,
      öneririm: 4,
      'tavsiye ed': 3,
      'olsa iyi$': 3,
      'olsa güzel$': 3,
      'olsa daha$': 3,
      'yapılsa iyi$': 3,
      'yapılsa güzel$': 3,
      'konsa iyi$': 3,
      'fikrim var$': 3,
      düşünülebilir$: 2,
      'daha iyi olur$': 3,
      'daha güzel olur$': 3,
      suggest: 4,
      'would be nice$': 4,
    },
  },
  {
    kind: 'information',
    words: {
      'bilgi al': 3,
      'bilgi ver': 2,
      'bilgi rica$': 3,
      'nasıl başvur': 4,
      'nereye başvur': 4,
      'nereden alabil': 3,
      'saat kaçta$': 3,
      'kaça kadar$': 3,
      'ne$ kadar ücret': 3,
      'ücreti ne$': 3,
      'hangi belge': 3,
      'gerekli belge': 3,
      'öğrenebilir miyim$': 3,
      'öğrenmek ist': 3,
      'ne$ zaman başla': 2,
      'açık mı$': 3,
      'how$ can$ i$': 3,
      'where$ can$ i$': 3,
      'opening hours$': 3,
    },
  },
  {
    kind: 'request',
    words: {
      istiyor: 1,
      'talep ed': 2,
      talebim: 2,
      'rica ed': 1,
      'ihtiyac var$': 2,
      'ihtiyacımız var$': 2,
      lazım: 1,
      yapılsın$: 1,
      konulsun$: 2,
      'yapar mısınız$': 1,
      'koyar mısınız$': 2,
      'would like$': 2,
      'please put$': 2,
    },
  },
  {
    kind: 'problem',
    words: {
      bozuk: 2,
      bozul: 2,
      kırık: 2,
      kırıl: 2,
      tehlike: 2,
      şikayet: 3,
      rahatsız: 2,
      mağdur: 2,
      rezalet: 3,
      berbat: 3,
      çalışmıyor: 2,
      yanmıyor: 2,
      alınmıyor: 2,
      alınmadı: 2,
      gelmiyor: 2,
      gelmedi: 2,
      yapılmadı: 2,
      yapılmıyor: 2,
      akmıyor: 2,
      kokuyor: 2,
      taştı: 2,
      patla: 2,
      düştü: 2,
      maalesef: 2,
      bıktık: 3,
      sorun: 1,
      broken: 3,
      dangerous: 3,
      problem: 1,
      complain: 3,
    },
  },
];

const lexicon = lexiconOf(signs.map(({ words }) => ({ words, notWords: {} })));

/** A kind other than that of the subject needs so much evidence, beyond that for a problem. */
const LEAST = 3;

/**
 * What the citizen wants: to have something mended, to get something, to suggest, to thank or to know. `usual` is
 * what reports of the subject mostly are; a courtesy at the end of a complaint does not change that.
 */
export function kindOf(text: string, usual: CaseKind): CaseKind {
  const scores = new Map<CaseKind, number>();
  for (const { term, times } of findTerms(lexicon, foldedWords(text))) {
    const kind = signs[term.category]?.kind ?? usual;
    scores.set(kind, (scores.get(kind) ?? 0) + term.weight * Math.min(times, 2));
  }
  const complaint = scores.get('problem') ?? 0;
  const [best] = [...scores]
    .filter(([kind, score]) => kind !== 'problem' && score >= LEAST && score > complaint)
    .sort(([, one], [, other]) => other - one);
  return best?.[0] ?? (complaint >= LEAST && usual !== 'request' ? 'problem' : usual);
}
