import { isEnded, isWithDepartment, type FeedbackAnswer } from './case';
import { leaveForPlanning, sendLetter } from './desk-turns';
import { close } from './endings';
import { resume } from './holds';
import { termsOf } from './terms';
import type { Turn } from './turn';

/** What the citizen sends later joins the case; it also is the answer that the department may wait for. */
export function onCitizenAdded(turn: Turn, messageIds: string[], photoMessageIds: string[]): void {
  const { state } = turn;
  const fresh = messageIds.filter(id => turn.isFirst(id));
  if (fresh.length === 0) return;
  if (isEnded(state.stage)) {
    turn.issue({ type: 'tellCitizen', news: 'alreadyClosed' });
    return;
  }
  state.messageIds = [...state.messageIds, ...fresh];
  turn.record({ type: 'citizenAdded', messageIds: fresh });
  for (const messageId of photoMessageIds.filter(id => fresh.includes(id)))
    turn.issue({ type: 'keepPhoto', messageId });
  turn.issue({ type: 'tellCitizen', news: 'added' });
  if (state.stage === 'waitingCitizen') {
    resume(turn, 'answered');
    sendLetter(turn, 'citizenAnswered', 'department', { added: fresh });
  } else if (isWithDepartment(state.stage)) {
    sendLetter(turn, 'citizenAdded', 'department', { added: fresh });
  }
}

/** The citizen's word on the result. Unhappy twice brings the case back twice; after that a manager decides. */
export function onFeedback(turn: Turn, messageId: string, answer: FeedbackAnswer): void {
  const { state, now } = turn;
  if (state.stage !== 'resolved') {
    // A tap on an old question: nothing changes, but the citizen hears how things stand.
    turn.issue({ type: 'tellCitizen', news: isEnded(state.stage) ? 'alreadyClosed' : 'status' });
    return;
  }
  state.feedback = answer;
  state.surveyReminderAt = null;
  turn.record({ type: 'feedback', messageId, answer });
  if (answer === 'solved') {
    close(turn, 'confirmed');
    turn.issue({ type: 'tellCitizen', news: 'closed' });
    return;
  }
  if (state.reopenCount >= termsOf(state).reopenLimit) {
    state.closeAt = now + state.closeAfterMs;
    turn.record({ type: 'decisionAsked', count: state.reopenCount });
    turn.issue({ type: 'tellCitizen', news: 'managerDecides' });
    sendLetter(turn, 'decision', 'deputyMayor');
    return;
  }
  bringBack(turn);
  turn.record({ type: 'reopened', count: state.reopenCount });
  leaveForPlanning(turn, state.plan.desk.slug, 'reopen');
}

/** The case is open again, as if it had not been resolved; what was breached stays remembered. */
export function bringBack(turn: Turn): void {
  const { state } = turn;
  state.outcome = null;
  state.outcomeActionId = null;
  state.resolvedAt = null;
  state.endedAt = null;
  state.closeAt = null;
  state.surveyReminderAt = null;
  state.institution = null;
  state.pauses = [];
  state.reopenCount += 1;
}
