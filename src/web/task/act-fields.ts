import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import { offered, readyAnswers } from '../../config/offices';
import type { AnswerPurpose } from '../../config/schemas/answers';
import { mailAddress } from '../../config/schemas/fields';
import type { Resolution } from '../../domain/case/acts';
import type { CaseProgress, PlannedTime } from '../../domain/case/case';
import type { CitizenNews } from '../../domain/case/case-events';
import { DAY_MS } from '../../domain/durations';
import type { Priority } from '../../domain/sla/sla';
import { oneLine, plainText } from '../../domain/plain-text';
import type { CaseIntake } from '../../store/case-records';
import { MOST_WORK_PHOTOS } from '../../store/photo-records';

/** The values of a form as stored under the id of its act. Null for fields that the form lacks. */
export interface ActValues {
  words: string | null;
  /** Slugs. */
  reason: string | null;
  department: string | null;
  institution: string | null;
  outcome: Resolution | null;
  /** The day of the work or the end of a wait, epoch ms UTC. */
  day: number | null;
  /** How precisely the citizen is told the planned date. */
  precision: PlannedTime['precision'] | null;
  /** An e-mail address. */
  colleague: string | null;
  /** The number of the leading case. */
  leader: string | null;
  /** What a correction changes; see `TaskActionRecord`. */
  subject: string | null;
  priority: Priority | null;
  pin: string | null;
  neighbourhood: string | null;
  street: string | null;
}

/** The parsed fields of a form. */
interface FieldValues extends ActValues {
  /** The slug of a prepared answer, used if no text is written. */
  answer: string | null;
  /** The number of a case that was picked beside this one. */
  pick: string | null;
  /** Photos are parsed separately. Without script, an empty file field arrives as an empty text. */
  photos: null;
}

interface Option {
  value: string;
  name: string;
}

/** Options under one heading. */
export interface FieldGroup {
  label: string | null;
  options: Option[];
}

/** A case as it is compared with another one. */
export interface ComparedCase {
  caseNumber: string;
  /** Place, distance and time of the report. */
  about: string;
  /** The beginning of the citizen's text. */
  words: string;
  /** The id of its first photo. */
  photo: string | null;
}

/** The case of the page and the open cases around it. */
export interface Comparison {
  own: ComparedCase;
  others: ComparedCase[];
}

/** How a page displays a field. */
type FieldLook = { label: string; hint: string | null; isRequired: boolean } & (
  | { type: 'choice'; empty: string | null; groups: FieldGroup[] }
  | { type: 'words' | 'text'; limit: number }
  | { type: 'day'; first: string; last: string }
  | { type: 'email' | 'number' }
  | { type: 'cases'; comparison: Comparison | null }
  | { type: 'photos'; limit: number }
);

export type FieldView = FieldLook & { name: string };

/** A field of a form: its display and its schema. */
export type ActField<Value> = FieldLook & { schema: z.ZodType<Value> };

/** The fields of a form in page order. */
export type ActFields = { [Name in keyof FieldValues]?: ActField<FieldValues[Name]> };

/** What a correction would do: sentences, and the news for the citizen. */
export interface Foreseen {
  lines: string[];
  told: { news: CitizenNews; after: CaseProgress } | null;
}

/** The inputs of the fields of a form. */
export interface ActContext {
  intake: CaseIntake;
  progress: CaseProgress;
  municipality: Municipality;
  /** Epoch ms UTC. */
  now: number;
  /** What the previewed correction would do. */
  foreseen?: Foreseen;
  /** The open cases nearby that this one could join. */
  comparison?: Comparison | null;
}

/**
 * The longest text to a citizen. Together with the surrounding sentences and the status link, it must fit
 * into a WhatsApp message with buttons (1,024 characters).
 */
export const LONGEST_ANSWER = 750;
export const LONGEST_NOTE = 1_000;
const LONGEST_OPTION = 90;
const YEAR_DAYS = 365;

export const emptyFieldText = 'Bu alanı doldurunuz.';

/** Schema of a field that the form lacks. Without script, an empty file field arrives as an empty text. */
export const absent = z
  .literal('')
  .optional()
  .transform((): null => null);

function wordsUpTo(limit: number): z.ZodType<string> {
  return z
    .string(emptyFieldText)
    .transform(plainText)
    .pipe(
      z.string().refine(text => text.length <= limit, {
        error: issue =>
          `En çok ${limit} karakter yazabilirsiniz; metniniz ${String(issue.input).length} karakter.`,
      }),
    );
}

/** Required text. */
export function words(label: string, limit: number): ActField<string> {
  const schema = wordsUpTo(limit).refine(text => text !== '', emptyFieldText);
  return { type: 'words', label, limit, hint: null, isRequired: true, schema };
}

function oneOf(slugs: readonly string[], error: string): z.ZodType<string> {
  return z.string(error).refine(slug => slugs.includes(slug), error);
}

/** One of several options. `error` is shown for any other value. */
function choice(label: string, options: Option[], error: string): ActField<string> {
  const slugs = options.map(({ value }) => value);
  return {
    type: 'choice',
    label,
    hint: null,
    isRequired: true,
    empty: 'Seçiniz',
    groups: [{ label: null, options }],
    schema: oneOf(slugs, error),
  };
}

const purposeLabels: Readonly<Record<AnswerPurpose, string>> = {
  resolved: 'Çözüldü',
  partlyResolved: 'Kısmen çözüldü',
  planned: 'Çalışma programına alındı',
  rejected: 'Reddedildi',
  handedOff: 'Kuruma yönlendirildi',
  question: 'Soru',
};

/** Text to the citizen, or a prepared answer if there are any. One of both is required. */
export function answerWords(
  { municipality, intake }: ActContext,
  label: string,
  purposes: readonly AnswerPurpose[],
): Pick<ActFields, 'answer' | 'words'> {
  const groups = purposes
    .map(purpose => ({
      label: purposes.length > 1 ? purposeLabels[purpose] : null,
      options: readyAnswers(municipality, intake.category.slug, purpose).map(({ slug, tr }) => ({
        value: slug,
        name: oneLine(tr, LONGEST_OPTION),
      })),
    }))
    .filter(({ options }) => options.length > 0);
  if (groups.length === 0) return { words: words(label, LONGEST_ANSWER) };
  const known = oneOf(['', ...Object.keys(municipality.answers)], 'Listeden bir metin seçiniz.');
  return {
    answer: {
      type: 'choice',
      label: 'Hazır metin',
      hint: 'Aşağıdaki kutu boşsa gönderilir. Değiştirmek için önce “Önizle”ye basınız; metin kutuya yazılır.',
      isRequired: false,
      empty: 'Kendim yazacağım',
      groups,
      schema: known.optional().transform(slug => slug ?? null),
    },
    words: { ...words(label, LONGEST_ANSWER), isRequired: false, schema: wordsUpTo(LONGEST_ANSWER) },
  };
}

/** Work promised for a day is due at the end of the office day. */
const END_OF_DAY = { hour: 17 };
const dayFormats = ['yyyy-MM-dd', 'd.M.yyyy', 'd/M/yyyy'];

/**
 * Returns 17:00 local time of a day, epoch ms UTC. Accepts the format of a date field and typed dates.
 * Returns null for an invalid date.
 */
function typedDay(text: string, timeZone: string): number | null {
  const days = dayFormats.map(format => DateTime.fromFormat(text.trim(), format, { zone: timeZone }));
  const day = days.find(({ isValid }) => isValid);
  return day?.set(END_OF_DAY).toMillis() ?? null;
}

/** Formats a day for a date field. */
function dayFieldValue(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-MM-dd');
}

function futureDay({ municipality, now }: ActContext, days = YEAR_DAYS): z.ZodType<number> {
  return z.string('Bir gün seçiniz.').transform((text, context) => {
    const day = typedDay(text, municipality.timeZone);
    if (day !== null && day > now && day < now + (days + 1) * DAY_MS) return day;
    context.addIssue(
      day === null
        ? 'Bir gün seçiniz: GG.AA.YYYY.'
        : days === YEAR_DAYS
          ? 'Bugünden sonraki bir yıl içinde bir gün seçiniz.'
          : `Bugünden sonraki ${days} gün içinde bir gün seçiniz.`,
    );
    return z.NEVER;
  });
}

/** A day within `days` from now, by default a year. */
export function day(context: ActContext, label: string, days = YEAR_DAYS): ActField<number> {
  const { municipality, now } = context;
  return {
    type: 'day',
    label,
    hint: null,
    isRequired: true,
    first: dayFieldValue(now, municipality.timeZone),
    last: dayFieldValue(now + days * DAY_MS, municipality.timeZone),
    schema: futureDay(context, days),
  };
}

/** An optional day. */
export function optionalDay(context: ActContext, label: string): ActField<number | null> {
  const schema = z
    .literal('')
    .or(futureDay(context))
    .optional()
    .transform(given => (typeof given === 'number' ? given : null));
  return { ...day(context, label), isRequired: false, schema };
}

/**
 * A department to send the task to. The case refuses its current department, which may have changed
 * meanwhile.
 */
export function departmentChoice({ municipality, progress }: ActContext, label: string): ActField<string> {
  const { departments } = municipality;
  const error = 'Listeden bir müdürlük seçiniz.';
  const choices = offered(Object.values(departments));
  const options = choices
    .filter(({ slug }) => slug !== progress.plan.desk.slug)
    .map(({ slug, name }) => ({ value: slug, name }));
  return {
    ...choice(label, options, error),
    schema: oneOf(
      choices.map(({ slug }) => slug),
      error,
    ),
  };
}

/** The department of a reopened case. Defaults to the same one. */
export function otherDepartment(context: ActContext): ActField<string | null> {
  const { schema, ...look } = departmentChoice(context, 'Müdürlük (isteğe bağlı)');
  return {
    ...look,
    isRequired: false,
    empty: 'Aynı müdürlük',
    schema: z
      .literal('')
      .or(schema)
      .optional()
      .transform(slug => slug || null),
  } as ActField<string | null>;
}

const precisions = {
  day: 'Bu gün',
  month: 'Bu günün ayı',
  season: 'Bu günün mevsimi',
} as const satisfies Record<PlannedTime['precision'], string>;

/** How precisely the citizen is told the chosen day. */
export function precisionChoice(): ActField<PlannedTime['precision']> {
  const options = Object.entries(precisions).map(([value, name]) => ({ value, name }));
  return {
    type: 'choice',
    label: 'Vatandaşa bildirilecek zaman',
    hint: 'Ay veya mevsim seçerseniz son günü esas alınır.',
    isRequired: true,
    empty: null,
    groups: [{ label: null, options }],
    schema: z.enum(['day', 'month', 'season']).default('day'),
  };
}

export function institutionChoice({ municipality }: ActContext): ActField<string> {
  const all = Object.values(municipality.institutions);
  const options = all.map(({ slug, name }) => ({ value: slug, name: name.tr }));
  return choice('Kurum', options, 'Listeden bir kurum seçiniz.');
}

export function rejectionReason({ municipality }: ActContext): ActField<string> {
  const reasons = Object.entries(municipality.texts.tr.rejectionReasons);
  const options = reasons.map(([value, name]) => ({ value, name }));
  return choice('Gerekçe', options, 'Listeden bir gerekçe seçiniz.');
}

export function outcomeChoice(): ActField<Resolution> {
  const outcomes = ['resolved', 'partlyResolved'] as const;
  const options = outcomes.map(value => ({ value, name: purposeLabels[value] }));
  return {
    type: 'choice',
    label: 'Sonuç',
    hint: null,
    isRequired: true,
    empty: null,
    groups: [{ label: null, options }],
    schema: z.enum(outcomes).default('resolved'),
  };
}

export function workPhotos(): ActField<null> {
  return {
    type: 'photos',
    label: 'Yapılan işin fotoğrafları (isteğe bağlı)',
    hint: `En çok ${MOST_WORK_PHOTOS} fotoğraf, her biri en çok 8 MB; JPEG, PNG veya WebP. Konum ve cihaz bilgileri silinir.`,
    isRequired: false,
    limit: MOST_WORK_PHOTOS,
    schema: absent,
  };
}

/** The e-mail address of a colleague in the same department. */
export function colleague({ municipality, progress }: ActContext): ActField<string> {
  const { address } = municipality.departments[progress.plan.desk.slug]?.mail ?? { address: '' };
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const mustEnd = `Adres @${domain} ile bitmelidir.`;
  return {
    type: 'email',
    label: 'İş arkadaşınızın e-posta adresi',
    hint: mustEnd,
    isRequired: true,
    schema: z.string().transform((text, context) => {
      const given = mailAddress.safeParse(text);
      if (given.success && given.data.endsWith(`@${domain}`)) return given.data;
      context.addIssue(given.success ? mustEnd : 'Geçerli bir e-posta adresi yazınız.');
      return z.NEVER;
    }),
  };
}
