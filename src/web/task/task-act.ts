import type { Municipality } from '../../config/municipality';
import { plannedTimeOf } from '../../config/planned-time';
import type { TaskAct } from '../../domain/case/acts';
import { AppError } from '../../errors';
import type { Store } from '../../store/store';
import type { TaskActionRecord, TaskLink } from '../../store/task-records';
import type { CaseGateway } from '../../temporal/case-gateway';
import type { ActValues } from './act-fields';
import type { TaskForm } from './task-form';
import type { OpenedTask } from './task-door';

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
  const { nonce: actionId, action, values } = form;
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
  const by = { role, actor: recipient.address, at };
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
