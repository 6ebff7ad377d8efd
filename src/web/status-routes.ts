import { Router } from '@koa/router';
import type Koa from 'koa';
import { isStatusOver } from '../domain/case/case-clocks';
import { notFound } from '../errors';
import type { TaskLinks } from '../mail/task-link';
import type { OpenedCase } from '../store/case-records';
import type { Store } from '../store/store';
import { formBody, noUpload, type Upload } from './form-body';
import type { Pages } from './html-pages';
import { sameSiteOnly } from './limits';
import {
  actOnStatus,
  type CitizenAct,
  type Hindrance,
  hindranceOf,
  legalCitizenActs,
  readCitizenForm,
  type StatusActDeps,
} from './status-act';
import type { StatusAttempt } from './status-forms';
import { type StatusDeps, statusView } from './status-view';

export interface StatusRoutesDeps extends StatusDeps, StatusActDeps {
  store: StatusDeps['store'] &
    StatusActDeps['store'] &
    Pick<Store, 'statusLinks' | 'blocks' | 'citizens' | 'ratings'>;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'>;
  pages: Pick<Pages, 'status'>;
  publicBaseUrl: string;
}

const answerStatus: Readonly<Record<Hindrance | 'damaged', number>> = {
  damaged: 400,
  empty: 400,
  tooLong: 400,
  wrongPhoto: 400,
  notPossible: 409,
  tooMany: 409,
  unavailable: 503,
};

interface Opened extends OpenedCase {
  tokenHash: string;
}

/** `/s/:token`: GET shows a citizen the status of a case and changes nothing; POST acts on this case only. */
export function statusRoutes(deps: StatusRoutesDeps): Router {
  const { store, links, pages, publicBaseUrl, now } = deps;
  const router = new Router();

  async function open(token: string): Promise<Opened> {
    const tokenHash = links.hashOf(token, 'status');
    const link = tokenHash === null ? null : await store.statusLinks.get(tokenHash);
    const record = link && (await store.cases.get(link.caseNumber));
    if (!link || !record?.progress || isStatusOver(record.progress, now().getTime())) {
      throw notFound();
    }
    const { caseNumber, intake, progress } = record;
    return { tokenHash: link.tokenHash, caseNumber, intake, progress };
  }

  /** Blocked citizens have no acts, as in the chat. */
  async function legalActs({ caseNumber, progress }: OpenedCase): Promise<CitizenAct[]> {
    const citizen = await store.citizens.get(await store.identities.currentOf(progress.citizenId));
    if (!citizen || (await store.blocks.isBlocked([citizen.id, ...citizen.formerIds], now()))) return [];
    return legalCitizenActs(progress, await store.ratings.of(caseNumber), now().getTime());
  }

  async function page(
    token: string,
    opened: Opened,
    { attempt = null, done = false }: { attempt?: StatusAttempt | null; done?: boolean },
  ): Promise<string> {
    const forms = {
      legal: await legalActs(opened),
      newNonce: () => links.nonceFor(opened.tokenHash),
      attempt,
      done,
    };
    return pages.status({ view: await statusView(deps, opened, now(), forms), base: token });
  }

  router.get('/s/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const opened = await open(token);
    const { done } = ctx.query;
    const sent = typeof done === 'string' ? await store.messages.get(done) : null;
    ctx.body = await page(token, opened, { done: sent?.caseNumber === opened.caseNumber });
  });

  router.post(
    '/s/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      await open(ctx.params['token'] ?? '');
      await next();
    },
    formBody(),
    async ctx => act(ctx, ctx.params['token'] ?? ''),
  );

  async function act(ctx: Koa.Context, token: string): Promise<void> {
    const opened = await open(token);
    const form = readCitizenForm(ctx.request.body);
    const upload = (ctx.state['upload'] as Upload | undefined) ?? noUpload;
    const refuse = async (why: Hindrance | 'damaged'): Promise<void> => {
      ctx.status = answerStatus[why];
      const words = form && 'words' in form ? form.words : '';
      const latest = await open(token);
      ctx.body = await page(token, latest, {
        attempt: {
          act: form?.act ?? null,
          why,
          words,
          nonce: why === 'unavailable' ? form?.nonce : undefined,
        },
      });
    };
    if (!form || !links.isNonce(opened.tokenHash, form.nonce)) return refuse('damaged');
    const sent = await store.messages.get(form.nonce);
    // A form that was already carried out, for example after the back button, is only confirmed.
    if (!sent?.handledAt) {
      const hindrance =
        hindranceOf(form, upload, opened.progress, await legalActs(opened)) ??
        (await actOnStatus(deps, opened, form, upload.files));
      if (hindrance !== null) return refuse(hindrance);
    }
    ctx.status = 303;
    ctx.redirect(`${token}?done=${form.nonce}#top`);
  }

  router.get('/s/:token/photos/:id', async ctx => {
    const { progress } = await open(ctx.params['token'] ?? '');
    const id = ctx.params['id'] ?? '';
    const shown = progress.outcomeActionId ? await store.workPhotos.ofAct(progress.outcomeActionId) : [];
    const size = ctx.query['size'] === 'small' ? 'thumbnail' : 'jpeg';
    const picture = shown.includes(id) ? await store.workPhotos.shown(id, size) : null;
    if (!picture) throw notFound();
    ctx.type = 'image/jpeg';
    ctx.body = picture.jpeg;
  });

  return router;
}
