import { createSpeechClient, type SpeechClient } from '../src/whatsapp/speech-client';
import { type SpeechFault, type SpeechServer, startSpeechServer } from './support/speech-server';

let server: SpeechServer;
beforeAll(async () => {
  server = await startSpeechServer();
});
afterAll(() => server.stop());
afterEach(() => {
  server.texts.length = 0;
  server.faults.length = 0;
  server.requests.length = 0;
});

const recording = {
  ...{ bytes: Buffer.from('OggS…'), mimeType: 'audio/ogg', extension: 'ogg', language: 'tr' },
};
const clientOf = (over: Partial<Parameters<typeof createSpeechClient>[0]> = {}): SpeechClient =>
  createSpeechClient({
    ...{ url: server.url, model: 'small', apiKey: undefined, limitMs: 5_000, longest: 100 },
    ...over,
  });

test('a recording is sent as a form with model, language and format, and its text is returned', async () => {
  server.texts.push(' Süvari’de çukur var ');
  expect(await clientOf({ apiKey: 'key-1' }).transcribe(recording)).toBe(' Süvari’de çukur var ');
  expect(server.requests).toEqual([
    {
      authorization: 'Bearer key-1',
      fields: { model: 'small', language: 'tr', response_format: 'json' },
      file: { name: 'voice.ogg', type: 'audio/ogg', bytes: recording.bytes },
    },
  ]);
});

test('without a key no authorization is sent, and silence has no words', async () => {
  expect(await clientOf().transcribe(recording)).toBe('');
  expect(server.requests[0]?.authorization).toBeUndefined();
});

test('a transcript is cut off at the longest length, by characters', async () => {
  server.texts.push('👍'.repeat(150));
  expect(await clientOf().transcribe(recording)).toBe('👍'.repeat(100));
});

const json = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });
const wait = (after: string) => ({ headers: { 'retry-after': after } });

test.each<[string, SpeechFault, object]>([
  ['a wrong request', { status: 400 }, { code: 'speech-refused', reason: 'http-400' }],
  ['a wrong key', { status: 401 }, { code: 'speech-refused', reason: 'http-401' }],
  ['an unknown model', { status: 404 }, { code: 'speech-refused', reason: 'http-404' }],
  ['a recording that is too large', { status: 413 }, { code: 'speech-refused', reason: 'http-413' }],
  ['an unknown format', { status: 415 }, { code: 'speech-refused', reason: 'http-415' }],
  [
    'an error with status 200',
    json({ error: 'failed to read WAV' }),
    { code: 'speech-refused', reason: 'no-text' },
  ],
  ['a text that is none', json({ text: 5 }), { code: 'speech-refused', reason: 'no-text' }],
  [
    'an answer that is no JSON',
    { status: 200, body: '<html>' },
    { code: 'speech-refused', reason: 'no-text' },
  ],
  ['a huge answer', json({ text: 'a'.repeat(90_000) }), { code: 'speech-refused', reason: 'too-long' }],
  ['a timeout of the server', { status: 408 }, { code: 'speech-retry', reason: 'http-408' }],
  ['too many requests', { status: 429, ...wait('7') }, { code: 'speech-retry', retryAfterMs: 7_000 }],
  [
    'a wait of a year',
    { status: 429, ...wait('31536000') },
    { code: 'speech-retry', retryAfterMs: 3_600_000 },
  ],
  ['a failed server', { status: 500 }, { code: 'speech-retry', reason: 'http-500', retryAfterMs: undefined }],
  ['an overloaded server', { status: 503 }, { code: 'speech-retry', reason: 'http-503' }],
  ['a server that does not answer', 'hang', { code: 'speech-retry', reason: 'no-answer' }],
])('%s is reported by its kind', async (_, fault, expected) => {
  server.faults.push(fault);
  const limitMs = fault === 'hang' ? 200 : 5_000;
  await expect(clientOf({ limitMs }).transcribe(recording)).rejects.toMatchObject(expected);
});

test('a server that is down can be asked again', async () => {
  const away = clientOf({ url: 'http://127.0.0.1:1' }).transcribe(recording);
  await expect(away).rejects.toMatchObject({ code: 'speech-retry', reason: 'no-answer' });
});

test('the stand-in rejects what OpenAI rejects', async () => {
  await expect(clientOf({ model: '' }).transcribe(recording)).rejects.toMatchObject({ reason: 'http-400' });
  const empty = { ...recording, bytes: Buffer.alloc(0) };
  await expect(clientOf().transcribe(empty)).rejects.toMatchObject({ reason: 'http-400' });
  const unknown = { ...recording, extension: 'xyz' };
  await expect(clientOf().transcribe(unknown)).rejects.toMatchObject({ reason: 'http-400' });
});
