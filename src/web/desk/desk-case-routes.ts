import { Router } from '@koa/router';
import type { CorrectionProblem } from '../../config/correction';
import type { Municipality } from '../../config/municipality';
import { isCaseNumber } from '../../domain/identifiers';
import { notFound } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { OpenedCase } from '../../store/case-records';
import { pinText } from '../../store/corrections';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { actAsManager, correctAsManager, type ManagerResult } from '../../temporal/manager-acts';
import { caseUrl } from '../../temporal/manager-views';
import type { OpenedTask } from '../access';
import { type FileStore, sendFile, sendPhoto, sendWorkPhoto } from '../case-files';
import { plainForm } from '../form-body';
import { damagedForm, type Notice, noticeOf, wrongFields } from '../task/act-notices';
import { type ViewDeps, viewTask } from '../task/task-view';
import {
  deskActForms,
  detailsOf,
  type DeskForm,
  deskForm,
  doneText,
  isRecordAction,
  type RecordAction,
  rightFor,
} from './desk-acts';
import { createDeskDoor, type DeskDoorDeps, type Staff } from './desk-door';
import { deskFrame, type DeskPages } from './desk-pages';
import { actOnRecords, besideOf, type RecordActDeps } from './record-acts';
import { hasRightFor } from './rights';

export interface DeskCaseDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] &
    ViewDeps['store'] &
    FileStore &
    RecordActDeps['store'] &
    Pick<Store, 'cases' | 'tasks'>;
  municipality: Municipality;
  gateway: Pick<CaseGateway, 'act' | 'resumeCase'> & RecordActDeps['gateway'];
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  temporalUi: { url: string; namespace: string };
  deskPages: DeskPages;
}

/** `/desk/cases/:number`: a case with its report, talk and history, and the acts that the reader has a right to. */
export function deskCaseRoutes(deps: DeskCaseDeps): Router {
  const { store, municipality, gateway, links, temporalUi, deskPages, publicBaseUrl, now } = deps;
  const router = new Router();
  const door = createDeskDoor(deps);
  const form = deskForm(municipality);

  /** A case of another department looks like one that does not exist. */
  async function open(
    params: Record<string, string | undefined>,
    { grants }: Staff,
    right: 'cases' | 'words' = 'cases',
  ): Promise<OpenedCase> {
    const caseNumber = params['number'] ?? '';
    const record = isCaseNumber(caseNumber) ? await store.cases.get(caseNumber) : null;
    if (!record?.progress || !hasRightFor(grants, right, record.progress.plan.desk.slug)) throw notFound();
    return { ...record, progress: record.progress };
  }

  async function page(opened: OpenedCase, staff: Staff, notice: Notice | null, sent?: Sent): Promise<string> {
    const { caseNumber, intake, progress } = opened;
    const { grants, session } = staff;
    const { slug } = progress.plan.desk;
    const hasWords = hasRightFor(grants, 'words', slug);
    const desk = deskFrame(staff, '/cases', { links, publicBaseUrl });
    const citizen = hasRightFor(grants, 'people', slug) ? await store.citizens.get(intake.citizenId) : null;
    return deskPages.case({
      desk,
      title: `${caseNumber} ${intake.category.name}`,
      view: await viewTask(deps, taskOf(opened, session.name, hasWords), now().getTime()),
      citizen: citizen && { name: citizen.profileName, phone: citizen.phone && `+${citizen.phone}` },
      hasWords,
      notice,
      forms: deskActForms(municipality, progress, grants, await besideOf(deps, opened)).map(each => ({
        ...each,
        nonce: links.nonceFor(session.id),
        typed: sent?.action === each.action ? sent : {},
      })),
      seen: progress.revision,
      base: `${desk.home}/cases/${caseNumber}`,
      talk:
        citizen && hasRightFor(grants, 'talk', slug)
          ? `${desk.home}/talks/${citizen.id}?case=${caseNumber}`
          : null,
      timeline: caseUrl(temporalUi.url, temporalUi.namespace, caseNumber),
    });
  }

  door.add(router, 'GET /desk/cases/:number', async (ctx, staff) => {
    const opened = await open(ctx.params, staff);
    const { done } = ctx.query;
    const text = typeof done === 'string' ? doneText(done) : null;
    ctx.body = await page(
      opened,
      staff,
      text === null ? null : { tone: 'good', title: 'İşleminiz kaydedildi', text },
    );
    return aboutCase(opened);
  });

  async function act(
    opened: OpenedCase,
    { actor }: Staff,
    sent: DeskForm & { action: Exclude<DeskForm['action'], RecordAction> },
  ): Promise<ManagerResult | CorrectionProblem> {
    const { caseNumber } = opened;
    const { nonce: actionId, action, reason, seen } = sent;
    if (action === 'correct') {
      const { subject, neighbourhood, street, pin } = sent;
      const kept = {
        ...(subject && { subject }),
        ...(neighbourhood && { neighbourhood }),
        ...(street && { street }),
        ...(pin && { pin: pinText(pin) }),
      };
      const done = await correctAsManager(deps, caseNumber, {
        actionId,
        actor,
        reason,
        kept,
        revision: seen,
      });
      if (!('problem' in done)) return done.result;
      if (done.problem === 'missing') throw notFound();
      return done.problem;
    }
    const order = {
      act: { actionId, by: 'manager' as const, action, seen, ...detailsOf(sent) },
      ...{ actor, reason },
    };
    return actAsManager({ store, gateway }, caseNumber, order);
  }

  door.add(router, 'POST /desk/cases/:number', plainForm('64kb'), async (ctx, staff) => {
    const opened = await open(ctx.params, staff);
    const { caseNumber, progress } = opened;
    const raw = (ctx.request.body ?? {}) as Sent;
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      ctx.body = await page((await reread(opened)) ?? opened, staff, notice, raw);
    };
    if (typeof raw.nonce !== 'string' || !links.isNonce(staff.session.id, raw.nonce)) {
      return refuse(403, damagedForm);
    }
    const sent = form.safeParse(raw);
    if (!sent.success) return refuse(400, wrongFields);
    // The right is asked again: a form can be sent that the page did not show.
    if (!hasRightFor(staff.grants, rightFor(sent.data.action), progress.plan.desk.slug)) throw notFound();
    const { action, department, nonce, seen } = sent.data;
    if (isRecordAction(action)) {
      if (seen !== progress.revision) return refuse(409, noticeOf({ type: 'refused', reason: 'moved' }));
      const refusal = await actOnRecords(deps, opened, staff.actor, { ...sent.data, action });
      if (refusal) return refuse(...refusal);
      ctx.status = 303;
      ctx.redirect(`${publicBaseUrl}/desk/cases/${caseNumber}?done=${action}`);
      return { ...aboutCase(opened), detail: action };
    }
    // A form that was sent twice counts once, and both get the same answer.
    const isTaken = (await store.cases.facts(caseNumber, progress.revision)).some(
      fact => 'actionId' in fact && fact.actionId === nonce,
    );
    const result = isTaken ? ({ type: 'done' } as const) : await act(opened, staff, { ...sent.data, action });
    if (typeof result === 'string') return refuse(400, problems[result]);
    if (result.type === 'missing') throw notFound();
    if (result.type === 'refused') return refuse(409, noticeOf({ type: 'refused', reason: result.refusal }));
    if (result.type === 'pending') return refuse(503, noticeOf({ type: 'pending' }));
    ctx.status = 303;
    // Whoever gave a case to a department of others sees it no more.
    const isGone = department !== null && !hasRightFor(staff.grants, 'cases', department);
    ctx.redirect(`${publicBaseUrl}/desk/cases${isGone ? '' : `/${caseNumber}?done=${action}`}`);
    return { ...aboutCase(opened), detail: action };
  });

  async function reread({ caseNumber }: OpenedCase): Promise<OpenedCase | null> {
    const record = await store.cases.get(caseNumber);
    return record?.progress ? { ...record, progress: record.progress } : null;
  }

  door.add(router, 'GET /desk/cases/:number/photos/:id', async (ctx, staff) => {
    const opened = await open(ctx.params, staff, 'words');
    // Thumbnails are part of the page, whose view has been recorded.
    return (await sendPhoto(ctx, store, own => own === opened.caseNumber)) ? 'partOfPage' : aboutCase(opened);
  });
  door.add(router, 'GET /desk/cases/:number/work/:id', async (ctx, staff) => {
    await sendWorkPhoto(ctx, store, (await open(ctx.params, staff)).caseNumber);
    return 'partOfPage';
  });
  door.add(router, 'GET /desk/cases/:number/files/:id', async (ctx, staff) => {
    const opened = await open(ctx.params, staff, 'words');
    return (await sendFile(ctx, store, opened.caseNumber)) ? aboutCase(opened) : 'partOfPage';
  });

  return router;
}

/** The fields of a form as they were sent. */
type Sent = Partial<Record<string, unknown>>;

const problem = (text: string): Notice => ({ tone: 'alarm', title: 'İşlem yapılmadı', text });

const problems: Readonly<Record<CorrectionProblem, Notice>> = {
  nothing: problem(
    'Bu değerlerle kayıtta bir şey değişmez. Konu, mahalle, sokak veya konumdan en az birini değiştiriniz.',
  ),
  outside: problem('Bu konum ilçe sınırları dışında.'),
  elsewhere: problem('Bu konum, seçtiğiniz mahallede değil.'),
};

const aboutCase = ({ caseNumber, intake }: OpenedCase): { caseNumber: string; citizenId: string } => ({
  caseNumber,
  citizenId: intake.citizenId,
});

/** Returns the case as the task page knows it, for the same view. Without the right to words only dates and outcomes. */
function taskOf({ caseNumber, intake, progress }: OpenedCase, name: string, hasWords: boolean): OpenedTask {
  const never = new Date(0);
  return {
    ...{ intake, progress, sight: hasWords ? 'report' : 'outcome' },
    link: {
      ...{ tokenHash: '', caseNumber, task: progress.task, department: progress.plan.desk.slug },
      ...{ role: 'deputyMayor', recipient: { name, address: '' }, createdAt: never, expiresAt: never },
    },
  };
}
