import type { Client } from '@temporalio/client';
import type {
  accountNotice,
  departmentDigest,
  deliverEvent,
  newTaskLink,
  openingLetter,
  sendAgain,
  staffSignIn,
} from '../../workflows/index';
import type { NewLinkWish, SendAgain, SignInWish } from '../../workflows/contract';
import { type GatheredLetter, type Gathering, letterGathered, callReturned } from '../../workflows/messages';
import { callWorkflowId, openingWorkflowId } from '../domain/identifiers';
import { AppError } from '../errors';

/** The client of the workflows that send a message, letter or link on request. */
export interface SendingGateway {
  /**
   * Starts the workflow that sends a message or letter of a case again, unless it is running, and waits for its end.
   * `pending`: it goes on without us.
   */
  sendAgain(input: SendAgain): Promise<{ refused: string | null } | 'pending'>;
  /** Tells the call of a case that its letter came back as mail. Returns false if the call has ended. */
  returnCallLetter(caseNumber: string, returned: { attempt: number; at: number }): Promise<boolean>;
  /** Mails the daily list of a department again after it came back as mail. Idempotent. */
  mailDigestAgain(department: string, at: number): Promise<void>;
  /** Has a department mailed a new link to its task. Returns false if that was done within this hour. */
  mailNewLink(input: NewLinkWish): Promise<boolean>;
  /** Has a member of staff mailed a link to sign in. Returns false if that was done in this turn. */
  mailSignIn(input: SignInWish): Promise<boolean>;
  /**
   * Has a letter gathered with the others to its address. `addressee` is the id of the address. Idempotent while they are
   * gathered.
   */
  gatherLetter(addressee: string, gathering: Gathering, letter: GatheredLetter): Promise<void>;
  /** Starts the workflow that posts an event. `replays` is how often that was ordered again. Idempotent. */
  deliverEvent(eventId: string, replays: number): Promise<void>;
  /** Starts the workflow that mails a notice from Meta to the operator. Idempotent. */
  reportNotice(noticeId: string): Promise<void>;
}

/** How the client calls workflows: with time limits, and with its own errors. */
interface Calls {
  startOnce: (start: () => Promise<unknown>) => Promise<boolean>;
  signalCase: (send: () => Promise<void>) => Promise<boolean>;
  within: <T>(limitMs: number, call: () => Promise<T>) => Promise<T>;
}

const SEND_LIMIT_MS = 20_000;
const GATHER_LIMIT_MS = 5_000;

export function createSendingGateway(
  client: Client,
  taskQueue: string,
  { startOnce, signalCase, within }: Calls,
): SendingGateway {
  return {
    async sendAgain(input) {
      const workflowId = `again-${input.copy}`;
      await startOnce(() =>
        client.workflow.start<typeof sendAgain>('sendAgain', {
          workflowId,
          taskQueue,
          args: [input],
          staticSummary: `Yeniden gönderim: ${input.caseNumber}`,
        }),
      );
      try {
        const handle = client.workflow.getHandle<typeof sendAgain>(workflowId);
        return await within(SEND_LIMIT_MS, () => handle.result());
      } catch (error) {
        if (error instanceof AppError && error.code === 'temporal-unavailable') return 'pending';
        throw error;
      }
    },

    returnCallLetter: (caseNumber, { attempt, at }) =>
      signalCase(() =>
        client.workflow.getHandle(callWorkflowId(caseNumber)).signal(callReturned, { attempt, at }),
      ),

    async mailDigestAgain(department, at) {
      await startOnce(() =>
        client.workflow.start<typeof departmentDigest>('departmentDigest', {
          workflowId: `digest-returned-${department}-${at}`,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [{ department, at }],
          staticSummary: `Günlük görev listesi, yedek adrese: ${department}`,
        }),
      );
    },

    async gatherLetter(addressee, gathering, letter) {
      await within(GATHER_LIMIT_MS, () =>
        client.workflow.signalWithStart<typeof openingLetter, [GatheredLetter]>('openingLetter', {
          workflowId: openingWorkflowId(addressee, gathering.until),
          taskQueue,
          args: [gathering],
          signal: letterGathered,
          signalArgs: [letter],
          staticSummary: `${gathering.later ? 'Ortak mektup' : 'Mesai başı mektubu'}: ${addressee}`,
        }),
      );
    },

    async deliverEvent(eventId, replays) {
      await startOnce(() =>
        client.workflow.start<typeof deliverEvent>('deliverEvent', {
          workflowId: `event-${eventId}${replays > 0 ? `-${replays}` : ''}`,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [{ eventId }],
          staticSummary: `Olay: ${eventId}`,
        }),
      );
    },

    async reportNotice(noticeId) {
      await startOnce(() =>
        client.workflow.start<typeof accountNotice>('accountNotice', {
          workflowId: `notice-${noticeId}`,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [{ noticeId }],
          staticSummary: 'Meta bildirimi',
        }),
      );
    },

    mailNewLink: input =>
      startOnce(() =>
        client.workflow.start<typeof newTaskLink>('newTaskLink', {
          workflowId: `link-${input.caseNumber}-${input.department}-${input.hour}`,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [input],
          staticSummary: `Yeni bağlantı: ${input.department} · ${input.caseNumber}`,
        }),
      ),

    mailSignIn: input =>
      startOnce(() =>
        client.workflow.start<typeof staffSignIn>('staffSignIn', {
          workflowId: `sign-in-${input.person}-${input.turn}`,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [input],
          staticSummary: 'Görevli girişi',
        }),
      ),
  };
}
