import type { Municipality } from '../../config/municipality';
import { localDate, dayStart } from '../../config/calendars';
import { DAY_MS } from '../../domain/durations';
import type { CaseCounts } from '../../temporal/case-list';
import {
  departmentViews,
  institutionQuery,
  townViews,
  viewUrl,
  type DepartmentView,
  type ViewName,
} from '../../temporal/manager-views';

/** A count that links to its cases. Null while Temporal is unavailable. */
export interface Counted {
  name: string;
  count: number | null;
  url: string;
}

export interface DepartmentRow {
  name: string;
  views: Readonly<Record<DepartmentView, Counted>>;
}

export interface Board {
  at: number;
  isAway: boolean;
  views: Readonly<Record<ViewName, Counted>>;
  /** Sorted by breached cases, then by open cases. */
  departments: DepartmentRow[];
  /** The hand-offs that each institution has not ended yet. */
  institutions: Counted[];
}

/** A list behind a number. */
export interface ListKey {
  view: ViewName | DepartmentView;
  department?: string;
  institution?: string;
}

export interface BoardDeps {
  municipality: Municipality;
  counts: Pick<CaseCounts, 'of'>;
  /** The Temporal UI for managers and the line's namespace. */
  temporalUi: { url: string; namespace: string };
}

const COUNT_LIMIT_MS = 3_000;

/**
 * Returns the managers' start page at `at` (epoch ms UTC): every view with its count. Without Temporal, only
 * the links: to the Temporal UI, or where `linkTo` says.
 */
export async function readBoard(
  { municipality, counts, temporalUi }: BoardDeps,
  at: number,
  linkTo?: (key: ListKey) => string,
): Promise<Board> {
  const { timeZone, departments, institutions } = municipality;
  const from = dayStart(timeZone, localDate(timeZone, at)) ?? at;
  const to = dayStart(timeZone, localDate(timeZone, at), 1) ?? at + DAY_MS;
  const town = Object.entries(townViews({ from, to }));
  const desks = Object.values(departments).map(({ slug, name }) => ({
    slug,
    name,
    views: Object.entries(departmentViews(slug)),
  }));
  const outside = Object.values(institutions).map(({ slug, name }) => ({
    slug,
    name: name.tr,
    query: institutionQuery(slug),
  }));
  const queries = [
    ...town.map(([, { query }]) => query),
    ...desks.flatMap(({ views }) => views.map(([, query]) => query)),
    ...outside.map(({ query }) => query),
  ];
  const found = await counts.of(queries, COUNT_LIMIT_MS).catch(() => null);
  let place = 0;
  const counted = (name: string, query: string, key: ListKey): Counted => ({
    name,
    count: found?.[place++] ?? null,
    url: linkTo?.(key) ?? viewUrl(temporalUi.url, temporalUi.namespace, query),
  });
  const views = Object.fromEntries(
    town.map(([id, { name, query }]) => [id, counted(name, query, { view: id as ViewName })]),
  );
  const lines = desks.map(desk => ({
    name: desk.name,
    views: Object.fromEntries(
      desk.views.map(([id, query]) => [
        id,
        counted(id, query, { view: id as DepartmentView, department: desk.slug }),
      ]),
    ),
  }));
  return {
    at,
    isAway: found === null,
    views: views as Board['views'],
    departments: (lines as DepartmentRow[]).sort(byUrgency),
    institutions: outside.map(({ slug, name, query }) =>
      counted(name, query, { view: 'handOffs', institution: slug }),
    ),
  };
}

function byUrgency(a: DepartmentRow, b: DepartmentRow): number {
  const by = (view: DepartmentView): number => (b.views[view].count ?? 0) - (a.views[view].count ?? 0);
  return by('breached') || by('atRisk') || by('all');
}
