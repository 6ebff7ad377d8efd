import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import rawBody from 'raw-body';

interface ReceivedEvent {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface EventReceiver {
  url: string;
  received: ReceivedEvent[];
  /** The answers to the next requests, in order; 204 if empty. `silence` answers nothing. */
  answers: (number | 'silence')[];
  stop(): Promise<void>;
}

/** A receiver of webhooks that answers as the test says. A redirect leads back to itself. */
export async function startEventReceiver(): Promise<EventReceiver> {
  const receiver: Omit<EventReceiver, 'url' | 'stop'> = { received: [], answers: [] };
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await rawBody(request)).toString();
      receiver.received.push({ headers: request.headers, body });
      const answer = receiver.answers.shift() ?? 204;
      if (answer === 'silence') return;
      response.writeHead(answer, answer >= 300 && answer < 400 ? { location: '/elsewhere' } : {}).end();
    })();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
