import { SECOND_MS } from '../src/domain/durations';
import type { SendingPause } from '../src/store/sending-records';
import { openStore, type Store } from '../src/store/store';
import { createCitizenOutbox, type CitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { createGraphClient } from '../src/whatsapp/graph-client';
import { createSendingGate } from '../src/whatsapp/sending-gate';
import { startGraphServer, type GraphServer } from './support/graph-server';
import { refusalOf } from './support/kept-files';
import { testMongoUri } from './support/services';
import { until } from './support/until';

const start = new Date('2026-11-24T09:00:00Z').getTime();

let clock: number;
let store: Store;
let server: GraphServer;
/** Meta's error number, or 0 for success. */
let trouble: number;
let alarms: SendingPause[];
let workers: [CitizenOutbox, CitizenOutbox];

beforeEach(async () => {
  [clock, trouble, alarms] = [start, 0, []];
  store = openStore(testMongoUri('pause'));
  server = await startGraphServer((_, response) => {
    if (trouble > 0) response.writeHead(400).end(JSON.stringify({ error: { code: trouble } }));
    else response.end(JSON.stringify({ messages: [{ id: 'wamid.1' }] }));
  });
  workers = [worker(), worker()];
  const names = { phone: '905321110000', bsuid: null, profileName: null, language: null };
  await store.citizens.seen('c-1', { ...names, at: new Date(start) });
});
afterEach(async () => {
  await server.stop();
  await store.close();
});

function worker(): CitizenOutbox {
  const now = (): Date => new Date(clock);
  const graph = createGraphClient({
    url: server.url,
    version: 'v26.0',
    accessToken: 't',
    phoneNumberId: '1',
  });
  const gate = createSendingGate({
    pauses: store.sendingPauses,
    alarm: async pause => void alarms.push(pause),
    log: { warn: () => undefined },
    now,
  });
  return createCitizenOutbox({ store, graph, gate, now });
}

const send = (key: string, which: 0 | 1 = 0): Promise<void> =>
  workers[which].send({
    key,
    citizenId: 'c-1',
    caseNumber: null,
    content: { type: 'text', body: 'Merhaba' },
  });

describe('an invalid token or account', () => {
  it.each([0, 3, 10, 190, 200, 299, 368, 131031, 131042, 131048, 133010])(
    '%d makes every message wait without failing',
    async code => {
      trouble = code;
      // The response must also contain Meta's code 0.
      if (code === 0) {
        await server.stop();
        server = await startGraphServer((_, response) => {
          response.writeHead(401).end(JSON.stringify({ error: { code: 0 } }));
        });
        workers = [worker(), worker()];
      }
      expect(await refusalOf(send('k1'))).toBe('whatsapp-retry paused');
      expect(await refusalOf(send('k2'))).toBe('whatsapp-retry paused');
      expect(server.requests).toHaveLength(1);
      expect((await store.outbox.get('k1'))?.state).toBe('pending');
      expect(await store.sendingPauses.current()).toMatchObject({ reason: String(code) });
    },
  );

  it('pauses other workers within five seconds', async () => {
    await send('k0', 1);
    trouble = 190;
    await refusalOf(send('k1'));
    clock += 5 * SECOND_MS;
    expect(await refusalOf(send('k2', 1))).toBe('whatsapp-retry paused');
    expect(server.requests).toHaveLength(2);
  });

  it('is probed by one message at a time, at growing intervals of at most five minutes', async () => {
    trouble = 190;
    await refusalOf(send('k1'));
    const tries: number[] = [];
    for (let second = 15; second <= 1_200; second += 15) {
      clock += 15 * SECOND_MS;
      const before = server.requests.length;
      await refusalOf(send('k1'));
      await refusalOf(send('k2'));
      if (server.requests.length > before) tries.push(second);
    }
    expect(tries).toEqual([15, 45, 105, 225, 465, 765, 1065]);
    expect(new Set(alarms.map(({ since }) => since.getTime()))).toEqual(new Set([start]));
  });

  it('ends automatically: first the probing message is sent, then the others', async () => {
    trouble = 190;
    await refusalOf(send('k1'));
    await refusalOf(send('k2'));
    trouble = 0;
    clock += 15 * SECOND_MS;
    await send('k2');
    await send('k1');
    expect(await store.sendingPauses.current()).toBeNull();
    expect((await store.outbox.get('k1'))?.state).toBe('accepted');
  });

  it('also ends when Meta rejects the probing message for its own content', async () => {
    trouble = 190;
    await refusalOf(send('k1'));
    trouble = 131026;
    clock += 15 * SECOND_MS;
    expect(await refusalOf(send('k1'))).toBe('whatsapp-refused 131026');
    expect(await store.sendingPauses.current()).toBeNull();
  });

  it('does not end with a message that was sent before it began', async () => {
    let answer = (): void => undefined;
    await server.stop();
    let asked = 0;
    server = await startGraphServer((_, response) => {
      asked += 1;
      if (asked === 1) answer = () => void response.end(JSON.stringify({ messages: [{ id: 'wamid.1' }] }));
      else response.writeHead(401).end(JSON.stringify({ error: { code: 190 } }));
    });
    workers = [worker(), worker()];
    const early = send('k1');
    await until(() => asked === 1, 'the first send');
    clock += 1;
    await refusalOf(send('k2'));
    answer();
    await early;
    expect(await store.sendingPauses.current()).toMatchObject({ reason: '190' });
    expect(alarms).toHaveLength(1);
  });

  it('is one pause with one start if many messages fail concurrently', async () => {
    trouble = 190;
    const met = Array.from({ length: 8 }, async (_, n) => {
      clock += 1;
      await refusalOf(send(`k${n}`, n % 2 === 0 ? 0 : 1));
    });
    await Promise.all(met);
    expect(alarms.length).toBeGreaterThan(0);
    expect(new Set(alarms.map(({ since }) => since.getTime())).size).toBe(1);
  });

  it('that recurs is a new pause', async () => {
    trouble = 190;
    await refusalOf(send('k1'));
    trouble = 0;
    clock += 15 * SECOND_MS;
    await send('k1');
    trouble = 131042;
    clock += 60 * SECOND_MS;
    await refusalOf(send('k2'));
    expect(alarms.map(({ reason }) => reason)).toEqual(['190', '131042']);
    expect(alarms[1]?.since.getTime()).toBe(clock);
  });
});
