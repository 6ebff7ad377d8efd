import { Router } from '@koa/router';
import { z } from 'zod';
import { dayStart, localDate } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { oneLine } from '../../domain/plain-text';
import { dayText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import type { ClosureRecord } from '../../store/calendar-records';
import type { Store } from '../../store/store';
import { tellCalendarChange } from '../../temporal/calendar-change';
import type { CaseGateway } from '../../temporal/case-gateway';
import type { CaseList } from '../../temporal/case-list';
import { timeLimit } from '../../time-limit';
import { plainForm } from '../form-body';
import { alarm, good, type Notice } from '../task/act-notices';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { type ClosuresContent, deskFrame, type DeskPages } from './desk-pages';

export interface ClosureRoutesDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'closures'>;
  municipality: Municipality;
  gateway: Pick<CaseGateway, 'changeCalendar' | 'ping'>;
  caseList: Pick<CaseList, 'running'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const PING_LIMIT_MS = 2_000;
/** The page waits this long for the cases to be told. The rest is told afterwards. */
const TELL_LIMIT_MS = 15_000;
const LONGEST_REASON = 200;

const form = z.object({
  nonce: z.string().max(100),
  do: z.enum(['add', 'remove', 'replan']),
  date: z.string().max(10).default(''),
  from: z.string().max(5).default(''),
  reason: z
    .string()
    .max(1_000)
    .default('')
    .transform(typed => oneLine(typed, LONGEST_REASON)),
});

const steps = [...form.shape.do.options, 'late'] as const;
type Typed = ClosuresContent['typed'];

const replanned = 'Açık kayıtların kalan süreleri yeniden hesaplandı.';
const notices = {
  noDay: alarm('Gün veya saat hatalı', 'Lütfen bugün veya sonraki bir günü, gerekirse saati seçiniz.'),
  noReason: alarm('Gerekçe eksik', 'Lütfen kapanmanın gerekçesini yazınız.'),
  known: alarm('Bu gün zaten kapalı', 'Değiştirmek için önce aşağıdaki kaydı kaldırınız.'),
  gone: alarm('Bu gün için ek kapanma yok', 'Yapılacak bir işlem kalmadı.'),
  pending: alarm('Henüz yapılamadı', 'Lütfen bir dakika sonra aynı formu yeniden gönderiniz.'),
  add: good('Gün kapatıldı', replanned),
  remove: good('Gün yeniden açıldı', replanned),
  replan: good('Süreler yeniden hesaplandı', replanned),
  late: alarm(
    'Kaydedildi; süreler henüz hesaplanıyor',
    'Açık kayıtların bir bölümü arka planda hesaplanır. Birkaç dakika sonra “Süreleri yeniden hesapla” ile yineleyebilirsiniz.',
  ),
} as const;

/** `/desk/closures`: extra closures of the calendars, decreed while cases run, as `admin closure` shows and changes them. */
export function closureRoutes(deps: ClosureRoutesDeps): Router {
  const { store, municipality, gateway, links, deskPages, publicBaseUrl, now } = deps;
  const { timeZone } = municipality;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk/closures`;
  const today = (): string => localDate(timeZone, now().getTime());

  function rowOf({ date, closedFrom, calendars, reason }: ClosureRecord) {
    return {
      ...{ date, reason, calendars: calendars?.join(', ') ?? null },
      day: dayText(dayStart(timeZone, date) ?? 0, now().getTime(), timeZone),
      hours: closedFrom === null ? 'bütün gün' : `${closedFrom} saatinden sonra`,
    };
  }

  async function page(staff: Staff, notice: Notice | null, typed: Partial<Typed> = {}): Promise<string> {
    const all = await store.closures.all();
    return deskPages.closures({
      desk: deskFrame(staff, '/closures', { links, publicBaseUrl }),
      rows: all.filter(({ date }) => date >= today()).map(rowOf),
      typed: { date: '', from: '', reason: '', ...typed },
      earliest: today(),
      notice,
    });
  }

  door.add(router, 'GET /desk/closures', async (ctx, staff) => {
    const done = steps.find(step => step === ctx.query['done']);
    ctx.body = await page(staff, done ? notices[done] : null);
  });

  /** Tells the open cases. Returns false if that takes longer than the page waits, or fails on the way. */
  async function isTold(): Promise<boolean> {
    try {
      await timeLimit(TELL_LIMIT_MS, tellCalendarChange(deps));
      return true;
    } catch {
      return false;
    }
  }

  /** Returns what is wrong with a form, or null. */
  function problemOf({ do: step, date, from, reason }: z.output<typeof form>): Notice | null {
    const isTime = from === '' || /^([01]\d|2[0-3]):[0-5]\d$/.test(from);
    const isDay = dayStart('UTC', date) !== null && date >= today();
    if (step !== 'replan' && !(isDay && isTime)) return notices.noDay;
    return reason === '' ? notices.noReason : null;
  }

  door.add(router, 'POST /desk/closures', plainForm('16kb'), async (ctx, staff) => {
    const sent = ownForm(form, ctx, staff, links);
    const { do: step, date, from, reason } = sent;
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      ctx.body = await page(staff, notice, step === 'add' ? { date, from, reason } : {});
    };
    const problem = problemOf(sent);
    if (problem) return refuse(400, problem);
    try {
      // The cases could not be told afterwards.
      await gateway.ping(PING_LIMIT_MS);
    } catch {
      return refuse(503, notices.pending);
    }
    const added = { date, reason, closedFrom: from === '' ? null : from, calendars: null, addedAt: now() };
    if (step === 'add' && !(await store.closures.add(added))) return refuse(409, notices.known);
    if (step === 'remove' && !(await store.closures.remove(date))) return refuse(409, notices.gone);
    ctx.status = 303;
    ctx.redirect(`${home}?done=${(await isTold()) ? step : 'late'}`);
    return { detail: `${step} ${date}`.trim(), reason };
  });

  return router;
}
