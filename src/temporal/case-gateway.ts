import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { citizenCall, conversation, erasure, reportCase } from '../../workflows/index';
import {
  act,
  arrivedAfterAll,
  calendarChanged,
  called,
  callReport,
  type CarriedTalk,
  citizenAdded,
  citizenCorrected,
  type ConversationInput,
  deliveryFailed,
  feedback,
  handOffMoved,
  incidentMoved,
  inbound,
  joined,
  mergedInto,
  messageArrived,
  type CitizenSays,
  type Objecting,
  type ReportCaseInput,
  objection,
  recordAgain,
  toldInVain,
  undoAnswer,
  toWire,
  view,
  withdraw,
  initialAttributes,
} from '../../workflows/messages';
import type { CallStart } from '../../workflows/contract';
import type { Act, Correction, ManagerAct } from '../domain/case/acts';
import { caseAttributes } from '../domain/case/temporal-ui';
import { type CaseState, type FeedbackAnswer, type NewCase, openingFrom } from '../domain/case/case';
import type { CitizenSent } from '../domain/case/case-events';
import type { CallNews, CallReport, LostCall } from '../domain/case/citizen-call';
import type { HandOffNews } from '../domain/case/hand-off';
import type { Role } from '../domain/sla/sla';
import { summaryOf } from '../domain/case/case-labels';
import { openedCase } from '../domain/case/case-life';
import { callWorkflowId, caseWorkflowId, conversationWorkflowId } from '../domain/identifiers';
import type { BurstRules } from '../domain/talk/conversation-state';
import { AppError } from '../errors';
import { createHandOffGateway, type HandOffGateway } from './hand-off-gateway';
import { createSendingGateway, type SendingGateway } from './sending-gateway';
import { createTalkGateway, type TalkGateway } from './talk-gateway';

type Added = CitizenSent & { quietly?: boolean };
type SaidCorrection = CitizenSent & { actionId: string; correction: Correction };

/** Why an ended case is restarted without a manager. */
type Continuing =
  | Pick<Required<ReportCaseInput>, 'objecting'>
  | Pick<Required<ReportCaseInput>, 'undoing'>
  | Pick<Required<ReportCaseInput>, 'adding'>
  | Pick<Required<ReportCaseInput>, 'correcting'>
  | Pick<Required<ReportCaseInput>, 'told'>;

/**
 * The client of the workflows. Functions reject with `temporal-unavailable` if the server does not answer in time. A
 * boolean result tells whether the case is still running.
 */
export interface CaseGateway extends HandOffGateway, SendingGateway, TalkGateway {
  /** Signals a message to the citizen's conversation and starts it if needed. Idempotent. */
  tellConversation(citizenId: string, messageId: string): Promise<void>;
  /** Tells the talk of a merged citizen whose talk continues it. Does nothing if none is running. */
  mergeTalks(goneCitizenId: string, citizenId: string): Promise<void>;
  /** Passes a talk on to that of the remaining citizen, and starts it if needed. */
  joinTalk(citizenId: string, talk: CarriedTalk): Promise<void>;
  /** Starts the workflow of a case. Idempotent. */
  openCase(opening: NewCase): Promise<void>;
  addToCase(caseNumber: string, added: Added): Promise<boolean>;
  correctCase(caseNumber: string, said: SaidCorrection): Promise<boolean>;
  giveFeedback(
    caseNumber: string,
    said: { messageId: string; citizenId: string; answer: FeedbackAnswer; with?: CitizenSent },
  ): Promise<boolean>;
  withdraw(caseNumber: string, said: { messageId: string; citizenId: string }): Promise<boolean>;
  /**
   * Passes a citizen's objection to a case. An ended case is restarted from its recorded state. The case
   * answers the citizen, also if no objection is possible. Idempotent.
   */
  object(state: Omit<CaseState, 'handled'>, said: Objecting): Promise<void>;
  /** Adds the reasons of a low rating, or what was written `afterEnd`, to a case, like `object`. */
  addToEnded(state: Omit<CaseState, 'handled'>, sent: Added, as: 'reasons' | 'afterEnd'): Promise<void>;
  /** Corrects a case after its end, like `object`. */
  correctAfterEnd(state: Omit<CaseState, 'handled'>, said: SaidCorrection): Promise<void>;
  /** Passes on that a citizen undoes the last survey answer, like `object`. */
  undoAnswer(state: Omit<CaseState, 'handled'>, said: CitizenSays): Promise<void>;
  /** Tells a case that a message, or the letter to a recipient, failed, or that a failed one was delivered. An ended case is restarted. */
  reportDeliveryFailure(
    state: Omit<CaseState, 'handled'>,
    undelivered: number,
    recipient?: Role,
  ): Promise<void>;
  reportArrival(state: Omit<CaseState, 'handled'>, undelivered: number): Promise<void>;
  /** Has a citizen phoned because a message of the case did not arrive. Starts the call if needed. */
  callCitizen(caseNumber: string, tries: number, undelivered: number): Promise<void>;
  /** Continues the call of a case whose workflow is lost. Returns false if the call is running. */
  resumeCall(caseNumber: string, tries: number, resuming: LostCall): Promise<boolean>;
  /** Tells the call of a case that a failed message arrived. Returns false if no call is running. */
  cancelCall(caseNumber: string, undelivered: number): Promise<boolean>;
  /** Sends the desk's report of its call. Rejects like `act`. */
  reportCall(caseNumber: string, report: CallReport): Promise<void>;
  /** Passes a step of the call to its case. An ended case is restarted. */
  noteCall(state: Omit<CaseState, 'handled'>, news: CallNews): Promise<void>;
  /** Passes a step of the hand-off to its case. An ended case is restarted. */
  noteHandOff(state: Omit<CaseState, 'handled'>, news: HandOffNews): Promise<void>;
  /** Signals a case that the extra closures changed, so that it re-plans its remaining deadlines. */
  changeCalendar(caseNumber: string): Promise<boolean>;
  /** Signals a case that the end of its incident changed. */
  moveIncident(caseNumber: string): Promise<boolean>;
  /**
   * Returns the state of a case as its workflow knows it, also after its end; null if Temporal has no such workflow.
   * Rejects with `temporal-unavailable` if no worker answers.
   */
  stateOf(caseNumber: string): Promise<CaseState | null>;
  /** Signals a case that its record is older than its state, so that it writes the record again. */
  recordAgain(caseNumber: string): Promise<boolean>;
  /**
   * Restarts the workflow of a case from its recorded state: an open case that Temporal lost, or an ended case that
   * a manager's act or an objection brings back. Returns false if the case is running.
   */
  resumeCase(
    state: Omit<CaseState, 'handled'>,
    because?: { taking: ManagerAct } | Continuing,
  ): Promise<boolean>;
  /**
   * Sends an act of a department or manager and returns the case after it. Rejects with `act-refused` (409, with the
   * reason) if it is not legal now, and with `act-pending` (503) if no worker answered in time; the call may then be
   * repeated.
   */
  act(caseNumber: string, given: Act): Promise<CaseState>;
  /**
   * Starts the workflow that tells a citizen the decision about a request for erasure and carries it out. Another start
   * continues where a failed one ended.
   */
  carryOutRequest(requestId: string): Promise<void>;
  /** Rejects with `temporal-unavailable` if the server does not answer within `limitMs`. */
  ping(limitMs: number): Promise<void>;
}

const HAND_OVER_LIMIT_MS = 700;
const ACT_LIMIT_MS = 5_000;
const START_LIMIT_MS = 5_000;
const QUERY_LIMIT_MS = 10_000;

export function createCaseGateway(client: Client, taskQueue: string, pace: BurstRules): CaseGateway {
  async function within<T>(limitMs: number, call: () => Promise<T>): Promise<T> {
    try {
      return await client.withDeadline(Date.now() + limitMs, call);
    } catch (cause) {
      // An act without a timely answer may still be accepted; only its sender can retry it.
      if (cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw cause;
      if (isGrpcServiceError(cause) || isGrpcServiceError((cause as Error).cause)) {
        throw new AppError('temporal-unavailable', { status: 503, cause });
      }
      throw cause;
    }
  }

  /** Signals a workflow. Returns false if it has ended or was never started. */
  async function signalCase(send: () => Promise<void>): Promise<boolean> {
    try {
      await within(HAND_OVER_LIMIT_MS, send);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /** Starts a workflow. Returns false if one with its id is running. */
  async function startOnce(start: () => Promise<unknown>): Promise<boolean> {
    try {
      await within(START_LIMIT_MS, start);
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  const caseHandle = (caseNumber: string) =>
    client.workflow.getHandle<typeof reportCase>(caseWorkflowId(caseNumber));

  const resumeCase: CaseGateway['resumeCase'] = async (state, because) => {
    const carried = { ...state, handled: [] };
    const opening = openingFrom(carried);
    return startOnce(() =>
      client.workflow.start<typeof reportCase>('reportCase', {
        workflowId: caseWorkflowId(state.caseNumber),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        taskQueue,
        args: [{ opening: toWire(opening), carried, ...because }],
        staticSummary: summaryOf(state),
        typedSearchAttributes: initialAttributes(caseAttributes(carried)),
      }),
    );
  };

  /** Signals a case, or restarts an ended one. */
  async function tellOrResume(
    state: Omit<CaseState, 'handled'>,
    send: (handle: ReturnType<typeof caseHandle>) => Promise<void>,
    because: Continuing,
  ): Promise<void> {
    for (;;) {
      if (await signalCase(() => send(caseHandle(state.caseNumber)))) return;
      if (await resumeCase(state, because)) return;
    }
  }

  const talkOf = (citizenId: string) => ({
    workflowId: conversationWorkflowId(citizenId),
    taskQueue,
    args: [{ citizenId, pace, decidesFirst: true, hearsStored: true }] as [ConversationInput],
    staticSummary: 'Vatandaşla yazışma',
  });

  const callOf = (input: CallStart) => ({
    workflowId: callWorkflowId(input.caseNumber),
    taskQueue,
    args: [input] as [CallStart],
    staticSummary: `Vatandaş aranacak: ${input.caseNumber}`,
  });

  const callHandle = (caseNumber: string) =>
    client.workflow.getHandle<typeof citizenCall>(callWorkflowId(caseNumber));

  /** Sends an update and converts its refusal. */
  async function updated<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await within(ACT_LIMIT_MS, send);
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
        const { type, details } = error.cause;
        // Another type is a fault of that worker, as when its program lacks the handler: the act may be sent again.
        if (type !== 'act-refused') throw new AppError('act-pending', { status: 503, cause: error });
        throw new AppError('act-refused', { status: 409, cause: error, reason: String(details?.[0]) });
      }
      if (error instanceof WorkflowNotFoundError) {
        throw new AppError('act-refused', { status: 409, cause: error, reason: 'taskEnded' });
      }
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
        throw new AppError('act-pending', { status: 503, cause: error });
      }
      throw error;
    }
  }

  return {
    async tellConversation(citizenId, messageId) {
      await within(HAND_OVER_LIMIT_MS, () =>
        client.workflow.signalWithStart<typeof conversation, [{ messageId: string }]>('conversation', {
          ...talkOf(citizenId),
          signal: inbound,
          signalArgs: [{ messageId }],
        }),
      );
    },

    async mergeTalks(goneCitizenId, citizenId) {
      const gone = client.workflow.getHandle<typeof conversation>(conversationWorkflowId(goneCitizenId));
      await signalCase(() => gone.signal(mergedInto, { citizenId }));
    },

    async joinTalk(citizenId, talk) {
      await within(START_LIMIT_MS, () =>
        client.workflow.signalWithStart<typeof conversation, [CarriedTalk]>('conversation', {
          ...talkOf(citizenId),
          signal: joined,
          signalArgs: [talk],
        }),
      );
    },

    async openCase(opening) {
      await startOnce(() =>
        client.workflow.start<typeof reportCase>('reportCase', {
          workflowId: caseWorkflowId(opening.caseNumber),
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [{ opening: toWire(opening) }],
          staticSummary: summaryOf(opening),
          typedSearchAttributes: initialAttributes(caseAttributes(openedCase(opening))),
        }),
      );
    },

    resumeCase,

    object: (state, said) =>
      tellOrResume(state, handle => handle.signal(objection, said), { objecting: said }),
    addToEnded(state, sent, as) {
      const added = toWire(sent);
      const adding = { ...added, ...(as === 'afterEnd' && { afterEnd: true as const }) };
      return tellOrResume(state, handle => handle.signal(citizenAdded, { ...added, [as]: true }), { adding });
    },
    correctAfterEnd: (state, said) =>
      tellOrResume(state, handle => handle.signal(citizenCorrected, toWire(said)), {
        correcting: toWire(said),
      }),
    undoAnswer: (state, said) =>
      tellOrResume(state, handle => handle.signal(undoAnswer, said), { undoing: said }),

    addToCase: (caseNumber, added) =>
      signalCase(() => caseHandle(caseNumber).signal(citizenAdded, toWire(added))),
    correctCase: (caseNumber, said) =>
      signalCase(() => caseHandle(caseNumber).signal(citizenCorrected, toWire(said))),
    giveFeedback: (caseNumber, { with: sent, ...said }) =>
      signalCase(() =>
        caseHandle(caseNumber).signal(feedback, { ...said, ...(sent && { with: toWire(sent) }) }),
      ),
    withdraw: (caseNumber, said) => signalCase(() => caseHandle(caseNumber).signal(withdraw, said)),
    async stateOf(caseNumber) {
      try {
        return await within(QUERY_LIMIT_MS, () => caseHandle(caseNumber).query(view));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        // A query also fails if the code of the workflow does.
        throw new AppError('temporal-unavailable', { status: 503, cause: error });
      }
    },
    recordAgain: caseNumber => signalCase(() => caseHandle(caseNumber).signal(recordAgain)),
    moveIncident: caseNumber => signalCase(() => caseHandle(caseNumber).signal(incidentMoved)),
    changeCalendar: caseNumber => signalCase(() => caseHandle(caseNumber).signal(calendarChanged)),
    reportDeliveryFailure(state, undelivered, recipient) {
      const failed = { undelivered, ...(recipient && { recipient }) };
      return tellOrResume(state, handle => handle.signal(deliveryFailed, failed), {
        told: { type: 'notDelivered', ...failed },
      });
    },
    reportArrival: (state, undelivered) =>
      tellOrResume(state, handle => handle.signal(messageArrived, { undelivered }), {
        told: { type: 'arrivedLate', undelivered },
      }),

    async callCitizen(caseNumber, tries, undelivered) {
      await within(START_LIMIT_MS, () =>
        client.workflow.signalWithStart<typeof citizenCall, [{ undelivered: number }]>('citizenCall', {
          ...callOf({ caseNumber, tries }),
          signal: toldInVain,
          signalArgs: [{ undelivered }],
        }),
      );
    },
    resumeCall: (caseNumber, tries, resuming) =>
      startOnce(() =>
        client.workflow.start<typeof citizenCall>('citizenCall', callOf({ caseNumber, tries, resuming })),
      ),
    cancelCall: (caseNumber, undelivered) =>
      signalCase(() => callHandle(caseNumber).signal(arrivedAfterAll, { undelivered })),
    reportCall: (caseNumber, report) =>
      updated(() =>
        callHandle(caseNumber).executeUpdate(callReport, { args: [report], updateId: report.actionId }),
      ),
    noteCall: (state, news) =>
      tellOrResume(state, handle => handle.signal(called, news), { told: { type: 'called', news } }),

    ...createHandOffGateway(client, taskQueue, { startOnce, signalCase, updated }),
    ...createSendingGateway(client, taskQueue, { startOnce, signalCase, within }),
    ...createTalkGateway(client, { within, updated, talkOf }),
    noteHandOff: (state, news) =>
      tellOrResume(state, handle => handle.signal(handOffMoved, news), {
        told: { type: 'handOffMoved', news },
      }),

    act: (caseNumber, given) =>
      updated(() => caseHandle(caseNumber).executeUpdate(act, { args: [given], updateId: given.actionId })),

    async carryOutRequest(requestId) {
      await within(START_LIMIT_MS, () =>
        client.workflow.start<typeof erasure>('erasure', {
          workflowId: `erasure-${requestId}`,
          workflowIdConflictPolicy: 'USE_EXISTING',
          taskQueue,
          args: [{ requestId }],
          staticSummary: 'Kişisel verilerin silinmesi isteği',
        }),
      );
    },

    async ping(limitMs) {
      await within(limitMs, async () => {
        await client.connection.workflowService.getSystemInfo({});
      });
    },
  };
}
