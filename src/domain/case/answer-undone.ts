import { type CaseState, isEnded } from './case';
import { stopClocks } from './stage-changes';
import { sendLetter, type Turn } from './turn';

/** Remembers the case as it was before the citizen's survey answer, until somebody acts on that answer. */
export function rememberBefore({ state, now }: Turn): void {
  const { outcome, outcomeActionId, resolvedAt, surveyReminderAt, institution, slaState } = state;
  const { reopenCount, objectionCount, feedback, pauses, outcomeIsFinal } = state;
  state.answered = {
    at: now,
    before: {
      ...{ outcome, outcomeActionId, resolvedAt, surveyReminderAt, institution, slaState },
      ...{ reopenCount, objectionCount, feedback, pauses, outcomeIsFinal },
    },
  };
}

/** Whether the last survey answer can still be undone at `now` (epoch ms UTC). */
function canUndo({ answered, closeAfterMs }: CaseState, now: number): boolean {
  return answered !== null && now <= answered.at + closeAfterMs;
}

/** Undoes the citizen's last survey answer. Outcome and question are as they were before it. */
export function onAnswerUndone(turn: Turn, messageId: string): void {
  const { state, now } = turn;
  const { answered, objection, stage } = state;
  if (answered === null || !canUndo(state, now)) {
    turn.issue({ type: 'tellCitizen', news: isEnded(stage) ? 'alreadyClosed' : 'status' });
    return;
  }
  const { surveyReminderAt } = answered.before;
  stopClocks(turn);
  Object.assign(state, answered.before, {
    ...{ stage: 'resolved', answered: null, objection: null, endedAt: null },
    closeAt: now + state.closeAfterMs,
    surveyReminderAt: surveyReminderAt !== null && surveyReminderAt > now ? surveyReminderAt : null,
  } satisfies Partial<CaseState>);
  turn.record({ type: 'answerUndone', messageId });
  turn.issue({ type: 'tellCitizen', news: 'answerUndone' });
  if (objection !== null) sendLetter(turn, 'answerUndone', objection.by);
  if (!isEnded(stage)) sendLetter(turn, 'answerUndone', 'department');
}
