import type { Client } from '@temporalio/client';
import type { bareCase } from './bare-workflows';

/** Activities without work of their own; `open` starts the next workflow, as the line's opening of a case does. */
export function createBareActivities(client: Client, taskQueue: string) {
  return {
    nothing: async (): Promise<void> => undefined,
    open: async (workflowId: string): Promise<void> => {
      await client.workflow.start<typeof bareCase>('bareCase', { workflowId, taskQueue, args: [] });
    },
  };
}

export type BareActivities = ReturnType<typeof createBareActivities>;
