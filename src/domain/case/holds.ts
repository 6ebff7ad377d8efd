import type { HoldStage, Named } from './case';
import type { ResumeReason } from './case-facts';
import { replan } from './desk-turns';
import { runningSlaState } from '../sla/sla';
import type { Turn } from './turn';

/** Stops the service clock; from one wait to another it simply goes on standing. The legal clock runs on. */
export function hold(
  turn: Turn,
  stage: HoldStage,
  given: { until: number | null; institution?: Named; actionId?: string },
): void {
  const { state, now } = turn;
  const { until, institution, actionId } = given;
  state.stageBefore ??= state.stage;
  state.pausedSince ??= now;
  state.pauseLimitAt = until;
  state.waitingFor = institution ?? null;
  state.stage = stage;
  state.slaState = 'paused';
  state.waitingLetters = state.waitingLetters.filter(({ step }) => step.clock === 'legal');
  turn.record({
    type: 'paused',
    stage,
    until,
    desk: state.plan.desk.slug,
    ...(institution && { institution: institution.slug }),
    ...(actionId !== undefined && { actionId }),
  });
}

/** The pause becomes a fact of the clock, and the case is back in the stage before it. */
export function endHold(turn: Turn, reason: ResumeReason, actionId?: string): void {
  const { state, now } = turn;
  const from = state.pausedSince ?? now;
  state.stage = state.stageBefore ?? 'assigned';
  state.pauses = [...state.pauses, { from, to: now }];
  state.pausedSince = null;
  state.pauseLimitAt = null;
  state.stageBefore = null;
  state.waitingFor = null;
  turn.record({
    type: 'resumed',
    reason,
    pausedMs: now - from,
    desk: state.plan.desk.slug,
    ...(actionId !== undefined && { actionId }),
  });
}

/** The service clock goes on with what was left of it. */
export function resume(turn: Turn, reason: ResumeReason, actionId?: string): void {
  endHold(turn, reason, actionId);
  turn.state.slaState = runningSlaState(turn.state);
  replan(turn, 'resume');
}
