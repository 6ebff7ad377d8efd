import { createHash } from 'node:crypto';
import { DAY_MS, MINUTE_MS } from '../src/domain/durations';
import { startTestSandbox, token, until, type TestSandbox } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';

const start = 1_790_000_000_000;
let clock: number;
let sandbox: TestSandbox;
beforeEach(async () => {
  clock = start;
  sandbox = await startTestSandbox({ now: () => clock });
});
afterEach(() => sandbox.dispose());

interface ReceivedImage {
  id: string;
  mime_type: string;
  sha256: string;
}

async function sendPhoto(): Promise<ReceivedImage> {
  const { id } = await sandbox.newCitizen();
  await sandbox.control('POST', `/citizens/${id}/messages`, { type: 'image', sample: 'pothole' });
  const message = await until(() => sandbox.receiver.values().flatMap(value => value.messages ?? [])[0]);
  return message['image'] as ReceivedImage;
}
const lookUp = (id: string) => sandbox.graph('GET', `/${id}`);
const download = (url: string, bearer = token) =>
  fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
async function upload(file: Blob, fields: Record<string, string> = { messaging_product: 'whatsapp' }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', file, 'file');
  const response = await fetch(`${sandbox.graphUrl}/v26.0/${phoneNumberId}/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

describe('a received photo', () => {
  it('is looked up and downloaded with the digest of the webhook (base64 there, hex here)', async () => {
    const image = await sendPhoto();
    const { json } = await lookUp(image.id);
    const bytes = Buffer.from(await (await download(String(json['url']))).arrayBuffer());
    const digest = createHash('sha256').update(bytes);
    const hex = digest.copy().digest('hex');
    expect(image.sha256).toBe(digest.digest('base64'));
    expect(json).toMatchObject({
      sha256: hex,
      mime_type: 'image/jpeg',
      file_size: bytes.length,
      id: image.id,
    });
    expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  });

  it('needs the token for the download too', async () => {
    const { json } = await lookUp((await sendPhoto()).id);
    expect((await download(String(json['url']), 'wrong')).status).toBe(401);
    expect((await fetch(String(json['url']))).status).toBe(401);
  });

  it('has a URL that is valid for five minutes', async () => {
    const image = await sendPhoto();
    const { json } = await lookUp(image.id);
    clock = start + 5 * MINUTE_MS - 1;
    expect((await download(String(json['url']))).status).toBe(200);
    clock = start + 5 * MINUTE_MS;
    expect((await download(String(json['url']))).status).toBe(404);
    expect((await download(String((await lookUp(image.id)).json['url']))).status).toBe(200);
  });

  it('is available for seven days', async () => {
    const image = await sendPhoto();
    clock = start + 7 * DAY_MS - 1;
    expect((await lookUp(image.id)).status).toBe(200);
    clock = start + 7 * DAY_MS;
    expect(await lookUp(image.id)).toMatchObject({
      status: 400,
      json: { error: { code: 100, error_subcode: 33 } },
    });
  });

  it('cannot be downloaded with the URL of another file', async () => {
    const url = new URL(String((await lookUp((await sendPhoto()).id)).json['url']));
    url.searchParams.set('mid', '1');
    expect((await download(url.href)).status).toBe(404);
  });

  it('can be deleted', async () => {
    const image = await sendPhoto();
    expect(await sandbox.graph('DELETE', `/${image.id}`)).toEqual({ status: 200, json: { success: true } });
    expect((await lookUp(image.id)).status).toBe(400);
  });
});

describe('an upload', () => {
  it('is available for thirty days and can be sent by its id', async () => {
    const { json } = await upload(new Blob(['%PDF-1.4'], { type: 'application/pdf' }));
    const id = String(json['id']);
    const { phone } = await sandbox.newCitizen();
    const document = { type: 'document', document: { id, filename: 'karar.pdf' } };
    expect((await sandbox.send({ to: `+${phone}`, ...document })).status).toBe(200);
    clock = start + 30 * DAY_MS - 1;
    expect((await lookUp(id)).status).toBe(200);
    clock = start + 30 * DAY_MS;
    expect((await sandbox.send({ to: `+${phone}`, ...document })).status).toBe(400);
  });

  it.each([
    ['a photo over 5 MB', new Blob([new Uint8Array(5 * 1024 * 1024 + 1)], { type: 'image/jpeg' }), 131053],
    ['a type that Meta does not accept', new Blob(['GIF89a'], { type: 'image/gif' }), 100],
  ])('refuses %s', async (_, file, code) => {
    expect(await upload(file)).toMatchObject({ status: 400, json: { error: { code } } });
  });

  it('refuses a form without messaging_product', async () => {
    const answer = await upload(new Blob(['a'], { type: 'image/png' }), {});
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 100 } } });
  });
});

it('chats, photos and undelivered webhooks survive a restart', async () => {
  const first = await startTestSandbox({ now: () => clock });
  first.receiver.answers.push(...Array.from({ length: 1_000 }, () => 503));
  const { id } = await first.newCitizen({ name: 'Şükrü' });
  const { json } = await first.control('POST', `/citizens/${id}/messages`, {
    type: 'image',
    caption: 'çukur',
  });
  await until(() => first.receiver.received.length > 0);
  await first.stop();
  const second = await startTestSandbox({ now: () => clock, dataDir: first.dataDir });
  const message = await until(() => second.receiver.values().flatMap(value => value.messages ?? [])[0]);
  expect(message.id).toBe(json['id']);
  expect((await second.graph('GET', `/${(message['image'] as ReceivedImage).id}`)).status).toBe(200);
  expect((await second.control('GET', `/citizens/${id}`)).json).toMatchObject({
    name: 'Şükrü',
    windowOpen: true,
  });
  await second.dispose();
  await first.receiver.close();
});
