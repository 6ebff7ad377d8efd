import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import { plannedTimeOf } from '../../config/texts';
import { type Correction, type TaskAct, type TaskAction, taskActions } from '../../domain/case/acts';
import { plainText } from '../../domain/plain-text';
import { AppError } from '../../errors';
import type { Store } from '../../store/store';
import type { TaskActionRecord, TaskLink } from '../../store/task-records';
import type { CaseGateway } from '../../temporal/case-gateway';
import type { OpenedTask } from '../access';
import { absent, type ActContext, type ActFields, type ActValues, emptyFieldText } from './act-fields';
import { acts } from './acts';

const fieldNames = [
  'words',
  'answer',
  'reason',
  'department',
  'institution',
  'outcome',
  'day',
  'precision',
  'colleague',
  'pick',
  'leader',
  'subject',
  'priority',
  'pin',
  'neighbourhood',
  'street',
  'photos',
  'confirm',
] as const;
type Field = (typeof fieldNames)[number];

/** A form as filled in, every field as text. */
export type Typed = Readonly<Partial<Record<Field, string>>>;
export type FieldErrors = Readonly<Partial<Record<Field, string>>>;

export interface TaskForm {
  nonce: string;
  action: TaskAction;
  /** The revision of the case on the form's page. */
  seen: number;
  values: ActValues;
  /** Whether the person only requests a preview. */
  isPreview: boolean;
  /** What a correction changes and what follows from it. */
  correction?: Correction;
}

type ReadForm =
  | { form: TaskForm; typed: Typed }
  | {
      form: null;
      typed: Typed;
      action: TaskAction | null;
      /** Errors by field. Empty if the form as a whole is damaged. */
      errors: FieldErrors;
    };

const TYPED_KEPT = 20_000;

function schemaFor(fields: ActFields) {
  const yes = z.literal('yes').optional();
  const {
    words,
    answer,
    reason,
    department,
    institution,
    outcome,
    day,
    precision,
    colleague,
    pick,
    leader,
    subject,
    priority,
    pin,
    neighbourhood,
    street,
    photos,
  } = fields;
  return z.strictObject({
    action: z.string(),
    nonce: z.string().max(100),
    seen: z.string().regex(/^\d{1,6}$/),
    confirm: yes,
    preview: yes,
    words: words?.schema ?? absent,
    answer: answer?.schema ?? absent,
    reason: reason?.schema ?? absent,
    department: department?.schema ?? absent,
    institution: institution?.schema ?? absent,
    outcome: outcome?.schema ?? absent,
    day: day?.schema ?? absent,
    precision: precision?.schema ?? absent,
    colleague: colleague?.schema ?? absent,
    pick: pick?.schema ?? absent,
    leader: leader?.schema ?? absent,
    subject: subject?.schema ?? absent,
    priority: priority?.schema ?? absent,
    pin: pin?.schema ?? absent,
    neighbourhood: neighbourhood?.schema ?? absent,
    street: street?.schema ?? absent,
    photos: photos?.schema ?? absent,
  });
}

function entriesOf(body: unknown): [string, unknown][] {
  return typeof body === 'object' && body !== null ? Object.entries(body as Record<string, unknown>) : [];
}

function isField(name: unknown): name is Field {
  return fieldNames.some(field => field === name);
}

function typedIn(body: unknown): Typed {
  return Object.fromEntries(
    entriesOf(body).flatMap(([name, value]) =>
      isField(name) && typeof value === 'string' ? [[name, plainText(value.slice(0, TYPED_KEPT))]] : [],
    ),
  );
}

function actionIn(body: unknown): TaskAction | null {
  const given = entriesOf(body).find(([name]) => name === 'action')?.[1];
  return taskActions.find(action => action === given) ?? null;
}

/** Returns the first error of each field. Empty if another part of the form is damaged. */
function errorsOf(issues: readonly z.core.$ZodIssue[], fields: ActFields): FieldErrors {
  const errors: Partial<Record<Field, string>> = {};
  for (const { path, message } of issues) {
    const [name] = path;
    if (!isField(name) || !(name === 'confirm' || name in fields)) return {};
    errors[name] ??= message;
  }
  return errors;
}

/**
 * Parses a posted form. Every field must be a single string, unknown fields are rejected, and acts with
 * consequences need an explicit confirmation. If the text is empty, a prepared answer is sent in the
 * citizen's language.
 */
export function readForm(body: unknown, context: ActContext): ReadForm {
  const typed = typedIn(body);
  const action = actionIn(body);
  const damaged = (errors: FieldErrors): ReadForm => ({ form: null, typed, action, errors });
  if (action === null) return damaged({});
  const fields = acts[action].fields?.(context) ?? {};
  const read = schemaFor(fields).safeParse(body);
  if (!read.success) return damaged(errorsOf(read.error.issues, fields));
  const { nonce, seen, confirm, preview, answer, pick, photos: _, action: __, ...given } = read.data;
  const isPreview = preview === 'yes';
  const ready = context.municipality.answers[answer ?? '']?.[context.intake.language] ?? '';
  const leader = given.leader ?? pick;
  const values: ActValues = { ...given, leader, words: given.words === '' ? ready : given.words };
  if (values.words === '') return damaged({ words: emptyFieldText });
  if (fields.leader && leader === null)
    return damaged({ leader: 'Bir kayıt seçiniz veya numarasını yazınız.' });
  if (confirm !== 'yes' && acts[action].confirm !== null && !isPreview) {
    return damaged({ confirm: 'Devam etmek için bu kutuyu işaretleyiniz.' });
  }
  const form = { nonce, action, seen: Number(seen), values, isPreview };
  // Put the prepared answer into the text field, where it can be edited.
  const isReady = given.words === '' && values.words !== null;
  return { form, typed: isReady ? { ...typed, words: values.words ?? '', answer: '' } : typed };
}

/**
 * The result of an act: done, refused by the case (with the reason), not confirmed in time, impossible while
 * the workflows are unavailable, or already sent with a different text.
 */
export type ActResult =
  | { type: 'done' }
  | { type: 'refused'; reason: string }
  | { type: 'pending' }
  | { type: 'unavailable' }
  | { type: 'otherWords' };

export interface ActDeps {
  store: Pick<Store, 'tasks' | 'cases'>;
  gateway: Pick<CaseGateway, 'act'>;
  municipality: Municipality;
}

function isSame(stored: TaskActionRecord, { action, values }: TaskForm): boolean {
  return (
    stored.action === action &&
    Object.entries(values).every(([name, value]) => (stored[name as keyof ActValues] ?? null) === value)
  );
}

/** Returns the act as sent to the workflow. */
function travelling(
  { institutions, timeZone }: Municipality,
  form: TaskForm,
  { task, role }: Pick<TaskLink, 'task' | 'role'>,
): TaskAct {
  const { nonce: actionId, action, values, correction } = form;
  const { department, outcome, day, precision, leader } = values;
  const institution = values.institution === null ? undefined : institutions[values.institution];
  return {
    actionId,
    action,
    task,
    role,
    ...(department !== null && { department }),
    ...(institution && { institution: { slug: institution.slug, name: institution.name.tr } }),
    ...(outcome !== null && { outcome }),
    ...(leader !== null && { leader }),
    ...(correction && { correction }),
    ...(day !== null && (action === 'waitInstitution' ? { until: day } : timeOf(day, precision, timeZone))),
  };
}

/** Returns the end of the chosen period. */
function timeOf(
  day: number,
  precision: ActValues['precision'],
  timeZone: string,
): Pick<TaskAct, 'plannedFor' | 'precision'> {
  if (precision === null) return { plannedFor: day };
  return { plannedFor: plannedTimeOf(day, precision, timeZone).by, precision };
}

/**
 * Returns whether the case has already applied the act: a response can get lost, and the case can end
 * meanwhile. A new form has no stored act, so its case is not read.
 */
export async function isTaken(
  { store }: Pick<ActDeps, 'store'>,
  caseNumber: string,
  actionId: string,
): Promise<boolean> {
  if ((await store.tasks.action(actionId)) === null) return false;
  const record = await store.cases.get(caseNumber);
  const facts = await store.cases.facts(caseNumber, record?.progress?.revision ?? 0);
  return facts.some(fact => 'actionId' in fact && fact.actionId === actionId);
}

/**
 * Carries out a form: stores its text first, then sends the act to the case. The nonce of the form is the id
 * of the act, so that a resent form has no second effect.
 */
export async function actOnTask(
  deps: ActDeps,
  task: OpenedTask,
  form: TaskForm,
  at: Date,
): Promise<ActResult> {
  const { store, gateway, municipality } = deps;
  const { caseNumber, task: turn, role, recipient } = task.link;
  const { nonce: actionId, action, values } = form;
  const { address: actor, insteadOf } = recipient;
  const by = { role, actor, ...(insteadOf !== undefined && { insteadOf }), at };
  // The act itself contains only data that Temporal may store.
  const record = { actionId, caseNumber, task: turn, action, ...values, ...by };
  if (!(await store.tasks.addAction(record))) {
    const stored = await store.tasks.action(actionId);
    if (stored && !isSame(stored, form)) return { type: 'otherWords' };
  }
  try {
    await gateway.act(caseNumber, travelling(municipality, form, task.link));
    return { type: 'done' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    switch (error.code) {
      case 'act-refused':
        if (await isTaken(deps, caseNumber, actionId)) return { type: 'done' };
        return { type: 'refused', reason: error.reason ?? 'unknown' };
      case 'act-pending':
        return { type: 'pending' };
      case 'temporal-unavailable':
        return { type: 'unavailable' };
      default:
        throw error;
    }
  }
}
