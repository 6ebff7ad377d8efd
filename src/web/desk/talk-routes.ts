import { Router } from '@koa/router';
import { z } from 'zod';
import { MINUTE_MS } from '../../domain/durations';
import { isCaseNumber } from '../../domain/identifiers';
import { plainText } from '../../domain/plain-text';
import type { PersonAct } from '../../domain/talk/taken-talk';
import { AppError, notFound } from '../../errors';
import type { OpenedCase } from '../../store/case-records';
import type { Citizen } from '../../store/citizen-records';
import { staffId } from '../../store/staff-records';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { isInWindow } from '../../whatsapp/citizen-outbox';
import { plainForm } from '../form-body';
import { alarm, type Notice } from '../task/act-notices';
import { caseRow, casesOf, type RowDeps } from './case-rows';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { deskFrame, type DeskPages } from './desk-pages';
import {
  closedText,
  holderOfTalk,
  isOpenFor,
  type TalkDeps,
  talkRows,
  talkSubjects,
  wholeTalk,
} from './talk-view';
import type { TaskLinks } from '../../mail/task-link';

export interface TalkRoutesDeps extends DeskDoorDeps, RowDeps, TalkDeps {
  store: DeskDoorDeps['store'] & RowDeps['store'] & TalkDeps['store'] & Pick<Store, 'outbox'>;
  municipality: TalkDeps['municipality'];
  gateway: Pick<CaseGateway, 'actInTalk' | 'talkHolder'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const LONGEST_WORDS = 1_000;
/** The template that carries a text after the 24-hour window is shorter. */
const LONGEST_IN_TEMPLATE = 700;
const MOST_CASES = 5;

const form = z.object({
  nonce: z.string().max(100),
  do: z.enum(['takes', 'writes', 'releases']),
  case: z.string().max(20).default(''),
  words: z.string().max(20_000).default('').transform(plainText),
  canned: z.string().max(4).default(''),
  category: z.string().max(64).default(''),
  preview: z.string().max(4).optional(),
});

type Sent = z.infer<typeof form>;

const notices = {
  held: alarm(
    'Yazışma başka bir görevlide',
    'Aynı anda yalnızca bir görevli yazabilir. Yazdıklarınız gönderilmedi.',
  ),
  notHeld: alarm(
    'Yazışma sizde değil',
    'Yazmak için önce yazışmayı devralınız; süre dolunca hat kendiliğinden geri döner. Yazdıklarınız duruyor.',
  ),
  empty: alarm('Mesaj boş', 'Lütfen bir metin yazınız veya hazır bir yanıt seçiniz.'),
  long: alarm(
    'Mesaj çok uzun',
    `En çok ${LONGEST_WORDS} karakter yazabilirsiniz; 24 saat geçtiyse ${LONGEST_IN_TEMPLATE}.`,
  ),
  pending: alarm(
    'Henüz yapılamadı',
    'Lütfen bir dakika sonra aynı formu yeniden gönderiniz; yazdıklarınız duruyor.',
  ),
  closed: alarm('Mesaj gönderilemez', 'Bu vatandaşa şu anda buradan yazılamaz.'),
} as const;

const doneTexts: Readonly<Record<Sent['do'], Notice>> = {
  takes: {
    tone: 'good',
    title: 'Yazışma sizde',
    text: 'Hat bu vatandaşa kendiliğinden yanıt vermez; acil durum uyarıları sürer.',
  },
  writes: { tone: 'good', title: 'Mesaj gönderiliyor', text: 'Metin aşağıdaki yazışmada görünür.' },
  releases: {
    tone: 'good',
    title: 'Yazışma hatta geri verildi',
    text: 'Vatandaşa hattın yeniden yanıt verdiği bildirildi.',
  },
};

/** `/desk/talks`: the citizens who want to speak to somebody, and the chat with each, which a person can take over. */
export function talkRoutes(deps: TalkRoutesDeps): Router {
  const { store, municipality, gateway, links, deskPages, publicBaseUrl, now } = deps;
  const { silentMinutes, answers } = municipality.takeOver;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk`;

  /** The same person has the same id in every session. */
  async function personOf({ session }: Staff): Promise<string> {
    return staffId(await store.hashId(), session.address ?? session.name);
  }

  async function citizenOf({ citizen: id = '' }: Record<string, string | undefined>): Promise<Citizen> {
    const citizen = await store.citizens.get(id);
    if (!citizen) throw notFound();
    return citizen;
  }

  /** Returns the open case that the talk is about. */
  async function caseOf(citizen: Citizen, caseNumber: string): Promise<OpenedCase | null> {
    const [found] = isCaseNumber(caseNumber) ? await casesOf(deps, [caseNumber]) : [];
    return found && isOpenFor(citizen, found) ? found : null;
  }

  async function page(
    citizen: Citizen,
    staff: Staff,
    asked: string,
    over: { notice: Notice | null; sent?: Sent; preview?: string },
  ): Promise<string> {
    const at = now();
    const held = await gateway.talkHolder(citizen.id).catch(unknownIfAway);
    const about = await caseOf(citizen, held?.caseNumber ?? asked);
    const own = await casesOf(
      deps,
      citizen.cases
        .slice(-MOST_CASES)
        .reverse()
        .map(each => each.caseNumber),
    );
    const { words = '', canned = '', category = '' } = over.sent ?? {};
    return deskPages.talk({
      desk: deskFrame(staff, '/talks', { links, publicBaseUrl }),
      citizen: { name: citizen.profileName ?? 'Adı bilinmiyor', phone: citizen.phone && `+${citizen.phone}` },
      talk: await wholeTalk(deps, citizen, at.getTime()),
      rows: await Promise.all(own.map(each => caseRow(deps, each, { now: at.getTime(), hasWords: false }))),
      holder: await holderOfTalk(deps, held ?? null, await personOf(staff)),
      isUnknown: held === undefined,
      closed: closedText(citizen, about, at),
      asTemplate: !isInWindow(citizen, at),
      about: about?.caseNumber ?? null,
      answers: answers.map(({ name }, place) => ({ value: String(place), name })),
      subjects: talkSubjects(municipality),
      typed: { words, canned, category },
      preview: over.preview ?? null,
      limit: LONGEST_WORDS,
      nonce: links.nonceFor(staff.session.id),
      action: `${home}/talks/${citizen.id}`,
      notice: over.notice,
      silentMinutes,
    });
  }

  door.add(router, 'GET /desk/talks', async (ctx, staff) => {
    ctx.body = deskPages.talks({
      desk: deskFrame(staff, '/talks', { links, publicBaseUrl }),
      rows: await talkRows(deps, now(), home),
    });
  });

  door.add(router, 'GET /desk/talks/:citizen', async (ctx, staff) => {
    const citizen = await citizenOf(ctx.params);
    const { done, case: asked } = ctx.query;
    const step = form.shape.do.safeParse(done);
    const notice = step.success ? doneTexts[step.data] : null;
    ctx.body = await page(citizen, staff, typeof asked === 'string' ? asked : '', { notice });
    return { citizenId: citizen.id };
  });

  /** Stores a text before the talk is told of it. */
  async function keep(
    citizen: Citizen,
    { actor }: Staff,
    key: string,
    body: string,
    about: OpenedCase | null,
  ) {
    await store.outbox.prepare({
      ...{ key, channel: 'whatsapp', recipient: citizen.id, caseNumber: about?.caseNumber ?? null },
      content: { type: 'text', body },
      createdAt: now(),
      by: actor,
    });
  }

  door.add(router, 'POST /desk/talks/:citizen', plainForm('64kb'), async (ctx, staff) => {
    const citizen = await citizenOf(ctx.params);
    const sent = ownForm(form, ctx, staff, links);
    const { category } = sent;
    // The forms of a page share a nonce.
    const actionId = `${sent.do}-${sent.nonce}`;
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      ctx.body = await page(citizen, staff, sent.case, { notice, sent });
    };
    const person = await personOf(staff);
    const held = await gateway.talkHolder(citizen.id).catch(unknownIfAway);
    const about = await caseOf(citizen, held?.caseNumber ?? sent.case);
    const common = { actionId, person };
    let act: PersonAct;
    if (sent.do === 'takes') {
      const caseNumber = about?.caseNumber ?? null;
      act = { ...common, type: 'takes', caseNumber, silenceMs: silentMinutes * MINUTE_MS };
    } else if (sent.do === 'releases') {
      const isKnown = talkSubjects(municipality).some(({ value }) => value === category);
      act = { ...common, type: 'releases', category: isKnown ? category : null };
    } else {
      const chosen = sent.canned === '' ? '' : (answers[Number(sent.canned)]?.text ?? '');
      const body = [chosen, sent.words.trim()].filter(text => text !== '').join('\n');
      const longest = isInWindow(citizen, now()) ? LONGEST_WORDS : LONGEST_IN_TEMPLATE;
      if (closedText(citizen, about, now()) !== null) return refuse(409, notices.closed);
      if (body === '') return refuse(400, notices.empty);
      if ([...body].length > longest) return refuse(400, notices.long);
      if (sent.preview !== undefined) {
        ctx.body = await page(citizen, staff, sent.case, { notice: null, sent, preview: body });
        return { citizenId: citizen.id, isView: true };
      }
      if (held === undefined) return refuse(503, notices.pending);
      if (held?.person !== person) return refuse(409, held === null ? notices.notHeld : notices.held);
      const key = `talk:${actionId}`;
      await keep(citizen, staff, key, body, about);
      act = { ...common, type: 'writes', key };
    }
    const problem = await tell(citizen, act);
    if (problem) return refuse(...problem);
    if (sent.do === 'takes' && sent.words !== '') {
      // What was written before the takeover is kept in the form, and never in an address.
      ctx.body = await page(citizen, staff, sent.case, { notice: doneTexts.takes, sent });
    } else {
      ctx.status = 303;
      const query = new URLSearchParams({ done: sent.do, case: sent.case }).toString();
      ctx.redirect(`${home}/talks/${citizen.id}?${query}#last`);
    }
    return {
      detail: sent.do,
      citizenId: citizen.id,
      ...(about && { caseNumber: about.caseNumber }),
    };
  });

  /** Passes an act on to the talk. Returns the answer to a refusal. */
  async function tell(citizen: Citizen, act: PersonAct): Promise<readonly [number, Notice] | null> {
    try {
      await gateway.actInTalk(citizen.id, act);
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'act-refused') {
        // The text must not wait to be sent for ever.
        if (act.type === 'writes' && (await store.outbox.get(act.key))?.state === 'pending')
          await store.outbox.failed(act.key, 'talk-held');
        return [409, error.reason === 'talkHeld' ? notices.held : notices.notHeld];
      }
      if (error.code === 'act-pending' || error.code === 'temporal-unavailable')
        return [503, notices.pending];
      throw error;
    }
  }

  return router;
}

/** The chat is shown although nobody knows who holds it: a text is then refused. */
function unknownIfAway(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'temporal-unavailable') return undefined;
  throw error;
}
