import type { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Municipality } from '../config/municipality';
import { type CaseProgress, isWithDepartment } from '../domain/case/case';
import { DAY_MS } from '../domain/durations';
import { notFound } from '../errors';
import type { TaskLinks } from '../mail/task-link';
import type { CaseIntake } from '../store/case-records';
import type { Store } from '../store/store';
import type { TaskLink } from '../store/task-records';
import type { LinkView } from '../store/trail-records';
import type { StaffRight } from './desk/rights';

/** What a task link shows: the full report, only the outcome, or nothing. */
type Sight = 'report' | 'outcome' | 'nothing';

const rank: Readonly<Record<Sight, number>> = { report: 2, outcome: 1, nothing: 0 };

/**
 * The access rule for task links. A link shows the report while its task is the current one and the case is
 * with the department. After the end of the case it shows the outcome for `graceDays`, without the citizen's
 * text, photos and place. When the case moves to another task the link is revoked; only the holder of a form,
 * who saw the task while it was open, still gets the result. All roles of the ladder have the same access.
 */
function sightOf(
  link: TaskLink | null,
  progress: CaseProgress | null,
  { now, graceDays, hasForm }: { now: Date; graceDays: number; hasForm: boolean },
): Sight {
  if (!link || !progress || link.expiresAt <= now) return 'nothing';
  const isCurrent = link.task === progress.task;
  if (isCurrent && (isWithDepartment(progress.stage) || progress.stage === 'objected')) return 'report';
  if (hasForm) return 'outcome';
  const endedAt = progress.endedAt ?? progress.resolvedAt;
  if (!isCurrent || progress.stage === 'received' || endedAt === null) return 'nothing';
  return now.getTime() < endedAt + graceDays * DAY_MS ? 'outcome' : 'nothing';
}

/**
 * Who may use a route: anyone; Meta by shared secret; the holder of a task link with at least this access; or
 * the holder of a link to a department's list, a citizen's status page, a call, a hand-off, the managers' page or a
 * sign-in; or staff who are signed in and have this right.
 */
export type Policy =
  | 'anyone'
  | 'verifyToken'
  | 'signature'
  | 'listLink'
  | 'statusLink'
  | 'callLink'
  | 'handOffLink'
  | 'managerLink'
  | 'signInLink'
  | { readonly link: 'report' | 'outcome' }
  | { readonly staff: StaffRight };

export const routePolicies = {
  'GET /': 'anyone',
  'GET /seffaflik': 'anyone',
  'GET /en/figures': 'anyone',
  'GET /aydinlatma': 'anyone',
  'GET /en/privacy': 'anyone',
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /webhooks/whatsapp': 'verifyToken',
  'POST /webhooks/whatsapp': 'signature',
  'GET /map/:file': 'anyone',
  'GET /t/:token': { link: 'outcome' },
  'POST /t/:token': { link: 'outcome' },
  'GET /t/:token/photos/:id': { link: 'report' },
  'GET /t/:token/cover/:id': { link: 'report' },
  'POST /t/:token/cover/:id': { link: 'report' },
  'GET /t/:token/work/:id': { link: 'outcome' },
  'GET /t/:token/files/:id': { link: 'report' },
  'GET /manager/:token': 'managerLink',
  'GET /manager/:token/istatistik': 'managerLink',
  'GET /manager/:token/istatistik.csv': 'managerLink',
  'GET /manager/:token/istatistik/liste': 'managerLink',
  'GET /desk': { staff: 'figures' },
  'GET /desk/cases': { staff: 'cases' },
  'GET /desk/cases.csv': { staff: 'export' },
  'GET /desk/bulk': { staff: 'bulk' },
  'POST /desk/bulk': { staff: 'bulk' },
  'GET /desk/cases/:number': { staff: 'cases' },
  'POST /desk/cases/:number': { staff: 'note' },
  'GET /desk/cases/:number/photos/:id': { staff: 'words' },
  'GET /desk/cases/:number/work/:id': { staff: 'cases' },
  'GET /desk/cases/:number/files/:id': { staff: 'words' },
  'GET /desk/talks': { staff: 'talk' },
  'GET /desk/talks/:citizen': { staff: 'talk' },
  'POST /desk/talks/:citizen': { staff: 'talk' },
  'GET /desk/erasures': { staff: 'erasures' },
  'POST /desk/erasures': { staff: 'erasures' },
  'GET /desk/erasures/:request': { staff: 'erasures' },
  'POST /desk/erasures/:request': { staff: 'erasures' },
  'GET /desk/absences': { staff: 'absences' },
  'POST /desk/absences': { staff: 'absences' },
  'GET /desk/incidents': { staff: 'incidents' },
  'POST /desk/incidents': { staff: 'incidents' },
  'GET /desk/istatistik': { staff: 'figures' },
  'GET /desk/istatistik.csv': { staff: 'export' },
  'GET /desk/istatistik/liste': { staff: 'figures' },
  'GET /desk/closures': { staff: 'closures' },
  'POST /desk/closures': { staff: 'closures' },
  'GET /desk/holds': { staff: 'erasures' },
  'POST /desk/holds': { staff: 'erasures' },
  'GET /desk/new-report': { staff: 'newReport' },
  'POST /desk/new-report': { staff: 'newReport' },
  'GET /desk/search': { staff: 'cases' },
  'POST /desk/search': { staff: 'cases' },
  'GET /desk/sign-in': 'anyone',
  'POST /desk/sign-in': 'anyone',
  'GET /desk/sign-in/provider': 'anyone',
  'GET /desk/sign-in/callback': 'anyone',
  'GET /desk/signed-out': 'anyone',
  'POST /desk/sign-out': { staff: 'session' },
  'GET /desk/link/:token': 'signInLink',
  'POST /desk/link/:token': 'signInLink',
  'GET /d/:token': 'listLink',
  'GET /d/:token/photos/:id': 'listLink',
  'POST /d/:token': 'listLink',
  'GET /s/:token': 'statusLink',
  'POST /s/:token': 'statusLink',
  'GET /s/:token/photos/:id': 'statusLink',
  'GET /c/:token': 'callLink',
  'POST /c/:token': 'callLink',
  'GET /k/:token': 'handOffLink',
  'POST /k/:token': 'handOffLink',
  'GET /k/:token/photos/:id': 'handOffLink',
  'GET /k/:token/cover/:id': 'handOffLink',
  'POST /k/:token/cover/:id': 'handOffLink',
} as const satisfies Record<string, Policy>;

/** Returns whether the access of a link is sufficient for a route. */
function suffices(sight: Sight, route: keyof typeof routePolicies): boolean {
  const policy: Policy = routePolicies[route];
  return typeof policy === 'object' && 'link' in policy && rank[sight] >= rank[policy.link];
}

/** Returns every route of a router as `METHOD /pattern`. HEAD is treated as GET. */
export function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ methods, path }) =>
    methods.filter(method => method !== 'HEAD').map(method => `${method} ${String(path)}`),
  );
}

const SCANNER =
  /bot\b|crawl|spider|scan|preview|safelinks|proofpoint|mimecast|barracuda|sophos|headless|curl|wget|python|java\/|go-http|node|axios/i;

/**
 * Returns whether a request may come from a mail scanner: a known user agent, a prefetch, or missing browser headers.
 */
export function isUnsureView(ctx: Pick<Context, 'get'>): boolean {
  const agent = ctx.get('User-Agent');
  const isPrefetch = /prefetch|preview/i.test(ctx.get('Sec-Purpose') + ctx.get('Purpose') + ctx.get('X-Moz'));
  const isBrowser = agent.startsWith('Mozilla/') && ctx.get('Accept-Language') !== '';
  return isPrefetch || !isBrowser || SCANNER.test(agent);
}

/** A task link with its case and its current access. */
export interface OpenedTask {
  link: TaskLink;
  intake: CaseIntake;
  progress: CaseProgress;
  sight: Exclude<Sight, 'nothing'>;
}

export interface DoorDeps {
  store: Pick<Store, 'cases' | 'tasks' | 'linkViews'>;
  links: Pick<TaskLinks, 'hashOf' | 'isNonce'>;
  municipality: Municipality;
  now: () => Date;
}

/** Access by task links. All invalid links get the same response, whatever the reason. */
export interface TaskDoor {
  /**
   * Returns the task of a link. A nonce proves that the visitor has a form of its page. Rejects with
   * `not-found`.
   */
  open(token: string, route: keyof typeof routePolicies, nonce?: unknown): Promise<OpenedTask>;
  /** Rejects links that were never valid, before the body is read. */
  requireLink(token: string): Promise<void>;
  /** Records a view, by default of the link's own case. */
  noteView(ctx: Context, task: OpenedTask, what: LinkView['what'], caseNumber?: string): Promise<void>;
}

export function createTaskDoor({ store, links, municipality, now }: DoorDeps): TaskDoor {
  return {
    async open(token, route, nonce = null) {
      const tokenHash = links.hashOf(token);
      const link = tokenHash === null ? null : await store.tasks.link(tokenHash);
      const record = link && (await store.cases.get(link.caseNumber));
      const hasForm = link !== null && typeof nonce === 'string' && links.isNonce(link.tokenHash, nonce);
      const { graceDays } = municipality.taskLinks;
      const sight = sightOf(link, record?.progress ?? null, { now: now(), graceDays, hasForm });
      if (!link || !record?.progress || sight === 'nothing' || !suffices(sight, route)) throw notFound();
      return { link, intake: record.intake, progress: record.progress, sight };
    },

    async requireLink(token) {
      const tokenHash = links.hashOf(token);
      if (tokenHash === null || (await store.tasks.link(tokenHash)) === null) throw notFound();
    },

    async noteView(ctx, { link }, what, caseNumber = link.caseNumber) {
      // HEAD requests show nothing.
      if (ctx.method === 'HEAD') return;
      const { tokenHash, department, recipient } = link;
      const view = { tokenHash, caseNumber, department, recipient, what, at: now() };
      await store.linkViews.add({ ...view, isUnsure: isUnsureView(ctx) });
    },
  };
}
