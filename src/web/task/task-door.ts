import type { Context } from 'koa';
import type { Municipality } from '../../config/municipality';
import { AppError } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { CaseIntake } from '../../store/case-records';
import type { CaseProgress } from '../../domain/case/case';
import type { LinkView } from '../../store/link-records';
import type { Store } from '../../store/store';
import type { TaskLink } from '../../store/task-records';
import { isUnsureView, type routePolicies, type Sight, sightOf, suffices } from '../access';

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
  /** Records a view. */
  noteView(ctx: Context, task: OpenedTask, what: LinkView['what']): Promise<void>;
}

const missing = (): AppError => new AppError('not-found', { status: 404 });

export function createTaskDoor({ store, links, municipality, now }: DoorDeps): TaskDoor {
  return {
    async open(token, route, nonce = null) {
      const tokenHash = links.hashOf(token);
      const link = tokenHash === null ? null : await store.tasks.link(tokenHash);
      const record = link && (await store.cases.get(link.caseNumber));
      const hasForm = link !== null && typeof nonce === 'string' && links.isNonce(link.tokenHash, nonce);
      const { graceDays } = municipality.taskLinks;
      const sight = sightOf(link, record?.progress ?? null, { now: now(), graceDays, hasForm });
      if (!link || !record?.progress || sight === 'nothing' || !suffices(sight, route)) throw missing();
      return { link, intake: record.intake, progress: record.progress, sight };
    },

    async requireLink(token) {
      const tokenHash = links.hashOf(token);
      if (tokenHash === null || (await store.tasks.link(tokenHash)) === null) throw missing();
    },

    async noteView(ctx, { link }, what) {
      // HEAD requests show nothing.
      if (ctx.method === 'HEAD') return;
      const { tokenHash, caseNumber, department, recipient } = link;
      const view = { tokenHash, caseNumber, department, recipient, what, at: now() };
      await store.linkViews.add({ ...view, isUnsure: isUnsureView(ctx) });
    },
  };
}
