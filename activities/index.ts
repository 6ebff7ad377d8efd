import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { AppError, type ErrorCode } from '../src/errors';
import { errorFields, type Log } from '../src/logging';
import type { Activities } from '../workflows/contract';
import { askToCall, noteCall, planCall } from './citizen-call';
import type { Deps } from './deps';
import { answerErasure, closeRequest, finishErasures, remindOfRequests } from './erasure';
import { mailHandOff, noteHandOff, passAddition, passOn, planHandOff, recallHandOff } from './hand-off';
import { refreshFigures } from './refresh-figures';
import { keepFile } from './keep-file';
import { mailLetter } from './mail-letter';
import { joinTalk, storedMessages, transcribe } from './message-says';
import { addToCase, markHandled, openCase, planTask, readIncident, recordCase } from './open-case';
import { giveFeedback, objectTo, undoAnswer, withdrawCase } from './citizen-answers';
import { correctCase } from './place-told';
import { readMessage } from './read-message';
import { reconcile } from './reconcile';
import { reply } from './reply';
import { applyRetention, planRetention, recordRetention } from './retention';
import { mailLastRungs, planLastRungs } from './last-rungs';
import { loseOpening, mailOpening } from './opening-letter';
import {
  mailDigest,
  mailLegalDigest,
  mailWeeklyLetter,
  planLegalDigest,
  planWeeklyLetter,
} from './scheduled-letters';
import { buryEvent, mailNewLink, sendCopy, sendEvent } from './send-again';
import { sendWords, tellCitizen } from './tell-citizen';
import { mailNotice, mailSignIn, tellStaff } from './tell-staff';
import { alertOperator } from './undelivered';

/** Returns all activities of the line for registration in a worker. */
export function createActivities(deps: Deps, log: Log): Activities {
  const activities: Activities = {
    readMessage: readMessage(deps),
    storedMessages: storedMessages(deps),
    transcribe: transcribe(deps),
    reply: reply(deps),
    sendWords: sendWords(deps),
    openCase: openCase(deps),
    addToCase: addToCase(deps),
    correctCase: correctCase(deps, addToCase(deps)),
    giveFeedback: giveFeedback(deps),
    objectTo: objectTo(deps),
    undoAnswer: undoAnswer(deps),
    withdrawCase: withdrawCase(deps),
    tellStaff: tellStaff(deps),
    joinTalk: joinTalk(deps),
    noteMessages: markHandled(deps),
    planTask: planTask(deps),
    recordCase: recordCase(deps),
    tellCitizen: tellCitizen(deps),
    mailLetter: mailLetter(deps),
    sendEvent: sendEvent(deps),
    buryEvent: buryEvent(deps),
    mailOpening: mailOpening(deps),
    loseOpening: loseOpening(deps),
    sendCopy: sendCopy(deps),
    mailNewLink: mailNewLink(deps),
    mailSignIn: mailSignIn(deps),
    mailDigest: mailDigest(deps),
    planLastRungs: planLastRungs(deps),
    mailLastRungs: mailLastRungs(deps),
    keepPhoto: keepFile(deps),
    alertOperator: alertOperator(deps),
    askToCall: askToCall(deps),
    planCall: planCall(deps),
    noteCall: noteCall(deps),
    passOn: passOn(deps),
    passAddition: passAddition(deps),
    recallHandOff: recallHandOff(deps),
    mailHandOff: mailHandOff(deps),
    readIncident: readIncident(deps),
    planHandOff: planHandOff(deps),
    noteHandOff: noteHandOff(deps),
    reconcile: reconcile(deps),
    planWeeklyLetter: planWeeklyLetter(deps),
    mailWeeklyLetter: mailWeeklyLetter(deps),
    planLegalDigest: planLegalDigest(deps),
    mailLegalDigest: mailLegalDigest(deps),
    mailNotice: mailNotice(deps),
    finishErasures: finishErasures(deps),
    answerErasure: answerErasure(deps),
    closeRequest: closeRequest(deps),
    remindOfRequests: remindOfRequests(deps),
    refreshFigures: refreshFigures(deps),
    planRetention: planRetention(),
    applyRetention: applyRetention(deps),
    recordRetention: recordRetention(deps),
  };
  return Object.fromEntries(
    Object.entries(activities).map(([name, run]) => [
      name,
      guarded(run as (input: never) => Promise<unknown>, log),
    ]),
  ) as unknown as Activities;
}

/**
 * Converts errors to Temporal failures and logs them. This is the only place that does either for activities.
 */
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

/** Errors that a retry cannot fix. A missing case or citizen is retried, because it may be restored. */
const final: readonly ErrorCode[] = [
  'message-missing',
  'whatsapp-refused',
  'mail-refused',
  'event-refused',
  'file-unreadable',
  'speech-refused',
];

/**
 * Converts an error to the failure that Temporal stores: code and reason only. Messages and stacks of other
 * errors are left out, because they may quote a citizen.
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

      // The other side asked for this delay.
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
