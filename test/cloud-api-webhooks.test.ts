import { createHmac } from 'node:crypto';
import { metaJson, signatureOf } from '../src/local/cloud-api/webhooks';
import {
  appSecret,
  startReceiver,
  startTestSandbox,
  until,
  verifyToken,
  type TestSandbox,
} from './support/local-sandbox';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.dispose());

const messages = () => sandbox.receiver.values().flatMap(value => value.messages ?? []);
const write = async (id: string, body: unknown): Promise<string> => {
  const answer = await sandbox.control('POST', `/citizens/${id}/messages`, body);
  expect(answer.status).toBe(201);
  return String(answer.json['id']);
};

describe('the bytes of a webhook', () => {
  it('escape non-ASCII as lower-case \\uXXXX per UTF-16 unit and the slash as \\/', () => {
    expect(metaJson({ body: 'Süvari İ 😀 a/b "q" <%@>' }).toString('latin1')).toBe(
      String.raw`{"body":"S\u00fcvari \u0130 \ud83d\ude00 a\/b \"q\" <%@>"}`,
    );
  });

  it('are signed as sent', () => {
    const bytes = Buffer.from('{"a":"\\u00fc"}');
    const expected = createHmac('sha256', 'secret').update(bytes).digest('hex');
    expect(signatureOf(bytes, 'secret')).toBe(`sha256=${expected}`);
  });

  it('arrive with a signature over exactly the received body', async () => {
    const { id } = await sandbox.newCitizen();
    await write(id, { type: 'text', body: 'Çukur var / arabalar zarar görüyor 🚗' });
    const webhook = await until(() => sandbox.receiver.received[0]);
    expect(webhook.headers['x-hub-signature-256']).toBe(signatureOf(webhook.body, appSecret));
    expect(webhook.body.toString('latin1')).toContain(String.raw`\u00c7ukur var \/ arabalar`);
    expect(webhook.body.every(byte => byte < 0x80)).toBe(true);
  });
});

describe('the sender', () => {
  it.each([
    [
      'a person with number and BSUID',
      { phone: '+90 533 000 00 01' },
      ['from', 'from_user_id'],
      ['wa_id', 'user_id'],
    ],
    ['a person from before BSUIDs', { phone: '905330000002', bsuid: false }, ['from'], ['wa_id']],
    ['a person known by username only', { username: 'ayse.y' }, ['from_user_id'], ['user_id']],
  ])('%s has exactly these keys', async (_, about, messageKeys, contactKeys) => {
    const { id } = await sandbox.newCitizen(about);
    const wamid = await write(id, { type: 'text', body: 'merhaba' });
    const value = await until(() => sandbox.receiver.values()[0]);
    const [message] = value.messages ?? [];
    const [contact] = value.contacts ?? [];
    expect(Object.keys(message ?? {})).toEqual([...messageKeys, 'id', 'timestamp', 'type', 'text']);
    expect(Object.keys(contact ?? {})).toEqual(['profile', ...contactKeys]);
    expect(message?.id).toBe(wamid);
    expect(message?.['timestamp']).toMatch(/^\d{10}$/);
  });

  it('puts the number into the message id, as Meta does', async () => {
    const { id, phone } = await sandbox.newCitizen({ phone: '905330000003' });
    const wamid = await write(id, { type: 'text', body: 'merhaba' });
    expect(wamid).toMatch(/^wamid\./);
    expect(Buffer.from(wamid.slice('wamid.'.length), 'base64').toString('latin1')).toContain(phone);
  });
});

describe('delivery', () => {
  it('is repeated until the product answers 200, with the same message id', async () => {
    sandbox.receiver.answers.push(503, 500, 302, 204);
    const { id } = await sandbox.newCitizen();
    const wamid = await write(id, { type: 'text', body: 'tekrar' });
    await until(() => sandbox.receiver.received.length === 5);
    expect(messages().map(message => message.id)).toEqual(Array.from({ length: 5 }, () => wamid));
    const state = await sandbox.control('GET', '/webhooks');
    expect(state.json).toMatchObject({ waiting: 0, taken: 1, attempts: 5 });
  });

  it('keeps the order per citizen without failures', async () => {
    const { id } = await sandbox.newCitizen();
    const sent: string[] = [];
    for (let index = 0; index < 10; index += 1)
      sent.push(await write(id, { type: 'text', body: `${index}` }));
    await until(() => messages().length === 10);
    expect(messages().map(message => message.id)).toEqual(sent);
  });

  it('sends any payload signed, for batches and malformed ones', async () => {
    await sandbox.control('POST', '/webhooks', {
      payload: { object: 'whatsapp_business_account', entry: [null] },
    });
    const webhook = await until(() => sandbox.receiver.received[0]);
    expect(webhook.json).toEqual({ object: 'whatsapp_business_account', entry: [null] });
    expect(webhook.headers['x-hub-signature-256']).toBe(signatureOf(webhook.body, appSecret));
  });

  it('starts with the handshake: mode, token and a challenge to be echoed', async () => {
    await until(async () => {
      const { json } = await sandbox.control('GET', '/webhooks');
      return (json['handshake'] as { state: string }).state === 'verified';
    });
    const [asked] = sandbox.receiver.handshakes;
    expect(asked?.searchParams.get('hub.mode')).toBe('subscribe');
    expect(asked?.searchParams.get('hub.verify_token')).toBe(verifyToken);
  });
});

it('a product with another token is shown as refusing until the token matches', async () => {
  const stranger = await startReceiver('another word');
  const other = await startTestSandbox({ webhookUrl: stranger.url });
  expect((await other.control('POST', '/webhooks/verify')).json).toEqual({ state: 'refused', detail: '403' });
  await other.dispose();
  await stranger.close();
});

describe('what a citizen can send', () => {
  it.each([
    ['text', { type: 'text', body: 'a' }, { text: { body: 'a' } }],
    [
      'location',
      { type: 'location', latitude: 39.95, longitude: 32.66 },
      { location: { latitude: 39.95, longitude: 32.66 } },
    ],
    [
      'image',
      { type: 'image', sample: 'pothole', caption: 'çukur' },
      { image: { mime_type: 'image/jpeg', caption: 'çukur' } },
    ],
    ['audio', { type: 'voice' }, { audio: { mime_type: 'audio/ogg; codecs=opus', voice: true } }],
    [
      'document',
      { type: 'document' },
      { document: { mime_type: 'application/pdf', filename: 'dilekce.pdf' } },
    ],
    ['sticker', { type: 'sticker' }, { sticker: { mime_type: 'image/webp', animated: false } }],
    [
      'contacts',
      { type: 'contacts', name: 'Ali', phone: '+905330000009' },
      { contacts: [{ name: { formatted_name: 'Ali' } }] },
    ],
    ['unsupported', { type: 'unsupported' }, { errors: [{ code: 131051 }] }],
    [
      'order',
      { type: 'raw', message: { type: 'order', order: { catalog_id: '1' } } },
      { order: { catalog_id: '1' } },
    ],
  ])('%s reaches the product in Meta’s format', async (type, body, expected) => {
    const { id } = await sandbox.newCitizen();
    await write(id, body);
    const message = await until(() => messages()[0]);
    expect(message).toMatchObject({ type, ...expected });
  });

  it.each([
    [{ type: 'text' }, 400],
    [{ type: 'nonsense' }, 400],
    [{ type: 'tap', messageId: 'wamid.x', replyId: 'y' }, 400],
    ['{"not json', 400],
  ])('%j is refused with a reason', async (body, status) => {
    const { id } = await sandbox.newCitizen();
    const answer = await sandbox.control('POST', `/citizens/${id}/messages`, body);
    expect(answer.status).toBe(status);
    expect((answer.json['error'] as { message: string }).message).not.toBe('');
  });
});
