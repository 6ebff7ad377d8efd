import { termsOf } from './case';
import type { CaseEvent, CitizenNews } from './case-events';
import type { HandOffNews, HandOffStep } from './hand-off';
import { clearOutcome, recall, tellMembers } from './stage-changes';
import { leaveForPlanning, type Turn } from './turn';

/** Tells the citizen and the followers of the hand-off, now that the matter is on its way to the institution. */
export function onPassedOn(turn: Turn, event: Extract<CaseEvent, { type: 'passedOn' }>): void {
  const { state, now } = turn;
  const { number, institution, way } = event;
  if (way !== null) {
    const step = way === 'letter' ? ('mailed' as const) : ('deskAsked' as const);
    const awaits = way === 'letter' ? ('answer' as const) : ('passing' as const);
    const news = { number, institution, way, step, awaits };
    state.handOff = { at: now, ...news, members: state.members };
    turn.record({ type: 'handOff', ...news });
  }
  if (state.outcome !== 'handedOff') {
    // The case was reopened meanwhile.
    recall(turn);
    return;
  }
  const actionId = state.outcomeActionId;
  const news = state.task === 0 ? 'handedOff' : 'passedOn';
  turn.issue({ type: 'tellCitizen', news, ...(actionId !== null && { actionId }) });
  tellMembers(turn, 'handedOff', actionId);
}

/** What the citizen hears of a step. Letters and reminders are between the municipality and the institution. */
const newsOfStep: Partial<Record<HandOffStep, CitizenNews>> = {
  passedOn: 'passedOnByDesk',
  notPassedOn: 'notPassedOn',
  taken: 'institutionTook',
  done: 'institutionDone',
  silent: 'institutionSilent',
};

/**
 * Records a step of the hand-off and tells the citizen. If the institution is not responsible, the case goes to the
 * desk that sorts. A follower hears of the hand-off of its leading case.
 */
export function onHandOffMoved(turn: Turn, { actionId, ...news }: HandOffNews): void {
  const { state } = turn;
  const { handOff } = state;
  const isOwn = handOff === null ? state.leader !== null : handOff.number === news.number;
  if (!isOwn || news.at <= (handOff?.at ?? 0)) return;
  state.handOff = { ...news, members: handOff?.members ?? [] };
  const act = actionId !== undefined && { actionId };
  const { at: _, ...fact } = news;
  turn.record({ type: 'handOff', ...fact, ...act });
  const told = newsOfStep[news.step];
  if (state.outcome !== 'handedOff') return;
  if (told) turn.issue({ type: 'tellCitizen', news: told, ...act });
  // While an objection waits, its decider reads the answer in the history.
  if (news.step !== 'notOurs' || state.stage !== 'handedOff') return;
  const department = termsOf(state).pingPong?.desk ?? state.plan.desk.slug;
  turn.record({ type: 'returned', institution: news.institution, department, ...act });
  clearOutcome(turn);
  leaveForPlanning(turn, department, 'returned', actionId);
}
