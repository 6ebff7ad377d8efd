import { join } from 'node:path';
import type { Municipality } from '../../config/municipality';
import type { TaskLinks } from '../../mail/task-link';
import { createTemplates } from '../../mail/templates';
import { failureText } from '../failure-texts';
import { styleOf, styleSource } from '../style-sheets';
import type { Notice } from '../task/act-notices';
import type { MessageView } from '../task/report-view';
import type { TaskView } from '../task/task-view';
import type { FilterField } from './case-filter';
import type { CaseRow } from './case-rows';
import type { DeskActForm } from './desk-acts';
import type { Staff } from './desk-door';
import { hasRight, type StaffRight } from './rights';

/** The style sheets of the staff pages and the managers' page. */
export const staffSheets = ['page.css', 'manager.css', 'desk.css'] as const;

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
  { name: 'İstatistik', path: '/istatistik', right: 'figures' },
  { name: 'Kayıtlar', path: '/cases', right: 'cases' },
  { name: 'Ara', path: '/search', right: 'cases' },
  { name: 'Yeni bildirim', path: '/new-report', right: 'newReport' },
  { name: 'Yazışmalar', path: '/talks', right: 'talk' },
  { name: 'Olaylar', path: '/incidents', right: 'incidents' },
  { name: 'Vekâlet', path: '/absences', right: 'absences' },
  { name: 'Kapalı günler', path: '/closures', right: 'closures' },
  { name: 'Silme istekleri', path: '/erasures', right: 'erasures' },
  { name: 'Hukuki saklama', path: '/holds', right: 'erasures' },
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
  cases: (content: CaseListContent) => string;
  search: (content: SearchContent) => string;
  case: (content: CaseContent) => string;
  talks: (content: { desk: DeskFrame; rows: TalkRow[] }) => string;
  talk: (content: TalkContent) => string;
  bulk: (content: BulkContent) => string;
  newReport: (content: NewReportContent) => string;
  erasures: (content: ErasuresContent) => string;
  erasure: (content: ErasureContent) => string;
  holds: (content: HoldsContent) => string;
  absences: (content: AbsencesContent) => string;
  incidents: (content: IncidentsContent) => string;
  closures: (content: ClosuresContent) => string;
  failure: (status: number) => string;
}

/** A row with the address of its timeline in the Temporal UI. */
type LinkedRow = CaseRow & { timeline: string };

interface CaseListContent {
  desk: DeskFrame;
  title: string;
  total: number;
  /** Whether there are more cases than the list can hold. */
  isCut: boolean;
  rows: LinkedRow[];
  fields: FilterField[];
  /** Kept through the filter form, which has no field for it. */
  institution: string | null;
  before: string | null;
  after: string | null;
  csv: string | null;
  /** The same cases in the Temporal UI; null for a list without any. */
  temporal: string | null;
  /** The acts on all cases of the list; null without the right. */
  bulk: string | null;
}

interface CaseContent {
  desk: DeskFrame;
  title: string;
  view: TaskView;
  /** Null without the right. */
  citizen: { name: string | null; phone: string | null } | null;
  hasWords: boolean;
  notice: Notice | null;
  forms: (DeskActForm & { nonce: string; typed: Partial<Record<string, unknown>> })[];
  seen: number;
  /** The address of the page, for its files. */
  base: string;
  timeline: string;
  /** The chat with the citizen; null without the right, or if the citizen never wrote. */
  talk: string | null;
}

interface SearchContent {
  desk: DeskFrame;
  fields: FilterField[];
  byPhone: boolean;
  byWords: boolean;
  typed: { phone: string; words: string };
  /** Null before the first search. */
  rows: LinkedRow[] | null;
  isCut: boolean;
}

/** A citizen who wants to speak to somebody. */
export interface TalkRow {
  href: string;
  name: string;
  at: string;
  words: string;
  isOpen: boolean;
}

/** The chat with a citizen, and what the reader can do in it. */
export interface TalkContent {
  desk: DeskFrame;
  citizen: { name: string; phone: string | null };
  talk: MessageView[];
  rows: CaseRow[];
  /** Who holds the talk: the reader, somebody else by name, or nobody (the line answers). */
  holder: { isReader: boolean; name: string } | null;
  /** Whether nobody can say who holds it, because Temporal is away. */
  isUnknown: boolean;
  /** Why nothing can be written now; null if something can. */
  closed: string | null;
  /** Whether the text goes out as a template, because the 24-hour window is over. */
  asTemplate: boolean;
  silentMinutes: number;
  /** The case that the talk is about. */
  about: string | null;
  answers: { value: string; name: string }[];
  subjects: { value: string; name: string }[];
  typed: { words: string; canned: string; category: string };
  /** The text as the citizen would get it; null without a preview. */
  preview: string | null;
  limit: number;
  nonce: string;
  action: string;
  notice: Notice | null;
}

/** The forms of the acts on a list, their rehearsal, or the results so far. */
interface BulkContent {
  desk: DeskFrame;
  title: string;
  /** The address of the page, with the filter of the list. */
  action: string;
  list: string;
  total: number;
  forms: (DeskActForm & { typed: Partial<Record<string, unknown>> })[];
  notice: Notice | null;
  /** What a run would do, or has done, with each case; null before the rehearsal. */
  run: {
    form: DeskActForm;
    results: { caseNumber: string; isDone: boolean; text: string }[];
    /** The fields of the next step; null when nothing is left. */
    next: { name: string; value: string }[] | null;
    isRehearsal: boolean;
    left: number;
    done: number;
  } | null;
}

/** The form for the report of a caller, of somebody at the counter, or of a muhtar. */
interface NewReportContent {
  desk: DeskFrame;
  sources: { value: string; name: string }[];
  subjects: { value: string; name: string }[];
  typed: Partial<Record<string, string>>;
  /** What is wrong, by field. */
  errors: Partial<Record<string, string>>;
  limit: number;
  notice: Notice | null;
}

/** A request for erasure, with its limit of 30 days. */
interface RequestRow {
  id: string;
  href: string;
  state: string;
  asked: string;
  /** When it ended; null for an open one. */
  done: string | null;
  due: string;
  isLate: boolean;
  by: string;
}

interface ErasuresContent {
  desk: DeskFrame;
  rows: RequestRow[];
  ended: RequestRow[];
  typed: { about: string; reason: string };
  notice: Notice | null;
}

interface ErasureContent {
  desk: DeskFrame;
  row: RequestRow;
  /** What is erased now, one line each. */
  goes: string[];
  /** What must stay, why and until when. */
  stays: string[];
  /** Whether the person goes with the cases. */
  isLeaving: boolean;
  /** How many records name the person, by kind. They go or stay with the person. */
  counts: { name: string; count: number }[];
  approvals: string[];
  /** How many people must approve. */
  needed: number;
  decisions: readonly DecisionForm[];
  notice: Notice | null;
}

/** A decision about a request for erasure, with what it leads to. */
export interface DecisionForm {
  decision: 'approve' | 'refuse';
  title: string;
  consequence: string;
  /** Of the field for the reason. */
  label: string;
}

/** The legal holds in force, and the form for a new one. */
export interface HoldsContent {
  desk: DeskFrame;
  rows: {
    id: string;
    /** The number of the case; null for a person. */
    about: string | null;
    citizenId: string | null;
    reason: string;
    actor: string;
    since: string;
    lastDay: string;
  }[];
  typed: { about: string; until: string; reason: string };
  /** The first day that can be chosen, YYYY-MM-DD. */
  earliest: string;
  notice: Notice | null;
}

/** Who is away and who acts instead, and the form for a new substitute. */
export interface AbsencesContent {
  desk: DeskFrame;
  rows: {
    id: string;
    /** The role that is away, in words. */
    office: string;
    instead: { name: string; address: string };
    from: string;
    to: string;
    by: string;
  }[];
  roles: { value: string; name: string }[];
  typed: { role: string; from: string; to: string; name: string; address: string };
  /** The first day that can be chosen, YYYY-MM-DD. */
  earliest: string;
  notice: Notice | null;
}

/** The extra closures of the calendars from today on, and the form for a new one. */
export interface ClosuresContent {
  desk: DeskFrame;
  rows: { date: string; day: string; hours: string; calendars: string | null; reason: string }[];
  typed: { date: string; from: string; reason: string };
  /** The first day that can be chosen, YYYY-MM-DD. */
  earliest: string;
  notice: Notice | null;
}

/** The announced incidents that have not ended, and the form for a new one. */
export interface IncidentsContent {
  desk: DeskFrame;
  rows: {
    id: string;
    name: string;
    words: string;
    subjects: string;
    area: string;
    from: string;
    to: string;
    by: string;
    reports: number;
    /** How many of the reports wait for the end, and the first of them. */
    waiting: number;
    linked: string[];
  }[];
  subjects: { value: string; name: string }[];
  places: { value: string; name: string }[];
  limits: { name: number; words: number; reason: number };
  typed: {
    name: string;
    words: string;
    wordsEn: string;
    subject: string[];
    neighbourhood: string[];
    everywhere: boolean;
    to: string;
    reason: string;
  };
  notice: Notice | null;
}

export function createDeskPages(
  { name, operator }: Pick<Municipality, 'name' | 'operator'>,
  publicBaseUrl: string,
): DeskPages {
  const templates = createTemplates(join(__dirname, '../pages'));
  const style = styleOf(...staffSheets);
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
    styleHash: styleSource(style),
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
    cases: content => templates.html('desk-cases', { ...common, ...content }),
    search: content => templates.html('desk-search', { ...common, ...content, title: 'Kayıt ara' }),
    case: content => templates.html('desk-case', { ...common, ...content }),
    talks: content => templates.html('desk-talks', { ...common, ...content, title: 'Yazışmalar' }),
    talk: content => templates.html('desk-talk', { ...common, ...content, title: 'Yazışma' }),
    bulk: content => templates.html('desk-bulk', { ...common, ...content }),
    newReport: content =>
      templates.html('desk-new-report', { ...common, ...content, title: 'Yeni bildirim' }),
    erasures: content => templates.html('desk-erasures', { ...common, ...content, title: 'Silme istekleri' }),
    erasure: content => templates.html('desk-erasure', { ...common, ...content, title: 'Silme isteği' }),
    holds: content => templates.html('desk-holds', { ...common, ...content, title: 'Hukuki saklama' }),
    absences: content => templates.html('desk-absences', { ...common, ...content, title: 'Vekâlet' }),
    incidents: content =>
      templates.html('desk-incidents', { ...common, ...content, title: 'Duyurulan olaylar' }),
    closures: content => templates.html('desk-closures', { ...common, ...content, title: 'Kapalı günler' }),
    failure: status =>
      templates.html('message', { ...common, ...failureText(status, 'staff', operator.name) }),
  };
}
