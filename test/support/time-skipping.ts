import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { searchAttributes } from '../../src/temporal/set-up';
import { timeSkippingServerPath } from './services';

const indexedValueTypes = { Keyword: 2, Int: 3, Bool: 5, Datetime: 6 } as const;

let installed = false;

/** The SDK's log, limited to errors. */
export function quietRuntime(): void {
  if (!installed) Runtime.install({ logger: new DefaultLogger('ERROR') });
  installed = true;
}

/** A time-skipping server with the line's search attributes. */
export async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: timeSkippingServerPath() } },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: env.namespace ?? 'default',
    searchAttributes: Object.fromEntries(
      Object.entries(searchAttributes).map(([name, type]) => [name, indexedValueTypes[type]]),
    ),
  });
  return env;
}

/** The workflow code that the workers load. */
export function builtWorkflows(): WorkflowBundle {
  return { code: readFileSync(resolve(__dirname, '../../dist/workflow-bundle.js'), 'utf8') };
}

export function createWorker(
  env: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundle,
  activities: object,
  taskQueue: string,
): Promise<Worker> {
  return Worker.create({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue,
    workflowBundle,
    activities,
  });
}
