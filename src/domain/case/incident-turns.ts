import { isHeldByIncident, type OpeningIncident, termsOf } from './case';
import { HOUR_MS } from '../durations';
import { stopClocks } from './stage-changes';
import { assign, sendLetter, type Turn } from './turn';

/**
 * Adds a new report to a declared incident. The first one at a desk becomes its task. The others, and all matters of an
 * institution, wait for the end without a letter to anybody.
 */
export function joinIncident(turn: Turn, { id, until, leader }: OpeningIncident): void {
  const { state } = turn;
  state.incident = { id, until };
  turn.record({ type: 'incidentJoined', incident: id, ...(leader !== null && { leader }) });
  const isTask = state.institution === null && leader === null;
  if (isTask) {
    assign(turn, state.plan);
  } else {
    state.leader = leader;
    state.stage = state.institution ? 'waitingInstitution' : 'duplicate';
    state.waitingFor = state.institution;
    state.slaState = 'paused';
  }
  turn.issue({ type: 'tellCitizen', news: 'incident' });
  if (isTask) sendLetter(turn, 'task', 'department');
}

/** Asks for the end of the incident, which may have been moved. Without an answer it asks again after an hour. */
export function readIncident(turn: Turn): void {
  const { state, now } = turn;
  if (!state.incident) return;
  state.incident = { ...state.incident, until: now + HOUR_MS };
  turn.issue({ type: 'readIncident', incident: state.incident.id });
}

/** Goes on waiting, or tells the citizen that the incident has ended. */
export function onIncidentRead(turn: Turn, until: number | null): void {
  const { state, now } = turn;
  const { incident } = state;
  if (!incident) return;
  if (until !== null && until > now) {
    state.incident = { ...incident, until };
    return;
  }
  const isHeld = isHeldByIncident(state);
  state.incident = null;
  turn.record({ type: 'incidentEnded', incident: incident.id });
  if (isHeld) endWithIncident(turn);
  turn.issue({ type: 'tellCitizen', news: 'incidentEnded' });
}

/** The matter of an institution ends. A matter of ours ends with the survey, so that it can still be reopened. */
function endWithIncident(turn: Turn): void {
  const { state, now } = turn;
  const { institution, leader } = state;
  stopClocks(turn);
  state.waitingFor = null;
  state.slaState = 'met';
  if (institution) {
    state.stage = 'handedOff';
    state.outcome = 'handedOff';
    state.endedAt = now;
    turn.record({ type: 'handedOff', institution: institution.slug });
    return;
  }
  const { surveyReminderAfterMs } = termsOf(state);
  state.stage = 'resolved';
  state.outcome = 'resolved';
  state.resolvedAt = now;
  state.closeAt = now + state.closeAfterMs;
  state.surveyReminderAt = surveyReminderAfterMs === null ? null : now + surveyReminderAfterMs;
  turn.record({ type: 'followed', leader: leader ?? '', outcome: 'resolved', leaderActionId: null });
}

/** Takes a report out of the incident. It then has a life of its own, and its targets count from its first moment. */
export function leaveIncident(turn: Turn, actionId: string): void {
  const { state, now } = turn;
  const { incident, institution, plan } = state;
  if (!incident) return;
  const isHeld = isHeldByIncident(state);
  state.incident = null;
  turn.record({ type: 'incidentLeft', incident: incident.id, actionId, desk: plan.desk.slug });
  if (!isHeld) return;
  state.leader = null;
  state.waitingFor = null;
  if (institution) {
    state.stage = 'handedOff';
    state.outcome = 'handedOff';
    state.endedAt = now;
    state.slaState = 'onTrack';
    turn.record({ type: 'handedOff', institution: institution.slug });
    turn.issue({ type: 'passOn', institution: institution.slug });
    return;
  }
  assign(turn, plan);
  turn.issue({ type: 'tellCitizen', news: 'incidentLeft' });
  sendLetter(turn, 'task', 'department');
}
