import { clockLabels } from '../../domain/case/case-labels';
import type { LetterOrder } from '../../domain/case/case-events';
import { dateText, dueText, dueTextOf } from '../case-text';
import { frameLetter, type Letter, URGENT } from './letter-frame';

export interface DigestTask {
  caseNumber: string;
  /** Names from the configuration. */
  subject: string;
  neighbourhood: string | null;
  /** The label of the stage. */
  stage: string;
  /** Whether it is a hazard. */
  urgent?: boolean;
  /** The next target, epoch ms UTC; null while the service clock is paused. */
  dueAt: number | null;
  /** The recipient's link to the task, if the letter has one for each. */
  link?: string;
}

export interface DigestData {
  municipality: { readonly name: string; readonly timeZone: string };
  /** Epoch ms UTC. */
  now: number;
  department: string;
  recipient: string;
  tasks: readonly DigestTask[];
  /** The total number of tasks, if `tasks` does not contain all. */
  count: number;
  /** The recipient's link to the list. */
  link: string;
}

const MOST_SHOWN = 30;

/** Hazards first, then late tasks, then by remaining time, then paused ones. */
function byDue(a: DigestTask, b: DigestTask): number {
  if (a.urgent !== b.urgent) return a.urgent ? -1 : 1;
  return (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || a.caseNumber.localeCompare(b.caseNumber);
}

/** A case in a list for people above the departments. */
export interface ListedCase extends DigestTask {
  department: string;
  /** Why the case is in the list. */
  why?: string;
}

type CaseList = Pick<DigestData, 'municipality' | 'now' | 'recipient'> & { cases: readonly ListedCase[] };

/** Composes the letter to a superior about cases that do not move. */
export function composeLastRungs(data: CaseList): Letter {
  return listLetter(data, {
    state: `İlerlemeyen kayıtlar: ${data.cases.length}`,
    lead: [
      'Süresi aşılan ve son kademede size bildirilen aşağıdaki kayıtlarda o günden beri ilerleme olmadı.',
      'Kayıt numarası kaydın sayfasını açar; orada işlem yapabilir veya not yazabilirsiniz. Bu ileti, kayıtlar ilerleyene kadar yinelenir.',
    ],
    tone: 'alarm',
    rest: 'Bağlantılar yalnızca sizin içindir; başkasına iletmeyiniz.',
  });
}

/** Composes the letter of a gathering: what fell due for one address until an opening, or `later` in a few minutes. */
export function composeOpening(data: CaseList & { letters: number; later: boolean }): Letter {
  const { cases, letters, later } = data;
  const when = later ? 'aynı dakikalarda' : 'mesai dışında veya mesainin ilk dakikalarında';
  return listLetter(data, {
    state: `${later ? 'Birlikte' : 'Mesai başında'} bildirilenler: ${cases.length}`,
    lead: [
      `Aşağıdaki kayıtlar için ${when} size ${letters} bildirim yapılması gerekti; hepsi bu iletide toplandı.`,
      'Kayıt numarası kaydın sayfasını açar; orada işlem yapabilir veya not yazabilirsiniz.',
    ],
    tone: 'warning',
    rest: 'Bağlantılar yalnızca sizin içindir; başkasına iletmeyiniz.',
  });
}

/** "Süre aşıldı (kabul süresi)": what a gathered letter would have said. */
export function gatheredText({ letter, rung }: Pick<LetterOrder, 'letter' | 'rung'>): string {
  const clock = clockLabels[rung?.clock ?? 'resolve'];
  const about = `${clock.charAt(0).toLocaleLowerCase('tr')}${clock.slice(1)}`;
  if (letter === 'task') return 'Yeni görev';
  if (letter === 'alarm') return 'Kabul bekleniyor';
  if (letter === 'holdEnded') return 'Bekleme süresi doldu';
  if (letter === 'reminder') return `Süre azalıyor (${about})`;
  return `${letter === 'breach' ? 'Süre aşıldı' : 'Üst makama bildirim'} (${about})`;
}

/** Composes the daily letter to a manager about the open cases whose legal limit, `dueAt`, is near or has passed. */
export function composeLegalDigest(data: CaseList): Letter {
  const { cases, now } = data;
  const late = cases.filter(({ dueAt }) => dueAt !== null && dueAt <= now).length;
  return listLetter(data, {
    state: `Yasal süresi yaklaşan kayıtlar: ${cases.length}${late > 0 ? ` (${late} gecikmiş)` : ''}`,
    lead: [
      'Aşağıdaki açık kayıtların yasal yanıt süresi (3071 ve 4982 sayılı Kanunlar) dolmak üzere veya doldu. Bu süre, kayıt bekletilirken de işler.',
    ],
    tone: late > 0 ? 'alarm' : 'warning',
    rest: null,
  });
}

/** A letter of one day that lists cases, those due first on top. */
function listLetter(
  data: CaseList,
  words: { state: string; lead: string[]; tone: 'alarm' | 'warning'; rest: string | null },
): Letter {
  const { municipality, now, recipient, cases } = data;
  const day = dateText(now, municipality.timeZone);
  return frameLetter({
    ...words,
    subject: [words.state, day],
    caseNumber: day,
    municipality: municipality.name,
    greeting: recipient,
    tasks: [...cases].sort(byDue).map(one => listedLine(one, data)),
    rows: [],
    button: null,
  });
}

function listedLine(
  { caseNumber, subject, neighbourhood, department, stage, dueAt, urgent, why, link }: ListedCase,
  { now, municipality }: Pick<DigestData, 'now' | 'municipality'>,
) {
  return {
    title: [urgent ? URGENT : null, caseNumber, subject, neighbourhood].filter(part => part).join(' · '),
    ...(link !== undefined && { url: link }),
    stage: [why, department, stage].filter(part => part).join(' · '),
    due: dueAt === null ? 'süre duruyor' : dueText(dueAt, now, municipality.timeZone),
    isOverdue: dueAt !== null && dueTextOf(dueAt, now, municipality.timeZone).isOverdue,
  };
}

/** Returns the tasks that a digest shows first, and the rest after them, both in their order. */
export function inDigestOrder<Task extends DigestTask>(
  tasks: readonly Task[],
): { shown: Task[]; rest: Task[] } {
  const ordered = [...tasks].sort(byDue);
  return { shown: ordered.slice(0, MOST_SHOWN), rest: ordered.slice(MOST_SHOWN) };
}

/** Composes the daily list of a department's open tasks */
export function composeDigest(data: DigestData): Letter {
  const { municipality, now, department, recipient, count, link } = data;
  const tasks = [...data.tasks].sort(byDue);
  const late = tasks.filter(({ dueAt }) => dueAt !== null && dueAt <= now).length;
  const hazards = tasks.filter(({ urgent }) => urgent).length;
  const parts = [...(hazards > 0 ? [`${hazards} ${URGENT}`] : []), ...(late > 0 ? [`${late} gecikmiş`] : [])];
  const state = `Açık görevler: ${count}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
  const rest = count - Math.min(tasks.length, MOST_SHOWN);
  return frameLetter({
    subject: [state, department, dateText(now, municipality.timeZone)],
    caseNumber: dateText(now, municipality.timeZone),
    state,
    municipality: municipality.name,
    greeting: recipient,
    lead: [
      late > 0
        ? `${department} üzerinde ${count} açık görev var; ${late} görevin süresi geçti.`
        : `${department} üzerinde ${count} açık görev var; süresi geçen görev yok.`,
    ],
    tone: late > 0 ? 'warning' : 'calm',
    urgent: hazards > 0,
    tasks: tasks
      .slice(0, MOST_SHOWN)
      .map(({ caseNumber, subject, neighbourhood, stage, dueAt, urgent, link: own }) => ({
        title: [urgent ? URGENT : null, subject, neighbourhood, caseNumber].filter(part => part).join(' · '),
        ...(own !== undefined && { url: own }),
        stage,
        due: dueAt === null ? 'süre duruyor' : dueText(dueAt, now, municipality.timeZone),
        isOverdue: dueAt !== null && dueTextOf(dueAt, now, municipality.timeZone).isOverdue,
      })),
    rest: rest > 0 ? `${rest} görev daha listede.` : null,
    rows: [],
    button: {
      label: 'Görev listesini aç',
      url: link,
      scope:
        'Bu bağlantı yalnızca sizin içindir, 60 gün geçerlidir ve müdürlüğün açık görevlerini gösterir; her günlük liste yenisini getirir. Başkasına iletmeyiniz.',
    },
  });
}
