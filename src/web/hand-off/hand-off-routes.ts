import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { TRIAGE } from '../../config/schemas/town';
import {
  deskReports,
  type HandOffAnswer,
  handOffAnswers,
  institutionAnswers,
} from '../../domain/case/hand-off';
import { plainText } from '../../domain/plain-text';
import { AppError, notFound } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { Store } from '../../store/store';
import type { LinkView } from '../../store/trail-records';
import type { CaseGateway } from '../../temporal/case-gateway';
import { plainForm } from '../form-body';
import { isUnsureView } from '../access';
import type { Pages } from '../html-pages';
import { sameSiteOnly } from '../limits';
import type { Notice } from '../task/act-notices';
import {
  awaitedBy,
  handOffView,
  type HandOffViewDeps,
  type OpenedHandOff,
  openHandOff,
  type TypedForm,
} from './hand-off-view';

export interface HandOffRoutesDeps extends HandOffViewDeps {
  store: HandOffViewDeps['store'] & Pick<Store, 'handOffLinks' | 'linkViews' | 'photos'>;
  gateway: Pick<CaseGateway, 'reportHandOff'>;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'>;
  pages: Pick<Pages, 'handOff'>;
  publicBaseUrl: string;
  now: () => Date;
}

const LONGEST_WORDS = 2_000;

const formSchema = z.strictObject({
  nonce: z.string().max(100),
  answer: z.enum([...institutionAnswers, ...deskReports]).optional(),
  words: z.string().max(20_000).transform(plainText),
});

/** Reports that mean nothing without words. */
const needWords: readonly HandOffAnswer[] = ['done', 'notOurs', 'question', 'reply'];

const notices = {
  done: { tone: 'good', title: 'Teşekkür ederiz', text: 'Yanıtınız kaydedildi.' },
  damaged: { tone: 'alarm', title: 'Form okunamadı', text: 'Lütfen sayfayı yeniden açıp tekrar deneyiniz.' },
  wrong: { tone: 'alarm', title: 'Eksik veya hatalı alan var', text: 'Lütfen aşağıdaki alanı düzeltiniz.' },
  moved: {
    tone: 'alarm',
    title: 'Yanıtınız kaydedilmedi',
    text: 'Bu iletimin durumu siz sayfayı açtıktan sonra değişti. Lütfen güncel durumu aşağıdan kontrol ediniz.',
  },
  away: {
    tone: 'alarm',
    title: 'Yanıtınız henüz kaydedilemedi',
    text: 'Bir aksaklık var; kendiliğinden giderilecek. Lütfen bir saat sonra aynı formu yeniden gönderiniz; yazdıklarınız bu sayfada duruyor.',
  },
  pending: {
    tone: 'alarm',
    title: 'Yanıtınız henüz kaydedilemedi',
    text: 'Lütfen bir dakika sonra aynı formu yeniden gönderiniz; yazdıklarınız duruyor.',
  },
} as const satisfies Record<string, Notice>;

/**
 * `/k/:token`: GET shows a hand-off to the institution or to our desk, POST reports an answer. Photos are served while
 * the hand-off is open.
 */
export function handOffRoutes(deps: HandOffRoutesDeps): Router {
  const { store, gateway, links, pages, publicBaseUrl, now } = deps;
  const router = new Router();

  const open = (token: string): Promise<OpenedHandOff> => openHandOff(deps, token);

  async function noteView(ctx: Koa.Context, { link }: OpenedHandOff, what: LinkView['what']): Promise<void> {
    if (ctx.method === 'HEAD') return;
    const { tokenHash, caseNumber, recipient, side, institution } = link;
    const department = side === 'desk' ? TRIAGE : institution;
    const view = { tokenHash, caseNumber, department, recipient, what, at: now() };
    await store.linkViews.add({ ...view, isUnsure: isUnsureView(ctx) });
  }

  async function page(
    token: string,
    opened: OpenedHandOff,
    notice: Notice | null,
    typed: Partial<TypedForm> = {},
  ): Promise<string> {
    const nonce = links.nonceFor(opened.link.tokenHash);
    const form = { nonce, answer: null, words: '', errors: {}, ...typed };
    return pages.handOff({ view: await handOffView(deps, opened, { form, notice }), base: token });
  }

  router.get('/k/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const opened = await open(token);
    await noteView(ctx, opened, 'handOff');
    const { done } = ctx.query;
    const action = typeof done === 'string' ? await store.tasks.action(done) : null;
    const isDone = action?.caseNumber === opened.caseNumber;
    ctx.body = await page(token, opened, isDone ? notices.done : null);
  });

  router.get('/k/:token/photos/:id', async ctx => {
    const opened = await open(ctx.params['token'] ?? '');
    if (awaitedBy(opened) === null) throw notFound();
    const id = ctx.params['id'] ?? '';
    const small = ctx.query['size'] === 'small';
    const photo = await store.photos.shown(id, small ? 'thumbnail' : 'jpeg');
    if (photo?.caseNumber !== opened.caseNumber) throw notFound();
    if (!small) await noteView(ctx, opened, 'photo');
    ctx.type = 'image/jpeg';
    ctx.body = photo.jpeg;
  });

  router.post(
    '/k/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      // Check the link before reading the body.
      await open(ctx.params['token'] ?? '');
      await next();
    },
    plainForm('128kb'),
    async ctx => act(ctx, ctx.params['token'] ?? ''),
  );

  async function act(ctx: Koa.Context, token: string): Promise<void> {
    const opened = await open(token);
    const refuse = async (status: number, notice: Notice, typed: Partial<TypedForm> = {}): Promise<void> => {
      ctx.status = status;
      ctx.body = await page(token, await open(token), notice, typed);
    };
    const read = formSchema.safeParse(ctx.request.body);
    if (!read.success || !links.isNonce(opened.link.tokenHash, read.data.nonce)) {
      return refuse(400, notices.damaged);
    }
    const { nonce, answer = null, words } = read.data;
    const errors = {
      ...(answer === null && { answer: 'Lütfen birini seçiniz.' }),
      ...(answer !== null &&
        needWords.includes(answer) &&
        words.trim() === '' && { words: 'Lütfen açıklamanızı yazınız.' }),
      ...([...words].length > LONGEST_WORDS && { words: `En çok ${LONGEST_WORDS} karakter yazabilirsiniz.` }),
    };
    if (answer === null || 'words' in errors) return refuse(400, notices.wrong, { answer, words, errors });
    const end = await report(opened, { nonce, answer, words });
    if (end === 'done') {
      ctx.status = 303;
      ctx.redirect(`${token}?done=${nonce}#top`);
      return;
    }
    // The same form may be sent again until its result is known.
    const again = end === 'moved' ? {} : { nonce };
    await refuse(end === 'moved' ? 409 : 503, notices[end], { answer, words, ...again });
  }

  /** Stores the report first, then passes it on. A form that is sent again has no second effect. */
  async function report(
    opened: OpenedHandOff,
    { nonce, answer, words }: { nonce: string; answer: HandOffAnswer; words: string },
  ): Promise<'done' | 'moved' | 'away' | 'pending'> {
    const { caseNumber, progress, link } = opened;
    const isAwaited = async (): Promise<boolean> => {
      const current = (await store.cases.get(caseNumber))?.progress ?? progress;
      return handOffAnswers(awaitedBy({ ...opened, progress: current }), link.side).includes(answer);
    };
    const isKnown = async (): Promise<boolean> => {
      const revision = (await store.cases.get(caseNumber))?.progress?.revision ?? progress.revision;
      const facts = await store.cases.facts(caseNumber, revision);
      return facts.some(fact => fact.type === 'handOff' && fact.actionId === nonce);
    };
    if (await isKnown()) return 'done';
    if (!handOffAnswers(awaitedBy(opened), link.side).includes(answer)) return 'moved';
    await store.tasks.addAction({
      ...{ actionId: nonce, caseNumber, task: progress.task, action: answer, reason: null, department: null },
      words: words.trim() === '' ? null : words,
      institution: link.institution,
      role: link.side === 'desk' ? 'department' : 'institution',
      actor: link.recipient.address,
      at: now(),
    });
    try {
      await gateway.reportHandOff(caseNumber, link.number, { actionId: nonce, answer, by: link.side });
      return 'done';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'act-refused') {
        if (await isKnown()) return 'done';
        // The record waits, but no workflow: Temporal has lost it, and the next comparison continues it.
        return error.reason === 'taskEnded' && (await isAwaited()) ? 'away' : 'moved';
      }
      if (error.code === 'act-pending' || error.code === 'temporal-unavailable') return 'pending';
      throw error;
    }
  }

  return router;
}
