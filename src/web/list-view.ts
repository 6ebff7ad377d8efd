import type { Municipality } from '../config/municipality';
import { type Stage, stages } from '../domain/case/case';
import { bindingDeadline } from '../domain/case/case-clocks';
import { stageLabels } from '../domain/case/case-labels';
import { placeLine } from '../domain/place/address';
import { dueTextOf, momentText, timeText } from '../mail/case-text';
import { coordinatesText, mapSearchUrl, mapUrl } from '../mail/map-link';
import type { CaseRecord, OpenedCase } from '../store/case-records';
import type { Place } from '../store/message-records';

/** The filters of a list. Unknown query values are ignored. */
export interface ListQuery {
  stage: Stage | null;
  subject: string | null;
  neighbourhood: string | null;
  /** The id of whoever has taken the task. */
  holder: string | null;
  order: 'due' | 'newest' | 'oldest';
  /** From 1. */
  page: number;
}

/** The rows of a page. */
export const ROWS_OF_PAGE = 100;

interface Choice {
  value: string;
  name: string;
  isChosen: boolean;
}

interface Row {
  caseNumber: string;
  subject: string;
  neighbourhood: string | null;
  /** Neighbourhood and address in one line. */
  place: string | null;
  /** The place on a public map, with its label. */
  map: { label: string; url: string } | null;
  /** The beginning of the citizen's text. */
  words: string | null;
  /** The id of its first photo. */
  photo: string | null;
  stage: string;
  holder: string | null;
  priority: string;
  isUrgent: boolean;
  received: string;
  /** Null while the clock is paused. */
  due: { words: string; isOverdue: boolean; isToday: boolean } | null;
}

/** What a row shows of the report itself. */
export interface RowDetail {
  words: string;
  photo: string | null;
  place: Place | null;
}

export interface ListView {
  department: string;
  made: string;
  /** Counts of all open tasks, regardless of filters. */
  counts: { open: number; overdue: number; dueToday: number; waiting: number };
  filters: { name: keyof ListQuery; label: string; options: Choice[] }[];
  isFiltered: boolean;
  /** How many tasks the filter leaves. */
  shown: number;
  /** The queries of the pages before and after this one. */
  before: string | null;
  after: string | null;
  /** The id that the reader has as the holder of tasks. */
  own: string;
  rows: Row[];
  /** The rows by neighbourhood, for the sheet of a day. */
  groups: { name: string; rows: Row[] }[];
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
    page: Math.max(1, Math.floor(Number(text('page') ?? 1)) || 1),
  };
}

function queryOf(query: ListQuery): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) given.set(name, String(value));
  return given.toString();
}

/** Who has taken a task, for its list. The id does not tell the address. */
export interface Holder {
  id: string;
  name: string;
}

/** Returns the deadline for sorting. Tasks with a paused clock come last. */
function dueAt({ progress }: OpenedCase): number {
  return progress.pausedSince === null ? (bindingDeadline(progress) ?? Infinity) : Infinity;
}

function sorted(cases: readonly OpenedCase[], order: ListQuery['order']): OpenedCase[] {
  const received = ({ intake }: OpenedCase): number => intake.receivedAt.getTime();
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

/**
 * Returns a page of the open tasks of a department, or all of them for the sheet of a day. `now` is epoch ms UTC.
 * `detailsOf` reads what the rows show of the reports.
 */
export async function listView(
  { departments, timeZone, name: municipality }: Municipality,
  department: string,
  given: {
    records: readonly CaseRecord[];
    isCut: boolean;
    holders: ReadonlyMap<string, Holder>;
    detailsOf: (records: readonly OpenedCase[]) => Promise<ReadonlyMap<string, RowDetail>>;
    own: string;
    isSheet: boolean;
  },
  query: ListQuery,
  now: number,
): Promise<ListView> {
  const { records, isCut, holders, detailsOf, own, isSheet } = given;
  const open = records.filter((record): record is OpenedCase => record.progress !== null);
  const day = (at: number): string => momentText(at, timeZone).replace(/ \d\d:\d\d$/, '');
  const today = day(now);
  const town = municipality.replace(/ Belediyesi$/, '');
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
  const people = new Map([...holders.values()].map(({ id, name }) => [id, name]));
  const orderOptions = Object.entries(orders).map(([value, name]) => ({
    value,
    name,
    isChosen: value === query.order,
  }));
  const pages = Math.max(1, Math.ceil(shown.length / ROWS_OF_PAGE));
  const page = Math.min(query.page, pages);
  const inOrder = sorted(shown, query.order);
  const ofPage = isSheet ? inOrder : inOrder.slice((page - 1) * ROWS_OF_PAGE, page * ROWS_OF_PAGE);
  const details = await detailsOf(ofPage);
  const rows = ofPage.map(record =>
    rowOf(record, {
      ...{ details, town },
      holder: holders.get(record.caseNumber)?.name ?? null,
      now,
      timeZone,
      today,
      day,
    }),
  );
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
    shown: shown.length,
    before: page > 1 ? queryOf({ ...query, page: page - 1 }) : null,
    after: page < pages ? queryOf({ ...query, page: page + 1 }) : null,
    own,
    rows,
    groups: grouped(rows),
    isCut,
  };
}

/** Groups rows by neighbourhood in alphabetical order, those without one last. */
function grouped(rows: readonly Row[]): ListView['groups'] {
  const names = [...new Set(rows.map(({ neighbourhood }) => neighbourhood))];
  const key = (name: string | null): string => name ?? '\uffff';
  return names
    .sort((a, b) => key(a).localeCompare(key(b), 'tr'))
    .map(name => ({
      name: name ?? 'Mahallesi belirsiz',
      rows: rows.filter(({ neighbourhood }) => neighbourhood === name),
    }));
}

function rowOf(
  record: OpenedCase,
  given: {
    holder: string | null;
    details: ReadonlyMap<string, RowDetail>;
    town: string;
    now: number;
    timeZone: string;
    today: string;
    day: (at: number) => string;
  },
): Row {
  const { caseNumber, intake, progress } = record;
  const { holder, details, town, now, timeZone, today, day } = given;
  const at = dueAt(record);
  const due = Number.isFinite(at) ? dueTextOf(at, now, timeZone) : null;
  const { words = '', photo = null, place: pin = intake.place } = details.get(caseNumber) ?? {};
  const place = placeLine(intake);
  return {
    caseNumber,
    subject: intake.category.name,
    neighbourhood: intake.neighbourhood?.name ?? null,
    place,
    map: pin
      ? { label: coordinatesText(pin), url: mapUrl(pin) }
      : place === null
        ? null
        : { label: 'Haritada ara', url: mapSearchUrl(`${place}, ${town}`) },
    words: words || null,
    photo,
    stage: stageLabels[progress.stage],
    holder,
    priority: progress.priority.toUpperCase(),
    isUrgent: progress.hazard === true || progress.priority === 'p1',
    received: timeText(intake.receivedAt.getTime(), now, timeZone),
    due: due && {
      words: `${due.until}, ${due.left}`,
      isOverdue: due.isOverdue,
      isToday: day(at) === today,
    },
  };
}
