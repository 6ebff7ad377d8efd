import { Router } from '@koa/router';
import { z } from 'zod';
import type { Municipality } from '../config/municipality';
import { isWithDepartment } from '../domain/case/case';
import { oneLine } from '../domain/plain-text';
import { isCaseNumber } from '../domain/identifiers';
import { AppError, notFound } from '../errors';
import { linkLife, type TaskLinks } from '../mail/task-link';
import { type CaseRecord, type OpenedCase, placeNow } from '../store/case-records';
import type { LinkRecipient, ListLink } from '../store/task-records';
import type { Store } from '../store/store';
import { mapConcurrently } from '../whatsapp/hand-over';
import { plainForm } from './form-body';
import { isUnsureView } from './access';
import { type Holder, listView, readListQuery, type RowDetail } from './list-view';
import { sameSiteOnly } from './limits';
import type { Pages } from './html-pages';
import { personName } from './task/case-history';

export interface ListDeps {
  store: Pick<Store, 'cases' | 'tasks' | 'listLinks' | 'linkViews' | 'hashId' | 'messages' | 'photos'>;
  links: Pick<TaskLinks, 'hashOf' | 'issue' | 'nonceFor' | 'isNonce'>;
  municipality: Municipality;
  publicBaseUrl: string;
  pages: Pick<Pages, 'list' | 'listSheet'>;
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
    const idOf = await holderIds(store);
    const shown = {
      ...{ records: rows, isCut: records.length > MOST_ROWS, own: idOf(recipient.address) },
      holders: await holdersOf({ store, municipality }, rows, idOf),
      detailsOf: (listed: readonly OpenedCase[]) => detailsOf(store, listed),
      isSheet: 'sheet' in ctx.query,
    };
    const view = await listView(municipality, department, shown, readListQuery(ctx.query), at.getTime());
    ctx.body = shown.isSheet
      ? pages.listSheet({ view, recipient: recipient.name })
      : pages.list({
          view,
          nonce: links.nonceFor(tokenHash),
          recipient: recipient.name,
          base: ctx.params['token'] ?? '',
        });
  });

  router.get('/d/:token/photos/:id', async ctx => {
    const { department } = await open(ctx.params['token'] ?? '');
    const photo = await store.photos.shown(ctx.params['id'] ?? '', 'thumbnail');
    const progress = photo && (await store.cases.get(photo.caseNumber))?.progress;
    if (!photo || progress?.plan.desk.slug !== department || !isWithDepartment(progress.stage))
      throw notFound();
    ctx.type = 'image/jpeg';
    ctx.body = photo.jpeg;
  });

  router.post(
    '/d/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      // Check the link before reading the body.
      ctx.state['link'] = await open(ctx.params['token'] ?? '');
      await next();
    },
    plainForm('4kb'),
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

/** Returns the ids of holders by their addresses. An id stays the same and does not tell the address. */
async function holderIds({ hashId }: Pick<Store, 'hashId'>): Promise<(address: string) => string> {
  const idOf = await hashId();
  return address => idOf(`holder:${address.toLowerCase()}`).slice(0, ID_LENGTH);
}

/** Returns who has taken the current task of each case: whoever accepted it, or the colleague who got it last. */
async function holdersOf(
  { store, municipality }: { store: Pick<Store, 'tasks'>; municipality: Municipality },
  records: readonly CaseRecord[],
  idOf: (address: string) => string,
): Promise<Map<string, Holder>> {
  const current = new Map(records.map(({ caseNumber, progress }) => [caseNumber, progress]));
  const holders = new Map<string, Holder>();
  for (const taken of await store.tasks.takersOf([...current.keys()])) {
    const { caseNumber, task, action, actor, colleague } = taken;
    const address = action === 'handOver' ? colleague : actor;
    // A second acceptance is refused, although it is stored.
    const isLate = action === 'accept' && holders.has(caseNumber);
    const progress = current.get(caseNumber);
    if (!address || isLate || !progress || task !== progress.task) continue;
    const name = personName(municipality, progress.plan.desk.slug, address);
    holders.set(caseNumber, { id: idOf(address), name });
  }
  return holders;
}

const WORDS_SHOWN = 140;
const READ_AT_ONCE = 16;

/** Returns the beginning of the text, the first photo and the pin of cases. */
async function detailsOf(
  { messages, photos }: Pick<Store, 'messages' | 'photos'>,
  cases: readonly OpenedCase[],
): Promise<Map<string, RowDetail>> {
  const found = await mapConcurrently(cases, READ_AT_ONCE, async ({ caseNumber, intake, progress }) => {
    const shown = await messages.shown(progress.messageIds);
    const files = await Promise.all(
      shown
        .filter(({ media }) => media !== null)
        .map(async ({ id }) => ({ id, about: await photos.about(id) })),
    );
    const detail: RowDetail = {
      words: oneLine(
        shown.flatMap(({ words, tap }) => (tap === null ? (words ?? []) : [])).join(' '),
        WORDS_SHOWN,
      ),
      photo: files.find(({ about }) => about && !about.flagged)?.id ?? null,
      place: placeNow(intake, shown),
    };
    return [caseNumber, detail] as const;
  });
  return new Map(found);
}

/** Stores a link to the open tasks of a department for one person, and returns its token. */
export async function issueListLink(
  {
    store,
    links,
    municipality,
    now,
  }: Pick<ListDeps, 'municipality' | 'now'> & {
    store: Pick<Store, 'listLinks'>;
    links: Pick<TaskLinks, 'issue'>;
  },
  department: string,
  recipient: LinkRecipient,
): Promise<string> {
  const { token, tokenHash } = links.issue('list');
  await store.listLinks.add({ tokenHash, department, recipient, ...linkLife(municipality, now()) });
  return token;
}
