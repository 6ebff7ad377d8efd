import { Router } from '@koa/router';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { dayStart, localDate } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { plainText } from '../../domain/plain-text';
import { dayText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import type { Hold } from '../../store/erasure-records';
import type { Store } from '../../store/store';
import { plainForm } from '../form-body';
import { alarm, good, type Notice } from '../task/act-notices';
import { type About, personOrCase, traceOf } from './about-person';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { deskFrame, type DeskPages, type HoldsContent } from './desk-pages';

export interface HoldRoutesDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'cases' | 'citizens' | 'holds' | 'identities'>;
  municipality: DeskDoorDeps['municipality'] & Pick<Municipality, 'timeZone'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const LONGEST_REASON = 500;
const form = z.object({
  nonce: z.string().max(100),
  do: z.enum(['begin', 'end']),
  hold: z.string().max(64).default(''),
  about: z.string().max(60).default(''),
  until: z.string().max(10).default(''),
  reason: z.string().max(5_000).default('').transform(plainText).pipe(z.string().trim().max(LONGEST_REASON)),
});

type Typed = HoldsContent['typed'];

const notices = {
  unknown: alarm('Kayıt veya kişi bulunamadı', 'Bu kayıt numarası veya telefon hatta kayıtlı değil.'),
  noReason: alarm('Gerekçe eksik', 'Lütfen kişisel veri içermeyen bir gerekçe yazınız.'),
  noDay: alarm('Son gün hatalı', 'Lütfen bugünden sonraki bir gün seçiniz.'),
  ended: alarm('Bu saklama zaten sona ermiş', 'Yapılacak bir işlem kalmadı.'),
  begin: good('Hukuki saklama başladı', 'Kayıtlar son güne kadar silinmez ve kimliksizleştirilmez.'),
  end: good('Hukuki saklama sona erdi', 'Bekleyen silmeler bu gece yerine getirilir.'),
} as const;

/** `/desk/holds`: the legal holds in force, which keep records from being erased. Each is begun and ended with a reason. */
export function holdRoutes(deps: HoldRoutesDeps): Router {
  const { store, municipality, links, deskPages, publicBaseUrl, now } = deps;
  const { timeZone } = municipality;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk/holds`;

  function rowOf({ id, caseNumber, citizenId, reason, actor, since, until }: Hold) {
    const day = (at: number): string => dayText(at, now().getTime(), timeZone);
    // A hold ends at midnight, after its last day.
    const lastDay = day(until.getTime() - 1);
    return { id, about: caseNumber, citizenId, reason, actor, since: day(since.getTime()), lastDay };
  }

  async function page(staff: Staff, notice: Notice | null, typed: Partial<Typed> = {}): Promise<string> {
    return deskPages.holds({
      desk: deskFrame(staff, '/holds', { links, publicBaseUrl }),
      rows: (await store.holds.inForce(now())).map(rowOf),
      typed: { about: '', until: '', reason: '', ...typed },
      earliest: localDate(timeZone, now().getTime()),
      notice,
    });
  }

  door.add(router, 'GET /desk/holds', async (ctx, staff) => {
    const { done } = ctx.query;
    ctx.body = await page(staff, done === 'begin' || done === 'end' ? notices[done] : null);
  });

  door.add(router, 'POST /desk/holds', plainForm('16kb'), async (ctx, staff) => {
    const sent = ownForm(form, ctx, staff, links);
    const { about: typed, until, reason } = sent;
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      ctx.body = await page(staff, notice, sent.do === 'begin' ? { about: typed, until, reason } : {});
    };
    const done = (id: string, target: About) => {
      ctx.status = 303;
      ctx.redirect(`${home}?done=${sent.do}`);
      return { detail: `${sent.do} ${id}`, reason, ...traceOf(target) };
    };
    if (reason === '') return refuse(400, notices.noReason);
    if (sent.do === 'end') {
      const hold = (await store.holds.inForce(now())).find(({ id }) => id === sent.hold);
      if (!hold || !(await store.holds.end(hold.id, now()))) return refuse(409, notices.ended);
      return done(hold.id, hold);
    }
    const about = await personOrCase(store, typed);
    const end = dayStart(timeZone, until, 1);
    if (about === null) return refuse(400, notices.unknown);
    if (end === null || end <= now().getTime()) return refuse(400, notices.noDay);
    const id = createHash('sha256').update(sent.nonce).digest('hex').slice(0, 32);
    const hold = { ...about, reason, actor: staff.actor, since: now(), until: new Date(end) };
    await store.holds.add(hold, id);
    return done(id, about);
  });

  return router;
}
