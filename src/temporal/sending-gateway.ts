import type { Client } from '@temporalio/client';
import type { accountNotice, deliverEvent, newTaskLink, sendAgain } from '../../workflows/index';
import type { NewLinkWish, SendAgain } from '../../workflows/contract';
import { AppError } from '../errors';

/** The client of the workflows that send a message, letter or link on request. */
export interface SendingGateway {
  /**
   * Starts the workflow that sends a message or letter of a case again, unless it is running, and waits for its end.
   * `pending`: it goes on without us.
   */
  sendAgain(input: SendAgain): Promise<{ refused: string | null } | 'pending'>;
  /** Has a department mailed a new link to its task. Returns false if that was done within this hour. */
  mailNewLink(input: NewLinkWish): Promise<boolean>;
  /** Starts the workflow that posts an event. `replays` is how often that was ordered again. Idempotent. */
  deliverEvent(eventId: string, replays: number): Promise<void>;
  /** Starts the workflow that mails a notice from Meta to the operator. Idempotent. */
  reportNotice(noticeId: string): Promise<void>;
}

/** How the client calls workflows: with time limits, and with its own errors. */
interface Calls {
  startOnce: (start: () => Promise<unknown>) => Promise<boolean>;
  within: <T>(limitMs: number, call: () => Promise<T>) => Promise<T>;
}

const SEND_LIMIT_MS = 20_000;

export function createSendingGateway(
  client: Client,
  taskQueue: string,
  { startOnce, within }: Calls,
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
  };
}
