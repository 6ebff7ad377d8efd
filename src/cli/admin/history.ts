import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { clientOf, lazyConnection } from '../../temporal/connection';

export function registerHistory(admin: Command): void {
  admin
    .command('history')
    .description('print the history of a case or conversation as JSON, as replay tests take it')
    .argument('<workflow-id>', 'a case number, or conversation-…')
    .action(async (workflowId: string) => {
      const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = readEnv('admin');
      const connection = lazyConnection(TEMPORAL_ADDRESS);
      try {
        const client = clientOf(connection, TEMPORAL_NAMESPACE);
        const history = await client.workflow.getHandle(workflowId).fetchHistory();
        console.log(JSON.stringify(historyToJSON(history), null, 1));
      } finally {
        await connection.close();
      }
    });
}
