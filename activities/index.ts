import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { AppError, type ErrorCode } from '../src/errors';
import { errorFields, type Log } from '../src/logging';
import type { Activities } from '../workflows/contract';
import type { Deps } from './deps';
import { keepFile } from './keep-file';
import { mailLetter } from './mail-letter';
import {
  addToCase,
  giveFeedback,
  markHandled,
  objectTo,
  openCase,
  planTask,
  recordCase,
  withdrawCase,
} from './open-case';
import { readMessage } from './read-message';
import { reconcile } from './reconcile';
import { reply } from './reply';
import { mailDigest, mailWeeklyLetter, planWeeklyLetter } from './scheduled-letters';
import { tellCitizen } from './tell-citizen';
import { alertOperator, mailNotice, tellStaff } from './tell-staff';

/** All activities of the line, as a worker registers them. */
export function createActivities(deps: Deps, log: Log): Activities {
  const activities: Activities = {
    readMessage: readMessage(deps),
    reply: reply(deps),
    openCase: openCase(deps),
    addToCase: addToCase(deps),
    giveFeedback: giveFeedback(deps),
    objectTo: objectTo(deps),
    withdrawCase: withdrawCase(deps),
    tellStaff: tellStaff(deps),
    noteMessages: markHandled(deps),
    planTask: planTask(deps),
    recordCase: recordCase(deps),
    tellCitizen: tellCitizen(deps),
    mailLetter: mailLetter(deps),
    mailDigest: mailDigest(deps),
    keepPhoto: keepFile(deps),
    alertOperator: alertOperator(deps),
    reconcile: reconcile(deps),
    planWeeklyLetter: planWeeklyLetter(deps),
    mailWeeklyLetter: mailWeeklyLetter(deps),
    mailNotice: mailNotice(deps),
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

/** Errors that no further try can mend; a case or citizen that is missing may still be restored. */
const final: readonly ErrorCode[] = [
  'message-missing',
  'whatsapp-refused',
  'mail-refused',
  'photo-unreadable',
];

/**
 * An activity error as Temporal keeps it: the code as type, the reason as message, nothing else. Messages and
 * stacks of foreign errors stay outside the history, because they can quote what a citizen wrote.
 */
export function toFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (!(error instanceof AppError)) {
    const type = error instanceof Error ? error.name : 'Error';
    return withoutStack(ApplicationFailure.create({ type, message: 'unexpected error' }));
  }
  const { code, reason, retryAfterMs } = error;
  return withoutStack(
    ApplicationFailure.create({
      type: code,
      message: reason ?? code,
      nonRetryable: final.includes(code),

      // A wait that the other side asked for is no trouble of ours.
      ...(retryAfterMs !== undefined && {
        nextRetryDelay: retryAfterMs,
        category: ApplicationFailureCategory.BENIGN,
      }),
    }),
  );
}

function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}
