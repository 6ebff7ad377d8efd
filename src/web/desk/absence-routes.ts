import { Router } from '@koa/router';
import { z } from 'zod';
import { dayStart, localDate } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { roleHolder, rolesOf } from '../../config/offices';
import { mailAddress } from '../../config/schemas/fields';
import { absenceRefusal } from '../../domain/absence';
import { oneLine } from '../../domain/plain-text';
import { dayText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import type { AbsenceRecord } from '../../store/calendar-records';
import type { Store } from '../../store/store';
import { plainForm } from '../form-body';
import { alarm, good, type Notice } from '../task/act-notices';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { type AbsencesContent, deskFrame, type DeskPages } from './desk-pages';

export interface AbsenceRoutesDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'absences'>;
  municipality: Municipality;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const LONGEST_NAME = 120;
const form = z.object({
  nonce: z.string().max(100),
  do: z.enum(['add', 'end']),
  absence: z.string().max(200).default(''),
  role: z.string().max(100).default(''),
  from: z.string().max(10).default(''),
  to: z.string().max(10).default(''),
  name: z
    .string()
    .max(1_000)
    .default('')
    .transform(typed => oneLine(typed, LONGEST_NAME)),
  address: z.string().max(254).default(''),
});

type Typed = AbsencesContent['typed'];

const notices = {
  incomplete: alarm(
    'Eksik veya hatalı alan',
    'Lütfen kişiyi, günleri, vekilin adını ve e-postasını yazınız.',
  ),
  endsBefore: alarm('Günler ters', 'Son gün ilk günden önce olamaz.'),
  past: alarm('Günler geçmişte', 'Lütfen henüz bitmemiş günler seçiniz.'),
  overlap: alarm('Bu günlerde vekil var', 'Önce aşağıdaki vekâleti bitiriniz.'),
  circle: alarm(
    'Vekiller birbirinin yerine bakıyor',
    'Vekilin kendisi bu günlerde bu kişiye vekâlet ediyor.',
  ),
  gone: alarm('Bu vekâlet zaten bitmiş', 'Yapılacak bir işlem kalmadı.'),
  add: good('Vekâlet kaydedildi', 'Bu günlerde bildirimler, kararlar, nöbet ve günlük liste vekile gider.'),
  end: good('Vekâlet bitirildi', 'Bir sonraki e-postadan başlayarak yine asıl görevliye gider.'),
} as const;

/** `/desk/absences`: who is away, and who acts instead (vekâlet), as `admin away` shows and changes it. */
export function absenceRoutes(deps: AbsenceRoutesDeps): Router {
  const { store, municipality, links, deskPages, publicBaseUrl, now } = deps;
  const { timeZone } = municipality;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk/absences`;
  const roles = rolesOf(municipality);

  function rowOf({ id, role, away, instead, from, to, addedBy }: AbsenceRecord) {
    const day = (at: number): string => dayText(at, now().getTime(), timeZone);
    const office = roles.find(({ value }) => value === role)?.name ?? away.name;
    // The end is the midnight after the last day.
    return { id, office, instead, from: day(from.getTime()), to: day(to.getTime() - 1), by: addedBy };
  }

  async function page(staff: Staff, notice: Notice | null, typed: Partial<Typed> = {}): Promise<string> {
    const today = localDate(timeZone, now().getTime());
    return deskPages.absences({
      desk: deskFrame(staff, '/absences', { links, publicBaseUrl }),
      rows: (await store.absences.since(now())).map(rowOf),
      roles,
      typed: { role: '', from: today, to: '', name: '', address: '', ...typed },
      earliest: today,
      notice,
    });
  }

  door.add(router, 'GET /desk/absences', async (ctx, staff) => {
    const { done } = ctx.query;
    ctx.body = await page(staff, done === 'add' || done === 'end' ? notices[done] : null);
  });

  door.add(router, 'POST /desk/absences', plainForm('16kb'), async (ctx, staff) => {
    const { nonce: _, do: step, absence, ...typed } = ownForm(form, ctx, staff, links);
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      ctx.body = await page(staff, notice, step === 'add' ? typed : {});
    };
    const done = (detail: string) => {
      ctx.status = 303;
      ctx.redirect(`${home}?done=${step}`);
      return { detail };
    };
    if (step === 'end') {
      const isKnown = (await store.absences.since(now())).some(({ id }) => id === absence);
      if (!isKnown) return refuse(409, notices.gone);
      await store.absences.end(absence, { at: now(), by: staff.actor });
      return done(`end ${absence}`);
    }
    const away = roleHolder(municipality, typed.role);
    const [from, to] = [dayStart(timeZone, typed.from), dayStart(timeZone, typed.to, 1)];
    const address = mailAddress.safeParse(typed.address);
    if (!away || from === null || to === null || typed.name === '' || !address.success) {
      return refuse(400, notices.incomplete);
    }
    const given = {
      ...{ away: { name: away.name, address: away.address }, from: new Date(from), to: new Date(to) },
      instead: { name: typed.name, address: address.data },
    };
    const refusal = absenceRefusal(given, await store.absences.since(now()), now());
    if (refusal !== null) return refuse(refusal === 'overlap' ? 409 : 400, notices[refusal]);
    const id = `${typed.role}:${given.from.toISOString()}`;
    const added = { addedBy: staff.actor, addedAt: now(), endedBy: null, endedAt: null };
    if (!(await store.absences.add({ id, role: typed.role, ...given, ...added })))
      return refuse(409, notices.overlap);
    return done(`add ${id}`);
  });

  return router;
}
