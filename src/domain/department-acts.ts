import type { CaseState } from './case';
import type { Act } from './case-events';
import { leaveDesk, leaveForPlanning } from './desk-turns';
import { refusalOf } from './stage-table';
import type { Turn } from './turn';

/** What an act of the department does; one that the stage table refuses throws. */
export function act(turn: Turn, before: CaseState, given: Act): void {
  const refusal = refusalOf(before, given);
  if (refusal) throw new Error(`act ${given.action} refused: ${refusal}`);
  const { state, now } = turn;
  const { actionId } = given;
  const desk = state.plan.desk.slug;
  switch (given.action) {
    case 'accept':
      state.stage = 'accepted';
      state.acceptedAt = now;
      state.steps = state.steps.filter(step => step.clock !== 'accept');
      state.slaState = 'onTrack';
      turn.record({ type: 'accepted', actionId, desk });
      break;
    case 'resolve':
      leaveDesk(turn);
      state.stage = 'resolved';
      state.outcome = 'resolved';
      state.closeAt = now + state.closeAfterMs;
      turn.record({ type: 'resolved', actionId, desk });
      turn.issue({ type: 'tellCitizen', news: 'resolved', actionId });
      break;
    case 'reject':
      leaveDesk(turn);
      state.stage = 'rejected';
      state.outcome = 'rejected';
      turn.record({ type: 'rejected', actionId, desk });
      turn.issue({ type: 'tellCitizen', news: 'rejected', actionId });
      break;
    case 'reroute': {
      const department = given.department ?? desk;
      state.rerouteCount += 1;
      leaveForPlanning(turn);
      turn.record({ type: 'rerouted', actionId, from: desk, to: department });
      turn.issue({ type: 'plan', department, after: 'reroute', from: now });
      break;
    }
    case 'note':
      turn.record({ type: 'noted', actionId, desk });
      break;
  }
}
