import { Router, type RouterContext } from '@koa/router';
import { createHash } from 'node:crypto';
import type { Municipality } from '../../config/municipality';
import type { Say } from '../../config/texts';
import { oneLine } from '../../domain/plain-text';
import { legalActions, type TaskAction, taskActions } from '../../domain/case/acts';
import { AppError, notFound } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import { rewritten } from '../../picture';
import { MOST_WORK_PHOTOS } from '../../store/photo-records';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { createTaskDoor, type OpenedTask } from '../access';
import { formBody, noUpload, type Upload } from '../form-body';
import type { Pages } from '../html-pages';
import { sameSiteOnly } from '../limits';
import type { Metrics } from '../metrics';
import { actForms, type Attempt, isUnheard } from './act-forms';
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
import { endedLink } from './ended-link';
import { fileRoutes } from './file-routes';
import { comparisonOf, type ComparisonDeps, leaderError } from './join-fields';
import { issueListLink } from '../list-routes';
import { createLinkRequests, type LinkRequestDeps } from './link-request';
import { withMap } from './map-routes';
import { actOnTask, type ActResult, isTaken, readForm, type TaskForm, type Typed } from './task-act';
import { mutedOf, storyOf, type ViewDeps, viewTask } from './task-view';

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
  store: ViewDeps['store'] & ComparisonDeps['store'] & Pick<Store, 'linkViews' | 'closures' | 'listLinks'>;
  gateway: Pick<CaseGateway, 'act'> & LinkRequestDeps['gateway'];
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce' | 'issue'> & LinkRequestDeps['links'];
  municipality: Municipality;
  say: Say;
  publicBaseUrl: string;
  metrics: Pick<Metrics, 'taskActions'>;
  pages: Pick<Pages, 'task' | 'linkAsked' | 'linkEnded'>;
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
    ctx: RouterContext,
    task: OpenedTask,
    { attempt = null, notice = null }: { attempt?: Attempt | null; notice?: Notice | null },
  ): Promise<string> {
    const { link, progress } = task;
    const at = now().getTime();
    const newNonce = (): string => links.nonceFor(link.tokenHash);
    const isCurrent = link.task === progress.task;
    const view = await viewTask(deps, task, at);
    const { muted, alike } = view;
    const proposedLeader = alike?.leader ?? null;
    const comparison = isCurrent ? await comparisonFor(ctx, task, at) : null;
    const opens = taskActions.find(action => action === ctx.query['act']) ?? null;
    const forms = { ...deps, ...task, attempt, opens, muted, proposedLeader, comparison, newNonce, now: at };
    const foresight = attempt?.correction && (await foreseen(deps, task, attempt.correction, at));
    const { next, others } = isCurrent
      ? actForms({ ...forms, ...(foresight && { foreseen: foresight }) })
      : { next: [], others: [] };
    const offered = [...next, ...others.flatMap(group => group.forms)];
    const isLost = attempt !== null && offered.every(({ action }) => action !== attempt.action);
    const typed = attempt?.typed.words;
    return pages.task({
      view,
      notice: isLost ? { ...lostNotice(attempt.notice), ...(typed && { typed }) } : notice,
      ...{ next, others },
      base: ctx.params['token'] ?? '',
    });
  }

  /** Returns the cases that the task could be joined to. The page shows their texts, so it is recorded as their view. */
  async function comparisonFor(ctx: RouterContext, task: OpenedTask, at: number) {
    const isOffered = legalActions(task.progress, task.link.role).includes('join');
    const comparison = isOffered && task.sight === 'report' ? await comparisonOf(deps, task, at) : null;
    for (const { caseNumber } of comparison?.others ?? [])
      await door.noteView(ctx, task, 'beside', caseNumber);
    return comparison;
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
    const task = await door.open(token, 'GET /t/:token', done).catch(async (error: unknown) => {
      const ended = error instanceof AppError && error.code === 'not-found' && (await endedLink(deps, token));
      if (!ended) throw error;
      ctx.status = 410;
      ctx.body = pages.linkEnded(ended);
    });
    if (!task) return;
    await door.noteView(ctx, task, 'task');
    ctx.body = await page(ctx, task, { notice: await noticeOfDone(task, done) });
  });

  /** Returns the confirmation of the act with this id, if the case has applied it. */
  async function noticeOfDone({ progress, intake }: OpenedTask, done: unknown): Promise<Notice | null> {
    const action = typeof done === 'string' ? await store.tasks.action(done) : null;
    const name: TaskAction | undefined = taskActions.find(each => each === action?.action);
    if (!action || !name) return null;
    const facts = await store.cases.facts(progress.caseNumber, progress.revision);
    return doneNotice(action, facts, isUnheard(name, { muted: await mutedOf(store, intake), progress }));
  }

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
      if (!('list' in ctx.query)) {
        await next();
        return;
      }
      const { link, sight } = await door.open(ctx.params['token'] ?? '', 'POST /t/:token');
      if (sight !== 'report') throw notFound();
      ctx.status = 303;
      ctx.redirect(`../d/${await issueListLink(deps, link.department, link.recipient)}`);
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
        ctx.body = await page(ctx, task, attempt ? { attempt } : { notice });
        return;
      }
      await act(ctx, { token, task, form: read.form, typed: read.typed, photos });
    },
  );

  /** Keeps the photos of a form, unless its act is already on its way. Returns the problem, or null. */
  async function photosOf(
    ctx: RouterContext,
    { link }: OpenedTask,
    actionId: string,
  ): Promise<string | null> {
    const upload = (ctx.state['upload'] as Upload | undefined) ?? noUpload;
    if ((await store.tasks.action(actionId)) !== null) return null;
    return keepPhotos(upload, { actionId, caseNumber: link.caseNumber, at: now() });
  }

  async function act(
    ctx: RouterContext,
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
      ctx.body = await page(ctx, task, { attempt: { ...attempt, notice: wrongFields, errors, nonce } });
      return;
    }
    const form = { ...given.form, ...found };
    if (form.isPreview && !taken) {
      const shown: Attempt = { ...attempt, ...found, notice: previewShown, nonce, draft: values };
      ctx.body = await page(ctx, task, { attempt: shown });
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
      ctx.body = await page(ctx, task, { attempt: { ...attempt, ...why } });
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
    ctx.body = await page(ctx, latest, { attempt: { ...attempt, notice: noticeOf(result), ...again } });
  }

  function confirm(ctx: RouterContext, token: string, nonce: string): void {
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
    const wrongLeader = values.leader === null ? null : await leaderError(store, task, values.leader);
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
    const { facts, history } = await storyOf(deps, task, now().getTime());
    return othersSince(facts, history, seen, nonce);
  }

  router.use(fileRoutes({ store, door }).routes());
  return router;
}
