import type { Client } from '@temporalio/client';
import type { handOff } from '../../workflows/index';
import type { HandOffInput } from '../../workflows/contract';
import {
  handOffAdded,
  handOffReport,
  handOffReturned,
  recalled,
  initialAttributes,
} from '../../workflows/messages';
import type { HandOffLetter, HandOffReport } from '../domain/case/hand-off';
import { handOffWorkflowId } from '../domain/identifiers';

/** The client of the workflows that bring matters to institutions. */
export interface HandOffGateway {
  /**
   * Starts the workflow that brings a matter to an institution, or continues one that is lost. Returns false if it is
   * running or has completed.
   */
  startHandOff(input: HandOffInput): Promise<boolean>;
  /** Tells a hand-off that its case was reopened. Returns false if it has ended. */
  recallHandOff(caseNumber: string, number: number): Promise<boolean>;
  /** Tells a hand-off that the citizen wrote more about the matter. Returns false if it has ended. */
  addToHandOff(caseNumber: string, number: number, messageIds: string[]): Promise<boolean>;
  /** Tells a hand-off that one of its letters came back as mail. Returns false if it has ended. */
  returnHandOffLetter(
    caseNumber: string,
    number: number,
    returned: { letter: HandOffLetter; count: number },
  ): Promise<boolean>;
  /** Sends a report of the institution or our desk. Rejects like an act of a case. */
  reportHandOff(caseNumber: string, number: number, report: HandOffReport): Promise<void>;
}

/** How the client calls workflows: with time limits, and with its own errors. */
interface Calls {
  startOnce: (start: () => Promise<unknown>) => Promise<boolean>;
  signalCase: (send: () => Promise<void>) => Promise<boolean>;
  updated: <T>(send: () => Promise<T>) => Promise<T>;
}

export function createHandOffGateway(
  client: Client,
  taskQueue: string,
  { startOnce, signalCase, updated }: Calls,
): HandOffGateway {
  const handleOf = (caseNumber: string, number: number) =>
    client.workflow.getHandle<typeof handOff>(handOffWorkflowId(caseNumber, number));

  return {
    startHandOff(input) {
      const { caseNumber, number, institution } = input;
      return startOnce(() =>
        client.workflow.start<typeof handOff>('handOff', {
          workflowId: handOffWorkflowId(caseNumber, number),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          taskQueue,
          args: [input],
          staticSummary: `Kuruma iletim: ${institution} · ${caseNumber}`,
          typedSearchAttributes: initialAttributes({ Department: institution }),
        }),
      );
    },

    recallHandOff: (caseNumber, number) => signalCase(() => handleOf(caseNumber, number).signal(recalled)),

    addToHandOff: (caseNumber, number, messageIds) =>
      signalCase(() => handleOf(caseNumber, number).signal(handOffAdded, { messageIds })),

    returnHandOffLetter: (caseNumber, number, { letter, count }) =>
      signalCase(() => handleOf(caseNumber, number).signal(handOffReturned, { letter, count })),

    reportHandOff: (caseNumber, number, report) =>
      updated(() =>
        handleOf(caseNumber, number).executeUpdate(handOffReport, {
          args: [report],
          updateId: report.actionId,
        }),
      ),
  };
}
