import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Municipality } from '../config/municipality';
import { languages } from '../config/schemas/texts';
import type { Say } from '../config/texts';
import { createTemplates, templateFolder } from '../mail/templates';
import type { ActGroup } from './task/act-forms';
import type { Notice } from './task/act-notices';
import type { ListView } from './list-view';
import type { StatusView } from './status-view';
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

function failureWords(status: number, operator: string): { title: string; paragraphs: string[] } {
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
        paragraphs: ['Bağlantınız geçerlidir. Lütfen bir dakika sonra yeniden deneyiniz.'],
      };
    case 503:
      return {
        title: 'Kayıtlara şu anda ulaşılamıyor',
        paragraphs: ['Hiçbir işlem yapılmadı. Lütfen birkaç dakika sonra yeniden deneyiniz.'],
      };
    default:
      return status < 500
        ? { title: 'İstek anlaşılamadı', paragraphs: ['Lütfen e-postadaki bağlantıyı yeniden açınız.'] }
        : {
            title: 'Bir hata oluştu',
            paragraphs: ['Hata kaydedildi. Lütfen birkaç dakika sonra yeniden deneyiniz.'],
          };
  }
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
    statusFailure: status =>
      templates.html('message', {
        ...common,
        ...(status === 404
          ? {
              title: languages.map(language => say(language, 'statusPage.notValid', {})).join(' · '),
              paragraphs: languages.map(language => say(language, 'statusPage.howToAsk', {})),
            }
          : failureWords(status, municipality.operator.name)),
      }),
    failure: status =>
      templates.html('message', { ...common, ...failureWords(status, municipality.operator.name) }),
  };
}
