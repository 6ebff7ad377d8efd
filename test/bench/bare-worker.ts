import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { clientOf, lazyConnection } from '../../src/temporal/connection';
import { createBareActivities } from './bare';

/**
 * The worker of the bare workflows, a separate process like the line's worker. Arguments: ADDRESS NAMESPACE QUEUE.
 */
async function main([address = '', namespace = '', taskQueue = '']: string[]): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: require.resolve('./bare-workflows'),
    activities: createBareActivities(
      clientOf(lazyConnection({ TEMPORAL_ADDRESS: address }), namespace),
      taskQueue,
    ),
  });
  process.send?.('ready');
  await worker.run();
  await connection.close();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
