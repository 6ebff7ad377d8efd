import { activityInfo } from '@temporalio/activity';
import { errorFields, type Log } from '../src/logging';
import { addToCase } from './add-to-case';
import { alertOperator } from './alert-operator';
import { mailDigest } from './mail-digest';
import { mailLetter } from './mail-letter';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { toFailure } from './failures';
import { keepPhoto } from './keep-photo';
import { noteMessages } from './note-messages';
import { openCase } from './open-case';
import { mailWeeklyLetter, planWeeklyLetter } from './weekly-letter';
import { reconcile } from './reconcile';
import { planTask } from './plan-task';
import { readMessage } from './read-message';
import { recordCase } from './record-case';
import { reply } from './reply';
import { tellCitizen } from './tell-citizen';
import { tellStaff } from './tell-staff';
import { withdrawCase } from './withdraw-case';

/** All activities of the line, as a worker registers them. */
export function createActivities(deps: Deps, log: Log): Activities {
  const activities: Activities = {
    readMessage: readMessage(deps),
    reply: reply(deps),
    openCase: openCase(deps),
    addToCase: addToCase(deps),
    withdrawCase: withdrawCase(deps),
    tellStaff: tellStaff(deps),
    noteMessages: noteMessages(deps),
    planTask: planTask(deps),
    recordCase: recordCase(deps),
    tellCitizen: tellCitizen(deps),
    mailLetter: mailLetter(deps),
    mailDigest: mailDigest(deps),
    keepPhoto: keepPhoto(deps),
    alertOperator: alertOperator(deps),
    reconcile: reconcile(deps),
    planWeeklyLetter: planWeeklyLetter(deps),
    mailWeeklyLetter: mailWeeklyLetter(deps),
  };
  return Object.fromEntries(
    Object.entries(activities).map(([name, run]) => [
      name,
      guarded(run as (input: never) => Promise<unknown>, log),
    ]),
  ) as unknown as Activities;
}

/** The one border where errors turn into Temporal failures, and the one place that logs them. */
function guarded(run: (input: never) => Promise<unknown>, log: Log) {
  return async (input: never): Promise<unknown> => {
    try {
      return await run(input);
    } catch (error) {
      const { activityType, attempt, workflowExecution } = activityInfo();
      const ids = { activityType, attempt, workflowId: workflowExecution?.workflowId };
      log.warn({ ...ids, ...errorFields(error) }, 'activity failed');
      throw toFailure(error);
    }
  };
}
