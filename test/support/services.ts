import { randomUUID } from 'node:crypto';

/** Returns host:port of the run's Temporal server, which has the product's search attributes. */
export function temporalAddress(): string {
  return given('TEST_TEMPORAL_ADDRESS');
}

/** The namespace on the run's Temporal server. Tests are separated by task queue and workflow id. */
export const temporalNamespace = 'default';

/** Returns a unique task queue. */
export function freshTaskQueue(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}

/** Returns the URI of a unique database on the run's MongoDB. */
export function testMongoUri(name: string): string {
  return `${given('TEST_MONGODB_URI')}/${name}-${randomUUID().slice(0, 8)}`;
}

/** Returns the program for `existing-path` of TestWorkflowEnvironment.createTimeSkipping. */
export function timeSkippingServerPath(): string {
  return given('TEST_TIME_SKIPPING_SERVER');
}

/** Returns the browser for playwright-core's `executablePath`. */
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
