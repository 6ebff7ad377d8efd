import { isOnHold, isOnService, isWithDepartment } from '../../domain/case/case';
import { clockLabels } from '../../domain/case/case-labels';
import type { Clock } from '../../domain/sla/sla';
import { dayText, dueTextOf } from '../case-text';
import { coordinatesText, mapUrl } from '../map-link';
import { oneLine, plainText } from '../../domain/plain-text';
import { createTemplates } from '../templates';
import type { LetterData, LetterPicture, Tone } from './letter-data';

export interface Letter {
  subject: string;
  html: string;
  text: string;
  /** Whether mail programs mark it as important. */
  urgent?: boolean;
  /** Embedded pictures, referenced as `cid:<id>`. */
  pictures: readonly LetterPicture[];
}

/** A quoted text with its heading. */
export interface Quote {
  title: string;
  lines: readonly string[];
}

/** One task of a list. */
interface TaskLine {
  title: string;
  /** The task link of the recipient, if the list has one for each task. */
  url?: string;
  stage: string;
  due: string;
  isOverdue: boolean;
}

/** The data of the common layout. All values are rendered as text. */
export interface LetterFrame {
  /** The parts of the subject line. Empty ones are omitted. */
  subject: readonly (string | null | undefined)[];
  /** The line above the heading, usually the case number. */
  caseNumber: string;
  state: string;
  municipality: string;
  greeting: string | null;
  /** The text that mail programs show beside the subject. Defaults to the first paragraph. */
  preview?: string;
  lead: readonly string[];
  tone: Tone;
  /** Marks subject and head with ACİL. */
  urgent?: boolean;
  due?: LetterDue | null;
  /** A list of tasks and the note below it. */
  tasks?: readonly TaskLine[];
  rest?: string | null;
  rows: readonly LetterRow[];
  quotes?: readonly Quote[];
  pictures?: readonly LetterPicture[];
  button: { label: string; url: string; scope: string } | null;
  /** Links that open the page of the button with the form of an act. */
  shortcuts?: readonly { label: string; url: string }[];
}

/** The mark of letters about hazards. */
export const URGENT = 'ACİL';
const LONGEST_SUBJECT = 120;
/** Phones show less. */
const LONGEST_PREVIEW = 140;
/** Leaves room for state and number. */
const LONGEST_MATTER = 44;
const LONGEST_NAME = 80;
/** Longer text is on the task page. */
const WORDS_SHOWN = 4_000;

const templates = createTemplates(__dirname);

/** Returns a quoted text as plain lines with its heading, truncated to a limit. */
export function quoteOf(title: string, words: readonly string[]): Quote {
  const whole = words
    .map(plainText)
    .filter(text => text !== '')
    .join('\n');
  const characters = [...whole];
  const shown = characters.length <= WORDS_SHOWN ? whole : `${characters.slice(0, WORDS_SHOWN).join('')}…`;
  return { title, lines: shown === '' ? [] : shown.split('\n') };
}

/** Renders a letter as HTML and as equivalent plain text, with a subject that fits a header. */
export function frameLetter(frame: LetterFrame): Letter {
  const {
    greeting,
    due = null,
    tasks = [],
    rest = null,
    quotes = [],
    pictures = [],
    urgent = false,
    shortcuts = [],
  } = frame;
  const mark = urgent ? [URGENT] : [];
  const values = {
    ...frame,
    caseNumber: [...mark, frame.caseNumber].join(' · '),
    tone: urgent ? 'alarm' : frame.tone,
    greeting: greeting && oneLine(greeting, LONGEST_NAME),
    preview: oneLine(frame.preview ?? '', LONGEST_PREVIEW) || frame.lead[0],
    due,
    tasks,
    rest,
    quotes: quotes.filter(({ lines }) => lines.length > 0),
    pictures,
    shortcuts,
  };
  return {
    subject: oneLine([...mark, ...frame.subject].filter(part => part).join(' · '), LONGEST_SUBJECT),
    html: templates.html('letter-html', values),
    text: templates.text('letter-text', values),
    pictures,
    urgent,
  };
}

export interface LetterRow {
  name: string;
  value: string;
  url?: string;
}

export interface LetterDue {
  name: string;
  words: string;
  isOverdue: boolean;
}

const LONGEST_PLACE = 200;

function dueRow(name: string, at: number, { now, municipality }: LetterData): LetterDue {
  const { until, left, isOverdue } = dueTextOf(at, now, municipality.timeZone);
  return { name, words: `${until}, ${left}`, isOverdue };
}

function pauseRow({ pauseLimitAt, now, municipality }: LetterData): LetterDue {
  const limit =
    pauseLimitAt === null ? '' : `, en geç ${dueTextOf(pauseLimitAt, now, municipality.timeZone).until}`;
  return { name: 'Hizmet süresi', words: `duruyor${limit}`, isOverdue: false };
}

/** Returns the clock of a ladder letter, otherwise the current target of the stage; null without one. */
export function bindingDue(data: LetterData): LetterDue | null {
  const { rung, stage, acceptBy, resolveBy, legalBy, overallBy = resolveBy, programme, objection } = data;
  if (rung === undefined && !isWithDepartment(stage) && stage !== 'objected') return null;
  if (rung?.clock !== 'legal' && isOnHold(stage)) return pauseRow(data);
  switch (clockOf(data)) {
    case 'accept':
      return dueRow(stage === 'triage' ? 'İlk işlem' : 'Kabul', acceptBy, data);
    case 'resolve':
      return dueRow('Çözüm', resolveBy, data);
    case 'overall':
      return dueRow('Toplam çözüm', overallBy, data);
    case 'legal':
      return dueRow('Yasal süre', legalBy, data);
    case 'plan':
      return programme && dueRow('Program tarihi', programme.by, data);
    case 'objection':
      return objection && dueRow('Karar', objection.decideBy, data);
  }
}

/** Returns subject and place of a case in a few words: "Yol çukuru, Gül Sk.". House numbers are left out. */
export function matterIn({ subject, neighbourhood, address }: LetterData): string {
  const [, street = ''] = /Mah\., ([^,]+)/.exec(address ?? '') ?? [];
  const short = street
    .replace(/ Soka(?:k|ğı)\b.*/, ' Sk.')
    .replace(/ Cadde(?:si)?\b.*/, ' Cd.')
    .replace(/ Bulvar[ıi]?\b.*/, ' Blv.');
  const place = [neighbourhood, short].filter(part => part).join(' ');
  return oneLine([subject, place].filter(part => part).join(', '), LONGEST_MATTER);
}

/** Returns links to the forms that come next, so that an act takes three clicks from its letter. */
export function shortcutsOf({ stage, link }: LetterData): { label: string; url: string }[] {
  const accept = { label: 'Kabul et', url: `${link}?act=accept` };
  const resolve = { label: 'Sonuçlandır', url: `${link}?act=resolve` };
  if (stage === 'assigned') return [accept, resolve];
  return ['accepted', 'inProgress', 'scheduled'].includes(stage) ? [resolve] : [];
}

/** Returns the other targets. After a reroute only the promised one counts: the first department's is not told again. */
function clockRows(data: LetterData): LetterRow[] {
  const { stage, resolveBy, legalBy, rung } = data;
  if (!isOnService(stage)) return [];
  const clocks = [
    ...(isOnHold(stage) || rung?.clock === 'overall' ? [] : [dueRow('Çözüm', resolveBy, data)]),
    dueRow('Yasal süre', legalBy, data),
  ];
  const binding = bindingDue(data)?.name;
  return clocks.filter(({ name }) => name !== binding).map(({ name, words }) => ({ name, value: words }));
}

function placeRows({ place, placeNotes, address }: LetterData): LetterRow[] {
  const pinned = [place?.name, place?.address].filter(part => part).join(', ');
  return [
    ...(address ? [{ name: 'Yer', value: oneLine(address, LONGEST_PLACE) }] : []),
    ...(pinned ? [{ name: 'Konum adı', value: oneLine(pinned, LONGEST_PLACE) }] : []),
    ...(place ? [{ name: 'Konum', value: coordinatesText(place), url: mapUrl(place) }] : []),
    ...placeNotes.map(note => ({ name: 'Yer notu', value: oneLine(note, LONGEST_PLACE) })),
  ];
}

function peopleRows({ callBack, others }: LetterData): LetterRow[] {
  const caller = [callBack?.name, callBack?.phone].filter(part => part).join(', ');
  return [
    ...(caller
      ? [{ name: 'Geri arama', value: `${oneLine(caller, LONGEST_PLACE)}; tamamı görev sayfasında` }]
      : []),
    ...(others > 0 ? [{ name: 'Bildirenler', value: `${others} kişi daha bildirdi` }] : []),
  ];
}

function photoRow({ photos, pictures }: LetterData): LetterRow[] {
  const rest = photos - pictures.length;
  if (rest <= 0) return [];
  const words = pictures.length === 0 ? `${rest} fotoğraf` : `${rest} fotoğraf daha`;
  return [{ name: 'Fotoğraf', value: `${words}, görev sayfasında` }];
}

/** Returns the rows of the fact table. The next deadline is shown above it. */
export function rowsOf(data: LetterData): LetterRow[] {
  const { subject, department, recipient, plannedFor, programme, objection, now, municipality } = data;
  const day = plannedFor === null ? null : dayText(plannedFor, now, municipality.timeZone);
  return [
    { name: 'Konu', value: subject },
    ...(recipient.role === 'department' ? [] : [{ name: 'Müdürlük', value: department }]),
    ...placeRows(data),
    ...peopleRows(data),
    ...photoRow(data),
    ...(day === null ? [] : [{ name: 'Planlanan gün', value: day }]),
    ...(programme ? [{ name: 'Vatandaşa bildirilen zaman', value: programme.words }] : []),
    ...(objection ? [{ name: 'Karar verecek', value: objection.decider }] : []),
    ...clockRows(data),
  ];
}

/** Returns the clock of a ladder letter, or the current one if the letter does not name it. */
export function clockOf({ rung, stage }: LetterData): Clock {
  if (rung) return rung.clock;
  if (stage === 'planned') return 'plan';
  if (stage === 'objected') return 'objection';
  return stage === 'assigned' || stage === 'triage' ? 'accept' : 'resolve';
}

/** Returns the name of the clock of a letter for use inside a sentence: "kabul süresi". */
export function clockName(data: LetterData): string {
  const label = clockLabels[clockOf(data)];
  return label.charAt(0).toLocaleLowerCase('tr') + label.slice(1);
}

/** Returns whether the deadline of that clock has passed. */
export function isOver(data: LetterData): boolean {
  const by = {
    accept: data.acceptBy,
    resolve: data.resolveBy,
    overall: data.overallBy ?? data.resolveBy,
    legal: data.legalBy,
    plan: data.programme?.by ?? data.resolveBy,
    objection: data.objection?.decideBy ?? data.resolveBy,
  };
  return by[clockOf(data)] <= data.now;
}

/** Says which wait has ended in vain. */
export function waitText({ occasion }: LetterData): string {
  if (occasion?.type !== 'paused') return 'Bu kayıtta beklenen yanıt gelmedi.';
  switch (occasion.stage) {
    case 'waitingCitizen':
      return 'Vatandaş sorunuza yanıt vermedi.';
    case 'waitingInstitution':
      return 'Kurumdan beklenen yanıt veya işlem gelmedi.';
    case 'duplicate':
      return 'Bağlı olduğu kayıt sonuçlanmadı.';
  }
}
