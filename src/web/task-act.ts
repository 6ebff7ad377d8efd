import { AppError } from '../errors';
import type { Store } from '../store/store';
import type { TaskActionRecord } from '../store/task-records';
import type { Line } from '../temporal/line';
import type { TaskForm } from './task-form';
import type { OpenedTask } from './task-view';

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
  line: Pick<Line, 'act'>;
}

function isSame(stored: TaskActionRecord, form: TaskForm): boolean {
  return (
    stored.action === form.action &&
    stored.words === form.words &&
    stored.reason === form.reason &&
    stored.department === form.department
  );
}

/** Whether the case has already taken the act: an answer may get lost, and the case may end meanwhile. */
async function isTaken({ store }: ActDeps, caseNumber: string, actionId: string): Promise<boolean> {
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
  const { store, line } = deps;
  const { caseNumber, task: turn, role, recipient } = task.link;
  const { nonce: actionId, action, words, reason, department } = form;
  const actor = recipient.address;
  const record = { actionId, caseNumber, task: turn, action, words, reason, department, role, actor, at };
  if (!(await store.tasks.addAction(record))) {
    const stored = await store.tasks.action(actionId);
    if (stored && !isSame(stored, form)) return { type: 'otherWords' };
  }
  try {
    await line.act(caseNumber, { actionId, action, task: turn, ...(department !== null && { department }) });
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
