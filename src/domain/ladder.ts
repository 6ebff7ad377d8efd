import { isEnded, type Step } from './case';
import { mail } from './desk-turns';
import { slaStateAfter } from './sla';
import type { Turn } from './turn';

/** Takes every step that is due, each once and in order, also when time has passed several of them unseen. */
export function timePassed(turn: Turn): void {
  const { state, now } = turn;
  while (state.steps[0] && state.steps[0].at <= now) {
    const [step, ...ahead] = state.steps as [Step, ...Step[]];
    state.steps = ahead;
    climb(turn, step);
  }
  if (state.closeAt !== null && state.closeAt <= now && !isEnded(state.stage)) {
    state.stage = 'closed';
    state.closeAt = null;
    turn.record({ type: 'closed', reason: 'silence' });
  }
}

function climb(turn: Turn, step: Step): void {
  const { state, now } = turn;
  const [type, letter] =
    step.level === 0
      ? (['reminded', 'reminder'] as const)
      : step.level === 1
        ? (['breached', 'breach'] as const)
        : (['escalated', 'escalation'] as const);
  state.slaState = slaStateAfter(step, state.slaState);
  if (step.clock !== 'legal' && step.level > 0) {
    state.everBreached = true;
    state.escalationLevel = Math.max(state.escalationLevel, step.level);
  }
  turn.record({ type, clock: step.clock, level: step.level, to: step.to, lateMs: now - step.at });
  mail(turn, letter, step.to, { rung: { clock: step.clock, level: step.level } });
}
