import type { CaseFact } from '../../domain/case/case-events';
import type { Notice } from './act-notices';
import type { HistoryLine } from './case-history';

/** Lines of the story that somebody has to know before acting: what people did, not what time brought. */
function isByPeople(fact: CaseFact): boolean {
  return 'actionId' in fact
    ? fact.actionId !== null
    : fact.type === 'citizenAdded' || fact.type === 'withdrawn';
}

/**
 * What others did since a page was made (its revision) and before its form came back, in the words of the story;
 * null when nothing. Each fact counts up the revision by one.
 */
export function othersSince(
  facts: readonly CaseFact[],
  history: readonly HistoryLine[],
  seen: number,
  actionId: string,
): Notice | null {
  // Whoever repeats a form of his own has been there before everybody else.
  if (facts.some(fact => 'actionId' in fact && fact.actionId === actionId)) return null;
  const news = history.filter((_, place) => place >= seen && isByPeople(facts[place] as CaseFact));
  if (news.length === 0) return null;
  return {
    tone: 'warning',
    title: 'İşlem henüz yapılmadı: kayıt bu arada değişti',
    text: `Siz bu sayfayı açtıktan sonra: ${news.map(({ at, title }) => `${title} (${at})`).join('; ')}. Yine de sürdürmek istiyorsanız formu yeniden gönderiniz; yazdıklarınız duruyor.`,
  };
}
