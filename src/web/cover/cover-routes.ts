import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import { passageSpans, type Span, wordSpans } from '../../domain/personal-words';
import { plainText } from '../../domain/plain-text';
import { notFound } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import { blurred } from '../../picture';
import { digestOf } from '../../store/message-records';
import type { Region } from '../../store/photo-records';
import type { Store } from '../../store/store';
import { plainForm } from '../form-body';
import { createTaskDoor } from '../access';
import { awaitedBy, openHandOff } from '../hand-off/hand-off-view';
import type { Pages } from '../html-pages';
import { sameSiteOnly } from '../limits';
import type { Notice } from '../task/act-notices';
import {
  cellRegion,
  CELLS,
  type Coverable,
  coverableOf,
  type CoverErrors,
  coverView,
  type Hidable,
} from './cover-view';

export interface CoverRoutesDeps {
  store: Pick<
    Store,
    | 'cases'
    | 'tasks'
    | 'linkViews'
    | 'handOffLinks'
    | 'messages'
    | 'photos'
    | 'photoCovers'
    | 'workPhotos'
    | 'trail'
  >;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'>;
  pages: Pick<Pages, 'cover'>;
  municipality: Municipality;
  publicBaseUrl: string;
  now: () => Date;
}

type Params = Record<'token' | 'id', string>;

/** Who hides something, in which case, and the page. */
interface Visitor {
  token: string;
  id: string;
  tokenHash: string;
  caseNumber: string;
  /** The messages of the case. */
  messageIds: readonly string[];
  /** The address of the link's holder. */
  actor: string;
}

const MOST_REGIONS = 100;
const LONGEST_REASON = 200;

const several = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform(given => [given].flat());

const acts = ['blur', 'strike', 'show-photo', 'open-photo', 'show-words', 'open-words'] as const;

const formSchema = z.strictObject({
  nonce: z.string().max(100),
  act: z.enum(acts),
  revision: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number),
  cell: several.transform(given => given.map(Number)).pipe(z.array(z.int().min(1).max(CELLS)).max(CELLS)),
  region: several.pipe(z.array(z.string().regex(/^\d{1,4}(,\d{1,4}){3}$/)).max(MOST_REGIONS)),
  word: several.transform(given => given.map(Number)).pipe(z.array(z.int().min(0)).max(5_000)),
  passage: z.string().max(1_000).default(''),
  reason: z.string().max(1_000).default(''),
});

type Form = z.infer<typeof formSchema>;

const notices = {
  blur: { tone: 'good', title: 'Kapatıldı', text: 'Seçilen bölgeler bulanıklaştırıldı.' },
  strike: { tone: 'good', title: 'Kapatıldı', text: 'Seçilen sözcükler kapatıldı.' },
  open: { tone: 'good', title: 'Açıldı', text: 'Kapatılan yerler yeniden görünüyor.' },
  damaged: { tone: 'alarm', title: 'Form okunamadı', text: 'Lütfen sayfayı yeniden açıp tekrar deneyiniz.' },
  wrong: { tone: 'alarm', title: 'Eksik alan var', text: 'Lütfen aşağıdaki alanı tamamlayınız.' },
  moved: {
    tone: 'alarm',
    title: 'Kaydedilmedi: bu arada değişti',
    text: 'Siz sayfayı açtıktan sonra başkası bir yeri kapattı veya açtı. Son durum aşağıdadır; lütfen seçiminizi yineleyiniz.',
  },
} as const satisfies Record<string, Notice>;

/**
 * `/t/:token/cover/:id` and, for our desk, `/k/:token/cover/:id`: GET shows one message of a case or a photo of the
 * work, POST blurs regions of the photo and strikes words. The original stays until its retention ends; showing or
 * opening it needs a reason and is in the audit trail.
 */
export function coverRoutes(deps: CoverRoutesDeps): Router {
  const { store, links, pages, publicBaseUrl, now } = deps;
  const door = createTaskDoor(deps);
  const router = new Router();

  async function visitorByTask({ token, id }: Params, route: 'GET' | 'POST'): Promise<Visitor> {
    const { link, progress } = await door.open(token, `${route} /t/:token/cover/:id`);
    const { tokenHash, caseNumber, recipient } = link;
    return { token, id, tokenHash, caseNumber, messageIds: progress.messageIds, actor: recipient.address };
  }

  /** Our desk only, while it still has something to pass on. */
  async function visitorByHandOff({ token, id }: Params): Promise<Visitor> {
    const opened = await openHandOff(deps, token);
    const { link, caseNumber, progress } = opened;
    if (link.side !== 'desk' || awaitedBy(opened) === null) throw notFound();
    const { tokenHash, recipient } = link;
    const { messageIds } = progress;
    return { token, id, tokenHash, caseNumber, messageIds, actor: recipient.address };
  }

  async function foundIn(visitor: Visitor): Promise<Coverable> {
    const found = await coverableOf(store, visitor.id, visitor);
    if (!found || (!found.photo && !found.words)) throw notFound();
    return found;
  }

  async function page(
    ctx: Koa.Context,
    { token, id, tokenHash, caseNumber }: Visitor,
    found: Coverable,
    given: { notice?: Notice | null; errors?: CoverErrors; passage?: string; showsOriginal?: boolean } = {},
  ): Promise<void> {
    const { notice = null, errors = {}, passage = '', showsOriginal = false } = given;
    const nonce = links.nonceFor(tokenHash);
    const rest = { id, token, caseNumber, notice, nonce, errors, passage, showsOriginal };
    // The page needs no script; with it, rectangles are drawn instead of choosing cells.
    const policy = String(ctx.response.get('Content-Security-Policy'));
    ctx.set('Content-Security-Policy', policy.replace('style-src', "script-src 'self';style-src"));
    ctx.type = 'html';
    ctx.body = pages.cover({ view: coverView(found, rest) });
  }

  async function show(ctx: Koa.Context, visitor: Visitor): Promise<void> {
    const { done } = ctx.query;
    const notice = done === 'blur' || done === 'strike' || done === 'open' ? notices[done] : null;
    await page(ctx, visitor, await foundIn(visitor), { notice });
  }

  async function act(ctx: Koa.Context, visitor: Visitor): Promise<void> {
    const { id } = visitor;
    const found = await foundIn(visitor);
    const read = formSchema.safeParse(ctx.request.body);
    if (!read.success || !links.isNonce(visitor.tokenHash, read.data.nonce)) {
      ctx.status = 400;
      return page(ctx, visitor, found, { notice: notices.damaged });
    }
    const form = read.data;
    const what: Hidable = form.act === 'blur' || form.act.endsWith('photo') ? 'photo' : 'words';
    if (found[what] === null) throw notFound();
    const errors = errorsIn(form, what, found);
    if (Object.keys(errors).length > 0) {
      ctx.status = 400;
      return page(ctx, visitor, found, { notice: notices.wrong, errors, passage: plainText(form.passage) });
    }
    if (form.act === 'show-photo' || form.act === 'show-words') {
      await trace(visitor, 'originalShown', what, form.reason);
      if (form.act === 'show-words') return page(ctx, visitor, found, { showsOriginal: true });
      ctx.type = 'image/jpeg';
      ctx.body = await originalOf(id, found);
      return;
    }
    if (!(await storeNext(visitor, found, form))) {
      ctx.status = 409;
      return page(ctx, visitor, await foundIn(visitor), { notice: notices.moved, passage: form.passage });
    }
    const isOpened = form.act === 'open-photo' || form.act === 'open-words';
    await trace(visitor, isOpened ? 'redactionEnded' : 'redacted', what, form.reason);
    ctx.status = 303;
    ctx.redirect(`${id}?done=${isOpened ? 'open' : form.act}#top`);
  }

  async function originalOf(id: string, { photo }: Coverable): Promise<Buffer | undefined> {
    return (await (photo?.isOfWork ? store.workPhotos : store.photos).get(id))?.jpeg;
  }

  /** Stores the next revision. Returns false if the form is of an earlier one. */
  async function storeNext(
    { id, caseNumber, actor }: Visitor,
    found: Coverable,
    form: Form,
  ): Promise<boolean> {
    const { photo, words } = found;
    const record = { caseNumber, revision: form.revision + 1, by: actor, at: now() };
    if (photo && (form.act === 'blur' || form.act === 'open-photo')) {
      if (photo.revision !== form.revision) return false;
      const regions = form.act === 'blur' ? [...photo.regions, ...regionsIn(form)] : [];
      const original = regions.length > 0 ? await originalOf(id, found) : undefined;
      const bytes = original ? await blurred(original, regions) : { jpeg: null, thumbnail: null };
      return store.photoCovers.cover({ ...record, ...bytes, photoId: id, regions });
    }
    if (!words || words.revision !== form.revision) return false;
    const { text, citizenId } = words;
    // What was hidden of an earlier text says nothing about this one, so all of it stays hidden.
    const before: readonly Span[] = words.isEdited ? [[0, text.length]] : words.spans;
    const spans = form.act === 'strike' ? [...before, ...spansIn(form, text)] : [];
    return store.messages.strike({ ...record, messageId: id, citizenId, spans, digest: digestOf(text) });
  }

  async function trace(
    { caseNumber, actor }: Visitor,
    what: 'redacted' | 'redactionEnded' | 'originalShown',
    detail: Hidable,
    reason: string,
  ): Promise<void> {
    await store.trail.add({ at: now(), actor, reason: plainText(reason), what, detail, caseNumber });
  }

  const form = plainForm('128kb');
  const ours = sameSiteOnly(publicBaseUrl);
  const paramsOf = (ctx: Koa.Context): Params => ctx.params as Params;
  router.get('/t/:token/cover/:id', async ctx => show(ctx, await visitorByTask(paramsOf(ctx), 'GET')));
  router.get('/k/:token/cover/:id', async ctx => show(ctx, await visitorByHandOff(paramsOf(ctx))));
  // The link is checked before the body is read.
  router.post('/t/:token/cover/:id', ours, async ctx => {
    const visitor = await visitorByTask(paramsOf(ctx), 'POST');
    await form(ctx, async () => act(ctx, visitor));
  });
  router.post('/k/:token/cover/:id', ours, async ctx => {
    const visitor = await visitorByHandOff(paramsOf(ctx));
    await form(ctx, async () => act(ctx, visitor));
  });
  return router;
}

function errorsIn(form: Form, what: Hidable, { words }: Coverable): CoverErrors {
  switch (form.act) {
    case 'blur':
      return regionsIn(form).length > 0 ? {} : { blur: 'Lütfen en az bir yer seçiniz.' };
    case 'strike': {
      if (spansIn(form, words?.text ?? '').length > 0) return {};
      return form.passage.trim() === ''
        ? { strike: 'Lütfen en az bir sözcük seçiniz veya bir ifade yazınız.' }
        : { strike: 'Bu ifade metinde geçmiyor.' };
    }
    default: {
      const reason = plainText(form.reason).trim();
      if (reason !== '' && reason.length <= LONGEST_REASON) return {};
      return { [what]: `Lütfen gerekçenizi yazınız (en çok ${LONGEST_REASON} karakter).` };
    }
  }
}

function regionsIn({ cell, region }: Form): Region[] {
  const drawn = region.map(text => {
    const [left = 0, top = 0, width = 0, height = 0] = text.split(',').map(Number);
    return { left, top, width, height };
  });
  return [...cell.map(cellRegion), ...drawn].filter(
    ({ left, top, width, height }) => left < 1_000 && top < 1_000 && width > 0 && height > 0,
  );
}

function spansIn({ word, passage }: Form, text: string): Span[] {
  const words = wordSpans(text);
  return [...word.flatMap(place => (words[place] ? [words[place]] : [])), ...passageSpans(text, passage)];
}
