import type { Municipality } from '../../config/municipality';
import { isEnded } from '../../domain/case/case';
import { outcomeLabels } from '../../domain/case/case-labels';
import type { CaseFact } from '../../domain/case/case-events';
import { timeText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import type { Store } from '../../store/store';
import type { TaskLink } from '../../store/task-records';
import type { FailureText } from '../failure-texts';
import { factsUntil } from './case-history';

export interface EndedLinkDeps {
  store: Pick<Store, 'cases' | 'tasks'>;
  links: Pick<TaskLinks, 'hashOf'>;
  municipality: Municipality;
  now: () => Date;
}

/** What became of the task of a link that opens nothing any more, without a word of the report. */
export interface EndedLink extends FailureText {
  /** Whether the case is still with the department of the link, which then can have a new link sent. */
  isStillHere: boolean;
}

/**
 * Returns what became of the task of a link. Returns null for links that were never sent or have expired: they say
 * nothing about a case.
 */
export async function endedLink(
  { store, links, municipality, now }: EndedLinkDeps,
  token: string,
): Promise<EndedLink | null> {
  const tokenHash = links.hashOf(token);
  const link = tokenHash === null ? null : await store.tasks.link(tokenHash);
  const record = link && link.expiresAt > now() ? await store.cases.get(link.caseNumber) : null;
  if (!link || !record?.progress) return null;
  const { progress } = record;
  const facts = await store.cases.facts(link.caseNumber, progress.revision);
  const [what, after] = whatBecame(link, facts, municipality, now().getTime());
  const isCurrent = link.task === progress.task;
  if (isCurrent && !isEnded(progress.stage)) return null;
  const outcome = isCurrent && progress.outcome ? ` Sonuç: ${outcomeLabels[progress.outcome]}.` : '';
  return {
    title: 'Bu bağlantının görevi sona erdi',
    paragraphs: [what + outcome, ...after],
    isStillHere: !isCurrent && progress.plan.desk.slug === link.department && !isEnded(progress.stage),
  };
}

const reopenings: readonly CaseFact['type'][] = ['reopened', 'overturned', 'takenBack', 'returned'];

/** Returns what ended the task of a link, and what its reader can do now. */
function whatBecame(
  link: Pick<TaskLink, 'task' | 'department'>,
  facts: readonly CaseFact[],
  { departments, timeZone }: Municipality,
  now: number,
): [what: string, after: string[]] {
  const own = factsUntil(facts, link.task);
  const last = own.findLast(
    ({ type }) =>
      type === 'rerouted' || type === 'reassigned' || type === 'corrected' || reopenings.includes(type),
  );
  const nextDesk = facts.slice(own.length).find(fact => fact.type === 'planned')?.desk;
  if (nextDesk === undefined) {
    const ended = own.at(-1);
    return [
      ended ? `Görev ${timeText(ended.at, now, timeZone)} itibarıyla tamamlandı.` : 'Görev tamamlandı.',
      [],
    ];
  }
  const when = timeText((last ?? own.at(-1))?.at ?? now, now, timeZone);
  if (nextDesk === link.department) {
    return [
      `Kayıt yeniden açıldı (${when}).`,
      ['Yeni görevin bağlantısı müdürlüğünüze e-postayla gönderildi.'],
    ];
  }
  const name = departments[nextDesk]?.name ?? nextDesk;
  const verb = { reassigned: 'verildi', corrected: 'geçti' }[last?.type as string] ?? 'yönlendirildi';
  return [
    `Kayıt başka bir birime ${verb}: ${name} (${when}).`,
    ['Bu bağlantıyla artık işlem yapılamaz; görevi bundan sonra o birim yürütür.'],
  ];
}
