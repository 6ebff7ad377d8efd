import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer other than a transcript. `hang`: the server accepts the request and never answers. */
export type SpeechFault = { status: number; headers?: Record<string, string>; body?: string } | 'hang';

/** One request, as the server understood it. */
interface SpeechRequest {
  authorization: string | undefined;
  fields: Record<string, string>;
  file: { name: string; type: string; bytes: Buffer };
}

/** A stand-in of a speech server with `POST /v1/audio/transcriptions`, as OpenAI specifies it. */
export interface SpeechServer {
  readonly url: string;
  readonly requests: SpeechRequest[];
  /** The next transcripts, in order. Without one the recording is silent. */
  readonly texts: string[];
  /** What fails the next requests, in order. */
  readonly faults: SpeechFault[];
  stop(): Promise<void>;
}

const formats = ['json', 'text', 'srt', 'verbose_json', 'vtt'];
const extensions = /\.(flac|m4a|mp3|mp4|mpeg|mpga|oga|ogg|wav|webm)$/;

/** OpenAI's shape of an error. */
const errorBody = (message: string, param: string | null = null): string =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', param, code: null } });

/** Returns what is wrong with a request, as OpenAI answers it; null if nothing is. */
function wrongIn({ fields, file }: SpeechRequest): string | null {
  if (!fields['model']) return errorBody('you must provide a model parameter', 'model');
  if (file.bytes.length === 0) return errorBody('The audio file is empty', 'file');
  if (!extensions.test(file.name)) return errorBody('Invalid file format', 'file');
  if (!formats.includes(fields['response_format'] ?? 'json'))
    return errorBody('Invalid response_format', 'response_format');
  if (!/^[a-z]{2}$/.test(fields['language'] ?? 'tr')) return errorBody('Invalid language', 'language');
  return null;
}

async function requestOf(
  { authorization, 'content-type': type }: NodeJS.Dict<string | string[]>,
  body: Buffer,
): Promise<SpeechRequest> {
  const headers = { 'content-type': String(type) };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const file = form.get('file');
  const texts = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return {
    authorization: authorization === undefined ? undefined : String(authorization),
    fields: Object.fromEntries(texts) as Record<string, string>,
    file: {
      name: file instanceof File ? file.name : '',
      type: file instanceof File ? file.type : '',
      bytes: file instanceof File ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0),
    },
  };
}

export async function startSpeechServer(): Promise<SpeechServer> {
  const requests: SpeechRequest[] = [];
  const texts: string[] = [];
  const faults: SpeechFault[] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => void answer(Buffer.concat(chunks)));

    function send(status: number, body: string, headers = {}): void {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    }

    async function answer(body: Buffer): Promise<void> {
      if (incoming.method !== 'POST' || incoming.url !== '/v1/audio/transcriptions') {
        return send(404, errorBody(`Invalid URL (${incoming.method} ${incoming.url})`));
      }
      const request = await requestOf(incoming.headers, body);
      requests.push(request);
      const fault = faults.shift();
      if (fault === 'hang') return;
      if (fault) return send(fault.status, fault.body ?? errorBody('fault'), fault.headers);
      const wrong = wrongIn(request);
      if (wrong !== null) return send(400, wrong);
      send(200, JSON.stringify({ text: texts.shift() ?? '' }));
    }
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, requests, texts, faults },
    async stop() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}
