import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../src/errors';
import { openStore, type Store } from '../src/store/store';
import { mapConcurrently } from '../src/whatsapp/hand-over';
import { createCitizenOutbox, type CitizenMessage, type CitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { createGraphClient } from '../src/whatsapp/graph-client';
import { createIntake } from '../src/whatsapp/intake';
import { hearingListeners } from './support/listeners';
import { startTestSandbox, token, type TestSandbox } from './support/local-sandbox';
import { noUploads, openGate } from './support/sending';
import { testMongoUri } from './support/services';
import { until } from './support/until';
import { phoneNumberId } from './support/webhook-bodies';
import { amount, noteFigure } from './support/proving';

const EACH = amount({ proof: 300, test: 50 });
const AT_ONCE = 8;
const LIMIT_MS = 180_000;
const moments = ['before the send', 'after the send and before the record', 'after the record'] as const;
type Moment = (typeof moments)[number];

/** Simulates the end of a process: no later step runs. */
class Killed extends Error {}

let sandbox: TestSandbox;
let store: Store;
let webhook: Server;
/** Keys of messages whose status webhooks are lost. */
const lost = new Set<string>();

beforeAll(async () => {
  store = openStore(testMongoUri('crash'), { operationLimitMs: 10_000 });
  const intake = createIntake({
    store,
    phoneNumberId,
    gateway: hearingListeners(),
    log: { warn: () => undefined },
  });
  webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isLost = [...lost].some(key => body.includes(`"${key}"`));
      void (isLost ? Promise.resolve() : intake(body)).then(
        () => response.end(),
        () => response.writeHead(503).end(),
      );
    });
  });
  await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', resolve));
  const { port } = webhook.address() as AddressInfo;
  sandbox = await startTestSandbox({ webhookUrl: `http://127.0.0.1:${port}/`, messagesPerSecond: 1_000 });
});
afterAll(async () => {
  await sandbox.dispose();
  webhook.closeAllConnections();
  webhook.close();
  await store.close();
});

/** A worker that is killed at the given moment, if any. Its clock is ahead by `aheadMs`. */
function worker(killedAt: Moment | null, aheadMs = 0): CitizenOutbox {
  const graph = createGraphClient({
    url: sandbox.graphUrl,
    version: 'v26.0',
    accessToken: token,
    phoneNumberId,
  });
  const killing = async <T>(moment: Moment, work: () => Promise<T>): Promise<T> => {
    if (killedAt === 'before the send' && moment !== 'after the record') throw new Killed();
    const result = await work();
    if (killedAt === moment) throw new Killed();
    return result;
  };
  const { outbox } = store;
  return createCitizenOutbox({
    graph: {
      upload: noUploads,
      send: (...parts) => killing('after the send and before the record', () => graph.send(...parts)),
    },
    store: {
      ...store,
      outbox: {
        ...outbox,
        accepted: (...parts) => killing('after the record', () => outbox.accepted(...parts)),
      },
    },
    gate: openGate,
    now: () => new Date(Date.now() + aheadMs),
  });
}

/**
 * Sends a message with a worker that is killed, then retries with others like Temporal. Returns how many
 * messages arrived.
 */
async function story(moment: Moment, number: number, echoIsLost: boolean): Promise<number> {
  const person = await sandbox.newCitizen();
  await sandbox.control('POST', `/citizens/${person.id}/window`, { open: true });
  const { id, phone, bsuid } = person;
  await store.citizens.seen(id, { phone, bsuid, profileName: null, language: null, at: new Date() });
  const key = `${moments.indexOf(moment)}-${number}-${echoIsLost ? 'lost' : 'echo'}`;
  if (echoIsLost) lost.add(key);
  const content = { type: 'text', body: 'Bildiriminiz alındı.' } as const;
  const message: CitizenMessage = { key, citizenId: id, caseNumber: null, content };
  await expect(worker(moment).send(message)).rejects.toThrow(Killed);

  if (moment !== 'before the send' && !echoIsLost) {
    await until(() => store.deliveryStatuses.has(key), 'the echo', 20_000);
  }
  for (let aheadMs = 0; ;) {
    try {
      await worker(null, aheadMs).send(message);
      break;
    } catch (error) {
      if (!(error instanceof AppError) || error.retryAfterMs === undefined) throw error;
      aheadMs += error.retryAfterMs;
    }
  }
  const thread = await sandbox.control('GET', `/citizens/${id}/messages`);
  expect(await store.outbox.get(key)).toMatchObject({ state: 'accepted' });
  return (thread.json['messages'] as object[]).length;
}

/** Returns how many messages arrived once, twice and so on, if the worker is killed at the moment. */
async function arrived(moment: Moment, echoIsLost: boolean, count: number): Promise<Record<number, number>> {
  const stories = Array.from({ length: count }, (_, number) => number);
  const found = await mapConcurrently(stories, AT_ONCE, number => story(moment, number, echoIsLost));
  const counts: Record<number, number> = {};
  for (const messages of found) counts[messages] = (counts[messages] ?? 0) + 1;
  const what = `killed ${moment}${echoIsLost ? ', echo lost' : ''}`;
  noteFigure(count, `messages ${what}, by copies: ${JSON.stringify(counts)}`);
  return counts;
}

describe('a worker killed during a send', () => {
  it.each(['before the send', 'after the record'] as const)(
    '%s: one message arrives',
    async moment => {
      expect(await arrived(moment, false, EACH)).toEqual({ 1: EACH });
    },
    LIMIT_MS,
  );

  const middle = 'after the send and before the record';
  it(
    `${middle}: one message arrives when its echo does`,
    async () => {
      expect(await arrived(middle, false, EACH / 2)).toEqual({ 1: EACH / 2 });
    },
    LIMIT_MS,
  );

  it(
    `${middle}: two at most arrive when the echo is lost as well`,
    async () => {
      expect(await arrived(middle, true, EACH / 2)).toEqual({ 2: EACH / 2 });
    },
    LIMIT_MS,
  );
});
