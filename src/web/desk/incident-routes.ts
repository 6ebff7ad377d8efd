import { Router } from '@koa/router';
import { z } from 'zod';
import { townMoment } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { offered } from '../../config/offices';
import { isHeldByIncident } from '../../domain/case/case';
import { oneLine, plainText } from '../../domain/plain-text';
import { timeText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import type { IncidentRecord } from '../../store/calendar-records';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { incidentEndRefusal, moveIncident } from '../../temporal/incidents';
import { plainForm } from '../form-body';
import { alarm, good, type Notice } from '../task/act-notices';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { deskFrame, type DeskPages, type IncidentsContent } from './desk-pages';

export interface IncidentRoutesDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'cases' | 'incidents'>;
  municipality: Municipality;
  gateway: Pick<CaseGateway, 'moveIncident' | 'ping'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const PING_LIMIT_MS = 2_000;
/** Waiting reports with a link on the page. */
const MOST_LINKED = 100;
/** As long as `admin incident` takes them. */
const LONGEST = { name: 80, words: 500, reason: 200 };

const several = z.union([z.string().max(64), z.array(z.string().max(64)).max(200)]).default([]);
const slugs = several.transform(given => [given].flat());
const text = z.string().max(5_000).default('').transform(plainText).pipe(z.string().trim());
const form = z.object({
  nonce: z.string().max(100),
  do: z.enum(['add', 'end', 'move']),
  incident: z.string().max(200).default(''),
  name: z
    .string()
    .max(5_000)
    .default('')
    .transform(typed => oneLine(typed, LONGEST.name)),
  words: text,
  wordsEn: text,
  subject: slugs,
  neighbourhood: slugs,
  everywhere: z.literal('yes').optional().catch(undefined),
  to: z.string().max(16).default(''),
  reason: text,
});

type Typed = IncidentsContent['typed'];

const notices = {
  incomplete: alarm(
    'Eksik alan var',
    'Lütfen olayın adını, vatandaşa söylenecek sözleri, konuyu, bitişini ve gerekçenizi yazınız.',
  ),
  long: alarm(
    'Metin çok uzun',
    `Sözler en çok ${LONGEST.words}, gerekçe en çok ${LONGEST.reason} karakterdir.`,
  ),
  area: alarm('Alan belirsiz', 'Lütfen ya mahalle seçiniz ya da “Bütün ilçe”yi işaretleyiniz.'),
  endsBefore: alarm('Bitiş hatalı', 'Bitiş başlangıçtan sonra olmalıdır.'),
  past: alarm('Bitiş hatalı', 'Bitiş geçmişte olamaz.'),
  tooLong: alarm('Bitiş hatalı', 'Olay bu kadar uzun duyurulamaz; en uzun süre ayarlarda yazılıdır.'),
  gone: alarm('Bu olay zaten sona ermiş', 'Yapılacak bir işlem kalmadı.'),
  known: alarm('Bu olay az önce duyuruldu', 'Aşağıdaki listede görünür.'),
  pending: alarm('Henüz yapılamadı', 'Lütfen bir dakika sonra aynı formu yeniden gönderiniz.'),
  add: good('Olay duyuruldu', 'Bu konudaki yeni bildirimler artık bu sözlerle yanıtlanıyor.'),
  end: good('Olay sona erdi', 'Bildiren herkese bildiriliyor.'),
  move: good('Bitiş değiştirildi', 'Bekleyen bildirimler yeni bitişi bekliyor.'),
} as const;

/** `/desk/incidents`: announced incidents, such as a water cut, with their reports, as `admin incident` shows and changes them. */
export function incidentRoutes(deps: IncidentRoutesDeps): Router {
  const { store, municipality, gateway, links, deskPages, publicBaseUrl, now } = deps;
  const { timeZone, neighbourhoods, categories } = municipality;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk/incidents`;
  const byName = (one: { name: string }, other: { name: string }): number =>
    one.name.localeCompare(other.name, 'tr');
  const subjects = offered(categories)
    .map(({ slug: value, name }) => ({ value, name: name.tr }))
    .sort(byName);
  const places = neighbourhoods.map(({ slug: value, name }) => ({ value, name })).sort(byName);
  const nameIn = (all: readonly { value: string; name: string }[], slug: string): string =>
    all.find(({ value }) => value === slug)?.name ?? slug;

  async function rowOf(incident: IncidentRecord) {
    const { id, name, words, from, to, addedBy, areas } = incident;
    const cases = await store.cases.ofIncident(id);
    const waiting = cases.flatMap(({ caseNumber, progress }) =>
      progress?.incident?.id === id && isHeldByIncident(progress) ? [caseNumber] : [],
    );
    const moment = (at: Date): string => timeText(at.getTime(), now().getTime(), timeZone);
    const area = [
      ...incident.neighbourhoods.map(slug => nameIn(places, slug)),
      ...(areas.length > 0 ? ['haritada çizilen alan'] : []),
    ];
    return {
      ...{ id, name, words: words.tr, by: addedBy, from: moment(from), to: moment(to) },
      subjects: incident.subjects.map(slug => nameIn(subjects, slug)).join(', '),
      area: area.length === 0 ? 'Bütün ilçe' : area.join(', '),
      reports: cases.length,
      waiting: waiting.length,
      linked: waiting.slice(0, MOST_LINKED),
    };
  }

  async function page(staff: Staff, notice: Notice | null, typed: Partial<Typed> = {}): Promise<string> {
    const empty = { name: '', words: '', wordsEn: '', to: '', reason: '', everywhere: false };
    return deskPages.incidents({
      desk: deskFrame(staff, '/incidents', { links, publicBaseUrl }),
      rows: await Promise.all((await store.incidents.since(now())).map(rowOf)),
      ...{ subjects, places, limits: LONGEST, notice },
      typed: { ...empty, subject: [], neighbourhood: [], ...typed },
    });
  }

  door.add(router, 'GET /desk/incidents', async (ctx, staff) => {
    const { done } = ctx.query;
    const step = form.shape.do.safeParse(done);
    ctx.body = await page(staff, step.success ? notices[step.data] : null);
  });

  /** Returns what is wrong with a new incident, or its record. */
  function announced({ actor }: Staff, sent: z.output<typeof form>): Notice | IncidentRecord {
    const { name, words, wordsEn, neighbourhood, reason } = sent;
    const subject = sent.subject.filter(slug => subjects.some(({ value }) => value === slug));
    const to = townMoment(timeZone, sent.to);
    if ([name, words, reason].includes('') || subject.length === 0 || to === null) return notices.incomplete;
    const isLong = [...words].length > LONGEST.words || [...wordsEn].length > LONGEST.words;
    if (isLong || [...reason].length > LONGEST.reason) return notices.long;
    const known = neighbourhood.filter(slug => places.some(({ value }) => value === slug));
    if ((sent.everywhere === 'yes') === known.length > 0) return notices.area;
    const span = { from: now(), to: new Date(to) };
    const refusal = incidentEndRefusal(municipality, span, now());
    if (refusal !== null) return notices[refusal];
    return {
      id: `${subject[0] ?? ''}:${span.from.toISOString()}`,
      ...{ name, words: { tr: words, en: wordsEn === '' ? null : wordsEn }, subjects: subject },
      ...{ neighbourhoods: known, areas: [], ...span },
      ...{ reason, addedBy: actor, addedAt: now(), moved: null },
    };
  }

  door.add(router, 'POST /desk/incidents', plainForm('64kb'), async (ctx, staff) => {
    const sent = ownForm(form, ctx, staff, links);
    const { do: step, incident: id, reason } = sent;
    const refuse = async (status: number, notice: Notice): Promise<void> => {
      ctx.status = status;
      const typed = { ...sent, everywhere: sent.everywhere === 'yes' };
      ctx.body = await page(staff, notice, step === 'add' ? typed : {});
    };
    const done = (about: string) => {
      ctx.status = 303;
      ctx.redirect(`${home}?done=${step}`);
      return { detail: `${step} ${about}`, reason };
    };
    if (step === 'add') {
      const record = announced(staff, sent);
      if ('tone' in record) return refuse(400, record);
      const isKnown = (await store.incidents.since(now())).some(
        ({ name, words }) => name === record.name && words.tr === record.words.tr,
      );
      if (isKnown || !(await store.incidents.add(record))) return refuse(409, notices.known);
      return done(record.id);
    }
    const incident = await store.incidents.get(id);
    if (!incident || incident.to <= now()) return refuse(409, notices.gone);
    const moment = step === 'end' ? now().getTime() : townMoment(timeZone, sent.to);
    if (moment === null || reason === '') return refuse(400, notices.incomplete);
    const to = new Date(moment);
    const refusal =
      step === 'end' ? null : incidentEndRefusal(municipality, { from: incident.from, to }, now());
    if (refusal !== null) return refuse(400, notices[refusal]);
    const moved = { by: staff.actor, at: now(), reason };
    try {
      // The cases could not be told, and the form is gone once the incident has ended.
      await gateway.ping(PING_LIMIT_MS);
    } catch {
      return refuse(503, notices.pending);
    }
    await moveIncident({ store, gateway }, id, to, moved);
    return done(id);
  });

  return router;
}
