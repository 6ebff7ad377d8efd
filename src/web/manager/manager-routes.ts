import { Router } from '@koa/router';
import { AppError } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { Store } from '../../store/store';
import { readBoard, type BoardDeps } from './manager-board';
import type { ManagerPages } from './manager-page';

export interface ManagerDeps extends BoardDeps {
  store: Pick<Store, 'managerLinks'>;
  links: Pick<TaskLinks, 'hashOf'>;
  managerPages: ManagerPages;
  now: () => Date;
}

/** `/manager/:token`: the managers' start page, which only shows. Every link that opens nothing gets the same answer. */
export function managerRoutes({ store, links, managerPages, now, ...board }: ManagerDeps): Router {
  return new Router().get('/manager/:token', async ctx => {
    const tokenHash = links.hashOf(ctx.params['token'] ?? '', 'manager');
    const link = tokenHash === null ? null : await store.managerLinks.get(tokenHash);
    if (!link || link.expiresAt <= now()) throw new AppError('not-found', { status: 404 });
    ctx.body = managerPages.board(await readBoard(board, now().getTime()), link.expiresAt);
  });
}
