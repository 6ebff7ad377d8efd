import { bodyParser } from '@koa/bodyparser';
import { Router } from '@koa/router';
import { z } from 'zod';
import type { Municipality } from '../config/municipality';
import { isWithDepartment } from '../domain/case/case';
import { isCaseNumber } from '../domain/identifiers';
import { AppError, notFound } from '../errors';
import { linkLife, type TaskLinks } from '../mail/task-link';
import type { CaseRecord } from '../store/case-records';
import type { ListLink } from '../store/task-records';
import type { Store } from '../store/store';
import { isUnsureView } from './access';
import { type Holder, listView, readListQuery } from './list-view';
import { sameSiteOnly } from './limits';
import type { Pages } from './html-pages';

export interface ListDeps {
  store: Pick<Store, 'cases' | 'tasks' | 'listLinks' | 'linkViews' | 'hashId'>;
  links: Pick<TaskLinks, 'hashOf' | 'issue' | 'nonceFor' | 'isNonce'>;
  municipality: Municipality;
  publicBaseUrl: string;
  pages: Pick<Pages, 'list'>;
  now: () => Date;
}

/** More rows than a department can handle in a day, and few enough for a fast page. */
const MOST_ROWS = 500;

const ID_LENGTH = 16;

const chosen = z.strictObject({ nonce: z.string().max(100), caseNumber: z.string().refine(isCaseNumber) });
/**
 * `/d/:token`: the open tasks of a department, read-only, for the recipient of the digest. Only hashes of
 * task links are stored, so opening a row issues a new link.
 */
export function listRoutes({ store, links, municipality, publicBaseUrl, pages, now }: ListDeps): Router {
  const router = new Router();

  async function open(token: string): Promise<ListLink> {
    const tokenHash = links.hashOf(token, 'list');
    const link = tokenHash === null ? null : await store.listLinks.get(tokenHash);
    if (!link || link.expiresAt <= now()) throw notFound();
    return link;
  }

  router.get('/d/:token', async ctx => {
    const link = await open(ctx.params['token'] ?? '');
    const { tokenHash, department, recipient } = link;
    const at = now();
    if (ctx.method !== 'HEAD') {
      const view = { tokenHash, caseNumber: null, department, recipient, what: 'list' as const, at };
      await store.linkViews.add({ ...view, isUnsure: isUnsureView(ctx) });
    }
    const records = await store.cases.openAt(department, MOST_ROWS + 1);
    const rows = records.slice(0, MOST_ROWS);
    const shown = { records: rows, isCut: records.length > MOST_ROWS, holders: await holdersOf(store, rows) };
    const query = readListQuery(ctx.query);
    const view = listView(municipality, department, shown, query, at.getTime());
    ctx.body = pages.list({ view, nonce: links.nonceFor(tokenHash), recipient: recipient.name });
  });

  router.post(
    '/d/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      // Check the link before reading the body.
      ctx.state['link'] = await open(ctx.params['token'] ?? '');
      await next();
    },
    bodyParser({ enableTypes: ['form'], formLimit: '4kb', encoding: 'utf8' }),
    async ctx => {
      const { tokenHash, department, recipient } = ctx.state['link'] as ListLink;
      const picked = chosen.safeParse(ctx.request.body);
      if (!picked.success || !links.isNonce(tokenHash, picked.data.nonce)) {
        throw new AppError('bad-request', { status: 400 });
      }
      const { caseNumber } = picked.data;
      const progress = (await store.cases.get(caseNumber))?.progress;
      const isOpenHere =
        progress?.plan.desk.slug === department && !progress.institution && isWithDepartment(progress.stage);
      if (!isOpenHere) throw notFound();
      const issued = links.issue('task');
      await store.tasks.addLink({
        tokenHash: issued.tokenHash,
        caseNumber,
        task: progress.task,
        department,
        role: 'department',
        recipient,
        ...linkLife(municipality, now()),
      });
      ctx.status = 303;
      ctx.redirect(`../t/${issued.token}`);
    },
  );

  return router;
}

/** Returns who has taken the current task of each case: whoever accepted it, or the colleague who got it last. */
async function holdersOf(
  { tasks, hashId }: Pick<Store, 'tasks' | 'hashId'>,
  records: readonly CaseRecord[],
): Promise<Map<string, Holder>> {
  const current = new Map(records.map(({ caseNumber, progress }) => [caseNumber, progress?.task]));
  const holders = new Map<string, Holder>();
  const idOf = await hashId();
  for (const { caseNumber, task, action, actor, colleague } of await tasks.takersOf([...current.keys()])) {
    const address = action === 'handOver' ? colleague : actor;
    // A second acceptance is refused, although it is stored.
    const isLate = action === 'accept' && holders.has(caseNumber);
    if (!address || isLate || task !== current.get(caseNumber)) continue;
    holders.set(caseNumber, { id: idOf(`holder:${address.toLowerCase()}`).slice(0, ID_LENGTH), address });
  }
  return holders;
}
