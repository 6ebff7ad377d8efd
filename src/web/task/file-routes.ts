import { Router } from '@koa/router';
import type { Store } from '../../store/store';
import type { TaskDoor } from '../access';
import { type FileStore, sendFile, sendPhoto, sendWorkPhoto } from '../case-files';
import { isJoinable } from './join-fields';

interface FileDeps {
  store: FileStore & Pick<Store, 'cases'>;
  door: Pick<TaskDoor, 'open' | 'noteView'>;
}

/** Serves the files of a case's messages and the photos of the work to readers with access to the page. */
export function fileRoutes({ store, door }: FileDeps): Router {
  const router = new Router();

  router.get('/t/:token/photos/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/photos/:id');
    // The page shows thumbnails of cases that this one may be joined to.
    const isSmall = await sendPhoto(
      ctx,
      store,
      async (caseNumber, small) =>
        caseNumber === task.link.caseNumber || (small && isJoinable(task, await store.cases.get(caseNumber))),
    );
    // Thumbnails are part of the page, whose view has been recorded.
    if (!isSmall) await door.noteView(ctx, task, 'photo');
  });

  router.get('/t/:token/work/:id', async ctx => {
    const { link } = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/work/:id');
    await sendWorkPhoto(ctx, store, link.caseNumber);
  });

  router.get('/t/:token/files/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/files/:id');
    const isStart = await sendFile(ctx, store, task.link.caseNumber);
    if (isStart) await door.noteView(ctx, task, 'file');
  });

  return router;
}
