import type { Municipality } from '../config/municipality';
import { type Stage, stages } from '../domain/case/case';
import { bindingDeadline } from '../domain/case/case-clocks';
import { stageLabels } from '../domain/case/case-labels';
import { dueTextOf, momentText } from '../mail/case-text';
import type { CaseRecord } from '../store/case-records';

/** The filters of a list. Unknown query values are ignored. */
export interface ListQuery {
  stage: Stage | null;
  subject: string | null;
  neighbourhood: string | null;
  /** The id of whoever has taken the task. */
  holder: string | null;
  order: 'due' | 'newest' | 'oldest';
}

interface Choice {
  value: string;
  name: string;
  isChosen: boolean;
}

interface Row {
  caseNumber: string;
  subject: string;
  neighbourhood: string | null;
  stage: string;
  holder: string | null;
  priority: string;
  received: string;
  /** Null while the clock is paused. */
  due: { words: string; isOverdue: boolean } | null;
}

export interface ListView {
  department: string;
  made: string;
  /** Counts of all open tasks, regardless of filters. */
  counts: { open: number; overdue: number; dueToday: number; waiting: number };
  filters: { name: keyof ListQuery; label: string; options: Choice[] }[];
  isFiltered: boolean;
  rows: Row[];
  /** Whether the page shows only some of the open tasks. */
  isCut: boolean;
}

const orders = {
  due: 'Son tarihe göre',
  newest: 'En yeni önce',
  oldest: 'En eski önce',
} as const satisfies Record<ListQuery['order'], string>;

/** Parses the query of a list's URL. */
export function readListQuery(query: Readonly<Record<string, unknown>>): ListQuery {
  const text = (name: string): string | null => {
    const value = query[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const order = text('order');
  return {
    stage: stages.find(stage => stage === query['stage']) ?? null,
    subject: text('subject'),
    neighbourhood: text('neighbourhood'),
    holder: text('holder'),
    order: order === 'newest' || order === 'oldest' ? order : 'due',
  };
}

/** Who has taken a task, for its list. The id does not tell the address. */
export interface Holder {
  id: string;
  address: string;
}

type Open = CaseRecord & { progress: NonNullable<CaseRecord['progress']> };

/** Returns the deadline for sorting. Tasks with a paused clock come last. */
function dueAt({ progress }: Open): number {
  return progress.pausedSince === null ? (bindingDeadline(progress) ?? Infinity) : Infinity;
}

function sorted(cases: readonly Open[], order: ListQuery['order']): Open[] {
  const received = ({ intake }: Open): number => intake.receivedAt.getTime();
  return [...cases].sort((a, b) => {
    if (order === 'newest') return received(b) - received(a);
    if (order === 'oldest') return received(a) - received(b);
    // Both deadlines may be Infinity, so compare instead of subtracting.
    return dueAt(a) === dueAt(b) ? received(a) - received(b) : dueAt(a) - dueAt(b);
  });
}

function choices(values: Map<string, string>, chosen: string | null): Choice[] {
  return [...values]
    .sort(([, a], [, b]) => a.localeCompare(b, 'tr'))
    .map(([value, name]) => ({ value, name, isChosen: value === chosen }));
}

/** Returns the open tasks of a department for its list. `now` is epoch ms UTC. */
export function listView(
  { departments, timeZone }: Municipality,
  department: string,
  given: { records: readonly CaseRecord[]; isCut: boolean; holders: ReadonlyMap<string, Holder> },
  query: ListQuery,
  now: number,
): ListView {
  const { records, isCut, holders } = given;
  const open = records.filter((record): record is Open => record.progress !== null);
  const day = (at: number): string => momentText(at, timeZone).replace(/ \d\d:\d\d$/, '');
  const today = day(now);
  const shown = open.filter(
    ({ caseNumber, intake, progress }) =>
      (query.stage === null || progress.stage === query.stage) &&
      (query.subject === null || intake.category.slug === query.subject) &&
      (query.neighbourhood === null || intake.neighbourhood?.slug === query.neighbourhood) &&
      (query.holder === null || holders.get(caseNumber)?.id === query.holder),
  );
  const usedStages = new Map(open.map(({ progress }) => [progress.stage, stageLabels[progress.stage]]));
  const subjects = new Map(open.map(({ intake }) => [intake.category.slug, intake.category.name]));
  const places = new Map(
    open.flatMap(({ intake: { neighbourhood } }) =>
      neighbourhood ? [[neighbourhood.slug, neighbourhood.name] as const] : [],
    ),
  );
  const people = new Map([...holders.values()].map(({ id, address }) => [id, address]));
  const orderOptions = Object.entries(orders).map(([value, name]) => ({
    value,
    name,
    isChosen: value === query.order,
  }));
  return {
    department: departments[department]?.name ?? department,
    made: momentText(now, timeZone),
    counts: {
      open: open.length,
      overdue: open.filter(record => dueAt(record) <= now).length,
      dueToday: open.filter(record => dueAt(record) > now && day(dueAt(record)) === today).length,
      waiting: open.filter(({ progress }) => progress.pausedSince !== null).length,
    },
    filters: [
      { name: 'stage', label: 'Aşama', options: choices(usedStages, query.stage) },
      { name: 'subject', label: 'Konu', options: choices(subjects, query.subject) },
      { name: 'neighbourhood', label: 'Mahalle', options: choices(places, query.neighbourhood) },
      { name: 'holder', label: 'Üstlenen', options: choices(people, query.holder) },
      { name: 'order', label: 'Sıralama', options: orderOptions },
    ],
    isFiltered: shown.length < open.length,
    rows: sorted(shown, query.order).map(record =>
      rowOf(record, holders.get(record.caseNumber)?.address ?? null, { now, timeZone }),
    ),
    isCut,
  };
}

function rowOf(
  record: Open,
  holder: string | null,
  { now, timeZone }: { now: number; timeZone: string },
): Row {
  const { caseNumber, intake, progress } = record;
  const at = dueAt(record);
  const due = Number.isFinite(at) ? dueTextOf(at, now, timeZone) : null;
  return {
    caseNumber,
    subject: intake.category.name,
    neighbourhood: intake.neighbourhood?.name ?? null,
    stage: stageLabels[progress.stage],
    holder,
    priority: progress.priority.toUpperCase(),
    received: momentText(intake.receivedAt.getTime(), timeZone),
    due: due && { words: `${due.until}, ${due.left}`, isOverdue: due.isOverdue },
  };
}
