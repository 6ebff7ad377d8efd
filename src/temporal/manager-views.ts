const open = `WorkflowType = 'reportCase' AND ExecutionStatus = 'Running'`;

/** Planned work and objections have clocks of their own and are counted separately. */
const tasks = `${open} AND CaseStage != 'planned' AND CaseStage != 'objected'`;
const objected = `${open} AND CaseStage = 'objected'`;
const planned = `${open} AND CaseStage = 'planned'`;

/** The managers' views. Each filters by a stored state, because visibility queries have no "now". */
const filters = {
  open: { name: 'Açık kayıtlar', query: open },
  breached: { name: 'Süresi aşılanlar', query: `${tasks} AND SlaState = 'breached'` },
  atRisk: { name: 'Süresi azalanlar', query: `${tasks} AND SlaState = 'atRisk'` },
  paused: { name: 'Bekletilenler', query: `${open} AND SlaState = 'paused'` },
  triage: { name: 'Yönlendirme bekleyenler', query: `${open} AND CaseStage = 'triage'` },
  escalated: { name: 'Üst makama bildirilenler', query: `${open} AND EscalationLevel >= 2` },
  reopened: { name: 'Yeniden açılanlar', query: `${open} AND ReopenCount > 0` },
  objected: { name: 'İtiraz edilenler', query: objected },
  lateDecisions: { name: 'İtiraz kararı gecikenler', query: `${objected} AND SlaState = 'breached'` },
  planned: { name: 'Programdakiler', query: planned },
  overduePlans: { name: 'Program tarihi geçenler', query: `${planned} AND SlaState = 'breached'` },
  toCall: {
    name: 'Telefonla aranacak vatandaşlar',
    query: `WorkflowType = 'citizenCall' AND ExecutionStatus = 'Running'`,
  },
  handOffs: {
    name: 'Kuruma iletilenler',
    query: `WorkflowType = 'handOff' AND ExecutionStatus = 'Running'`,
  },
  unconfirmed: { name: 'Vatandaş onayı bekleyenler', query: `${open} AND CaseStage = 'resolved'` },
  closed: { name: 'Kapananlar', query: `WorkflowType = 'reportCase' AND ExecutionStatus = 'Completed'` },
} as const;

const SLUG = /^[a-z0-9-]+$/;
/** A stage is in camel case. */
const STAGE = /^[A-Za-z0-9-]+$/;

/** Returns a value as a visibility query quotes it. Throws a RangeError if it could be anything but a value. */
function quoted(value: string, allowed = SLUG): string {
  if (!allowed.test(value)) throw new RangeError('A value of a visibility query is invalid');
  return `'${value}'`;
}

export type ViewName = keyof typeof filters | 'dueToday';
export type FigureView = keyof typeof figureViews;

export interface ManagerView {
  name: string;
  /** A visibility query. */
  query: string;
}

/** The local day as a half-open period, epoch ms UTC. */
export interface TownDay {
  from: number;
  to: number;
}

/** Returns the views of the municipality. "Due today" depends on the day. */
export function townViews({ from, to }: TownDay): Readonly<Record<ViewName, ManagerView>> {
  const iso = (at: number): string => new Date(at).toISOString();
  // What is overdue already is counted there.
  const today = `SlaDueAt >= '${iso(from)}' AND SlaDueAt < '${iso(to)}' AND SlaState != 'breached'`;
  return { ...filters, dueToday: { name: 'Bugün süresi dolanlar', query: `${open} AND ${today}` } };
}

const every = `WorkflowType = 'reportCase'`;

/** Lists that only statistics lead to, with the cases that have ended. The managers' page does not count them. */
export const figureViews = {
  received: { name: 'Gelenler, bitenlerle birlikte', query: every },
  answered: { name: 'Sonuçlananlar', query: `${every} AND CaseOutcome IS NOT NULL` },
  everLate: { name: 'Süresi aşılmış olanlar, bitenlerle birlikte', query: `${every} AND SlaBreached = true` },
  everReopened: {
    name: 'Yeniden açılmış olanlar, bitenlerle birlikte',
    query: `${every} AND ReopenCount > 0`,
  },
} as const;

/** Returns the query of the hand-offs that an institution has not ended yet. */
export function institutionQuery(slug: string): string {
  return `${filters.handOffs.query} AND Department = ${quoted(slug)}`;
}

/** Returns the views of one department. `all` contains all its cases. */
export function departmentViews(slug: string): Readonly<Record<DepartmentView, string>> {
  const of = (query: string): string => `${query} AND Department = ${quoted(slug)}`;
  return {
    all: `${of(open)} AND CaseStage != 'resolved'`,
    breached: of(filters.breached.query),
    atRisk: of(filters.atRisk.query),
    paused: of(filters.paused.query),
  };
}

export const listedFigures = ['received', 'answered', 'late', 'reopened', 'open', 'objected'] as const;
export type ListedFigure = (typeof listedFigures)[number];

/**
 * Returns the query of the cases behind a figure: those `open` or `objected` now, and of the others those received in a
 * period (epoch ms UTC). Temporal keeps ended cases for a limited time.
 */
export function figureQuery(
  figure: ListedFigure,
  { from, to }: TownDay,
  scope: { department?: string; subject?: string; neighbourhood?: string },
): string {
  const { department, subject = null, neighbourhood = null } = scope;
  const during = (query: string): string => limitedQuery(query, { departments: null, from, to });
  const { received, answered, everLate, everReopened } = figureViews;
  const queries: Record<ListedFigure, string> = {
    received: during(received.query),
    answered: during(answered.query),
    late: during(everLate.query),
    reopened: during(everReopened.query),
    open,
    objected,
  };
  const departments = department === undefined ? null : [department];
  return limitedQuery(queries[figure], { departments, subject, neighbourhood });
}

export type DepartmentView = 'all' | 'breached' | 'atRisk' | 'paused';

/** What a list of cases is limited to, besides its view: slugs, closed words, and times in epoch ms UTC. */
export interface ListLimits {
  /** The departments that a reader may see; null for all. */
  departments: readonly string[] | null;
  institution?: string | null;
  stage?: string | null;
  subject?: string | null;
  neighbourhood?: string | null;
  priority?: string | null;
  kind?: string | null;
  from?: number | null;
  /** The end, excluded. */
  to?: number | null;
}

/** Returns the visibility query of a view with limits. */
export function limitedQuery(view: string, limits: ListLimits): string {
  const { departments, institution, stage, subject, neighbourhood, priority, kind, from, to } = limits;
  const given = (name: string, value: string | null | undefined, allowed = SLUG): string[] =>
    value === null || value === undefined ? [] : [`${name} = ${quoted(value, allowed)}`];
  const time = (sign: string, at: number | null | undefined): string[] =>
    at === null || at === undefined ? [] : [`StartTime ${sign} '${new Date(at).toISOString()}'`];
  return [
    view,
    ...(departments === null ? [] : [`Department IN (${departments.map(each => quoted(each)).join(', ')})`]),
    ...given('Department', institution),
    ...given('CaseStage', stage, STAGE),
    ...given('Category', subject),
    ...given('Neighbourhood', neighbourhood),
    ...given('CasePriority', priority),
    ...given('CaseKind', kind),
    ...time('>=', from),
    ...time('<', to),
  ].join(' AND ');
}

/**
 * Returns the URL of a filtered list. The Temporal UI stores saved views per browser, so the product provides links.
 */
export function viewUrl(uiBase: string, namespace: string, query: string): string {
  return `${casesUrl(uiBase, namespace)}?query=${encodeURIComponent(query)}`;
}

/** Returns the URL of all workflows of a namespace. The UI's start page shows the `default` namespace. */
export function casesUrl(uiBase: string, namespace: string): string {
  return `${uiBase}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}

/** Returns the URL of the latest run of a case, where its timeline is. */
export function caseUrl(uiBase: string, namespace: string, caseNumber: string): string {
  return `${casesUrl(uiBase, namespace)}/${encodeURIComponent(caseNumber)}`;
}
