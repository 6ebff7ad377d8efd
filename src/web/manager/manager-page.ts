import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Municipality } from '../../config/municipality';
import { momentText } from '../../mail/due-text';
import { createTemplates, templateFolder } from '../../mail/templates';
import type { ViewName } from '../../temporal/manager-views';
import { barOf, type Bar } from './manager-bar';
import type { Board, Counted, DepartmentLine } from './manager-board';

export interface ManagerPages {
  /** The source that allows the page's own style sheet in a Content-Security-Policy. */
  styleHash: string;
  /** `expiresAt` is the end of the link that opened the page. */
  board: (board: Board, expiresAt: Date) => string;
  /** One page for each status, the same for every link and every reason. */
  failure: (status: number) => string;
}

type Tone = 'alarm' | 'warning' | 'calm';

interface Tile extends Counted {
  tone: Tone;
  hint: string;
}

/** What asks for a manager's attention, most urgent first. */
const urgent: readonly [ViewName, Tone, string][] = [
  ['breached', 'alarm', 'Kabul veya çözüm süresi doldu, iş hâlâ açık.'],
  ['escalated', 'alarm', 'Süre aşımı üst makama bildirildi (2. kademe ve üstü).'],
  ['dueToday', 'warning', 'Süresi bugün, gün bitmeden doluyor.'],
  ['atRisk', 'warning', 'Sürenin büyük bölümü geçti, hatırlatma gönderildi.'],
  ['triage', 'warning', 'Hangi müdürlüğe gideceği henüz belli değil.'],
];

const others: readonly [ViewName, string][] = [
  ['open', 'Sonuçlanmamış ve vatandaş onayı bekleyen bütün kayıtlar.'],
  ['paused', 'Vatandaşın veya bir kurumun yanıtı bekleniyor, hizmet süresi durdu.'],
  ['reopened', 'Vatandaş “çözülmedi” dedi, iş yeniden müdürlükte.'],
  ['unconfirmed', 'Müdürlük sonuçlandırdı, vatandaşın yanıtı bekleniyor.'],
  ['closed', 'Son 90 günde kapanan kayıtlar.'],
];

/** The managers' pages in the name of a municipality. */
export function createManagerPages({
  name,
  operator,
  timeZone,
}: Pick<Municipality, 'name' | 'operator' | 'timeZone'>): ManagerPages {
  const folder = join(__dirname, '../pages');
  const templates = createTemplates(folder);
  const sheet = (file: string): string => readFileSync(join(templateFolder(folder), file), 'utf8');
  const style = sheet('page.css') + sheet('manager.css');
  const common = { municipality: name, style };
  return {
    styleHash: `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    board: (board, expiresAt) =>
      templates.html('manager', {
        ...common,
        title: 'Yönetici sayfası',
        at: momentText(board.at, timeZone),
        expires: momentText(expiresAt.getTime(), timeZone),
        operator: operator.name,
        isAway: board.isAway,
        isQuiet: board.views.open.count === 0,
        urgent: urgent.map(([view, tone, hint]): Tile => tileOf(board.views[view], tone, hint)),
        others: others.map(([view, hint]): Tile => tileOf(board.views[view], 'calm', hint)),
        bar: townBar(board.views),
        departments: board.departments.map(line => ({ ...line, bar: departmentBar(line, board) })),
      }),
    failure: status => templates.html('message', { ...common, ...failureWords(status, operator.name) }),
  };
}

/** Nothing to do, or nothing known, needs no colour. */
function tileOf(counted: Counted, tone: Tone, hint: string): Tile {
  return { ...counted, hint, tone: counted.count ? tone : 'calm' };
}

function townBar({ open, breached, atRisk, paused, unconfirmed }: Board['views']): Bar | null {
  return open.count
    ? barOf(
        [
          ['breached', breached.count],
          ['atRisk', atRisk.count],
          ['paused', paused.count],
          ['unconfirmed', unconfirmed.count],
        ],
        open.count,
        open.count,
      )
    : null;
}

/** All departments on one scale, so that the longest bar is the heaviest desk. */
function departmentBar(
  { views: { all, breached, atRisk, paused } }: DepartmentLine,
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

function failureWords(status: number, operator: string): { title: string; paragraphs: string[] } {
  if (status === 503) {
    return {
      title: 'Kayıtlara şu anda ulaşılamıyor',
      paragraphs: ['Lütfen birkaç dakika sonra yeniden deneyiniz.'],
    };
  }
  if (status >= 500) {
    return {
      title: 'Bir hata oluştu',
      paragraphs: ['Hata kaydedildi. Lütfen birkaç dakika sonra yeniden deneyiniz.'],
    };
  }
  if (status === 429) {
    return {
      title: 'Bu sayfa çok sık açıldı',
      paragraphs: ['Bağlantınız geçerlidir. Lütfen bir dakika sonra yeniden deneyiniz.'],
    };
  }
  return {
    title: 'Bu bağlantı geçerli değil',
    paragraphs: [
      'Yönetici sayfası yalnızca size verilen bağlantıyla açılır. Bağlantı eksik kopyalanmış veya süresi dolmuş olabilir.',
      `Yeni bağlantı için başvurabileceğiniz yer: ${operator}.`,
    ],
  };
}
