import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';

const sent = z.object({ biz_opaque_callback_data: z.string() });

/** Meta and the mail server as the bench needs them: they take everything at once. */
export interface Outside {
  graphUrl: string;
  smtpUrl: string;
  /** Resolves when the message with this outbox key has been sent. */
  sent(key: string): Promise<void>;
  /** For how long nothing has come, in ms. */
  idleMs(): number;
  stop(): Promise<void>;
}

export async function startOutside(): Promise<Outside> {
  const seen = new Set<string>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  let lastAt = performance.now();
  const graph = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { biz_opaque_callback_data: key } = sent.parse(JSON.parse(Buffer.concat(parts).toString()));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: `wamid.${key}` }] }));
      lastAt = performance.now();
      seen.add(key);
      arrivals.emit(key);
    });
  });
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      lastAt = performance.now();
      stream.resume();
      stream.on('end', () => done());
    },
  });
  // A worker that is killed breaks off its connections.
  smtp.on('error', () => undefined);
  const [graphPort, smtpPort] = await Promise.all([listening(graph), listening(smtp.server)]);
  return {
    graphUrl: `http://127.0.0.1:${graphPort}`,
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    sent: key => (seen.has(key) ? Promise.resolve() : new Promise(resolve => arrivals.once(key, resolve))),
    idleMs: () => performance.now() - lastAt,
    async stop() {
      graph.closeAllConnections();
      await Promise.all([
        new Promise(resolve => graph.close(resolve)),
        new Promise<void>(resolve => smtp.close(() => resolve())),
      ]);
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
