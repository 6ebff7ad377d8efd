import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** The only POST request that reads. */
const query = /^\/api\/v1\/namespaces\/[^/]+\/workflows\/[^/]+\/query\//;
/** The UI requests it with an empty query string. */
const settings = /^\/api\/v1\/settings(\?|$)/;

function onlyReads({ method = 'GET', url = '' }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && query.test(url));
}

async function withoutWriteActions(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  const given = JSON.parse(Buffer.concat(parts).toString()) as object;
  return JSON.stringify({ ...given, DisableWriteActions: true });
}

/**
 * Serves the Temporal UI at `port` without its write actions. The dev server has no option for that, so its
 * UI listens at `behind`, its settings are changed to hide write actions, and writing requests get 405. Cases
 * are changed only by the line's own pages and commands, which check the rules. Returns a function that stops
 * it. Rejects if the port is taken.
 */
export async function startReadOnlyUi(port: number, behind: number): Promise<() => Promise<void>> {
  function pass(asked: IncomingMessage, response: ServerResponse): void {
    if (!onlyReads(asked)) {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 405, message: 'The Temporal UI of this line is read-only.' }));
      return;
    }
    const isSettings = settings.test(asked.url ?? '');
    const headers = { ...asked.headers, ...(isSettings ? { 'accept-encoding': 'identity' } : {}) };
    const { url: path, method } = asked;
    const upstream = request({ host: '127.0.0.1', port: behind, path, method, headers }, answer => {
      if (!isSettings || answer.statusCode !== 200) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      withoutWriteActions(answer).then(
        body => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
        () => response.destroy(),
      );
    });
    upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    asked.pipe(upstream);
  }

  const server = createServer(pass);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return () =>
    new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
