import type { IncomingMessage } from 'node:http';
import rawBody from 'raw-body';

/** The whole body of a request; throws with `status` 413 when it is over `limit` bytes. */
export const readBytes = (request: IncomingMessage, limit: number): Promise<Buffer> =>
  rawBody(request, { limit, length: request.headers['content-length'] ?? null });
