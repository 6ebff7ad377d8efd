import type { Municipality } from '../../config/municipality';
import { localDate, dayStart } from '../../config/calendars';
import { DAY_MS } from '../../domain/durations';
import type { CaseCounts } from '../../temporal/case-list';
import {
  departmentViews,
  townViews,
  viewUrl,
  type DepartmentView,
  type ViewName,
} from '../../temporal/manager-views';

/** A number that leads to the cases behind it; the number is null while Temporal is away. */
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
  /** Most breached first, then most open. */
  departments: DepartmentRow[];
}

export interface BoardDeps {
  municipality: Municipality;
  counts: CaseCounts;
  /** Where managers open the Temporal UI, and the namespace of the line in it. */
  temporalUi: { url: string; namespace: string };
}

const COUNT_LIMIT_MS = 3_000;

/** The managers' start page at `at`, epoch ms UTC: every ready view with its count. Without Temporal the links remain. */
export async function readBoard({ municipality, counts, temporalUi }: BoardDeps, at: number): Promise<Board> {
  const { timeZone, departments } = municipality;
  const from = dayStart(timeZone, localDate(timeZone, at)) ?? at;
  const to = dayStart(timeZone, localDate(timeZone, at), 1) ?? at + DAY_MS;
  const town = Object.entries(townViews({ from, to }));
  const desks = Object.values(departments).map(({ slug, name }) => ({
    name,
    views: Object.entries(departmentViews(slug)),
  }));
  const queries = [
    ...town.map(([, { query }]) => query),
    ...desks.flatMap(({ views }) => views.map(([, query]) => query)),
  ];
  const found = await counts.of(queries, COUNT_LIMIT_MS).catch(() => null);
  let place = 0;
  const counted = (name: string, query: string): Counted => ({
    name,
    count: found?.[place++] ?? null,
    url: viewUrl(temporalUi.url, temporalUi.namespace, query),
  });
  const views = Object.fromEntries(town.map(([id, { name, query }]) => [id, counted(name, query)]));
  const lines = desks.map(desk => ({
    name: desk.name,
    views: Object.fromEntries(desk.views.map(([id, query]) => [id, counted(id, query)])),
  }));
  return {
    at,
    isAway: found === null,
    views: views as Board['views'],
    departments: (lines as DepartmentRow[]).sort(byUrgency),
  };
}

function byUrgency(a: DepartmentRow, b: DepartmentRow): number {
  const by = (view: DepartmentView): number => (b.views[view].count ?? 0) - (a.views[view].count ?? 0);
  return by('breached') || by('atRisk') || by('all');
}
