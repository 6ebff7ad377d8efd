import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Municipality } from '../../config/municipality';
import type { TaskLinks } from '../../mail/task-link';
import { createTemplates, templateFolder } from '../../mail/templates';
import { failureText } from '../failure-texts';
import type { Staff } from './desk-door';
import { hasRight, type StaffRight } from './rights';

const folder = join(__dirname, '../pages');

/** Returns the style sheet of the staff pages and the managers' page. */
export function staffStyle(): string {
  const sheet = (file: string): string => readFileSync(join(templateFolder(folder), file), 'utf8');
  return sheet('page.css') + sheet('manager.css') + sheet('desk.css');
}

/** The parts that all staff pages have in common. */
export interface DeskFrame {
  person: string;
  /** For the sign-out form and the forms of the page. */
  nonce: string;
  home: string;
  nav: { name: string; href: string; isHere: boolean }[];
}

/** The pages in the menu, for whoever has the right. A new page of staff gets its entry here. */
const menu: readonly { name: string; path: string; right: StaffRight }[] = [
  { name: 'Genel durum', path: '', right: 'figures' },
];

/** Returns the frame of a page for a person. `path` is the page after `/desk`. */
export function deskFrame(
  { session, grants }: Staff,
  path: string,
  { links, publicBaseUrl }: { links: Pick<TaskLinks, 'nonceFor'>; publicBaseUrl: string },
): DeskFrame {
  const home = `${publicBaseUrl}/desk`;
  return {
    person: session.name,
    nonce: links.nonceFor(session.id),
    home,
    nav: menu
      .filter(({ right }) => hasRight(grants, right))
      .map(entry => ({ name: entry.name, href: home + entry.path, isHere: entry.path === path })),
  };
}

/** How a page asks somebody to sign in: by the provider, by mail, or with the link of a mail. */
type SignInWay = 'provider' | 'mail' | 'link';

export interface DeskPages {
  /** The CSP source of the style sheet. */
  styleHash: string;
  signIn: (way: SignInWay, problem?: string) => string;
  /** The same answer for every address. */
  linkAsked: () => string;
  signedOut: () => string;
  noRole: (person: string) => string;
  failure: (status: number) => string;
}

export function createDeskPages(
  { name, operator }: Pick<Municipality, 'name' | 'operator'>,
  publicBaseUrl: string,
): DeskPages {
  const templates = createTemplates(folder);
  const style = staffStyle();
  const common = { municipality: name, style };
  const home = `${publicBaseUrl}/desk`;
  const message = (title: string, paragraphs: string[], link?: { text: string; href: string }): string =>
    templates.html('message', {
      ...common,
      title,
      parts: [{ language: 'tr', title, paragraphs, ...(link && { link }) }],
    });
  const again = { text: 'Yeniden giriş yap', href: `${home}/sign-in` };
  return {
    styleHash: `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    signIn: (way, problem) =>
      templates.html('desk-sign-in', {
        ...common,
        title: 'Görevli girişi',
        way,
        problem: problem ?? null,
        home,
      }),
    linkAsked: () =>
      message('E-postanıza bakınız', [
        'Yazdığınız adres görevli olarak kayıtlıysa, giriş bağlantısı birkaç dakika içinde bu adrese gönderilir. Bağlantı 15 dakika geçerlidir ve bir kez kullanılır.',
        `Bir adrese beş dakikada bir bağlantı gönderilir. E-posta gelmezse başvurabileceğiniz yer: ${operator.name}.`,
      ]),
    signedOut: () => message('Çıkış yaptınız', ['Oturumunuz kapatıldı.'], again),
    noRole: person =>
      message(
        'Görevli sayfaları için yetkiniz yok',
        [
          `${person} olarak tanındınız; bu kimliğe bir görev verilmemiş.`,
          `Yetki için başvurabileceğiniz yer: ${operator.name}.`,
        ],
        again,
      ),
    failure: status =>
      templates.html('message', { ...common, ...failureText(status, 'staff', operator.name) }),
  };
}
