import type { Client } from '@temporalio/client';
import type { BareActivities, bareCase } from './bare-workflows';

export function createBareActivities(client: Client, taskQueue: string): BareActivities {
  return {
    nothing: async () => undefined,
    open: async workflowId => {
      await client.workflow.start<typeof bareCase>('bareCase', { workflowId, taskQueue, args: [] });
    },
  };
}
