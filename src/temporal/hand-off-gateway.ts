import type { Client } from '@temporalio/client';
import type { handOff } from '../../workflows/index';
import type { HandOffInput } from '../../workflows/contract';
import { handOffReport, recalled, initialAttributes } from '../../workflows/messages';
import type { HandOffReport } from '../domain/case/hand-off';
import { handOffWorkflowId } from '../domain/identifiers';

/** The client of the workflows that bring matters to institutions. */
export interface HandOffGateway {
  /** Starts the workflow that brings a matter to an institution. Idempotent. */
  startHandOff(input: HandOffInput): Promise<void>;
  /** Tells a hand-off that its case was reopened. Returns false if it has ended. */
  recallHandOff(caseNumber: string, number: number): Promise<boolean>;
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
    async startHandOff(input) {
      const { caseNumber, number, institution } = input;
      await startOnce(() =>
        client.workflow.start<typeof handOff>('handOff', {
          workflowId: handOffWorkflowId(caseNumber, number),
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          taskQueue,
          args: [input],
          staticSummary: `Kuruma iletim: ${institution} · ${caseNumber}`,
          typedSearchAttributes: initialAttributes({ Department: institution }),
        }),
      );
    },

    recallHandOff: (caseNumber, number) => signalCase(() => handleOf(caseNumber, number).signal(recalled)),

    reportHandOff: (caseNumber, number, report) =>
      updated(() =>
        handleOf(caseNumber, number).executeUpdate(handOffReport, {
          args: [report],
          updateId: report.actionId,
        }),
      ),
  };
}
