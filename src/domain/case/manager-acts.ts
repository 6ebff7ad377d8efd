import type { ManagerAct } from './acts';
import type { Role, ServiceClock } from './case';
import { bringBack } from './citizen-turns';
import { leaveForPlanning, sendLetter, replan } from './desk-turns';
import { leaveHold } from './endings';
import type { Turn } from './turn';

const FIRST_ESCALATION = 2;

/** What a manager's act does; it must be legal by the stage table. */
export function managerAct(turn: Turn, given: ManagerAct): void {
  const { state } = turn;
  const { actionId } = given;
  const desk = state.plan.desk.slug;
  switch (given.action) {
    case 'extend': {
      const until = given.until ?? state.plan.resolveBy;
      turn.record({ type: 'extended', actionId, until });
      replan(turn, 'extend', until);
      return;
    }
    case 'reassign': {
      const department = given.department ?? desk;
      leaveHold(turn, actionId);
      state.rerouteCount += 1;
      turn.record({ type: 'reassigned', actionId, from: desk, to: department });
      leaveForPlanning(turn, department, 'reassign');
      return;
    }
    case 'setPriority': {
      const from = state.priority;
      state.priority = given.priority ?? from;
      turn.record({ type: 'prioritised', actionId, from, to: state.priority });
      replan(turn, 'priority');
      return;
    }
    case 'escalate':
      escalateNow(turn, actionId);
      return;
    case 'reopen':
      bringBack(turn);
      turn.record({ type: 'takenBack', actionId });
      turn.record({ type: 'reopened', count: state.reopenCount });
      leaveForPlanning(turn, desk, 'takeBack');
      return;
    case 'note':
      turn.record({ type: 'managerNoted', actionId });
      return;
  }
}

/** The next level of the ladder hears of the case now and not again at its time; a breach keeps its own moment. */
function escalateNow(turn: Turn, actionId: string): void {
  const { state } = turn;
  const clock: ServiceClock = state.acceptedAt === null && state.stage !== 'triage' ? 'accept' : 'resolve';
  const next = state.steps.find(
    step => step.clock === clock && step.level >= FIRST_ESCALATION && step.level > state.escalationLevel,
  );
  const level = next?.level ?? Math.max(FIRST_ESCALATION, state.escalationLevel + 1);
  const to: Role = next?.to ?? 'deputyMayor';
  state.steps = state.steps.filter(step => step.clock !== clock || step.level !== level);
  state.escalationLevel = level;
  turn.record({ type: 'escalatedByManager', actionId, level, to });
  for (const role of [to, ...(next?.also ?? [])]) {
    sendLetter(turn, 'escalation', role, { rung: { clock, level }, actionId });
  }
}
