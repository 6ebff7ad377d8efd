import { localDate, townMoment, dayStart } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { kinds } from '../../config/schemas/categories';
import { type CaseKind, type Stage, stages } from '../../domain/case/case';
import { kindLabels, stageLabels } from '../../domain/case/case-labels';
import { priorities, type Priority } from '../../domain/sla/sla';
import {
  type DepartmentView,
  departmentViews,
  type FigureView,
  figureViews,
  limitedQuery,
  type TownDay,
  townViews,
  type ViewName,
} from '../../temporal/manager-views';

/** How a list is sorted. */
const orders = {
  due: 'Son tarihe göre',
  newest: 'En yeni önce',
  oldest: 'En eski önce',
} as const;
type Order = keyof typeof orders;

/** What a list of cases shows. Only slugs, closed words and days, because it stands in the address of the page. */
export interface DeskFilter {
  view: ViewName | FigureView | DepartmentView;
  department: string | null;
  institution: string | null;
  stage: Stage | null;
  subject: string | null;
  neighbourhood: string | null;
  priority: Priority | null;
  kind: CaseKind | null;
  /** Local dates, "2026-12-01", both included. */
  from: string | null;
  to: string | null;
  order: Order;
  page: number;
}

const MOST_PAGES = 1_000;

type Town = Pick<Municipality, 'departments' | 'institutions' | 'categories' | 'neighbourhoods' | 'timeZone'>;

/** Parses the query of a list's address or form. Unknown values are ignored. */
export function readDeskFilter(query: Readonly<Record<string, unknown>>, town: Town): DeskFilter {
  const text = (name: string): string | null => {
    const value = query[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const oneOf = <Value extends string>(name: string, values: Iterable<Value>): Value | null =>
    [...values].find(value => value === query[name]) ?? null;
  const date = (name: string): string | null => {
    const value = text(name);
    return value !== null &&
      /^\d{4}-\d{2}-\d{2}$/.test(value) &&
      townMoment(town.timeZone, `${value}T00:00`) !== null
      ? value
      : null;
  };
  const page = Number(text('page') ?? 1);
  return {
    view:
      oneOf('view', [
        ...(Object.keys(listViews({ from: 0, to: 0 })) as (ViewName | FigureView)[]),
        'all' as const,
      ]) ?? 'open',
    department: oneOf('department', Object.keys(town.departments)),
    institution: oneOf('institution', Object.keys(town.institutions)),
    stage: oneOf('stage', stages),
    subject: oneOf(
      'subject',
      town.categories.map(({ slug }) => slug),
    ),
    neighbourhood: oneOf(
      'neighbourhood',
      town.neighbourhoods.map(({ slug }) => slug),
    ),
    priority: oneOf('priority', priorities),
    kind: oneOf('kind', kinds),
    from: date('from'),
    to: date('to'),
    order: oneOf('order', Object.keys(orders) as Order[]) ?? 'due',
    page: Number.isInteger(page) && page > 0 && page <= MOST_PAGES ? page : 1,
  };
}

const listViews = (day: TownDay) => ({ ...townViews(day), ...figureViews });

/** Returns the name of a filter's view, and its visibility query for a reader of these departments; null for all. */
export function listOf(
  filter: DeskFilter,
  departments: readonly string[] | null,
  { timeZone }: Pick<Municipality, 'timeZone'>,
  now: number,
): { name: string; query: string } {
  const today = localDate(timeZone, now);
  const day = { from: dayStart(timeZone, today) ?? now, to: dayStart(timeZone, today, 1) ?? now };
  const town = listViews(day);
  const ofDepartment =
    filter.view === 'all' && filter.department !== null ? departmentViews(filter.department).all : null;
  const { name, query } = town[filter.view === 'all' ? 'open' : filter.view];
  const { department } = filter;
  const seen = department === null ? departments : [department];
  const end = filter.to === null ? null : dayStart(timeZone, filter.to, 1);
  return {
    name,
    query: limitedQuery(ofDepartment ?? query, {
      ...filter,
      // Nobody widens the departments by the address of the page.
      departments: departments === null ? seen : (seen ?? []).filter(each => departments.includes(each)),
      from: filter.from === null ? null : dayStart(timeZone, filter.from),
      to: end,
    }),
  };
}

interface Choice {
  value: string;
  name: string;
  isChosen: boolean;
}

/** A field of the filter form. */
export interface FilterField {
  name: string;
  label: string;
  /** Null for a day. */
  options: Choice[] | null;
  value: string;
}

/** Returns the fields of the filter form. `departments` are those the reader may see; null for all. */
export function filterFields(
  filter: DeskFilter,
  town: Town,
  departments: readonly string[] | null,
): FilterField[] {
  const choices = (name: keyof DeskFilter, values: readonly (readonly [string, string])[]): Choice[] =>
    values.map(([value, label]) => ({ value, name: label, isChosen: filter[name] === value }));
  const field = (
    name: keyof DeskFilter,
    label: string,
    values: readonly (readonly [string, string])[],
  ): FilterField => ({
    ...{ name, label, value: String(filter[name] ?? '') },
    options: [
      ...(name === 'view' || name === 'order'
        ? []
        : [{ value: '', name: 'Tümü', isChosen: filter[name] === null }]),
      ...choices(name, values),
    ],
  });
  const day = (name: 'from' | 'to', label: string): FilterField => ({
    ...{ name, label, value: filter[name] ?? '' },
    options: null,
  });
  const byName = (all: { slug: string; name: string }[]): (readonly [string, string])[] =>
    all.map(({ slug, name }) => [slug, name] as const).sort(([, a], [, b]) => a.localeCompare(b, 'tr'));
  const own = Object.values(town.departments).filter(({ slug }) => departments?.includes(slug) ?? true);
  return [
    field(
      'view',
      'Liste',
      Object.entries(listViews({ from: 0, to: 0 })).map(([id, { name }]) => [id, name] as const),
    ),
    field('department', 'Müdürlük', byName(own)),
    field('subject', 'Konu', byName(town.categories.map(({ slug, name }) => ({ slug, name: name.tr })))),
    field('neighbourhood', 'Mahalle', byName([...town.neighbourhoods])),
    field(
      'stage',
      'Aşama',
      stages.map(stage => [stage, stageLabels[stage]] as const),
    ),
    field(
      'priority',
      'Öncelik',
      priorities.map(each => [each, each.toUpperCase()] as const),
    ),
    field('kind', 'Tür', Object.entries(kindLabels)),
    day('from', 'Açılış, ilk gün'),
    day('to', 'Açılış, son gün'),
    field('order', 'Sıralama', Object.entries(orders)),
  ];
}

/** Returns the address of a page of the list, with the chosen values only. */
export function filterUrl(base: string, filter: DeskFilter, over: Partial<DeskFilter> = {}): string {
  const chosen = Object.entries({ ...filter, ...over }).filter(
    ([name, value]) =>
      value !== null && !(name === 'page' && value === 1) && !(name === 'order' && value === 'due'),
  );
  return `${base}?${new URLSearchParams(chosen.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}
