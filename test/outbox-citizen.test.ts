import { HOUR_MS } from '../src/domain/durations';
import { AppError } from '../src/errors';
import { openStore, type Store } from '../src/store/store';
import { createCitizenOutbox, type CitizenMessage, type CitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { createGraphClient } from '../src/whatsapp/graph-client';
import { refused } from '../src/whatsapp/graph-failure';
import { createIntake } from '../src/whatsapp/intake';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import { noUploads, openGate } from './support/sending';
import { hearingListeners } from './support/listeners';
import { startTestSandbox, token, until, type TestSandbox } from './support/local-sandbox';
import { testMongoUri } from './support/services';
import { statusesBody, phoneNumberId } from './support/webhook-bodies';

const start = new Date('2026-11-24T09:00:00Z').getTime();
const citizenId = 'c1';
const key = 'PK-0000-0001:3';
const message: CitizenMessage = {
  key,
  citizenId,
  caseNumber: 'PK-0000-0001',
  content: { type: 'text', body: 'Merhaba' },
};

let clock: number;
let store: Store;
let sends: number;
let answer: (content: OutgoingContent) => Promise<string>;
let outbox: CitizenOutbox;

beforeEach(async () => {
  clock = start;
  sends = 0;
  answer = async () => 'wamid.1';
  store = openStore(testMongoUri('outbox'));
  const graph = {
    upload: noUploads,
    send: (_: unknown, content: OutgoingContent) => {
      sends += 1;
      return answer(content);
    },
  };
  outbox = createCitizenOutbox({ store, graph, gate: openGate, now: () => new Date(clock) });
  await seenAt(start);
});
afterEach(() => store.close());

const seenAt = (at: number): Promise<void> =>
  store.citizens.seen(citizenId, {
    phone: '905321110000',
    bsuid: null,
    profileName: null,
    language: null,
    at: new Date(at),
  });
const record = () => store.outbox.get(key);
const failing = (error: Error) => () => Promise.reject(error);
const retry = (reason: string): AppError => new AppError('whatsapp-retry', { status: 503, reason });

describe('a message to a citizen', () => {
  it('is sent once by repeated calls', async () => {
    await outbox.send(message);
    await outbox.send(message);
    expect(sends).toBe(1);
    expect(await record()).toMatchObject({
      channel: 'whatsapp',
      recipient: citizenId,
      caseNumber: 'PK-0000-0001',
      state: 'accepted',
      providerId: 'wamid.1',
      attempts: 1,
      sentAs: { kind: 'text', inWindow: true },
    });
  });

  it('is stored before it is sent', async () => {
    answer = async () => {
      expect(await record()).toMatchObject({ state: 'sending', content: message.content, attempts: 1 });
      return 'wamid.1';
    };
    await outbox.send(message);
    expect(sends).toBe(1);
  });

  it('that Meta refuses is never sent again', async () => {
    answer = failing(new AppError('whatsapp-refused', { reason: '131026' }));
    const refusal = { code: 'whatsapp-refused', reason: '131026' };
    await expect(outbox.send(message)).rejects.toMatchObject(refusal);
    await expect(outbox.send(message)).rejects.toMatchObject(refusal);
    expect(sends).toBe(1);
    expect(await record()).toMatchObject({ state: 'failed', errorCode: '131026' });
  });

  it('that Meta rejects temporarily is sent by the next call', async () => {
    answer = failing(retry('130429'));
    await expect(outbox.send(message)).rejects.toMatchObject({ code: 'whatsapp-retry', reason: '130429' });
    answer = async () => 'wamid.2';
    await outbox.send(message);
    expect(sends).toBe(2);
    expect(await record()).toMatchObject({ state: 'accepted', providerId: 'wamid.2', attempts: 2 });
  });

  it('waits 4ⁿ seconds at the limit per citizen', async () => {
    answer = failing(retry('131056'));
    const waits: unknown[] = [];
    while (waits.length < 6) {
      waits.push(await outbox.send(message).catch((error: AppError) => error.retryAfterMs));
    }
    expect(waits).toEqual([1_000, 4_000, 16_000, 64_000, 256_000, 256_000]);
  });

  it('for an unknown citizen is rejected', async () => {
    await expect(outbox.send({ ...message, citizenId: 'c2' })).rejects.toMatchObject({
      code: 'citizen-missing',
    });
    expect(sends).toBe(0);
  });
});

describe('a message whose send got no response', () => {
  beforeEach(async () => {
    answer = failing(retry('no-answer'));
    await outbox.send(message).catch(() => undefined);
    answer = async () => 'wamid.2';
  });
  const echo = (status: string) =>
    createIntake({ store, phoneNumberId, gateway: hearingListeners(), log: { warn: jest.fn() } })(
      statusesBody({ id: 'wamid.1', status, biz_opaque_callback_data: key }),
    );

  it.each(['sent', 'read', 'failed'])('was accepted when its echo says %s', async status => {
    await echo(status);
    await outbox.send(message);
    expect(sends).toBe(1);
    expect(await record()).toMatchObject({ state: 'accepted', providerId: null });
  });

  it('waits for its echo for thirty seconds, then is sent again', async () => {
    clock = start + 20_000;
    await expect(outbox.send(message)).rejects.toMatchObject({
      code: 'whatsapp-retry',
      reason: 'awaiting-echo',
      retryAfterMs: 10_000,
    });
    clock = start + 30_000;
    await outbox.send(message);
    expect(sends).toBe(2);
    expect(await record()).toMatchObject({ state: 'accepted', providerId: 'wamid.2' });
  });

  it('waits again after each further attempt', async () => {
    clock = start + 30_000;
    answer = failing(new TypeError('fetch failed'));
    await expect(outbox.send(message)).rejects.toThrow('fetch failed');
    clock = start + 59_000;
    await expect(outbox.send(message)).rejects.toMatchObject({ retryAfterMs: 1_000 });
    expect(sends).toBe(2);
  });
});

describe('the 24-hour window', () => {
  it('is open until five minutes before its end', async () => {
    clock = start + 24 * HOUR_MS - 5 * 60_000;
    await outbox.send(message);
    expect(sends).toBe(1);
  });

  it.each([
    ['in its last five minutes', 24 * HOUR_MS - 5 * 60_000 + 1],
    ['after its end', 25 * HOUR_MS],
  ])('is closed %s, judged when the message is sent', async (_, passed) => {
    clock = start + passed;
    const refusal = { code: 'whatsapp-refused', reason: 'window-closed' };
    await expect(outbox.send(message)).rejects.toMatchObject(refusal);
    expect(sends).toBe(0);
  });

  it('reopens when the citizen writes', async () => {
    clock = start + 25 * HOUR_MS;
    await seenAt(clock - 1);
    await outbox.send(message);
    expect(sends).toBe(1);
  });

  it('allows a template, and the next one if Meta paused the first', async () => {
    clock = start + 48 * HOUR_MS;
    const sent: string[] = [];
    const template = (name: string) => ({ type: 'template', name, language: 'tr', parameters: [] }) as const;
    answer = async content => {
      sent.push(content.type === 'template' ? content.name : content.type);
      if (sent.length === 1) throw refused('132015');
      return 'wamid.1';
    };
    await outbox.send({ ...message, outsideWindow: [template('special'), template('general')] });
    expect(sent).toEqual(['special', 'general']);
    const sentAs = { kind: 'template', inWindow: false };
    expect(await record()).toMatchObject({ state: 'accepted', sentAs });
  });

  it('allows a template as well if only Meta considers it closed', async () => {
    const sent: string[] = [];
    answer = async content => {
      sent.push(content.type);
      if (content.type !== 'template') throw refused('131047');
      return 'wamid.1';
    };
    const instead = { type: 'template', name: 'general', language: 'tr', parameters: [] } as const;
    await outbox.send({ ...message, outsideWindow: [instead] });
    expect(sent).toEqual(['text', 'template']);
  });

  it('does not hold back a template', async () => {
    clock = start + 48 * HOUR_MS;
    const content = { type: 'template', name: 'hello_world', language: 'en_US', parameters: [] } as const;
    await outbox.send({ ...message, content });
    expect(sends).toBe(1);
  });
});

describe('a message that failed after Meta accepted it', () => {
  const instead = { type: 'template', name: 'general', language: 'tr', parameters: [] } as const;
  const sent: string[] = [];
  const report = (code: number) =>
    createIntake({ store, phoneNumberId, gateway: hearingListeners(), log: { warn: jest.fn() } })(
      statusesBody({
        id: 'wamid.1',
        status: 'failed',
        errors: [{ code }],
        biz_opaque_callback_data: key,
      }),
    );
  beforeEach(async () => {
    sent.length = 0;
    answer = async content => {
      sent.push(content.type);
      return 'wamid.1';
    };
    await outbox.send({ ...message, outsideWindow: [instead] });
  });

  it('because of a closed window is sent again as a template, once', async () => {
    await report(131047);
    expect([await outbox.mend(key), await outbox.mend(key)]).toEqual([true, true]);
    expect(sent).toEqual(['text', 'template']);
    expect(await store.outbox.get(`${key}:template`)).toMatchObject({
      state: 'accepted',
      recipient: citizenId,
    });
  });

  it('for another reason is not sent again', async () => {
    await report(131026);
    expect(await outbox.mend(key)).toBe(false);
    expect(sent).toEqual(['text']);
  });

  it('is not sent again before the failure is reported', async () => {
    expect(await outbox.mend(key)).toBe(false);
    expect(await outbox.mend('PK-0000-0002:1')).toBe(false);
  });
});

describe('against the Cloud API', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await startTestSandbox();
  });
  afterEach(() => sandbox.dispose());

  it('a send that times out after it was accepted ends as one message', async () => {
    const { id, phone, bsuid } = await sandbox.newCitizen();
    await sandbox.control('POST', `/citizens/${id}/messages`, { type: 'text', body: 'a' });
    await sandbox.control('POST', '/faults', { kind: 'time-out-after-accept', holdMs: 1 });
    const names = { phone, bsuid, profileName: null, language: null };
    await store.citizens.seen('c2', { ...names, at: new Date(clock) });
    const graph = createGraphClient({
      url: sandbox.graphUrl,
      version: 'v26.0',
      accessToken: token,
      phoneNumberId,
    });
    const real = createCitizenOutbox({ store, graph, gate: openGate, now: () => new Date(clock) });
    const toThem = { ...message, citizenId: 'c2' };
    await expect(real.send(toThem)).rejects.toMatchObject({ reason: 'no-answer' });

    const status = await until(() => sandbox.receiver.values().flatMap(value => value.statuses ?? [])[0]);
    await createIntake({ store, phoneNumberId, gateway: hearingListeners(), log: { warn: jest.fn() } })(
      statusesBody(status),
    );
    await real.send(toThem);
    const thread = await sandbox.control('GET', `/citizens/${id}/messages`);
    expect(thread.json['messages']).toHaveLength(2);
  });
});
