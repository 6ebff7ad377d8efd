import type { CaseState, Stage } from './case';
import type { Act, TaskAction } from './case-events';

/** In which stages a department may do what; everything that is not listed is refused. */
export const stageTable: Readonly<Record<TaskAction, readonly Stage[]>> = {
  accept: ['assigned'],
  reroute: ['triage', 'assigned', 'accepted'],
  resolve: ['triage', 'assigned', 'accepted'],
  reject: ['triage', 'assigned', 'accepted'],
  note: ['triage', 'assigned', 'accepted', 'resolved'],
};

export type Refusal = 'taskEnded' | 'notInThisStage' | 'departmentMissing' | 'sameDepartment';

/** What a department may do in a stage, in the order of the table. */
export function legalActions(stage: Stage): TaskAction[] {
  return (Object.keys(stageTable) as TaskAction[]).filter(action => stageTable[action].includes(stage));
}

/** Why an act is not possible now, or null when it is. An act already carried out is never refused. */
export function refusalOf(state: CaseState, act: Act): Refusal | null {
  if (state.handled.includes(act.actionId)) return null;
  if (act.task !== state.task) return 'taskEnded';
  if (!stageTable[act.action].includes(state.stage)) return 'notInThisStage';
  if (act.action === 'reroute') {
    if (!act.department) return 'departmentMissing';
    if (act.department === state.plan.desk.slug) return 'sameDepartment';
  }
  return null;
}
