import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { createWebhookClient, isPublic, signatureOf, type WebhookEvent } from '../src/events/webhook-client';
import { type EventReceiver, startEventReceiver } from './support/event-receiver';

const secret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const event: WebhookEvent = {
  ...{ id: 'PK-7K2M-9QRT:1', kind: 'case.opened', at: new Date('2026-11-25T07:00:00Z') },
  data: { caseNumber: 'PK-7K2M-9QRT', hazard: false },
};

let receiver: EventReceiver;
beforeAll(async () => {
  receiver = await startEventReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers.length = 0;
});
afterAll(() => receiver.stop());

describe('the signature', () => {
  it("is that of the specification's example", () => {
    const message = {
      ...{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330 },
      body: '{"test": 2432232314}',
    };
    expect(signatureOf(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], message)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it("is accepted by the specification's own library for any content, with either of two secrets", () => {
    const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 });
    const timestamp = Math.floor(Date.now() / 1_000);
    fc.assert(
      fc.property(bytes, bytes, fc.stringMatching(/^[A-Z0-9:-]{1,30}$/), fc.json(), (one, two, id, body) => {
        const secrets = [one, two].map(key => `whsec_${Buffer.from(key).toString('base64')}`);
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
        };
        for (const each of secrets) expect(() => new Webhook(each).verify(body, headers)).not.toThrow();
        expect(() => new Webhook(secret()).verify(body, headers)).toThrow('No matching signature');
      }),
    );
  });
});

describe('the client', () => {
  const here = (over: object = {}) =>
    createWebhookClient({ url: receiver.url, secrets: [secret()], privateHosts: ['127.0.0.1'], ...over });

  it('posts type, time and data, signed', async () => {
    const secrets = [secret(), secret()];
    await here({ secrets }).send(event);
    const [{ body = '', headers = {} } = {}] = receiver.received;
    expect(JSON.parse(body)).toEqual({
      ...{ type: 'case.opened', timestamp: '2026-11-25T07:00:00.000Z', data: event.data },
    });
    for (const each of secrets)
      expect(() => new Webhook(each).verify(body, headers as Record<string, string>)).not.toThrow();
  });

  it.each([
    [500, 'event-retry', '500'],
    [404, 'event-retry', '404'],
    [302, 'event-retry', '302'],
    [410, 'event-refused', '410'],
  ])('reports the answer %i, and follows no redirect', async (status, code, reason) => {
    receiver.answers.push(status);
    await expect(here().send(event)).rejects.toMatchObject({ code, reason });
    expect(receiver.received).toHaveLength(1);
  });

  it('reports a receiver that does not answer in time, or is not there', async () => {
    receiver.answers.push('silence');
    await expect(here({ limitMs: 200 }).send(event)).rejects.toMatchObject({ reason: 'ETIMEDOUT' });
    const gone = here({ url: 'http://127.0.0.1:1/' });
    await expect(gone.send(event)).rejects.toMatchObject({ code: 'event-retry', reason: 'ECONNREFUSED' });
  });

  it.each([
    ['an address', (url: string) => url],
    ['a name that leads to it', (url: string) => url.replace('127.0.0.1', 'localhost')],
  ])('refuses %s inside, unless it is allowed by name', async (_, at) => {
    const url = at(receiver.url);
    const client = createWebhookClient({ url, secrets: [secret()] });
    await expect(client.send(event)).rejects.toMatchObject({ code: 'event-retry', reason: 'EPRIVATE' });
    expect(receiver.received).toEqual([]);
    await createWebhookClient({ url, secrets: [secret()], privateHosts: [new URL(url).hostname] }).send(
      event,
    );
    expect(receiver.received).toHaveLength(1);
  });
});

it.each([
  ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
  ...['224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', 'fe80::1'],
  ...['fd00::1', 'ff02::1', '64:ff9b::7f00:1', '2002:7f00:1::', 'no address'],
])('%s is not a public address', address => {
  expect(isPublic(address)).toBe(false);
});

it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is a public address', address => {
  expect(isPublic(address)).toBe(true);
});
