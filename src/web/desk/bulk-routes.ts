import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import type { ManagerAct } from '../../domain/case/acts';
import { isCaseNumber } from '../../domain/identifiers';
import type { TaskLinks } from '../../mail/task-link';
import type { OpenedCase } from '../../store/case-records';
import type { Store } from '../../store/store';
import type { CaseCounts } from '../../temporal/case-list';
import type { CaseGateway } from '../../temporal/case-gateway';
import { actAsManager, type ManagerResult, wouldRefuse } from '../../temporal/manager-acts';
import { plainForm } from '../form-body';
import { type Notice, noticeOf, wrongFields } from '../task/act-notices';
import { type DeskFilter, filterUrl, listOf, readDeskFilter } from './case-filter';
import { casesOf, type RowDeps } from './case-rows';
import { type BulkAction, bulkActions, bulkForms, deskForm, detailsOf } from './desk-acts';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { deskFrame, type DeskPages } from './desk-pages';
import { departmentsFor, hasRightFor } from './rights';

export interface BulkDeps extends DeskDoorDeps, RowDeps {
  store: DeskDoorDeps['store'] & RowDeps['store'] & Pick<Store, 'cases' | 'tasks'>;
  municipality: Municipality;
  counts: Pick<CaseCounts, 'list'>;
  gateway: Pick<CaseGateway, 'act' | 'resumeCase'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const LIST_LIMIT_MS = 5_000;
/** More cases than anybody can answer for at once. */
const MOST_CASES = 200;
/** Cases of one step, so that each page comes soon and shows the progress. */
const AT_A_STEP = 25;

const NOT_ALLOWED = 'Bu işlem için yetkiniz bu müdürlüğü kapsamıyor.';

/** A case with the revision that the rehearsal has seen. */
const LISTED = /^([A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{4})@(\d{1,9})$/;

interface Listed {
  caseNumber: string;
  seen: number;
}

type Line = { caseNumber: string; isDone: boolean; isPending?: true; text: string };

/**
 * `/desk/bulk`: an act on all cases of a list. First it only tells what it would do with each case; then it acts step by
 * step. A case that has moved since is left out, and a step that is sent twice counts once.
 */
export function bulkRoutes(deps: BulkDeps): Router {
  const { store, municipality, counts, gateway, links, deskPages, publicBaseUrl, now } = deps;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk`;
  const form = deskForm(municipality)
    .omit({ seen: true })
    .extend({
      action: z.enum(bulkActions),
      run: z.string().max(100).optional(),
      left: z.string().max(20_000).optional(),
      done: z.coerce.number().int().min(0).max(MOST_CASES).catch(0),
    });
  type Sent = z.infer<typeof form>;

  async function listed(
    filter: DeskFilter,
    { grants }: Staff,
  ): Promise<{ name: string; cases: OpenedCase[]; isCut: boolean }> {
    const { name, query } = listOf(filter, departmentsFor(grants, 'cases'), municipality, now().getTime());
    if (query.includes('IN ()')) return { name, cases: [], isCut: false };
    const { cases, isCut } = await counts.list(query, MOST_CASES, LIST_LIMIT_MS);
    return { name, cases: await casesOf(deps, cases.map(each => each.caseNumber).sort()), isCut };
  }

  const isAllowed = ({ progress }: OpenedCase, action: BulkAction, { grants }: Staff): boolean =>
    hasRightFor(grants, action, progress.plan.desk.slug);

  function actOf(sent: Sent, actionId: string, seen: number): ManagerAct {
    return { actionId, by: 'manager', action: sent.action, seen, ...detailsOf(sent) };
  }

  const refusalText = (reason: string): string => noticeOf({ type: 'refused', reason }).text;

  function rehearsed(
    sent: Sent,
    cases: readonly OpenedCase[],
    staff: Staff,
  ): { lines: Line[]; left: Listed[] } {
    const left: Listed[] = [];
    const lines = cases.map((one): Line => {
      const { caseNumber, progress } = one;
      const act = actOf(sent, 'rehearsal', progress.revision);
      if (!isAllowed(one, sent.action, staff)) return { caseNumber, isDone: false, text: NOT_ALLOWED };
      const refusal = wouldRefuse(progress, act, now().getTime());
      if (refusal !== null) return { caseNumber, isDone: false, text: refusalText(refusal) };
      left.push({ caseNumber, seen: progress.revision });
      return { caseNumber, isDone: true, text: 'yapılacak' };
    });
    return { lines, left };
  }

  async function one(sent: Sent, run: string, { caseNumber, seen }: Listed, staff: Staff): Promise<Line> {
    const [opened] = await casesOf(deps, [caseNumber]);
    if (!opened || !isAllowed(opened, sent.action, staff)) {
      return { caseNumber, isDone: false, text: NOT_ALLOWED };
    }
    const actionId = `${run}-${caseNumber}`;
    const isTaken = (await store.cases.facts(caseNumber, opened.progress.revision)).some(
      fact => 'actionId' in fact && fact.actionId === actionId,
    );
    const order = { act: actOf(sent, actionId, seen), actor: staff.actor, reason: sent.reason };
    const result: ManagerResult = isTaken
      ? { type: 'done' }
      : await actAsManager({ store, gateway }, caseNumber, order);
    switch (result.type) {
      case 'done':
        return { caseNumber, isDone: true, text: 'yapıldı' };
      case 'refused':
        return { caseNumber, isDone: false, text: refusalText(result.refusal) };
      case 'missing':
        return { caseNumber, isDone: false, text: 'kayıt bulunamadı' };
      case 'pending':
        return {
          caseNumber,
          isDone: false,
          isPending: true,
          text: 'henüz kesinleşmedi; sürdürünce yeniden denenir',
        };
    }
  }

  interface Shown {
    notice?: Notice | null;
    sent?: Sent;
    raw?: Partial<Record<string, unknown>>;
    lines?: Line[];
    left?: Listed[];
    done?: number;
    run?: string;
  }

  function page(
    filter: DeskFilter,
    list: { name: string; total: number },
    staff: Staff,
    { notice = null, sent, raw = {}, lines, left = [], done = 0, run }: Shown,
  ): string {
    const forms = bulkForms(municipality, staff.grants);
    const chosen = forms.find(({ action }) => action === sent?.action);
    const nonce = links.nonceFor(staff.session.id);
    const kept = ['action', 'reason', 'until', 'department', 'priority'].flatMap(name => {
      const value = raw[name];
      return typeof value === 'string' && value !== '' ? [{ name, value }] : [];
    });
    return deskPages.bulk({
      desk: deskFrame(staff, '/cases', { links, publicBaseUrl }),
      title: 'Toplu işlem',
      action: filterUrl(`${home}/bulk`, filter, { page: 1 }),
      list: list.name,
      total: list.total,
      forms: forms.map(each => ({ ...each, typed: raw['action'] === each.action ? raw : {} })),
      notice,
      run:
        chosen && lines
          ? {
              ...{ form: chosen, results: lines, left: left.length, done, isRehearsal: run === undefined },
              next:
                left.length === 0
                  ? null
                  : [
                      ...kept,
                      { name: 'nonce', value: nonce },
                      { name: 'run', value: run ?? nonce },
                      { name: 'done', value: String(done) },
                      {
                        name: 'left',
                        value: left.map(({ caseNumber, seen }) => `${caseNumber}@${seen}`).join(','),
                      },
                    ],
            }
          : null,
    });
  }

  door.add(router, 'GET /desk/bulk', async (ctx, staff) => {
    const filter = readDeskFilter(ctx.query, municipality);
    const { name, cases, isCut } = await listed(filter, staff);
    ctx.body = page(filter, { name, total: cases.length }, staff, { notice: isCut ? tooMany : null });
    return { detail: filter.view };
  });

  door.add(router, 'POST /desk/bulk', plainForm('64kb'), async (ctx, staff) => {
    const filter = readDeskFilter(ctx.query, municipality);
    const raw = (ctx.request.body ?? {}) as Partial<Record<string, unknown>>;
    ownForm(z.object({ nonce: z.string().max(100) }), ctx, staff, links);
    const read = form.safeParse(raw);
    if (!read.success) {
      const { name, cases } = await listed(filter, staff);
      ctx.status = 400;
      ctx.body = page(filter, { name, total: cases.length }, staff, { notice: wrongFields, raw });
      return;
    }
    const sent = read.data;
    if (sent.run === undefined || sent.left === undefined) return rehearse(ctx, filter, sent, raw, staff);
    const all = leftOf(sent.left);
    const lines: Line[] = [];
    for (const each of all.slice(0, AT_A_STEP)) lines.push(await one(sent, sent.run, each, staff));
    const done = sent.done + lines.filter(({ isDone }) => isDone).length;
    // The same act may be sent again: it counts once.
    const again = all.filter(({ caseNumber }) =>
      lines.some(line => line.isPending && line.caseNumber === caseNumber),
    );
    const left = [...all.slice(AT_A_STEP), ...again];
    const shown = { sent, raw, lines, left, done, run: sent.run };
    ctx.body = page(
      filter,
      { name: listOf(filter, null, municipality, 0).name, total: all.length },
      staff,
      shown,
    );
    return { detail: `${sent.action} ${lines.length}` };
  });

  async function rehearse(
    ctx: Koa.Context,
    filter: DeskFilter,
    sent: Sent,
    raw: Partial<Record<string, unknown>>,
    staff: Staff,
  ): Promise<{ isView: true; detail: string }> {
    const { name, cases, isCut } = await listed(filter, staff);
    const { lines, left } = rehearsed(sent, cases, staff);
    const notice = isCut ? tooMany : null;
    ctx.body = page(filter, { name, total: cases.length }, staff, { notice, sent, raw, lines, left });
    return { isView: true, detail: `${sent.action} ${cases.length}` };
  }

  return router;
}

const tooMany: Notice = {
  tone: 'warning',
  title: `Bir seferde en çok ${MOST_CASES} kayıt`,
  text: 'Listede daha çok kayıt var; süzgeçle daraltınız ya da bu kısmı bitirip yeniden başlayınız.',
};

function leftOf(text: string): Listed[] {
  return text.split(',').flatMap(part => {
    const [, caseNumber = '', seen] = LISTED.exec(part) ?? [];
    return isCaseNumber(caseNumber) ? [{ caseNumber, seen: Number(seen) }] : [];
  });
}
