import type { Client } from '@temporalio/client';
import type { bareCase, BareActivities } from './bare-workflows';

export function createBareActivities(client: Client, taskQueue: string): BareActivities {
  return {
    nothing: async () => undefined,
    open: async workflowId => {
      await client.workflow.start<typeof bareCase>('bareCase', { workflowId, taskQueue, args: [] });
    },
  };
}
