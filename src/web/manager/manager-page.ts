import { Router } from '@koa/router';
import { join } from 'node:path';
import type { Municipality } from '../../config/municipality';
import { notFound } from '../../errors';
import { momentText } from '../../mail/case-text';
import type { TaskLinks } from '../../mail/task-link';
import { createTemplates } from '../../mail/templates';
import type { AbsenceRecord, IncidentRecord } from '../../store/calendar-records';
import type { Store } from '../../store/store';
import type { ViewName } from '../../temporal/manager-views';
import { createDeskDoor, type DeskDoorDeps } from '../desk/desk-door';
import { type DeskFrame, deskFrame, staffSheets } from '../desk/desk-pages';
import type { ManagerLink } from '../../store/task-records';
import { failureText } from '../failure-texts';
import { styleOf, styleSource } from '../style-sheets';
import { type StatisticsReader, type StatisticsRouteDeps, statisticsRoutes } from './statistics-routes';
import type { StatisticsView } from './statistics-view';
import {
  type Board,
  type BoardDeps,
  type Counted,
  type DepartmentRow,
  type ListKey,
  readBoard,
} from './manager-board';

/** Who reads the page: the holder of a link with its expiry, or staff with their frame. */
type ManagerReader = { expiresAt: Date; token: string } | { desk: DeskFrame };

export interface ManagerPages {
  /** The CSP sources of the page's style sheet, and of that with charts. */
  styleHash: string;
  chartStyleHash: string;
  statistics: (view: StatisticsView, reader: StatisticsReader) => string;
  board: (
    board: Board,
    reader: ManagerReader,
    announced: { absences: readonly AbsenceRecord[]; incidents: readonly IncidentRecord[] },
  ) => string;
  /** One page per status, the same for every link and every reason. */
  failure: (status: number) => string;
}

type Tone = 'alarm' | 'warning' | 'calm';

interface Tile extends Counted {
  tone: Tone;
  hint: string;
}

/** Views that need attention, most urgent first. */
const urgent: readonly [ViewName, Tone, string][] = [
  ['breached', 'alarm', 'Kabul veya çözüm süresi doldu, iş hâlâ açık.'],
  ['escalated', 'alarm', 'Süre aşımı üst makama bildirildi (2. kademe ve üstü).'],
  ['overduePlans', 'alarm', 'Vatandaşa bildirilen zaman geçti, iş tamamlanmadı.'],
  ['lateDecisions', 'alarm', 'Vatandaşın itirazı süresinde karara bağlanmadı.'],
  ['dueToday', 'warning', 'Süresi bugün, gün bitmeden doluyor.'],
  ['atRisk', 'warning', 'Sürenin büyük bölümü geçti, hatırlatma gönderildi.'],
  ['triage', 'warning', 'Hangi müdürlüğe gideceği henüz belli değil.'],
];

const others: readonly [ViewName, string][] = [
  ['open', 'Sonuçlanmamış ve vatandaş onayı bekleyen bütün kayıtlar.'],
  ['paused', 'Vatandaşın veya bir kurumun yanıtı bekleniyor, hizmet süresi durdu.'],
  ['objected', 'Vatandaş sonuca itiraz etti, üst makamın kararı bekleniyor.'],
  ['planned', 'İş ileri bir zamana planlandı ve o zamana kadar izleniyor.'],
  ['reopened', 'Vatandaş “çözülmedi” dedi, iş yeniden müdürlükte.'],
  ['toCall', 'WhatsApp mesajı ulaşmadı, görüşme masasının araması bekleniyor.'],
  ['handOffs', 'Bir kuruma iletildi, kurumun yanıtı izleniyor.'],
  ['unconfirmed', 'Müdürlük sonuçlandırdı, vatandaşın yanıtı bekleniyor.'],
  ['closed', 'Son 90 günde kapanan kayıtlar.'],
];

/** Creates the managers' pages of a municipality. */
export function createManagerPages({
  name,
  operator,
  timeZone,
  categories,
  neighbourhoods,
}: Pick<Municipality, 'name' | 'operator' | 'timeZone' | 'categories' | 'neighbourhoods'>): ManagerPages {
  const templates = createTemplates(join(__dirname, '../pages'));
  const style = styleOf(...staffSheets);
  const chartStyle = styleOf(...staffSheets, 'statistics.css');
  const common = { municipality: name, style };
  const span = (from: Date, to: Date): string =>
    [from, to].map(at => momentText(at.getTime(), timeZone)).join(' – ');
  const areaText = (incident: IncidentRecord): string => {
    const names = incident.neighbourhoods.map(
      slug => neighbourhoods.find(each => each.slug === slug)?.name ?? slug,
    );
    const drawn = incident.areas.length > 0 ? ['haritada çizilen alan'] : [];
    return [...names, ...drawn].join(', ') || 'bütün ilçe';
  };
  return {
    styleHash: styleSource(style),
    chartStyleHash: styleSource(chartStyle),
    statistics: (view, reader) =>
      templates.html('statistics', {
        ...{ ...common, style: chartStyle, title: view.title, view },
        token: 'token' in reader ? reader.token : null,
        desk: 'desk' in reader ? reader.desk : null,
      }),
    board: (board, reader, { absences, incidents }) =>
      templates.html('manager', {
        ...common,
        title: 'Yönetici sayfası',
        at: momentText(board.at, timeZone),
        expires: 'expiresAt' in reader ? momentText(reader.expiresAt.getTime(), timeZone) : null,
        desk: 'desk' in reader ? reader.desk : null,
        statistics: 'token' in reader ? `${reader.token}/istatistik` : `${reader.desk.home}/istatistik`,
        operator: operator.name,
        isAway: board.isAway,
        isQuiet: board.views.open.count === 0,
        urgent: urgent.map(([view, tone, hint]): Tile => tileOf(board.views[view], tone, hint)),
        others: others.map(([view, hint]): Tile => tileOf(board.views[view], 'calm', hint)),
        institutions: board.institutions.filter(({ count }) => count),
        bar: townBar(board.views),
        absences: absences.map(({ away, instead, from, to }) => ({
          away: away.name,
          instead: instead.name,
          span: span(from, to),
          isNow: from.getTime() <= board.at,
        })),
        incidents: incidents.map(incident => ({
          name: incident.name,
          subjects: incident.subjects
            .map(slug => categories.find(each => each.slug === slug)?.name.tr ?? slug)
            .join(', '),
          area: areaText(incident),
          words: incident.words.tr,
          span: span(incident.from, incident.to),
          isNow: incident.from.getTime() <= board.at,
        })),
        departments: board.departments.map(line => ({ ...line, bar: departmentBar(line, board) })),
      }),
    failure: status =>
      templates.html('message', { ...common, ...failureText(status, 'manager', operator.name) }),
  };
}

/** Zero and unknown counts have a neutral colour. */
function tileOf(counted: Counted, tone: Tone, hint: string): Tile {
  return { ...counted, hint, tone: counted.count ? tone : 'calm' };
}

function townBar({
  open,
  breached,
  atRisk,
  paused,
  planned,
  objected,
  unconfirmed,
}: Board['views']): Bar | null {
  return open.count
    ? barOf(
        [
          ['breached', breached.count],
          ['atRisk', atRisk.count],
          ['paused', paused.count],
          ['planned', planned.count],
          ['objected', objected.count],
          ['unconfirmed', unconfirmed.count],
        ],
        open.count,
        open.count,
      )
    : null;
}

/** All departments share one scale, so that the longest bar is the busiest department. */
function departmentBar(
  { views: { all, breached, atRisk, paused } }: DepartmentRow,
  board: Board,
): Bar | null {
  const heaviest = Math.max(...board.departments.map(({ views }) => views.all.count ?? 0));
  return all.count
    ? barOf(
        [
          ['breached', breached.count],
          ['atRisk', atRisk.count],
          ['paused', paused.count],
        ],
        all.count,
        heaviest,
      )
    : null;
}

const kinds = {
  breached: 'süresi aşılan',
  atRisk: 'süresi azalan',
  paused: 'bekletilen',
  planned: 'programda',
  objected: 'itiraz edilen',
  unconfirmed: 'onay bekleyen',
  onTrack: 'süresinde',
} as const;

type Kind = keyof typeof kinds;

interface Segment {
  kind: Kind;
  name: string;
  count: number;
  /** In thousandths of the picture's width. */
  x: number;
  width: number;
}

/** A bar chart of cases by state, with the same in words. */
export interface Bar {
  words: string;
  segments: Segment[];
}

const WIDTH = 1_000;

/**
 * Returns a bar of `total` cases on a scale up to `scale`: the given kinds in order, and the rest as on
 * track. Counts are queried one by one, so their sum may differ from the total.
 */
export function barOf(parts: readonly [Kind, number | null][], total: number, scale: number): Bar {
  const known = parts.map(([kind, count]): [Kind, number] => [kind, count ?? 0]);
  const sum = known.reduce((all, [, count]) => all + count, 0);
  const whole: [Kind, number][] = [...known, ['onTrack', Math.max(0, total - sum)]];
  const unit = WIDTH / Math.max(scale, sum, 1);
  let x = 0;
  const segments = whole
    .filter(([, count]) => count > 0)
    .map(([kind, count]): Segment => {
      const segment = { kind, name: kinds[kind], count, x: Math.round(x), width: Math.round(count * unit) };
      x += count * unit;
      return segment;
    });
  return { segments, words: segments.map(({ name, count }) => `${count} ${name}`).join(', ') };
}

export interface ManagerDeps extends BoardDeps, StatisticsRouteDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'managerLinks' | 'absences' | 'incidents'>;
  links: Pick<TaskLinks, 'hashOf' | 'nonceFor'>;
  municipality: Municipality;
  managerPages: ManagerPages;
}

/**
 * `/desk` and `/manager/:token`: the managers' start page, read-only, for staff who are signed in and for the holder of a
 * link. All invalid links get the same response.
 */
export function managerRoutes(deps: ManagerDeps): Router {
  const { store, links, managerPages, now, publicBaseUrl, ...board } = deps;
  const router = new Router();

  async function open(token: string): Promise<ManagerLink> {
    const tokenHash = links.hashOf(token, 'manager');
    const link = tokenHash === null ? null : await store.managerLinks.get(tokenHash);
    if (!link || link.expiresAt <= now()) throw notFound();
    return link;
  }

  async function show(reader: ManagerReader, linkTo?: (key: ListKey) => string): Promise<string> {
    const [read, absences, incidents] = await Promise.all([
      readBoard(board, now().getTime(), linkTo),
      store.absences.since(now()),
      store.incidents.since(now()),
    ]);
    return managerPages.board(read, reader, { absences, incidents });
  }

  createDeskDoor(deps).add(router, 'GET /desk', async (ctx, staff) => {
    const frame = deskFrame(staff, '', { links, publicBaseUrl });
    const list = (key: ListKey): string =>
      `${frame.home}/cases?${new URLSearchParams({ ...key }).toString()}`;
    ctx.body = await show({ desk: frame }, list);
  });

  router.get('/manager/:token', async ctx => {
    const token = ctx.params['token'] ?? '';
    const { expiresAt } = await open(token);
    ctx.body = await show({ expiresAt, token });
  });
  return router.use(statisticsRoutes({ ...deps, open, page: managerPages.statistics }).routes());
}
