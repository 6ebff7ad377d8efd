import { Client, Connection } from '@temporalio/client';

/** The task queue of all workers. */
export const TASK_QUEUE = 'paydaskent';

/** Returns a lazy connection, so that a role can start before Temporal. */
export function lazyConnection(address: string): Connection {
  return Connection.lazy({ address });
}

export function clientOf(connection: Connection, namespace: string): Client {
  return new Client({ connection, namespace });
}
