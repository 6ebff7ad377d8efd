import { Router } from '@koa/router';
import type Koa from 'koa';
import type { Municipality } from '../../config/municipality';
import type { Say } from '../../config/texts';
import type { TaskLinks } from '../../mail/task-link';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
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
import { leaderError } from './act-fields';
import { createPhotoKeeper, fileRoutes } from './file-routes';
import { formBody, noUpload, type Upload } from '../form-body';
import { withMap } from './map-routes';
import type { Metrics } from '../metrics';
import { sameSiteOnly } from '../limits';
import { actOnTask, type ActResult, isTaken, readForm, type TaskForm, type Typed } from './task-act';
import { createTaskDoor, type OpenedTask } from '../access';
import type { Pages } from '../html-pages';
import { isMuted, storyOf, viewTask, type ViewDeps } from './task-view';

export interface TaskDeps {
  store: ViewDeps['store'] & Pick<Store, 'linkViews'>;
  gateway: Pick<CaseGateway, 'act'>;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'>;
  municipality: Municipality;
  say: Say;
  publicBaseUrl: string;
  metrics: Pick<Metrics, 'taskActions'>;
  pages: Pick<Pages, 'task'>;
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
    const { isMuted, alike } = view;
    const proposedLeader = alike?.leader ?? null;
    const forms = { ...deps, ...task, attempt, isMuted, proposedLeader, newNonce, now: at };
    const groups = isCurrent ? actForms(forms) : [];
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
    const { token, task, form, typed, photos } = given;
    const { action, nonce } = form;
    const attempt = { action, typed, errors: {}, photos };
    // A form whose act was already applied, for example after the back button, is only confirmed.
    const taken = await isTaken(deps, task.progress.caseNumber, nonce);
    if (form.isPreview && !taken) {
      const shown: Attempt = { ...attempt, notice: previewShown, nonce, draft: form.values };
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
    if (acts[action].isInterim && (await isMuted(store, task.intake))) {
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
