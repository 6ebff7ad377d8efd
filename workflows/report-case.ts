import { ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Act } from '../src/domain/case-events';
import { caseAttributes } from '../src/domain/attributes';
import { isEnded } from '../src/domain/case';
import { newCaseState, openedCase, openingOf } from '../src/domain/case-life';
import { stepWords } from '../src/domain/case-words';
import { localTime } from '../src/domain/local-time';
import { nextDeadline } from '../src/domain/sla';
import { refusalOf } from '../src/domain/stage-table';
import { undelivered } from './carry-out';
import { CaseRun } from './case-run';
import { act, citizenAdded, deliveryFailed, feedback, view, type ReportCaseInput } from './messages';

/**
 * The life of one case, from the opened record to the closed one. Its id is the case number. It always completes:
 * rejected and handed-off cases are outcomes, and a failed run would mean a mistake in the program.
 */
export async function reportCase({ opening, carried }: ReportCaseInput): Promise<void> {
  const run = new CaseRun(carried ?? newCaseState(opening), caseAttributes(carried ?? openedCase(opening)));

  setHandler(view, () => run.state, { description: 'The case as it stands' });
  setHandler(citizenAdded, added => run.take({ type: 'citizenAdded', ...added }), {
    description: 'The citizen sent something more',
  });
  setHandler(
    feedback,
    ({ citizenId, ...said }) => {
      if (citizenId === run.state.citizenId) run.take({ type: 'feedback', ...said });
    },
    { description: 'The citizen says whether the matter is solved' },
  );
  setHandler(
    deliveryFailed,
    async ({ undelivered: effect }) => run.take(await undelivered(run.state.caseNumber, effect, 'citizen')),
    { description: 'A message never reached the citizen' },
  );
  setHandler(
    act,
    async given => {
      run.take({ type: 'acted', act: given });
      await run.recorded();
      return run.state;
    },
    {
      description: 'The department acts on its task',
      validator: (given: Act) => {
        const refusal = refusalOf(run.state, given);
        if (refusal) throw ApplicationFailure.nonRetryable(`refused: ${refusal}`, 'act-refused', refusal);
      },
    },
  );

  if (!carried) run.take(openingOf(opening));
  while (!isEnded(run.state.stage)) {
    if (workflowInfo().continueAsNewSuggested && run.isSettled && allHandlersFinished()) {
      await continueAsNew<typeof reportCase>({ opening, carried: run.state });
    }
    await nextEvent(run);
  }
  await condition(() => run.isSettled && allHandlersFinished());
}

/** Waits until somebody moves the case, or until its nearest deadline, and then lets the time pass. */
async function nextEvent(run: CaseRun): Promise<void> {
  const next = nextDeadline(run.state);
  const moved = (): boolean => isEnded(run.state.stage) || nextDeadline(run.state)?.at !== next?.at;
  if (!next) {
    await condition(moved);
    return;
  }
  const words = next.step ? stepWords(next.step) : 'Yanıt gelmezse kapanır';
  const summary = `${words} – ${localTime(next.at, run.state.plan.utcOffsetMinutes)}`;
  const wasMoved = await condition(moved, Math.max(next.at - Date.now(), 1), { summary });
  if (!wasMoved) run.take({ type: 'timePassed' });
}
