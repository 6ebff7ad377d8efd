import { Router } from '@koa/router';
import type Koa from 'koa';
import parseRange from 'range-parser';
import { createHash } from 'node:crypto';
import type { Municipality } from '../../config/municipality';
import type { Say } from '../../config/texts';
import { oneLine } from '../../domain/plain-text';
import { AppError, notFound } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import { rewritten } from '../../picture';
import { type ByteRange, MOST_WORK_PHOTOS } from '../../store/file-records';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { createTaskDoor, type OpenedTask, type TaskDoor } from '../access';
import { formBody, noUpload, type Upload } from '../form-body';
import type { Pages } from '../html-pages';
import { sameSiteOnly } from '../limits';
import type { Metrics } from '../metrics';
import { leaderError } from './act-fields';
import { actForms, type Attempt } from './act-forms';
import {
  damagedForm,
  doneNotice,
  lostNotice,
  noQuestions,
  type Notice,
  noticeOf,
  othersSince,
  previewShown,
  wrongFields,
} from './act-notices';
import { acts } from './acts';
import { correctionIn, foreseen } from './correct-form';
import { createLinkRequests, type LinkRequestDeps } from './link-request';
import { withMap } from './map-routes';
import { actOnTask, type ActResult, isTaken, readForm, type TaskForm, type Typed } from './task-act';
import { mutedOf, storyOf, type ViewDeps, viewTask } from './task-view';

interface FileDeps {
  store: Pick<Store, 'photos' | 'workPhotos' | 'attachments'>;
  door: Pick<TaskDoor, 'open' | 'noteView'>;
}

/**
 * Parses a single byte range (RFC 9110, section 14), as players request it. Returns null for anything else.
 */
function rangeOf(header: string, size: number): ByteRange | null {
  const ranges = parseRange(size, header);
  const [range, ...others] = typeof ranges === 'number' || ranges.type !== 'bytes' ? [] : ranges;
  return range === undefined || others.length > 0 ? null : { start: range.start, end: range.end };
}

function sendJpeg(ctx: Koa.Context, jpeg: Buffer | undefined): void {
  if (!jpeg) throw notFound();
  ctx.type = 'image/jpeg';
  ctx.body = jpeg;
}

/** Serves the files of a case's messages and the photos of the work to readers with access to the page. */
function fileRoutes({ store, door }: FileDeps): Router {
  const router = new Router();
  const isSmall = (ctx: Koa.Context): boolean => ctx.query['size'] === 'small';

  router.get('/t/:token/photos/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/photos/:id');
    const id = ctx.params['id'] ?? '';
    const small = isSmall(ctx);
    const photo = await store.photos.shown(id, small ? 'thumbnail' : 'jpeg');
    if (photo?.caseNumber !== task.link.caseNumber) throw notFound();
    // Thumbnails are part of the page, whose view has been recorded.
    if (!small) await door.noteView(ctx, task, 'photo');
    sendJpeg(ctx, photo.jpeg);
  });

  router.get('/t/:token/work/:id', async ctx => {
    const { link } = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/work/:id');
    const size = isSmall(ctx) ? 'thumbnail' : 'jpeg';
    const picture = await store.workPhotos.picture(ctx.params['id'] ?? '', size);
    sendJpeg(ctx, picture?.caseNumber === link.caseNumber ? picture.jpeg : undefined);
  });

  router.get('/t/:token/files/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/files/:id');
    const id = ctx.params['id'] ?? '';
    const file = await store.attachments.get(id);
    if (file?.caseNumber !== task.link.caseNumber) throw notFound();
    const range = rangeOf(ctx.get('Range'), file.size);
    const bytes = await store.attachments.open(id, range ?? undefined);
    if (!bytes) throw notFound();
    if (!range || range.start === 0) await door.noteView(ctx, task, 'file');
    ctx.type = file.mimeType;
    ctx.set('Accept-Ranges', 'bytes');
    ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
    if (file.kind === 'document') ctx.attachment(file.name);
    if (range) {
      ctx.status = 206;
      ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`);
    }
    ctx.length = range ? range.end - range.start + 1 : file.size;
    ctx.body = bytes;
  });

  return router;
}

/** Returns a queue that runs tasks one at a time, because a decoded picture takes hundreds of megabytes. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
}

const LONGEST_NAME = 40;

/**
 * Returns a function that keeps the photos of a form under the id of its act, so that they need not be chosen
 * again. The function returns the problem in Turkish, or null.
 */
function createPhotoKeeper({
  workPhotos,
}: Pick<Store, 'workPhotos'>): (
  upload: Upload,
  act: { actionId: string; caseNumber: string; at: Date },
) => Promise<string | null> {
  const inTurn = createQueue();

  /** Returns null if it was kept, otherwise the problem in Turkish. */
  async function keep(
    bytes: Buffer,
    act: { actionId: string; caseNumber: string; at: Date },
  ): Promise<string | null> {
    try {
      const { jpeg, thumbnail, width, height } = await inTurn(() => rewritten(bytes));
      const digest = createHash('sha256').update(bytes).digest('hex');
      const { actionId, caseNumber, at } = act;
      const photo = { caseNumber, digest, jpeg, thumbnail, width, height, keptAt: at };
      return (await workPhotos.add(actionId, photo)) ? null : noRoom;
    } catch (error) {
      if (error instanceof AppError && error.code === 'file-unreadable') return problemWords(error.reason);
      throw error;
    }
  }

  return async ({ files, error }, act) => {
    const unread: string[] = [];
    for (const { name, bytes } of files) {
      const problem = await keep(bytes, act);
      if (problem === noRoom) return noRoom;
      if (problem !== null) unread.push(`${oneLine(name, LONGEST_NAME)} (${problem})`);
    }
    if (error !== null) return error;
    return unread.length === 0
      ? null
      : `Okunamayan dosya: ${unread.join(', ')}. Lütfen başka bir fotoğraf seçiniz.`;
  };
}

const noRoom = `En çok ${MOST_WORK_PHOTOS} fotoğraf ekleyebilirsiniz; fazlası alınmadı.`;

function problemWords(reason: string | undefined): string {
  switch (reason) {
    case 'too-many-pixels':
      return 'çözünürlüğü çok yüksek';
    case 'incomplete':
      return 'dosyanın bir bölümü eksik';
    default:
      return 'JPEG, PNG veya WebP biçiminde değil ya da bozuk';
  }
}

export interface TaskDeps {
  store: ViewDeps['store'] & Pick<Store, 'linkViews' | 'closures'>;
  gateway: Pick<CaseGateway, 'act'> & LinkRequestDeps['gateway'];
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'> & LinkRequestDeps['links'];
  municipality: Municipality;
  say: Say;
  publicBaseUrl: string;
  metrics: Pick<Metrics, 'taskActions'>;
  pages: Pick<Pages, 'task' | 'linkAsked'>;
  now: () => Date;
}

const answerStatus = {
  refused: 409,
  otherWords: 409,
  pending: 202,
  unavailable: 503,
} as const satisfies Record<Exclude<ActResult['type'], 'done'>, number>;

/** `/t/:token`: GET shows the task and changes nothing, POST acts on it. */
export function taskRoutes(deps: TaskDeps): Router {
  const { store, links, pages, metrics, publicBaseUrl, municipality, now } = deps;
  const door = createTaskDoor(deps);
  const keepPhotos = createPhotoKeeper(store);
  const requestLink = createLinkRequests(deps);
  const router = new Router();

  /**
   * Renders the page of a task. The result of a form is shown in that form, or above if the page no longer
   * has it.
   */
  async function page(
    task: OpenedTask,
    token: string,
    { attempt = null, notice = null }: { attempt?: Attempt | null; notice?: Notice | null },
  ): Promise<string> {
    const { link, progress } = task;
    const at = now().getTime();
    const newNonce = (): string => links.nonceFor(link.tokenHash);
    const isCurrent = link.task === progress.task;
    const view = await viewTask(deps, task, at);
    const { muted, alike } = view;
    const proposedLeader = alike?.leader ?? null;
    const forms = { ...deps, ...task, attempt, isMuted: muted !== null, proposedLeader, newNonce, now: at };
    const foresight = attempt?.correction && (await foreseen(deps, task, attempt.correction, at));
    const groups = isCurrent ? actForms({ ...forms, ...(foresight && { foreseen: foresight }) }) : [];
    const isLost =
      attempt !== null && groups.every(({ forms }) => forms.every(({ action }) => action !== attempt.action));
    const typed = attempt?.typed.words;
    return pages.task({
      view,
      notice: isLost ? { ...lostNotice(attempt.notice), ...(typed && { typed }) } : notice,
      groups,
      base: token,
    });
  }

  const { mapTiles } = municipality;
  if (mapTiles) {
    router.use('/t/:token', async (ctx, next) => {
      await next();
      if (!ctx.response.is('html')) return;
      const policy = String(ctx.response.get('Content-Security-Policy'));
      ctx.set('Content-Security-Policy', withMap(policy, mapTiles.url));
    });
  }

  router.get('/t/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const { done } = ctx.query;
    const task = await door.open(token, 'GET /t/:token', done);
    await door.noteView(ctx, task, 'task');
    const { caseNumber, revision } = task.progress;
    const action = typeof done === 'string' ? await store.tasks.action(done) : null;
    const notice = action && doneNotice(action, await store.cases.facts(caseNumber, revision));
    ctx.body = await page(task, token, { notice });
  });

  router.post(
    '/t/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      if (!('again' in ctx.query)) {
        await next();
        return;
      }
      requestLink(ctx.params['token'] ?? '', ctx);
      ctx.body = pages.linkAsked();
    },
    async (ctx, next) => {
      await door.requireLink(ctx.params['token'] ?? '');
      await next();
    },
    formBody(),
    async ctx => {
      const token = ctx.params['token'] ?? '';
      const body: unknown = ctx.request.body;
      const nonce = typeof body === 'object' && body !== null && 'nonce' in body ? body.nonce : null;
      const task = await door.open(token, 'POST /t/:token', nonce);
      const isOwn = typeof nonce === 'string' && links.isNonce(task.link.tokenHash, nonce);
      const context = { ...task, municipality, now: now().getTime() };
      const read = readForm(body, context);
      const action = read.form ? read.form.action : read.action;
      const takesPhotos = isOwn && action !== null && acts[action].fields?.(context).photos !== undefined;
      const photoError = takesPhotos ? await photosOf(ctx, task, nonce) : null;
      const photos = isOwn ? await store.workPhotos.ofAct(nonce) : [];
      if (!read.form || !isOwn || photoError !== null) {
        metrics.taskActions.inc({ action: action ?? 'none', result: 'invalid' });
        const errors = {
          ...(read.form ? {} : read.errors),
          ...(photoError !== null && { photos: photoError }),
        };
        const notice = Object.keys(errors).length > 0 ? wrongFields : damagedForm;
        // Photos stay under the nonce that they were uploaded with.
        const kept = isOwn && photos.length > 0 ? { nonce, photos } : {};
        const attempt = action && { action, typed: read.typed, errors, notice, ...kept };
        ctx.status = 400;
        ctx.body = await page(task, token, attempt ? { attempt } : { notice });
        return;
      }
      await act(ctx, { token, task, form: read.form, typed: read.typed, photos });
    },
  );

  /** Keeps the photos of a form, unless its act is already on its way. Returns the problem, or null. */
  async function photosOf(ctx: Koa.Context, { link }: OpenedTask, actionId: string): Promise<string | null> {
    const upload = (ctx.state['upload'] as Upload | undefined) ?? noUpload;
    if ((await store.tasks.action(actionId)) !== null) return null;
    return keepPhotos(upload, { actionId, caseNumber: link.caseNumber, at: now() });
  }

  async function act(
    ctx: Koa.Context,
    given: { token: string; task: OpenedTask; form: TaskForm; typed: Typed; photos: string[] },
  ): Promise<void> {
    const { token, task, typed, photos } = given;
    const { action, nonce, values } = given.form;
    const attempt = { action, typed, errors: {}, photos };
    // A form whose act was already applied, for example after the back button, is only confirmed.
    const taken = await isTaken(deps, task.progress.caseNumber, nonce);
    const found = action === 'correct' && !taken ? await correctionIn(deps, task, values) : null;
    if (found && 'errors' in found) {
      ctx.status = 400;
      const { errors } = found;
      ctx.body = await page(task, token, { attempt: { ...attempt, notice: wrongFields, errors, nonce } });
      return;
    }
    const form = { ...given.form, ...found };
    if (form.isPreview && !taken) {
      const shown: Attempt = { ...attempt, ...found, notice: previewShown, nonce, draft: values };
      ctx.body = await page(task, token, { attempt: shown });
      return;
    }
    if (form.isPreview) {
      confirm(ctx, token, nonce);
      return;
    }
    const hindrance = taken ? null : await hindranceOf(task, form);
    if (hindrance !== null) {
      const { status, ...why } = hindrance;
      ctx.status = status;
      ctx.body = await page(task, token, { attempt: { ...attempt, ...why } });
      return;
    }
    const result = await actOnTask(deps, task, form, now());
    metrics.taskActions.inc({ action, result: result.type });
    if (result.type === 'done') {
      confirm(ctx, token, nonce);
      return;
    }
    // The same form may be sent again until the result of its act is known.
    const again = result.type === 'pending' || result.type === 'unavailable' ? { nonce } : { photos: [] };
    ctx.status = answerStatus[result.type];
    const latest = await door.open(token, 'POST /t/:token', nonce);
    ctx.body = await page(latest, token, { attempt: { ...attempt, notice: noticeOf(result), ...again } });
  }

  function confirm(ctx: Koa.Context, token: string, nonce: string): void {
    ctx.status = 303;
    // The fragment scrolls to the top instead of to the previous form.
    ctx.redirect(`${token}?done=${nonce}#top`);
  }

  /** Returns why a form cannot be applied to the case, or null. */
  async function hindranceOf(
    task: OpenedTask,
    form: TaskForm,
  ): Promise<(Pick<Attempt, 'notice' | 'errors' | 'nonce'> & { status: number }) | null> {
    const { action, nonce, values } = form;
    if (acts[action].isInterim && (await mutedOf(store, task.intake)) !== null) {
      return { status: 409, notice: noQuestions, errors: {} };
    }
    const wrongLeader = await leaderError(store, task, values.leader);
    if (wrongLeader !== null) {
      return { status: 400, notice: wrongFields, errors: { leader: wrongLeader }, nonce };
    }
    const others = await newsFor(task, form);
    return others && { status: 409, notice: others, errors: {}, nonce };
  }

  /** Returns what others did since the form's page was rendered. */
  async function newsFor(task: OpenedTask, { action, seen, nonce }: TaskForm): Promise<Notice | null> {
    const { progress, sight } = task;
    if (acts[action].isHarmless || sight !== 'report' || progress.revision <= seen) return null;
    const { facts, history } = await storyOf(deps, task);
    return othersSince(facts, history, seen, nonce);
  }

  router.use(fileRoutes({ store, door }).routes());
  return router;
}
