import { sleep } from '@temporalio/workflow';

/** Fails its workflow task, as code does that cannot continue a history. */
export function breaks(): Promise<void> {
  throw new TypeError('cannot go on');
}

export function works(): Promise<string> {
  return Promise.resolve('done');
}

/** A case whose program has no handler for acts. */
export async function reportCase(): Promise<void> {
  await sleep('1 hour');
}
