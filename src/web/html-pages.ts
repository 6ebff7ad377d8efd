import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Municipality } from '../config/municipality';
import { languages } from '../config/schemas/texts';
import type { Say } from '../config/texts';
import { createTemplates, templateFolder } from '../mail/templates';
import type { ListView } from './list-view';
import type { StatusView } from './status-view';
import type { ActGroup } from './task/act-forms';
import type { Notice } from './task/act-notices';
import type { TaskView } from './task/task-view';

export interface Pages {
  /** The source that allows the pages' own style sheet in a Content-Security-Policy. */
  styleHash: string;
  /** `base` leads from the page to what belongs to it. */
  task: (content: { view: TaskView; notice: Notice | null; groups: ActGroup[]; base: string }) => string;
  list: (content: { view: ListView; nonce: string; recipient: string }) => string;
  status: (content: { view: StatusView; photoBase: string }) => string;
  /** One page for each status, the same for every link and every reason. */
  failure: (status: number) => string;
  /** The same for a citizen, whose language is not known. */
  statusFailure: (status: number) => string;
}

/** The pages for departments and citizens in the name of a municipality. */
export function createPages(
  municipality: Pick<Municipality, 'name' | 'operator' | 'mapTiles'>,
  say: Say,
): Pages {
  const folder = join(__dirname, 'pages');
  const templates = createTemplates(folder);
  const style = readFileSync(join(templateFolder(folder), 'page.css'), 'utf8');
  const common = { municipality: municipality.name, style };
  return {
    styleHash: `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    task: content =>
      templates.html('task', {
        ...common,
        ...content,
        map: municipality.mapTiles ?? null,
        title: `${content.view.caseNumber} ${content.view.subject}`,
      }),
    list: content =>
      templates.html('list', { ...common, ...content, title: `${content.view.department}: açık görevler` }),
    status: content =>
      templates.html('status', {
        ...common,
        ...content,
        language: content.view.language,
        title: `${content.view.caseNumber} ${content.view.title}`,
      }),
    statusFailure: status => {
      if (status !== 404) return templates.html('message', { ...common, ...citizenFailureWords(status) });
      const parts = languages.map(language => ({
        language,
        title: say(language, 'statusPage.notValid', {}),
        paragraphs: [say(language, 'statusPage.howToAsk', {})],
      }));
      return templates.html('message', {
        ...common,
        title: parts.map(({ title }) => title).join(' · '),
        parts,
      });
    },
    failure: status =>
      templates.html('message', { ...common, ...failureWords(status, municipality.operator.name) }),
  };
}

interface FailureWords {
  title: string;
  paragraphs: string[];
}

/** An act may have been taken before what came after it failed. */
const lookFirst =
  'Bir form gönderdiyseniz, yeniden göndermeden önce kaydın geçmişine bakınız; işleminiz kaydedilmiş olabilir.';

/** What a department reads instead of a page, by status; `operator` is whom to ask. */
export function failureWords(status: number, operator: string): FailureWords {
  switch (status) {
    case 404:
      return {
        title: 'Bu bağlantı geçerli değil',
        paragraphs: [
          'Bağlantı eksik kopyalanmış, süresi dolmuş veya yenisiyle değiştirilmiş olabilir.',
          'Lütfen kayda ilişkin en son e-postadaki bağlantıyı açınız.',
          `Yeni bağlantı için kayıt numarasıyla (PK-…) başvurabileceğiniz yer: ${operator}.`,
        ],
      };
    case 403:
      return {
        title: 'İşlem yapılmadı',
        paragraphs: [
          'Form bu siteden gönderilmedi. Lütfen e-postadaki bağlantıyı açıp işlemi oradan yapınız.',
        ],
      };
    case 413:
      return {
        title: 'Gönderilen form çok büyük',
        paragraphs: [
          'Form alınmadı, hiçbir işlem yapılmadı.',
          'Lütfen geri dönüp metni kısaltınız ya da daha küçük fotoğraf seçiniz.',
        ],
      };
    case 408:
      return {
        title: 'Form süresinde tamamlanamadı',
        paragraphs: [
          'Bağlantınız yavaş olduğu veya kesildiği için form alınmadı; hiçbir işlem yapılmadı.',
          'Lütfen geri dönüp daha az ya da daha küçük fotoğrafla veya bağlantı daha iyi olduğunda yeniden deneyiniz.',
        ],
      };
    case 429:
      return {
        title: 'Bu sayfa çok sık açıldı',
        paragraphs: [
          'Bağlantınız geçerlidir; bu istekle hiçbir işlem yapılmadı.',
          'Lütfen bir dakika sonra yeniden deneyiniz.',
        ],
      };
    case 503:
      return {
        title: 'Kayıtlara şu anda ulaşılamıyor',
        paragraphs: ['Lütfen birkaç dakika sonra yeniden deneyiniz.', lookFirst],
      };
    default:
      return status < 500
        ? { title: 'İstek anlaşılamadı', paragraphs: ['Lütfen e-postadaki bağlantıyı yeniden açınız.'] }
        : {
            title: 'Bir hata oluştu',
            paragraphs: ['Hata kaydedildi. Lütfen birkaç dakika sonra yeniden deneyiniz.', lookFirst],
          };
  }
}

/** The same for a citizen, who only looks and came from a message; a link that opens nothing has a page of its own. */
export function citizenFailureWords(status: number): FailureWords {
  if (status === 429) {
    return {
      title: 'Bu sayfa çok sık açıldı',
      paragraphs: ['Bağlantınız geçerlidir. Lütfen bir dakika sonra yeniden deneyiniz.'],
    };
  }
  if (status < 500) {
    return {
      title: 'İstek anlaşılamadı',
      paragraphs: ['Lütfen size gönderilen mesajdaki bağlantıyı yeniden açınız.'],
    };
  }
  return {
    title: status === 503 ? 'Kayıtlara şu anda ulaşılamıyor' : 'Bir hata oluştu',
    paragraphs: ['Lütfen birkaç dakika sonra yeniden deneyiniz.'],
  };
}
