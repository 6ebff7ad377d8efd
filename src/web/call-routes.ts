import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { TRIAGE } from '../config/schemas/town';
import { callResults, type CallResult, isCallOpen } from '../domain/case/citizen-call';
import { plainText } from '../domain/plain-text';
import { AppError, notFound } from '../errors';
import type { TaskLinks } from '../mail/task-link';
import type { OpenedCase } from '../store/case-records';
import type { Store } from '../store/store';
import type { CallLink } from '../store/task-records';
import type { CaseGateway } from '../temporal/case-gateway';
import { plainForm } from './form-body';
import { isUnsureView } from './access';
import {
  type CallForm,
  type CallView,
  callView,
  type CallViewDeps,
  seenOf,
  untoldTexts,
  wishView,
} from './call-view';
import type { Pages } from './html-pages';
import { sameSiteOnly } from './limits';
import type { Notice } from './task/act-notices';

export interface CallRoutesDeps extends CallViewDeps {
  store: CallViewDeps['store'] & Pick<Store, 'callLinks' | 'tasks' | 'linkViews' | 'trail'>;
  gateway: Pick<CaseGateway, 'reportCall'>;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'>;
  pages: Pick<Pages, 'call'>;
  publicBaseUrl: string;
  now: () => Date;
}

const LONGEST_WORDS = 1_000;

const formSchema = z.strictObject({
  nonce: z.string().max(100),
  seen: z.string().max(2_000),
  result: z.enum(callResults).optional(),
  words: z.string().max(20_000).transform(plainText),
});

const doneTexts: Readonly<Record<CallResult, Omit<Notice, 'tone'>>> = {
  reached: { title: 'Teşekkür ederiz', text: 'Metin vatandaşa okunmuş sayıldı ve kayda not edildi.' },
  notReached: {
    title: 'Kaydedildi',
    text: 'Vatandaşa ulaşılamadığı not edildi. Deneme hakkı kaldıysa bir süre sonra yeniden aramanız istenir; bu sayfadan dilediğiniz zaman yine arayabilirsiniz.',
  },
  wrongNumber: {
    title: 'Kaydedildi',
    text: 'Numaranın başkasına ait olduğu not edildi. Bu numara yeniden aranmaz; vatandaş yeniden yazana kadar bu numaraya mesaj da gönderilmez.',
  },
};

const notices = {
  damaged: { tone: 'alarm', title: 'Form okunamadı', text: 'Lütfen sayfayı yeniden açıp tekrar deneyiniz.' },
  wrong: { tone: 'alarm', title: 'Eksik veya hatalı alan var', text: 'Lütfen aşağıdaki alanı düzeltiniz.' },
  more: {
    tone: 'alarm',
    title: 'Sonuç kaydedilmedi: okunacak metin değişti',
    text: 'Siz bu sayfayı açtıktan sonra okunacak metinler değişti. Lütfen aşağıdaki metnin tamamını okuyup sonucu yeniden gönderiniz.',
  },
  ended: {
    tone: 'alarm',
    title: 'Sonuç kaydedilmedi',
    text: 'Bu arama sona ermiş; yapmanız gereken bir işlem yoktur.',
  },
  away: {
    tone: 'alarm',
    title: 'Sonuç henüz kaydedilemedi',
    text: 'Bir aksaklık var; kendiliğinden giderilecek. Lütfen bir saat sonra aynı formu yeniden gönderiniz; yazdıklarınız bu sayfada duruyor.',
  },
  pending: {
    tone: 'alarm',
    title: 'Sonuç henüz kaydedilemedi',
    text: 'Lütfen bir dakika sonra aynı formu yeniden gönderiniz; yazdıklarınız duruyor.',
  },
} as const satisfies Record<string, Notice>;

interface OpenedCall extends OpenedCase {
  link: CallLink;
}

type Sent = z.infer<typeof formSchema> & { result: CallResult };

/**
 * `/c/:token`: GET shows the desk whom to phone and what to read out, POST reports the result. The page of a citizen who
 * wants to speak to somebody has no form.
 */
export function callRoutes(deps: CallRoutesDeps): Router {
  const { store, gateway, links, pages, municipality, publicBaseUrl, now } = deps;
  const router = new Router();

  async function linkOf(token: string): Promise<CallLink> {
    const tokenHash = links.hashOf(token, 'call');
    const link = tokenHash === null ? null : await store.callLinks.get(tokenHash);
    if (!link || link.expiresAt <= now()) throw notFound();
    return link;
  }

  async function caseOf(link: CallLink): Promise<OpenedCall> {
    const record = link.caseNumber === null ? null : await store.cases.get(link.caseNumber);
    if (!record?.progress) throw notFound();
    const { caseNumber, intake, progress } = record;
    return { link, caseNumber, intake, progress };
  }

  const open = async (token: string): Promise<OpenedCall> => caseOf(await linkOf(token));

  /** Records an opening of the page, and in the audit trail that it showed a number. */
  async function noteView(ctx: Koa.Context, link: CallLink, citizenId: string | null): Promise<void> {
    if (ctx.method === 'HEAD') return;
    const { tokenHash, caseNumber, recipient } = link;
    const at = now();
    const department = link.wish ? TRIAGE : municipality.sla.calls.desk;
    const view = { tokenHash, caseNumber, department, recipient, at };
    await store.linkViews.add({ ...view, what: 'call', isUnsure: isUnsureView(ctx) });
    if (citizenId === null) return;
    const about = { citizenId: caseNumber === null ? citizenId : null, caseNumber };
    await store.trail.add({ at, actor: recipient.address, reason: '', what: 'numberShown', ...about });
  }

  async function viewOf(
    opened: OpenedCall,
    notice: Notice | null,
    typed: Partial<CallForm> = {},
    isDone = false,
  ): Promise<CallView> {
    const nonce = links.nonceFor(opened.link.tokenHash);
    const form = { nonce, result: null, words: '', errors: {}, ...typed };
    return callView(deps, opened, { form, notice, isDone });
  }

  router.get('/c/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const link = await linkOf(token);
    if (link.wish) {
      const view = await wishView(deps, link.wish);
      if (!view) throw notFound();
      await noteView(ctx, link, link.wish.citizenId);
      ctx.body = pages.call({ view, base: token });
      return;
    }
    const opened = await caseOf(link);
    const { caseNumber } = opened;
    const { done } = ctx.query;
    const action = typeof done === 'string' ? await store.tasks.action(done) : null;
    const result = callResults.find(each => action?.caseNumber === caseNumber && each === action.action);
    // The case may not have recorded the result yet.
    const isDone = result !== undefined && result !== 'notReached';
    const view = await viewOf(opened, result ? { tone: 'good', ...doneTexts[result] } : null, {}, isDone);
    await noteView(ctx, link, view.task && opened.intake.citizenId);
    ctx.body = pages.call({ view, base: token });
  });

  router.post(
    '/c/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      // Check the link before reading the body.
      await open(ctx.params['token'] ?? '');
      await next();
    },
    plainForm('64kb'),
    async ctx => act(ctx, ctx.params['token'] ?? ''),
  );

  async function act(ctx: Koa.Context, token: string): Promise<void> {
    const opened = await open(token);
    const refuse = async (status: number, notice: Notice, typed: Partial<CallForm> = {}): Promise<void> => {
      ctx.status = status;
      ctx.body = pages.call({ view: await viewOf(opened, notice, typed), base: token });
    };
    const read = formSchema.safeParse(ctx.request.body);
    if (!read.success || !links.isNonce(opened.link.tokenHash, read.data.nonce)) {
      return refuse(400, notices.damaged);
    }
    const { nonce, result = null, words } = read.data;
    const errors = {
      ...(result === null && { result: 'Lütfen aramanın sonucunu seçiniz.' }),
      ...([...words].length > LONGEST_WORDS && { words: `En çok ${LONGEST_WORDS} karakter yazabilirsiniz.` }),
    };
    if (result === null || 'words' in errors) return refuse(400, notices.wrong, { result, words, errors });
    const form = { ...read.data, result };
    const end = await report(opened, form);
    if (end === 'done') {
      ctx.status = 303;
      ctx.redirect(`${token}?done=${nonce}#top`);
      return;
    }
    // The same form may be sent again until its result is known.
    const isLater = end === 'pending' || end === 'away';
    await refuse(isLater ? 503 : 409, notices[end], { result, words, ...(isLater && { nonce }) });
  }

  /** Stores the report first, then passes it to the call. A form that is sent again has no second effect. */
  async function report(
    opened: OpenedCall,
    { nonce, seen, result, words }: Sent,
  ): Promise<'done' | 'more' | 'ended' | 'away' | 'pending'> {
    const { caseNumber, progress, link } = opened;
    const isKnown = async (): Promise<boolean> => {
      const revision = (await store.cases.get(caseNumber))?.progress?.revision ?? progress.revision;
      const facts = await store.cases.facts(caseNumber, revision);
      return facts.some(fact => fact.type === 'called' && fact.actionId === nonce);
    };
    if (await isKnown()) return 'done';
    const texts = await untoldTexts(deps, opened);
    if (texts.length === 0) return 'ended';
    if (result === 'reached' && seen !== seenOf(texts)) return 'more';
    await store.tasks.addAction({
      ...{ actionId: nonce, caseNumber, task: progress.task, action: result, reason: null, department: null },
      words: words === '' ? null : words,
      role: 'department',
      actor: link.recipient.address,
      at: now(),
    });
    const told = result === 'reached' ? texts.map(({ effect }) => effect) : [];
    try {
      const said = words !== '' && ({ said: true } as const);
      await gateway.reportCall(caseNumber, { actionId: nonce, result, told, ...said });
      return 'done';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'act-refused') {
        if (await isKnown()) return 'done';
        // The record waits, but no workflow: Temporal has lost it, and the next comparison continues it.
        const { call } = (await store.cases.get(caseNumber))?.progress ?? progress;
        return error.reason === 'taskEnded' && call && isCallOpen(call.step) ? 'away' : 'ended';
      }
      if (error.code === 'act-pending' || error.code === 'temporal-unavailable') return 'pending';
      throw error;
    }
  }

  return router;
}
