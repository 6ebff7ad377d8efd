import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GraphServer {
  url: string;
  requests: { path: string; authorization: string | undefined }[];
  stop(): Promise<void>;
}

/** A Graph API with responses chosen by the test, for responses that the stand-in cannot produce. */
export async function startGraphServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<GraphServer> {
  const requests: GraphServer['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
    request.resume();
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
