import { join } from 'node:path';
import qrcode from 'qrcode-generator';
import { internationalNumber, type Municipality } from '../config/municipality';
import { languages } from '../config/schemas/texts';
import {
  type Language,
  noticePaths,
  noticeVersion,
  privacyNotice,
  type Say,
  type TextKey,
} from '../config/texts';
import { createTemplates } from '../mail/templates';
import { failureText, linkAskedText, newLinkForm } from './failure-texts';
import type { CallView } from './call-view';
import { styleOf, styleSource } from './style-sheets';
import type { HandOffView } from './hand-off/hand-off-view';
import type { ListView } from './list-view';
import type { StatusView } from './status-view';
import type { ActChoice } from './task/act-forms';
import type { EndedLink } from './task/ended-link';
import type { Notice } from './task/act-notices';
import type { CoverView } from './cover/cover-view';
import type { PublicPage } from './public/public-figures';
import { figurePaths, publicWords } from './public/public-words';
import type { TaskView } from './task/task-view';

export interface Pages {
  /** The CSP sources of the pages' style sheets. */
  styleHashes: string[];
  /** `base` is the relative path from the page to its resources. */
  task: (content: { view: TaskView; notice: Notice | null; base: string } & ActChoice) => string;
  list: (content: { view: ListView; nonce: string; recipient: string; base: string }) => string;
  /** The same tasks by neighbourhood, to be printed. */
  listSheet: (content: { view: ListView; recipient: string }) => string;
  status: (content: { view: StatusView; base: string }) => string;
  call: (content: { view: CallView; base: string }) => string;
  handOff: (content: { view: HandOffView; base: string }) => string;
  cover: (content: { view: CoverView }) => string;
  home: () => string;
  figures: (content: PublicPage) => string;
  /** The privacy notice. */
  privacy: (language: Language) => string;
  /**
   * One page per status, the same for every link and every reason. The page of a refused `task` link has a form that asks
   * for a new one.
   */
  failure: (status: number, reader?: 'department' | 'institution', link?: 'task') => string;
  /** The page of a link whose task has ended. */
  linkEnded: (ended: EndedLink) => string;
  /** The answer to that form, the same for every link. */
  linkAsked: () => string;
  /** The same for citizens, whose language is not known. */
  statusFailure: (status: number) => string;
}

/** Creates the pages of a municipality for departments and citizens. */
export function createPages(
  municipality: Pick<
    Municipality,
    'name' | 'operator' | 'mapTiles' | 'linePhone' | 'privacy' | 'retention' | 'publicFigures'
  >,
  say: Say,
): Pages {
  const templates = createTemplates(join(__dirname, 'pages'));
  const style = styleOf('page.css');
  const coverStyle = styleOf('page.css', 'cover.css');
  const figureStyle = styleOf('page.css', 'manager.css', 'statistics.css');
  const common = { municipality: municipality.name, style };
  const operator = municipality.operator.name;
  return {
    styleHashes: [style, coverStyle, figureStyle].map(styleSource),
    task: content =>
      templates.html('task', {
        ...common,
        ...content,
        map: municipality.mapTiles ?? null,
        title: `${content.view.caseNumber} ${content.view.subject}`,
      }),
    list: content =>
      templates.html('list', { ...common, ...content, title: `${content.view.department}: açık görevler` }),
    listSheet: content =>
      templates.html('list-sheet', {
        ...common,
        ...content,
        title: `${content.view.department}: günlük iş listesi`,
      }),
    status: content =>
      templates.html('status', {
        ...common,
        ...content,
        language: content.view.language,
        title: `${content.view.caseNumber} ${content.view.title}`,
      }),
    call: content =>
      templates.html('call', {
        ...common,
        ...content,
        title: [content.view.caseNumber, content.view.title].filter(part => part).join(' '),
      }),
    handOff: content =>
      templates.html('hand-off', {
        ...common,
        ...content,
        title: `${content.view.caseNumber} ${content.view.title}`,
      }),
    cover: content =>
      templates.html('cover', {
        ...common,
        style: coverStyle,
        ...content,
        title: `${content.view.caseNumber} Kişisel verileri kapat`,
      }),
    home: () => {
      const chat = `https://wa.me/${internationalNumber(municipality.linePhone)}`;
      const parts = languages.map(language => ({
        language,
        title: say(language, 'homePage.title', {}),
        paragraphs: (['report', 'status', 'danger'] as const).map(key =>
          say(language, `homePage.${key}`, {}),
        ),
        link: {
          text: `${say(language, 'homePage.write', {})}: ${municipality.linePhone}`,
          href: chat,
        },
        figures: municipality.publicFigures && {
          text: say(language, 'homePage.figures', {}),
          href: figurePaths[language],
        },
        privacy: { text: say(language, 'noticePage.title', {}), href: noticePaths[language] },
      }));
      const title = `${municipality.name}: ${parts.map(part => part.title).join(' · ')}`;
      return templates.html('message', {
        ...common,
        title,
        parts,
        code: qrCode(chat, municipality.linePhone),
      });
    },
    figures: content => {
      const words = publicWords[content.language];
      const home = '../'.repeat(figurePaths[content.language].split('/').length - 1);
      const [other = 'tr'] = languages.filter(each => each !== content.language);
      return templates.html('public-figures', {
        ...{ ...common, style: figureStyle, ...content, words },
        home: home || './',
        other: { language: other, href: home + figurePaths[other] },
        title: `${municipality.name}: ${words.title}`,
      });
    },
    privacy: language => {
      const heading = (key: Extract<TextKey, `noticePage.${string}`>): string => say(language, key, {});
      const [other] = languages.filter(each => each !== language);
      return templates.html('privacy', {
        ...common,
        language,
        title: heading('noticePage.title'),
        parts: privacyNotice(municipality, language).map(({ part, lines }) => ({
          title: heading(`noticePage.${part}`),
          lines,
        })),
        version: `${heading('noticePage.version')}: ${noticeVersion(municipality)}`,
        other: {
          text: heading('noticePage.other'),
          language: other,
          href: `${'../'.repeat(noticePaths[language].split('/').length - 1)}${noticePaths[other ?? 'tr']}`,
        },
      });
    },
    statusFailure: status => {
      if (status !== 404)
        return templates.html('message', { ...common, ...failureText(status, 'citizen', operator) });
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
    failure: (status, reader = 'department', link) =>
      templates.html('message', {
        ...common,
        ...failureText(status, reader, operator),
        form: status === 404 && link === 'task' ? newLinkForm : null,
      }),
    linkEnded: ({ isStillHere, ...words }) =>
      templates.html('message', { ...common, ...words, form: isStillHere ? newLinkForm : null }),
    linkAsked: () => templates.html('message', { ...common, ...linkAskedText }),
  };
}

/** The quiet zone that scanners need around a QR code, in modules (ISO/IEC 18004). */
const QUIET = 4;

/** Returns an address as a QR code (SVG), whose rows are runs of dark modules. */
function qrCode(address: string, name: string): string {
  const code = qrcode(0, 'M');
  code.addData(address);
  code.make();
  const places = [...Array(code.getModuleCount()).keys()];
  const rows = places.map(row => places.map(column => (code.isDark(row, column) ? '1' : '0')).join(''));
  const runs = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(
      ({ 0: run, index }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`,
    ),
  );
  const side = places.length + 2 * QUIET;
  return `<svg class="code" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${side} ${side}"><title>QR: ${name}</title><path fill="#fff" d="M0 0h${side}v${side}h-${side}z"/><path d="${runs.join('')}"/></svg>`;
}
