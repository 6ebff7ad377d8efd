import { factLabel } from '../src/domain/case/case-labels';
import type { CaseFact } from '../src/domain/case/case-events';
import { timeText } from '../src/mail/case-text';
import type { OpenedCase } from '../src/store/case-records';
import type { Deps } from './deps';

/** More views need not be counted. */
const MOST_VIEWS = 200;

/**
 * Returns what happened with a task since it was given, for letters about its deadlines: how often it was opened, and
 * the last act. Visits of mail scanners do not count.
 */
export async function sinceText(
  { store, municipality, now }: Pick<Deps, 'store' | 'municipality' | 'now'>,
  { caseNumber, progress }: OpenedCase,
): Promise<string> {
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const given = facts.findLastIndex(({ type }) => type === 'planned');
  const from = facts[given]?.at ?? 0;
  const views = await store.linkViews.ofCase(caseNumber, MOST_VIEWS);
  const opened = views
    .filter(({ what, isUnsure, at }) => what === 'task' && isUnsure !== true && at.getTime() >= from)
    .reduce((sum, { times = 1 }) => sum + times, 0);
  const act = facts.slice(given + 1).findLast(isAct);
  const visits = opened === 0 ? 'Görev sayfası henüz açılmadı' : `Görev sayfası ${opened} kez açıldı`;
  return act
    ? `${visits}; son işlem: ${factLabel(act)} (${timeText(act.at, now().getTime(), municipality.timeZone)}).`
    : `${visits}; henüz işlem yapılmadı.`;
}

function isAct(fact: CaseFact): boolean {
  return 'actionId' in fact && typeof fact.actionId === 'string';
}
