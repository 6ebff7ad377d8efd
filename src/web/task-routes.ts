import { bodyParser } from '@koa/bodyparser';
import { Router } from '@koa/router';
import type { Municipality } from '../config/municipality';
import type { Say } from '../config/texts';
import { AppError } from '../errors';
import type { TaskLinks } from '../mail/task-link';
import type { Store } from '../store/store';
import type { Line } from '../temporal/line';
import { sightOf, suffices, type routePolicies } from './access';
import { actForms, type Attempt } from './act-forms';
import { damagedForm, doneNotice, noticeOf, previewShown, wrongFields, type Notice } from './act-notices';
import type { Metrics } from './metrics';
import { sameSiteOnly } from './same-site';
import { actOnTask, type ActResult } from './task-act';
import { createFormReader } from './task-form';
import type { Pages } from './task-page';
import { viewTask, type OpenedTask } from './task-view';

export interface TaskDeps {
  store: Pick<Store, 'cases' | 'messages' | 'photos' | 'tasks' | 'linkViews'>;
  line: Pick<Line, 'act'>;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor' | 'isNonce'>;
  municipality: Municipality;
  say: Say;
  publicBaseUrl: string;
  metrics: Pick<Metrics, 'taskActions'>;
  pages: Pages;
  now: () => Date;
}

const answerStatus = {
  refused: 409,
  otherWords: 409,
  pending: 202,
  unavailable: 503,
} as const satisfies Record<Exclude<ActResult['type'], 'done'>, number>;

const missing = (): AppError => new AppError('not-found', { status: 404 });

/**
 * `/t/:token`: GET shows the task and changes nothing, POST acts on it. Every link that opens nothing gets the same
 * answer, whatever the reason.
 */
export function taskRoutes(deps: TaskDeps): Router {
  const { store, links, pages, metrics, publicBaseUrl, municipality, now } = deps;
  const readForm = createFormReader(municipality);
  const router = new Router();

  /** The task behind a link; a nonce proves that the visitor holds a form of its page. */
  async function open(
    token: string,
    route: keyof typeof routePolicies,
    nonce: unknown = null,
  ): Promise<OpenedTask> {
    const tokenHash = links.hashOf(token);
    const link = tokenHash === null ? null : await store.tasks.link(tokenHash);
    const record = link && (await store.cases.get(link.caseNumber));
    const hasForm = link !== null && typeof nonce === 'string' && links.isNonce(link.tokenHash, nonce);
    const { graceDays } = municipality.taskLinks;
    const sight = sightOf(link, record?.progress ?? null, { now: now(), graceDays, hasForm });
    if (!link || !record?.progress || sight === 'nothing' || !suffices(sight, route)) throw missing();
    return { link, intake: record.intake, progress: record.progress, sight };
  }

  /** Refuses whoever has no link that was ever good before the body is read. */
  async function requireLink(token: string): Promise<void> {
    const tokenHash = links.hashOf(token);
    if (tokenHash === null || (await store.tasks.link(tokenHash)) === null) throw missing();
  }

  const noteView = ({ link }: OpenedTask, what: 'task' | 'photo'): Promise<void> => {
    const { tokenHash, caseNumber, department, recipient } = link;
    return store.linkViews.add({ tokenHash, caseNumber, department, recipient, what, at: now() });
  };

  /** The page of a task; what happened to a form stands in the form, as long as there is one for it. */
  async function page(
    task: OpenedTask,
    token: string,
    { attempt = null, notice = null }: { attempt?: Attempt | null; notice?: Notice | null },
  ): Promise<string> {
    const { link, progress } = task;
    const at = now().getTime();
    const newNonce = (): string => links.nonceFor(link.tokenHash);
    const isCurrent = link.task === progress.task;
    const forms = isCurrent ? actForms({ ...deps, ...task, attempt, newNonce, now: at }) : [];
    const isLost = attempt !== null && forms.every(form => form.action !== attempt.action);
    const typed = attempt?.typed.words;
    return pages.task({
      view: await viewTask(deps, task, at),
      notice: isLost ? { ...attempt.notice, ...(typed && { typed }) } : notice,
      forms,
      photoBase: `${token}/photos/`,
    });
  }

  router.get('/t/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const { done } = ctx.query;
    const task = await open(token, 'GET /t/:token', done);
    await noteView(task, 'task');
    const { caseNumber, revision } = task.progress;
    const notice =
      typeof done === 'string' ? doneNotice(await store.cases.facts(caseNumber, revision), done) : null;
    ctx.body = await page(task, token, { notice });
  });

  router.get('/t/:token/photos/:id', async ctx => {
    const task = await open(ctx.params['token'] ?? '', 'GET /t/:token/photos/:id');
    const photo = await store.photos.get(ctx.params['id'] ?? '');
    if (photo?.caseNumber !== task.link.caseNumber) throw missing();
    await noteView(task, 'photo');
    ctx.type = 'image/jpeg';
    ctx.body = photo.jpeg;
  });

  router.post(
    '/t/:token',
    sameSiteOnly(publicBaseUrl),
    async (ctx, next) => {
      await requireLink(ctx.params['token'] ?? '');
      await next();
    },
    bodyParser({ enableTypes: ['form'], formLimit: '64kb', encoding: 'utf8' }),
    async ctx => {
      const token = ctx.params['token'] ?? '';
      const body: unknown = ctx.request.body;
      const given = typeof body === 'object' && body !== null && 'nonce' in body ? body.nonce : null;
      const task = await open(token, 'POST /t/:token', given);
      const read = readForm(body);
      if (!read.form || !links.isNonce(task.link.tokenHash, read.form.nonce)) {
        const { action, errors } = read.form ? { action: read.form.action, errors: {} } : read;
        metrics.taskActions.inc({ action: action ?? 'none', result: 'invalid' });
        const notice = Object.keys(errors).length > 0 ? wrongFields : damagedForm;
        ctx.status = 400;
        const attempt = action && { action, typed: read.typed, errors, notice };
        ctx.body = await page(task, token, attempt ? { attempt } : { notice });
        return;
      }
      const { form, typed } = read;
      const { action, nonce } = form;
      const attempt = { action, typed, errors: {} };
      if (form.isPreview) {
        const shown: Attempt = { ...attempt, notice: previewShown, nonce, isPreview: true };
        ctx.body = await page(task, token, { attempt: shown });
        return;
      }
      const result = await actOnTask(deps, task, form, now());
      metrics.taskActions.inc({ action, result: result.type });
      if (result.type === 'done') {
        ctx.status = 303;
        // The fragment sends the browser to the top instead of to the form it came from.
        ctx.redirect(`${token}?done=${nonce}#top`);
        return;
      }
      // The very same form may be sent again while its act is not certain.
      const again = result.type === 'pending' || result.type === 'unavailable' ? { nonce } : {};
      ctx.status = answerStatus[result.type];
      const latest = await open(token, 'POST /t/:token', nonce);
      ctx.body = await page(latest, token, {
        attempt: { ...attempt, notice: noticeOf(result), ...again },
      });
    },
  );

  return router;
}
