import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { ApprovedTemplate } from '../../src/local/cloud-api/templates';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/local/sandbox';
import { phoneNumberId } from './webhook-bodies';

export const token = 'EAAtest';
export const appSecret = 'app-secret';
export const verifyToken = 'verify-word';

interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
  json: unknown;
}

/** A webhook receiver in place of the product. */
export interface Receiver {
  url: string;
  received: Received[];
  /** The statuses of the next responses; 200 if the list is empty. */
  answers: number[];
  handshakes: URL[];
  /** The first value (`entry[0].changes[0].value`) of each webhook so far. */
  values(): WebhookValue[];
  close(): Promise<void>;
}

interface WebhookValue {
  metadata: { display_phone_number: string; phone_number_id: string };
  contacts?: { profile: { name: string; username?: string }; wa_id?: string; user_id?: string }[];
  messages?: ({ id: string; type: string; from?: string } & Record<string, unknown>)[];
  statuses?: ({ id: string; status: string; errors?: { code: number }[] } & Record<string, unknown>)[];
}

const closing = (server: Server): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

export async function startReceiver(answerToHandshake = verifyToken): Promise<Receiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const handshakes: URL[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        const url = new URL(request.url ?? '/', 'http://receiver');
        handshakes.push(url);
        const right = url.searchParams.get('hub.verify_token') === answerToHandshake;
        response.writeHead(right ? 200 : 403).end(right ? url.searchParams.get('hub.challenge') : '');
        return;
      }
      const body = Buffer.concat(chunks);
      received.push({ headers: request.headers, body, json: JSON.parse(body.toString('utf8')) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/whatsapp`,
    received,
    answers,
    handshakes,
    values: () =>
      received.map(({ json }) => {
        const { entry } = json as { entry: { changes: { value: WebhookValue }[] }[] };
        return entry[0]?.changes[0]?.value ?? { metadata: { display_phone_number: '', phone_number_id: '' } };
      }),
    close: () => closing(server),
  };
}

export interface TestSandbox extends Sandbox {
  dataDir: string;
  receiver: Receiver;
  /** Calls the control API. Returns status and JSON. */
  control(method: string, where: string, body?: unknown): Promise<Answer>;
  /** A request to the Graph API below the version. */
  graph(method: string, where: string, body?: unknown, bearer?: string): Promise<Answer>;
  /** Posts a message; `messaging_product` is added. */
  send(message: Record<string, unknown>): Promise<Answer>;
  newCitizen(about?: Record<string, unknown>): Promise<{ id: string; phone: string; bsuid: string }>;
  dispose(): Promise<void>;
}

export interface Answer {
  status: number;
  json: Record<string, unknown>;
}

/** The error object of a refused Graph request. */
export const errorOf = (answer: Answer) =>
  answer.json['error'] as {
    message: string;
    type: string;
    code: number;
    error_subcode?: number;
    error_data?: { messaging_product: string; details: string };
    fbtrace_id: string;
  };

/** The template that a test registers with `templates: [caseUpdate]`. */
export const caseUpdate: ApprovedTemplate = {
  name: 'case_update',
  language: 'tr',
  category: 'UTILITY',
  body: 'Sayın {{1}}, {{2}} numaralı kaydınız sonuçlandı.',
  buttons: [{ type: 'QUICK_REPLY', text: 'Çözüldü' }],
};

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  json: (await response.json()) as Record<string, unknown>,
});

/** The municipality for tests that need only its name and number. */
export const testTown: SandboxOptions['town'] = {
  name: 'Etimesgut Belediyesi',
  phone: '905333380606',
  timeZone: 'Europe/Istanbul',
  pins: [
    { name: 'Süvari Mahallesi', latitude: 39.94325, longitude: 32.64443 },
    { name: 'Eryaman Mahallesi', latitude: 39.97465, longitude: 32.62384 },
  ],
};

/** Starts a sandbox on free ports in its own folder, with a webhook receiver. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const receiver = await startReceiver();
  const dataDir = options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'sandbox-'));
  const sandbox = await startSandbox({
    port: 0,
    smtpPort: 0,
    phoneNumberId,
    accessToken: token,
    appSecret,
    verifyToken,
    webhookUrl: receiver.url,
    graphVersion: 'v26.0',
    town: testTown,
    pace: { sentAfterMs: 1, deliveredAfterMs: 1 },
    retryDelayMs: () => 5,
    ...options,
    dataDir,
  });
  const request = async (method: string, url: string, body: unknown, headers: object): Promise<Answer> =>
    answerOf(
      await fetch(url, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  const control: TestSandbox['control'] = (method, where, body) =>
    request(method, `${sandbox.url}/control${where}`, body, {});
  const graph: TestSandbox['graph'] = (method, where, body, bearer = token) =>
    request(method, `${sandbox.graphUrl}/v26.0${where}`, body, { authorization: `Bearer ${bearer}` });
  return {
    ...sandbox,
    dataDir,
    receiver,
    control,
    graph,
    send: message =>
      graph('POST', `/${phoneNumberId}/messages`, { messaging_product: 'whatsapp', ...message }),
    async newCitizen(about = {}) {
      const { json } = await control('POST', '/citizens', { name: 'Ayşe Yılmaz', ...about });
      return json as { id: string; phone: string; bsuid: string };
    },
    async dispose() {
      await sandbox.stop();
      await receiver.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resolves with the first truthy result of `probe`. Rejects after fifteen seconds. */
export async function until<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error('the condition did not hold within fifteen seconds');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
