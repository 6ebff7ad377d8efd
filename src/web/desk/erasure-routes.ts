import { Router } from '@koa/router';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import { DAY_MS } from '../../domain/durations';
import { plainText } from '../../domain/plain-text';
import { AppError, notFound } from '../../errors';
import { dayText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import type { ErasureRequest } from '../../store/erasure-records';
import { mustStay, planErasure } from '../../store/erasures';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { approveRequest, refuseRequest } from '../../temporal/erasure-decisions';
import { plainForm } from '../form-body';
import { alarm, good, type Notice } from '../task/act-notices';
import { personOrCase, traceOf } from './about-person';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { type DecisionForm, deskFrame, type DeskPages } from './desk-pages';

export interface ErasureRoutesDeps extends DeskDoorDeps {
  /** The preview and the erasure cover every family of records. */
  store: Store;
  municipality: Municipality;
  gateway: Pick<CaseGateway, 'carryOutRequest'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const LONGEST_REASON = 500;
const ENDED_SHOWN = 20;
/** As long as the id of a request from the chat, which people type. */
const ID_LENGTH = 10;
const reason = z.string().max(5_000).transform(plainText).pipe(z.string().trim().max(LONGEST_REASON));
const newForm = z.object({ nonce: z.string().max(100), about: z.string().max(60), reason });
const decisionForm = z.object({
  nonce: z.string().max(100),
  decision: z.enum(['approve', 'refuse']),
  reason,
});

const states: Readonly<Record<ErasureRequest['state'], string>> = {
  asked: 'Karar bekliyor',
  approved: 'Onaylandı, yerine getiriliyor',
  refused: 'Reddedildi',
  waiting: 'Kalan kısmı bekliyor',
  done: 'Tamamlandı',
};

const families: Readonly<Record<string, string>> = {
  messages: 'Mesajlar',
  inbox: 'Ham mesajlar',
  outbox: 'Yanıtlar ve e-postalar',
  'dead-letters': 'Çözümlenemeyen mesajlar',
  blocks: 'Engeller',
  'block-acts': 'Engel kararları',
};

const ownReason = 'Gerekçe; kişisel veri yazmayınız';
/** The decisions that are left in a state. */
const decisions: Partial<Record<ErasureRequest['state'], readonly DecisionForm[]>> = {
  asked: [
    {
      ...{ decision: 'approve', title: 'Silmeyi onayla', label: ownReason },
      consequence: 'Vatandaşa bildirilir, ardından yukarıdakiler geri alınamaz biçimde silinir.',
    },
    {
      ...{ decision: 'refuse', title: 'Reddet', label: 'Vatandaşa bildirilecek gerekçe' },
      consequence: 'Hiçbir şey silinmez; gerekçeniz vatandaşa aynen gönderilir.',
    },
  ],
  approved: [
    {
      ...{ decision: 'approve', title: 'Yeniden başlat', label: ownReason },
      consequence: 'Silme birkaç dakika içinde tamamlanır. Tamamlanmadıysa yeniden başlatınız.',
    },
  ],
};

const notices = {
  unknown: alarm('Kayıt veya kişi bulunamadı', 'Bu kayıt numarası veya telefon hatta kayıtlı değil.'),
  noReason: alarm('Gerekçe eksik', 'Lütfen kişisel veri içermeyen bir gerekçe yazınız.'),
  decided: alarm('Karar daha önce verilmiş', 'Bu istek için yapılacak bir işlem kalmadı.'),
  sameActor: alarm(
    'İkinci bir kişi onaylamalı',
    'Bu isteği siz onayladınız; başka bir görevli de onaylamalıdır.',
  ),
  pending: alarm('Henüz yapılamadı', 'Lütfen bir dakika sonra aynı formu yeniden gönderiniz.'),
  more: good('Onayınız kaydedildi', 'Silmenin başlaması için bir görevli daha onaylamalıdır.'),
  done: good('Karar kaydedildi', 'Vatandaşa bildiriliyor; onaylanan silme ardından yerine getiriliyor.'),
} as const;

/**
 * `/desk/erasures`: the requests for erasure with their limit, and each with what goes, what must stay, why and until
 * when. As many people must approve as privacy.yaml asks for.
 */
export function erasureRoutes(deps: ErasureRoutesDeps): Router {
  const { store, municipality, gateway, links, deskPages, publicBaseUrl, now } = deps;
  const { timeZone, privacy } = municipality;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk/erasures`;
  const frame = (staff: Staff) => deskFrame(staff, '/erasures', { links, publicBaseUrl });
  const day = (at: Date): string => dayText(at.getTime(), now().getTime(), timeZone);

  function rowOf({ id, state, requestedAt, dueBy, doneAt, actor, approvals = [] }: ErasureRequest) {
    const days = Math.ceil((dueBy.getTime() - now().getTime()) / DAY_MS);
    const isOpen = state !== 'done' && state !== 'refused';
    return {
      ...{
        id,
        href: `${home}/${id}`,
        state: states[state],
        asked: day(requestedAt),
        done: doneAt && day(doneAt),
        isLate: isOpen && days <= 0,
      },
      due: `${day(dueBy)}${isOpen ? (days > 0 ? `, ${days} gün kaldı` : ', süre doldu') : ''}`,
      by:
        approvals.length > 0 ? `${actor}; onaylayan: ${approvals.map(each => each.actor).join(', ')}` : actor,
    };
  }

  async function listPage(
    staff: Staff,
    notice: Notice | null,
    typed = { about: '', reason: '' },
  ): Promise<string> {
    const rows = (await store.erasureRequests.open()).map(rowOf);
    const ended = (await store.erasureRequests.ended(ENDED_SHOWN)).map(rowOf);
    return deskPages.erasures({ desk: frame(staff), rows, ended, typed, notice });
  }

  async function requestPage(request: ErasureRequest, staff: Staff, notice: Notice | null): Promise<string> {
    const plan = await planErasure(store, request, now());
    const { citizen, ended, staying, heldUntil } = plan;
    const counts = citizen ? Object.entries(await store.personErasure.counts(citizen)) : [];
    const held = heldUntil
      ? [`Kişinin verileri hukuki saklama nedeniyle kalır: ${day(heldUntil)} gününe kadar`]
      : [];
    const { state, approvals = [] } = request;
    const isLeaving = citizen !== null && !mustStay(plan);
    return deskPages.erasure({
      desk: frame(staff),
      row: rowOf(request),
      goes: [
        ...ended.map(number => `${number} kaydı kimliksizleştirilir; konu, mahalle, tarihler ve sonuç kalır`),
        ...(isLeaving ? ['Kişinin numarası ve adı ile şunlar silinir:'] : []),
      ],
      stays: [
        ...staying.map(({ caseNumber, why, until }) =>
          why === 'open'
            ? `${caseNumber} açık kayıt; sonuçlanınca${until ? `, en geç yasal süre sonunda (${day(until)})` : ''} silinir`
            : `${caseNumber} hukuki saklamada${until ? `; ${day(until)} gününe kadar` : ''}`,
        ),
        ...held,
        ...(citizen && !isLeaving ? ['O zamana kadar kişinin numarası ve adı ile şunlar da kalır:'] : []),
      ],
      isLeaving,
      counts: counts
        .filter(([, count]) => count > 0)
        .map(([name, count]) => ({ name: families[name] ?? name, count })),
      approvals: approvals.map(({ actor, reason: why, at }) => `${actor}, ${day(at)}: ${why}`),
      needed: privacy.approvals,
      decisions: decisions[state] ?? [],
      notice,
    });
  }

  async function requestOf({
    request: id = '',
  }: Record<string, string | undefined>): Promise<ErasureRequest> {
    const request = await store.erasureRequests.get(id);
    if (!request) throw notFound();
    return request;
  }

  door.add(router, 'GET /desk/erasures', async (ctx, staff) => {
    ctx.body = await listPage(staff, null);
  });

  door.add(router, 'POST /desk/erasures', plainForm('16kb'), async (ctx, staff) => {
    const { nonce, about: typed, reason: why } = ownForm(newForm, ctx, staff, links);
    const about = await personOrCase(store, typed);
    if (about === null || why === '') {
      ctx.status = 400;
      ctx.body = await listPage(staff, about === null ? notices.unknown : notices.noReason, {
        ...{ about: typed, reason: why },
      });
      return;
    }
    const id = createHash('sha256').update(`${nonce}:${typed}`).digest('hex').slice(0, ID_LENGTH);
    await store.erasureRequests.take(id, { ...about, actor: staff.actor, reason: why, requestedAt: now() });
    ctx.status = 303;
    ctx.redirect(`${home}/${id}`);
    return { detail: `asked ${id}`, ...traceOf(about) };
  });

  door.add(router, 'GET /desk/erasures/:request', async (ctx, staff) => {
    const request = await requestOf(ctx.params);
    const { done } = ctx.query;
    const notice = done === 'more' ? notices.more : done === 'done' ? notices.done : null;
    ctx.body = await requestPage(request, staff, notice);
    return { detail: request.id, ...traceOf(request) };
  });

  door.add(router, 'POST /desk/erasures/:request', plainForm('16kb'), async (ctx, staff) => {
    const request = await requestOf(ctx.params);
    const { decision, reason: why } = ownForm(decisionForm, ctx, staff, links);
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      ctx.body = await requestPage(request, staff, notice);
    };
    if (why === '') return refuse(400, notices.noReason);
    const given = { actor: staff.actor, reason: why, at: now() };
    try {
      const result =
        decision === 'approve'
          ? await approveRequest({ store, gateway }, request, given, privacy.approvals)
          : await refuseRequest({ store, gateway }, request, given);
      if (result === 'decided' || result === 'sameActor') return await refuse(409, notices[result]);
      ctx.status = 303;
      ctx.redirect(`${home}/${request.id}?done=${result}`);
      return { detail: `${decision} ${request.id}`, ...traceOf(request) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'temporal-unavailable') throw error;
      return refuse(503, notices.pending);
    }
  });

  return router;
}
