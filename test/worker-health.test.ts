import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { anyFree } from '../src/local/services/port';
import { createCaseGateway } from '../src/temporal/case-gateway';
import { cachedWorkflowsIn, failingTasksCheck, workerTelemetry } from '../src/temporal/worker-health';
import type { breaks, reportCase, works } from './support/failing-workflows';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';
import { until } from './support/until';

const MIB = 1_048_576;

test.each([
  [256, 20],
  [450, 250],
  [512, 353],
  [1_024, 500],
  [24_576, 500],
])('a container of %i MiB caches %i workflows', (limit, cached) => {
  expect(cachedWorkflowsIn(limit * MIB)).toBe(cached);
});

/** A case at a worker without a handler for acts: its program is another than the web's. */
async function expectPendingAct(client: Client, taskQueue: string): Promise<void> {
  const caseNumber = `${taskQueue}-case`;
  const handle = await client.workflow.start<typeof reportCase>('reportCase', {
    ...{ taskQueue, workflowId: caseNumber },
  });
  const pace = { quietMs: 50, longestMs: 500, answerWaitMs: 60_000 };
  const act = createCaseGateway(client, taskQueue, pace).act(caseNumber, {
    ...{ actionId: 'act-1', action: 'accept', task: 1 },
  });
  await expect(act).rejects.toMatchObject({ code: 'act-pending' });
  await handle.terminate();
}

test('a worker is unready while workflow tasks fail in a row, and ready after the next good one', async () => {
  const port = await anyFree();
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: workerTelemetry(port) });
  const address = temporalAddress();
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace: temporalNamespace });
  const taskQueue = freshTaskQueue('worker-health');
  const worker = await Worker.create({
    connection: native,
    namespace: temporalNamespace,
    taskQueue,
    workflowsPath: require.resolve('./support/failing-workflows'),
  });
  const check = failingTasksCheck(port);
  const isReady = (): Promise<boolean> =>
    check().then(
      () => true,
      () => false,
    );

  await worker.runUntil(async () => {
    await expectPendingAct(client, taskQueue);

    await client.workflow.execute<typeof works>('works', { taskQueue, workflowId: `${taskQueue}-first` });
    await expect(check()).resolves.toBeUndefined();

    const broken = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(number =>
        client.workflow.start<typeof breaks>('breaks', { taskQueue, workflowId: `${taskQueue}-${number}` }),
      ),
    );
    await until(async () => !(await isReady()), 'the worker is unready');
    await expect(check()).rejects.toMatchObject({ reason: 'tasks-fail' });
    await Promise.all(broken.map(handle => handle.terminate()));

    await client.workflow.execute<typeof works>('works', { taskQueue, workflowId: `${taskQueue}-last` });
    await until(isReady, 'the worker is ready again');
  });
  await Promise.all([native.close(), connection.close()]);
}, 60_000);
