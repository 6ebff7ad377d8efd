import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { conversation, reportCase } from '../../workflows/index';
import {
  act,
  calendarChanged,
  citizenAdded,
  deliveryFailed,
  feedback,
  inbound,
  withdraw,
} from '../../workflows/messages';
import { initialAttributes } from '../../workflows/search-attributes';
import type { Act, ManagerAct } from '../domain/case/acts';
import { caseAttributes } from '../domain/case/attributes';
import { type CaseState, type FeedbackAnswer, type NewCase, openingFrom } from '../domain/case/case';
import { summaryOf } from '../domain/case/case-labels';
import { openedCase } from '../domain/case/case-life';
import { caseWorkflowId, conversationWorkflowId } from '../domain/identifiers';
import type { BurstRules } from '../domain/talk/conversation';
import { AppError } from '../errors';

/**
 * The workflows as the rest of the line sees them. All functions reject with `temporal-unavailable` when the server
 * does not answer in time; those that return a boolean say whether the case still runs.
 */
export interface CaseGateway {
  /** Tells a citizen's conversation of a message, starting it when needed; repeating is harmless. */
  tellConversation(citizenId: string, messageId: string): Promise<void>;
  /** Starts the workflow of a case; repeating is harmless. */
  openCase(opening: NewCase): Promise<void>;
  addToCase(caseNumber: string, added: { messageIds: string[]; photoMessageIds: string[] }): Promise<boolean>;
  giveFeedback(
    caseNumber: string,
    said: { messageId: string; citizenId: string; answer: FeedbackAnswer },
  ): Promise<boolean>;
  withdraw(caseNumber: string, said: { messageId: string; citizenId: string }): Promise<boolean>;
  reportDeliveryFailure(caseNumber: string, undelivered: number): Promise<boolean>;
  /** Tells a case that extra closures came or went; it plans what is left of its task anew. */
  changeCalendar(caseNumber: string): Promise<boolean>;
  /**
   * Starts the workflow of a case again from its recorded state: an open one that Temporal has lost, or an ended one
   * that the manager's act `taking` brings back. False when the case already runs.
   */
  resumeCase(state: Omit<CaseState, 'handled'>, taking?: ManagerAct): Promise<boolean>;
  /**
   * A department's or a manager's act. Returns the case after it. Rejects with `act-refused` (409, the refusal as reason) when it
   * is not legal now, with `act-pending` (503) when no worker answered in time: the same call may be repeated.
   */
  act(caseNumber: string, given: Act): Promise<CaseState>;
  /** Rejects with `temporal-unavailable` when the server does not answer within `limitMs`. */
  ping(limitMs: number): Promise<void>;
}

const HAND_OVER_LIMIT_MS = 700;
const ACT_LIMIT_MS = 5_000;
const START_LIMIT_MS = 5_000;

export function createCaseGateway(client: Client, taskQueue: string, pace: BurstRules): CaseGateway {
  async function within<T>(limitMs: number, call: () => Promise<T>): Promise<T> {
    try {
      return await client.withDeadline(Date.now() + limitMs, call);
    } catch (cause) {
      // An act that was not answered in time may still be taken; only whoever sent it can say so.
      if (cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw cause;
      if (isGrpcServiceError(cause) || isGrpcServiceError((cause as Error).cause)) {
        throw new AppError('temporal-unavailable', { status: 503, cause });
      }
      throw cause;
    }
  }

  /** Sends a signal to a case; false when it has ended or was never started. */
  async function signalCase(send: () => Promise<void>): Promise<boolean> {
    try {
      await within(HAND_OVER_LIMIT_MS, send);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  const caseHandle = (caseNumber: string) =>
    client.workflow.getHandle<typeof reportCase>(caseWorkflowId(caseNumber));

  return {
    async tellConversation(citizenId, messageId) {
      await within(HAND_OVER_LIMIT_MS, () =>
        client.workflow.signalWithStart<typeof conversation, [{ messageId: string }]>('conversation', {
          workflowId: conversationWorkflowId(citizenId),
          taskQueue,
          args: [{ citizenId, pace, decidesFirst: true }],
          signal: inbound,
          signalArgs: [{ messageId }],
          staticSummary: 'Vatandaşla yazışma',
        }),
      );
    },

    async openCase(opening) {
      try {
        await within(START_LIMIT_MS, () =>
          client.workflow.start<typeof reportCase>('reportCase', {
            workflowId: caseWorkflowId(opening.caseNumber),
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            taskQueue,
            args: [{ opening }],
            staticSummary: summaryOf(opening),
            typedSearchAttributes: initialAttributes(caseAttributes(openedCase(opening))),
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async resumeCase(state, taking) {
      const carried = { ...state, handled: [] };
      const opening = openingFrom(carried);
      try {
        await within(START_LIMIT_MS, () =>
          client.workflow.start<typeof reportCase>('reportCase', {
            workflowId: caseWorkflowId(state.caseNumber),
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            taskQueue,
            args: [{ opening, carried, ...(taking && { taking }) }],
            staticSummary: summaryOf(state),
            typedSearchAttributes: initialAttributes(caseAttributes(carried)),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
        throw error;
      }
    },

    addToCase: (caseNumber, added) => signalCase(() => caseHandle(caseNumber).signal(citizenAdded, added)),
    giveFeedback: (caseNumber, said) => signalCase(() => caseHandle(caseNumber).signal(feedback, said)),
    withdraw: (caseNumber, said) => signalCase(() => caseHandle(caseNumber).signal(withdraw, said)),
    changeCalendar: caseNumber => signalCase(() => caseHandle(caseNumber).signal(calendarChanged)),
    reportDeliveryFailure: (caseNumber, undelivered) =>
      signalCase(() => caseHandle(caseNumber).signal(deliveryFailed, { undelivered })),

    async act(caseNumber, given) {
      try {
        return await within(ACT_LIMIT_MS, () =>
          caseHandle(caseNumber).executeUpdate(act, { args: [given], updateId: given.actionId }),
        );
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
          const [refusal] = error.cause.details ?? [];
          throw new AppError('act-refused', { status: 409, cause: error, reason: String(refusal) });
        }
        if (error instanceof WorkflowNotFoundError) {
          throw new AppError('act-refused', { status: 409, cause: error, reason: 'taskEnded' });
        }
        if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
          throw new AppError('act-pending', { status: 503, cause: error });
        }
        throw error;
      }
    },

    async ping(limitMs) {
      await within(limitMs, async () => {
        await client.connection.workflowService.getSystemInfo({});
      });
    },
  };
}
