import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import type { Language } from '../../config/texts';
import { resolutions, taskActions, type Resolution, type TaskAction } from '../../domain/case/acts';
import { readCaseNumber } from '../../domain/identifiers';
import { plainText } from '../../mail/plain-text';
import { typedDay } from './day-field';

/**
 * The longest words to a citizen: with the sentences around them they must fit into a WhatsApp message with
 * buttons, which holds 1,024 characters.
 */
export const LONGEST_ANSWER = 800;
export const LONGEST_NOTE = 1_000;

const fieldNames = [
  'words',
  'answer',
  'reason',
  'department',
  'institution',
  'outcome',
  'day',
  'colleague',
  'leader',
  'photos',
  'confirm',
] as const;
export type Field = (typeof fieldNames)[number];

/** A form as a person filled it in, every field as text. */
export type Typed = Readonly<Partial<Record<Field, string>>>;
export type FieldErrors = Readonly<Partial<Record<Field, string>>>;

export interface TaskForm {
  nonce: string;
  action: TaskAction;
  /** The revision of the case on the page that the form came from. */
  seen: number;
  words: string | null;
  /** Slugs. */
  reason: string | null;
  department: string | null;
  institution: string | null;
  outcome: Resolution | null;
  /** The day of the work, or the end of a wait; epoch ms UTC. */
  day: number | null;
  /** An e-mail address. */
  colleague: string | null;
  /** The number of the case to follow. */
  leader: string | null;
  /** Whether the person only wants to see what the citizen would receive. */
  isPreview: boolean;
}

export type ReadForm =
  | { form: TaskForm; typed: Typed }
  | {
      form: null;
      typed: Typed;
      action: TaskAction | null;
      /** What is wrong, by field; empty when the form as a whole arrived damaged. */
      errors: FieldErrors;
    };

/** What a form is read against. */
export interface FormContext {
  /** The citizen's, in which a ready answer is sent. */
  language: Language;
  /** Where a colleague's address must be. */
  mailDomain: string;
  /** Epoch ms UTC. */
  now: number;
}

const TYPED_KEPT = 20_000;
const YEAR_MS = 366 * 86_400_000;

const emptyWords = 'Bu alanı doldurunuz.';

function wordsUpTo(limit: number) {
  return z
    .string(emptyWords)
    .transform(plainText)
    .pipe(
      z.string().refine(text => text.length <= limit, {
        error: issue =>
          `En çok ${limit} karakter yazabilirsiniz; metniniz ${String(issue.input).length} karakter.`,
      }),
    );
}

function oneOf(slugs: readonly string[], message: string) {
  return z.string(message).refine(slug => slugs.includes(slug), message);
}

function schemaFor(municipality: Municipality, { mailDomain, now }: FormContext) {
  const yes = z.literal('yes').optional();
  const common = {
    nonce: z.string().max(100),
    seen: z.string().regex(/^\d{1,6}$/),
    confirm: yes,
    preview: yes,
    // An empty file field of a browser without script arrives as an empty text.
    photos: z.literal('').optional(),
  };
  const note = wordsUpTo(LONGEST_NOTE).refine(text => text !== '', emptyWords);
  const written = wordsUpTo(LONGEST_ANSWER).refine(text => text !== '', emptyWords);
  const answered = {
    answer: oneOf(['', ...Object.keys(municipality.answers)], 'Listeden bir metin seçiniz.').optional(),
    words: wordsUpTo(LONGEST_ANSWER),
  };
  const department = oneOf(Object.keys(municipality.departments), 'Listeden bir müdürlük seçiniz.');
  const institution = oneOf(Object.keys(municipality.institutions), 'Listeden bir kurum seçiniz.');
  const reason = oneOf(Object.keys(municipality.texts.tr.rejectionReasons), 'Listeden bir gerekçe seçiniz.');
  const aDay = z.string('Bir gün seçiniz.').transform((text, context) => {
    const day = typedDay(text, municipality.timeZone);
    if (day !== null && day > now && day < now + YEAR_MS) return day;
    context.addIssue(
      day === null ? 'Bir gün seçiniz: GG.AA.YYYY.' : 'Bugünden sonraki bir yıl içinde bir gün seçiniz.',
    );
    return z.NEVER;
  });
  const maybeDay = z.literal('').or(aDay).optional();
  const colleague = z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.email('Geçerli bir e-posta adresi yazınız.').max(254))
    .refine(address => address.endsWith(`@${mailDomain}`), `Adres @${mailDomain} ile bitmelidir.`);
  const leader = z.string().transform((text, context) => {
    const number = readCaseNumber(text.slice(0, 40));
    if (number !== null) return number;
    context.addIssue('Kayıt numarasını PK-XXXX-XXXX biçiminde yazınız.');
    return z.NEVER;
  });
  const form = <Action extends TaskAction, Shape extends z.ZodRawShape>(action: Action, shape: Shape) =>
    z.strictObject({ action: z.literal(action), ...common, ...shape });

  return z.discriminatedUnion('action', [
    form('accept', { day: maybeDay }),
    form('schedule', { day: aDay }),
    form('start', {}),
    form('askCitizen', answered),
    form('waitInstitution', { institution, words: written, day: maybeDay }),
    form('resume', {}),
    form('reroute', { department, words: note }),
    form('handOff', { institution, ...answered }),
    form('resolve', { outcome: z.enum(resolutions).default('resolved'), ...answered }),
    form('reject', { reason, ...answered }),
    form('note', { words: note }),
    form('handOver', { colleague, words: note }),
    form('join', { leader }),
    form('separate', {}),
  ]);
}

function fieldsOf(body: unknown): [string, unknown][] {
  return typeof body === 'object' && body !== null ? Object.entries(body as Record<string, unknown>) : [];
}

function isField(name: unknown): name is Field {
  return fieldNames.some(field => field === name);
}

function typedIn(body: unknown): Typed {
  return Object.fromEntries(
    fieldsOf(body).flatMap(([name, value]) =>
      isField(name) && typeof value === 'string' ? [[name, plainText(value.slice(0, TYPED_KEPT))]] : [],
    ),
  );
}

function actionIn(body: unknown): TaskAction | null {
  const given = fieldsOf(body).find(([name]) => name === 'action')?.[1];
  return taskActions.find(action => action === given) ?? null;
}

/** The first mistake of each field; null when the form as a whole is damaged. */
function errorsOf(issues: readonly z.core.$ZodIssue[]): FieldErrors | null {
  const errors: Partial<Record<Field, string>> = {};
  for (const { path, message } of issues) {
    const [name] = path;
    if (!isField(name)) return null;
    errors[name] ??= message;
  }
  return errors;
}

/**
 * Makes a reader of posted forms: every field a single string, no field that the form does not have, and an
 * explicit yes to whatever has consequences. A ready answer stands for words that were left empty.
 */
export function createFormReader(
  municipality: Municipality,
): (body: unknown, context: FormContext) => ReadForm {
  return (body, context) => {
    const typed = typedIn(body);
    const read = schemaFor(municipality, context).safeParse(body);
    if (!read.success) {
      return { form: null, typed, action: actionIn(body), errors: errorsOf(read.error.issues) ?? {} };
    }
    const given = read.data;
    const { action, nonce } = given;
    const ready = 'answer' in given ? municipality.answers[given.answer ?? ''] : undefined;
    const own = 'words' in given ? given.words : null;
    const words = own === '' ? (ready?.[context.language] ?? '') : own;
    if (words === '') return { form: null, typed, action, errors: { words: emptyWords } };
    const isPreview = given.preview === 'yes';
    if (given.confirm !== 'yes' && action !== 'note' && !isPreview) {
      return { form: null, typed, action, errors: { confirm: 'Devam etmek için bu kutuyu işaretleyiniz.' } };
    }
    const day = 'day' in given && typeof given.day === 'number' ? given.day : null;
    const form: TaskForm = {
      nonce,
      action,
      seen: Number(given.seen),
      words,
      reason: 'reason' in given ? given.reason : null,
      department: 'department' in given ? given.department : null,
      institution: 'institution' in given ? given.institution : null,
      outcome: 'outcome' in given ? given.outcome : null,
      day,
      colleague: 'colleague' in given ? given.colleague : null,
      leader: 'leader' in given ? given.leader : null,
      isPreview,
    };
    // The ready answer moves into the box, where it can be changed.
    return { form, typed: own === '' && words !== null ? { ...typed, words, answer: '' } : typed };
  };
}
