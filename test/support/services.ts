import { randomUUID } from 'node:crypto';

/** host:port of the run's Temporal server, with the product's search attributes. */
export function temporalAddress(): string {
  return given('TEST_TEMPORAL_ADDRESS');
}

/** The namespace on the run's Temporal server; keep tests apart by task queue and workflow id. */
export const temporalNamespace = 'default';

/** A task queue of the test's own. */
export function freshTaskQueue(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}

/** A URI of the run's MongoDB with a database of the test's own. */
export function testMongoUri(name: string): string {
  return `${given('TEST_MONGODB_URI')}/${name}-${randomUUID().slice(0, 8)}`;
}

/** The program for TestWorkflowEnvironment.createTimeSkipping's `existing-path`. */
export function timeSkippingServerPath(): string {
  return given('TEST_TIME_SKIPPING_SERVER');
}

/** The browser for playwright-core's `executablePath`. */
export function chromiumPath(): string {
  return given('TEST_CHROMIUM');
}

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`${variable} is not set: run the tests by "npm test" or with the Jest config`);
  }
  return value;
}
