import { Router } from '@koa/router';
import { AppError } from '../errors';
import type { TaskLinks } from '../mail/task-link';
import type { CaseIntake } from '../store/case-records';
import type { CaseProgress } from '../domain/case/case';
import type { Store } from '../store/store';
import { isStatusOver } from './access';
import { statusView, type StatusDeps } from './status-view';
import type { Pages } from './html-pages';

export interface StatusRoutesDeps extends StatusDeps {
  store: StatusDeps['store'] & Pick<Store, 'statusLinks'>;
  links: Pick<TaskLinks, 'hashOf'>;
  pages: Pick<Pages, 'status'>;
  now: () => Date;
}

/** `/s/:token`: where a report stands, for the citizen who holds its link; nothing can be done there. */
export function statusRoutes(deps: StatusRoutesDeps): Router {
  const { store, links, pages, now } = deps;
  const router = new Router();

  async function open(token: string): Promise<{ intake: CaseIntake; progress: CaseProgress }> {
    const tokenHash = links.hashOf(token, 'status');
    const link = tokenHash === null ? null : await store.statusLinks.get(tokenHash);
    const record = link && (await store.cases.get(link.caseNumber));
    if (!record?.progress || isStatusOver(record.progress, now())) {
      throw new AppError('not-found', { status: 404 });
    }
    return { intake: record.intake, progress: record.progress };
  }

  router.get('/s/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const view = await statusView(deps, await open(token), now());
    ctx.body = pages.status({ view, photoBase: `${token}/photos/` });
  });

  router.get('/s/:token/photos/:id', async ctx => {
    const { progress } = await open(ctx.params['token'] ?? '');
    const id = ctx.params['id'] ?? '';
    const shown = progress.outcomeActionId ? await store.workPhotos.ofAct(progress.outcomeActionId) : [];
    const size = ctx.query['size'] === 'small' ? 'thumbnail' : 'jpeg';
    const picture = shown.includes(id) ? await store.workPhotos.picture(id, size) : null;
    if (!picture) throw new AppError('not-found', { status: 404 });
    ctx.type = 'image/jpeg';
    ctx.body = picture.jpeg;
  });

  return router;
}
