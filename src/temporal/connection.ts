import { Client, Connection } from '@temporalio/client';

/** The one queue on which the workers of the line listen. */
export const TASK_QUEUE = 'paydaskent';

/** A connection that is made when first used, so that a role can start while Temporal is still away. */
export function lazyConnection(address: string): Connection {
  return Connection.lazy({ address });
}

export function clientOf(connection: Connection, namespace: string): Client {
  return new Client({ connection, namespace });
}
