import { z } from 'zod';
import type { Municipality } from '../config/municipality';
import { taskActions, type TaskAction } from '../domain/acts';
import { plainText } from '../mail/plain-text';

/**
 * The longest words to a citizen: with the sentences around them they must fit into a WhatsApp message with
 * buttons, which holds 1,024 characters.
 */
export const LONGEST_ANSWER = 800;
export const LONGEST_NOTE = 1_000;

export type Field = 'words' | 'reason' | 'department' | 'confirm';

/** A form as a person filled it in, every field as text. */
export type Typed = Readonly<Partial<Record<Field, string>>>;

export interface TaskForm {
  nonce: string;
  action: TaskAction;
  words: string | null;
  /** Slug of the reason of a rejection. */
  reason: string | null;
  department: string | null;
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
      errors: Readonly<Partial<Record<Field, string>>>;
    };

const fieldNames: readonly Field[] = ['words', 'reason', 'department', 'confirm'];
const TYPED_KEPT = 20_000;

function wordsUpTo(limit: number) {
  return z
    .string('Bu alanı doldurunuz.')
    .transform(plainText)
    .pipe(
      z
        .string()
        .min(1, 'Bu alanı doldurunuz.')
        .refine(text => text.length <= limit, {
          error: issue =>
            `En çok ${limit} karakter yazabilirsiniz; metniniz ${String(issue.input).length} karakter.`,
        }),
    );
}

function oneOf(slugs: readonly string[], message: string) {
  return z.string(message).refine(slug => slugs.includes(slug), message);
}

function schemaFor(municipality: Municipality) {
  const nonce = z.string().max(100);
  const yes = z.literal('yes').optional();
  const confirm = yes;
  const preview = yes;
  const answer = wordsUpTo(LONGEST_ANSWER);
  const department = oneOf(Object.keys(municipality.departments), 'Listeden bir müdürlük seçiniz.');
  const reason = oneOf(Object.keys(municipality.texts.tr.rejectionReasons), 'Listeden bir gerekçe seçiniz.');
  return z
    .discriminatedUnion('action', [
      z.strictObject({ action: z.literal('accept'), nonce, confirm }),
      z.strictObject({
        action: z.literal('reroute'),
        nonce,
        department,
        words: wordsUpTo(LONGEST_NOTE),
        confirm,
      }),
      z.strictObject({ action: z.literal('resolve'), nonce, words: answer, confirm, preview }),
      z.strictObject({ action: z.literal('reject'), nonce, reason, words: answer, confirm, preview }),
      z.strictObject({ action: z.literal('note'), nonce, words: wordsUpTo(LONGEST_NOTE) }),
    ])
    .transform((given): TaskForm & { isConfirmed: boolean } => ({
      nonce: given.nonce,
      action: given.action,
      words: 'words' in given ? given.words : null,
      reason: 'reason' in given ? given.reason : null,
      department: 'department' in given ? given.department : null,
      isPreview: 'preview' in given && given.preview === 'yes',
      isConfirmed: given.action === 'note' || given.confirm === 'yes',
    }));
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

/**
 * Makes a reader of posted forms: every field a single string, no field that the form does not have, and an
 * explicit yes to whatever has consequences.
 */
export function createFormReader(municipality: Municipality): (body: unknown) => ReadForm {
  const schema = schemaFor(municipality);
  return body => {
    const typed = typedIn(body);
    const read = schema.safeParse(body);
    if (read.success) {
      const { isConfirmed, ...form } = read.data;
      if (isConfirmed || form.isPreview) return { form, typed };
      const errors = { confirm: 'Devam etmek için bu kutuyu işaretleyiniz.' };
      return { form: null, typed, action: form.action, errors };
    }
    const { issues } = read.error;
    const errors: Partial<Record<Field, string>> = {};
    for (const { path, message } of issues) {
      const [name] = path;
      if (!isField(name)) return { form: null, typed, action: actionIn(body), errors: {} };
      errors[name] ??= message;
    }
    return { form: null, typed, action: actionIn(body), errors };
  };
}
