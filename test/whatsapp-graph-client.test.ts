import { createGraphClient, type GraphClient } from '../src/whatsapp/graph-client';
import { gathered } from '../src/whatsapp/media-file';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import { startGraphServer, type GraphServer } from './support/graph-server';
import { startTestSandbox, token, until, type TestSandbox } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';

const clientOf = (url: string): GraphClient =>
  createGraphClient({ url, version: 'v26.0', accessToken: token, phoneNumberId });
const recipient = { phone: '905321110000', bsuid: null };
const text: OutgoingContent = { type: 'text', body: 'Merhaba' };

describe('against the Cloud API', () => {
  let sandbox: TestSandbox;
  let client: GraphClient;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
    client = clientOf(`${sandbox.graphUrl}/`);
  });
  afterAll(() => sandbox.dispose());

  const written = async (about?: Record<string, unknown>) => {
    const citizen = await sandbox.newCitizen(about);
    const body = { type: 'image', sample: 'pothole' };
    const answer = await sandbox.control('POST', `/citizens/${citizen.id}/messages`, body);
    return { ...citizen, wamid: String(answer.json['id']) };
  };
  const thread = async (id: string): Promise<{ from: string; [name: string]: unknown }[]> => {
    const { json } = await sandbox.control('GET', `/citizens/${id}/messages`);
    return json['messages'] as { from: string }[];
  };

  const long = 'ş'.repeat(5_000);
  it.each<[string, OutgoingContent]>([
    ['a text', text],
    ['a text that is too long', { type: 'text', body: long }],
    [
      'buttons that are too long and too many',
      {
        type: 'buttons',
        body: long,
        buttons: ['a', 'b', 'c', 'd'].map(id => ({ id, title: `${id} ${'🚗'.repeat(30)}` })),
      },
    ],
    [
      'a list that is too long in all parts',
      {
        type: 'list',
        body: long,
        open: long,
        rows: Array.from({ length: 12 }, (_, place) => ({
          id: `r${place}`,
          title: `${place} ${long}`,
          ...(place % 2 === 0 && { description: long }),
        })),
      },
    ],
    ['a request for the location', { type: 'locationRequest', body: long }],
    ['a request for the phone number', { type: 'contactRequest', body: long }],
    ['a template', { type: 'template', name: 'hello_world', language: 'en_US', parameters: [] }],
  ])('%s is accepted, and its status webhook contains the key', async (_, content) => {
    const { id, phone, bsuid } = await written();
    const key = `key:${id}`;
    const wamid = await client.send({ phone, bsuid }, content, key);
    const status = await until(() =>
      sandbox.receiver
        .values()
        .flatMap(value => value.statuses ?? [])
        .find(candidate => candidate.id === wamid),
    );
    expect(status).toMatchObject({ status: 'sent', biz_opaque_callback_data: key });
  });

  it('a citizen without a number is reached by BSUID', async () => {
    const { id, bsuid } = await written({ username: `ayse.${Date.now().toString(36)}` });
    await client.send({ phone: null, bsuid }, text, 'k');
    expect(await thread(id)).toHaveLength(2);
  });

  it('a message is marked as read', async () => {
    const { id, wamid } = await written();
    await client.markRead(wamid, false);
    expect(JSON.stringify(await thread(id))).toMatch(/"readAt":"\d{4}-/);
  });

  it('a photo is downloaded', async () => {
    const { wamid } = await written();
    const message = await until(() =>
      sandbox.receiver
        .values()
        .flatMap(value => value.messages ?? [])
        .find(candidate => candidate.id === wamid),
    );
    const file = await gathered(await client.download((message['image'] as { id: string }).id, 1e6), 1e6);
    expect([...file.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  });

  it.each([
    ['rate-limit-429', { code: 'whatsapp-retry', reason: '130429' }],
    ['server-error-500', { code: 'whatsapp-retry', reason: '131000' }],
    ['time-out-after-accept', { code: 'whatsapp-retry', reason: 'no-answer' }],
  ])('%s may be retried', async (kind, expected) => {
    const { id, phone } = await written();
    await sandbox.control('POST', '/faults', {
      kind,
      citizenId: id,
      ...(kind.startsWith('time') && { holdMs: 1 }),
    });
    await expect(client.send({ phone, bsuid: null }, text, 'k')).rejects.toMatchObject(expected);
  });

  it.each([
    ['a file that is gone', (): Promise<unknown> => client.download('404404', 1), '100'],
    ['a message that nobody sent', (): Promise<unknown> => client.markRead('wamid.none', true), '131009'],
    ['nobody', (): Promise<unknown> => client.send({ phone: null, bsuid: null }, text, 'k'), 'no-recipient'],
  ])('%s is refused for good', async (_, call, reason) => {
    await expect(call()).rejects.toMatchObject({ code: 'whatsapp-refused', reason });
  });
});

describe('an answer of the Cloud API', () => {
  let server: GraphServer | undefined;
  afterEach(() => server?.stop());
  const answering = async (
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<GraphClient> => {
    server = await startGraphServer((_, response) => {
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    return clientOf(server.url);
  };
  const error = (code: number): object => ({ error: { code, message: '(#1) to +905321110000 failed' } });

  it.each<[string, number, unknown, string, number | undefined]>([
    ['the pair limit', 400, error(131056), '131056', 6_000],
    ['the throughput', 400, error(130429), '130429', 5_000],
    ['the app call limit', 400, error(4), '4', 60_000],
    ['the account call limit', 400, error(80007), '80007', 60_000],
    ['an unknown error', 500, error(131000), '131000', 2_000],
    ['a service away', 503, error(131016), '131016', 10_000],
    ['too many requests without a code', 429, '', 'http-429', 5_000],
    ['a gateway in between', 502, '<html>', 'no-answer', undefined],
    ['a success without an id', 200, {}, 'no-answer', undefined],
    ['a success without JSON', 200, 'OK', 'no-answer', undefined],
  ])('that names %s may be retried', async (_, status, body, reason, retryAfterMs) => {
    const client = await answering(status, body);
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({
      code: 'whatsapp-retry',
      reason,
      retryAfterMs,
    });
  });

  it.each<[string, number, unknown, string]>([
    ['an expired token', 401, error(190), '190'],
    ['a missing right', 403, error(200), '200'],
    ['a locked account', 400, error(131031), '131031'],
    ['a policy violation', 400, error(368), '368'],
    ['a restriction as spam', 400, error(131048), '131048'],
    ['no token at all', 401, '', 'http-401'],
  ])('that names %s is about the account, not the message', async (_, status, body, reason) => {
    const client = await answering(status, body);
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({
      code: 'whatsapp-account',
      reason,
    });
  });

  it('may contain a delay', async () => {
    const client = await answering(429, error(130429), { 'retry-after': '17' });
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({ retryAfterMs: 17_000 });
  });

  it.each<[string, number]>([
    ['-5', 1_000],
    ['0', 1_000],
    ['31536000', 3_600_000],
    ['1e99', 3_600_000],
    ['Tue, 01 Jan 2030 00:00:00 GMT', 3_600_000],
    ['Tue, 01 Jan 2019 00:00:00 GMT', 1_000],
    ['soon', 5_000],
    ['', 5_000],
  ])('has a bounded delay: Retry-After "%s" is %d ms', async (header, retryAfterMs) => {
    const client = await answering(429, error(130429), { 'retry-after': header });
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({ retryAfterMs });
  });

  it.each([131026, 131047, 131049, 131050, 130497, 100, 131008, 131009, 132001, 131030])(
    'with code %d is final, and the error does not contain its text',
    async code => {
      const client = await answering(400, error(code));
      const failure = await client.send(recipient, text, 'k').catch((caught: unknown) => caught);
      expect(failure).toMatchObject({ code: 'whatsapp-refused', reason: String(code) });
      expect(String(failure)).not.toContain('90532');
    },
  );

  it('without a code is final for an invalid request', async () => {
    const client = await answering(404, 'not found');
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({
      code: 'whatsapp-refused',
      reason: 'http-404',
    });
  });

  it('may be missing, which allows a retry', async () => {
    const client = await answering(200, {});
    await server?.stop();
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({
      code: 'whatsapp-retry',
      reason: 'no-answer',
    });
  });

  it('that redirects is not followed with the token', async () => {
    const other = await startGraphServer((_, response) => response.end());
    const client = await answering(302, '', { location: other.url });
    await expect(client.send(recipient, text, 'k')).rejects.toMatchObject({ code: 'whatsapp-retry' });
    expect(other.requests).toEqual([]);
    await other.stop();
  });
});
