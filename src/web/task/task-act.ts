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
 * How an act ended: done, refused by the case (with its reason), not confirmed in time, not possible while the
 * workflows are away, or already on its way with other words.
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

/** The act as it travels. */
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

/** The last moment of the time that was chosen. */
function timeOf(
  day: number,
  precision: ActValues['precision'],
  timeZone: string,
): Pick<TaskAct, 'plannedFor' | 'precision'> {
  if (precision === null) return { plannedFor: day };
  return { plannedFor: plannedTimeOf(day, precision, timeZone).by, precision };
}

/**
 * Whether the case has already taken the act: an answer may get lost, and the case may end meanwhile. Of a form that
 * comes for the first time nothing was written down, so that its case need not be read.
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
 * Carries out what a form asks for: the words are written down first, then the case hears of the act. The nonce of
 * the form is the act's id, so that sending the form again has no second effect.
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
  // The act itself carries only what Temporal may know.
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
