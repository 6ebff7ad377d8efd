import { setTimeout } from 'node:timers/promises';
import type { InboxRecord } from '../src/store/message-records';
import { openStore, type Store } from '../src/store/store';
import { startSweeper, type Sweeper, type SweeperDeps } from '../src/web/sweeper';
import {
  createEventReport,
  createFailureReport,
  createHandOver,
  createMergeReport,
  createNoticeReport,
  mapConcurrently,
} from '../src/whatsapp/hand-over';
import { createIntake, type Intake } from '../src/whatsapp/intake';
import { recordCase } from './support/cases';
import { hearingListeners, type HearingListeners } from './support/listeners';
import { testMongoUri } from './support/services';
import { until } from './support/until';
import {
  deliveredBy,
  messagesBody,
  saidAs,
  statusesBody,
  textMessage,
  phoneNumberId,
} from './support/webhook-bodies';

const log = { info: jest.fn(), warn: jest.fn() };
let store: Store;
let gateway: HearingListeners;
let sweeper: Sweeper | undefined;
let intake: Intake;
let now: (() => Date) | undefined;

beforeEach(() => {
  store = openStore(testMongoUri('hand-over'));
  gateway = hearingListeners();
  now = undefined;
  intake = createIntake({ store, phoneNumberId, gateway, log, now: () => now?.() ?? new Date() });
  jest.clearAllMocks();
});
afterEach(async () => {
  await sweeper?.stop();
  sweeper = undefined;
  await intake.drain();
  await store.close();
});

const idOf = async (wamid: string): Promise<string> => (await store.hashId())(wamid);
const left = async (): Promise<number> => store.inbox.model.countDocuments({ handedOver: false });
const tapped = (id: string): Record<string, unknown> =>
  textMessage({
    type: 'interactive',
    text: undefined,
    interactive: { type: 'button_reply', button_reply: { id, title: 'Çözüldü' } },
  });

/** Starts a sweeper that treats all stored records as old enough. */
function sweep(parts: Partial<SweeperDeps> = {}): void {
  const deps = { store, gateway };
  sweeper = startSweeper({
    store,
    handOver: createHandOver(deps),
    reportMerge: createMergeReport(deps),
    reportFailure: createFailureReport(deps),
    reportNotice: createNoticeReport(deps),
    reportEvent: createEventReport(deps),
    log,
    everyMs: 20,
    now: () => new Date(Date.now() + 10_000),
    ...parts,
  });
}

describe('a tapped answer', () => {
  it('goes directly to its case and reopens the 24-hour window', async () => {
    const message = tapped('feedback:unsolved:PK-0000-0001');
    await intake(messagesBody(message));
    await intake.drain();
    const [record] = await store.inbox.model.find().lean();
    const citizenId = record?.citizenId ?? '';
    expect(gateway.feedback).toEqual([
      {
        caseNumber: 'PK-0000-0001',
        answer: 'unsolved',
        citizenId,
        messageId: await idOf(String(message['id'])),
      },
    ]);
    expect(gateway.told).toEqual([]);
    expect(await store.citizens.get(citizenId)).toMatchObject({
      phone: '905321110000',
      lastInboundAt: record?.sentAt,
    });
    expect(await left()).toBe(0);
  });

  it('that is replayed after weeks changes no case', async () => {
    const weeksAgo = Math.floor(Date.now() / 1_000) - 21 * 86_400;
    const tap = tapped('feedback:unsolved:PK-0000-0001');
    const message: Record<string, unknown> = { ...tap, timestamp: String(weeksAgo) };
    await intake(messagesBody(message));
    await intake.drain();
    expect(gateway.feedback).toEqual([]);
    expect(gateway.told).toEqual([await idOf(String(message['id']))]);
  });

  it('goes to the conversation when its case has ended', async () => {
    gateway.hasCase = false;
    await intake(messagesBody(tapped('feedback:solved:PK-0000-0001')));
    await intake.drain();
    expect(gateway.told).toHaveLength(1);
  });

  it('of another kind goes to the conversation', async () => {
    await intake(messagesBody(tapped('category:yol')));
    await intake.drain();
    expect(gateway.told).toHaveLength(1);
  });
});

describe('the answer to a webhook', () => {
  it('does not wait for the hand-over, unless many are under way', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>(resolve => (open = resolve));
    gateway.tellConversation = () => gate;
    const bodyOf = (place: number) => messagesBody(textMessage({ from: String(905320000000 + place) }));
    for (let place = 0; place <= 16; place += 1) await intake(bodyOf(place));
    let isAnswered = false;
    const another = intake(bodyOf(17)).then(() => (isAnswered = true));
    await until(async () => (await left()) === 18, 'the last message to be stored');
    expect(isAnswered).toBe(false);
    open();
    await another;
    await intake.drain();
    expect(await left()).toBe(0);
  });
});

describe('after an outage of the workflows', () => {
  it('a message does not overtake earlier messages of the citizen', async () => {
    gateway.isAway = true;
    await intake(messagesBody(textMessage({ id: 'a' })));
    await intake(messagesBody(textMessage({ id: 'b' })));
    await intake.drain();
    gateway.isAway = false;
    await intake(messagesBody(textMessage({ id: 'c' })));
    await intake.drain();
    expect(gateway.told).toEqual([await idOf('a'), await idOf('b'), await idOf('c')]);
  });

  it('does not delay webhooks', async () => {
    let asked = 0;
    gateway.tellConversation = async () => {
      asked += 1;
      await setTimeout(100);
      throw new Error('away');
    };
    const moment = new Date();
    now = () => moment;
    const messages = Array.from({ length: 100 }, (_, place) =>
      textMessage({ from: String(905320000000 + place) }),
    );
    await deliveredBy(intake, messagesBody(...messages));
    await intake.drain();
    expect(asked).toBeLessThan(40);
    expect(await left()).toBe(100);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it('the sweeper hands over the remaining messages in the order of arrival', async () => {
    gateway.isAway = true;
    const wamids = Array.from({ length: 30 }, (_, place) => `wamid.${place}`);
    for (const id of wamids.slice(0, 3)) await intake(messagesBody(textMessage({ id })));
    await intake(messagesBody(...wamids.slice(3).map(id => textMessage({ id }))));
    sweep();
    await until(() => log.warn.mock.calls.length > 1, 'a sweep in vain');
    gateway.isAway = false;
    await until(async () => (await left()) === 0, 'an empty inbox');
    expect(gateway.told).toEqual(await Promise.all(wamids.map(idOf)));
  });

  it('the sweeper tells of a merge before it hands over the message that caused it', async () => {
    const person = { phone: '905321119999', bsuid: 'TR.merged' };
    const message = (names: 'number' | 'userId' | 'both') =>
      messagesBody(saidAs(person, names, { type: 'text', text: { body: 'merhaba' } }));
    await intake(message('userId'));
    await intake(message('number'));
    const ids = await Promise.all([
      store.identities.citizenOf([{ ...person, phone: null }], store.citizens, new Date()),
      store.identities.citizenOf([{ ...person, bsuid: null }], store.citizens, new Date()),
    ]);
    await intake.drain();
    gateway.isAway = true;
    await intake(message('both'));
    await intake.drain();
    expect(await store.merges.model.countDocuments()).toBe(1);
    gateway.isAway = false;
    const order: string[] = [];
    const deps = { store, gateway };
    sweep({
      reportMerge: async merge => {
        await createMergeReport(deps)(merge);
        order.push('merge');
      },
      handOver: async record => {
        await createHandOver(deps)(record);
        order.push('message');
      },
    });
    await until(() => order.length === 2, 'the merge and the message');
    expect(order).toEqual(['merge', 'message']);
    expect(gateway.merges).toEqual([[ids[1], ids[0]]]);
    expect(await store.merges.model.countDocuments()).toBe(0);
  });

  it('the sweeper reports the remaining failures', async () => {
    gateway.isAway = true;
    await recordCase(store);
    const failed = { id: 'x', status: 'failed', biz_opaque_callback_data: 'PK-0000-0001:3' };
    await intake(statusesBody(failed));
    await intake.drain();
    expect(gateway.failures).toEqual([]);
    gateway.isAway = false;
    sweep();
    await until(() => gateway.failures.length > 0, 'the report');
    await sweeper?.stop();
    sweep();
    await until(() => log.info.mock.calls.length > 0, 'the count of the first sweep');
    expect(gateway.failures).toEqual([['PK-0000-0001', 3]]);
  });
});

describe('a sweep', () => {
  const record = (place: number, parts: Partial<InboxRecord> = {}): InboxRecord => ({
    id: `m${place}`,
    citizenId: `c${place}`,
    sentAt: new Date(),
    receivedAt: new Date(Date.now() - 60_000 + place),
    payload: textMessage(),
    contact: null,
    handedOver: false,
    ...parts,
  });

  it('skips records that are still being handed over', async () => {
    await store.inbox.add(record(1));
    await store.inbox.add(record(2, { receivedAt: new Date() }));
    sweep({ everyMs: 5, now: () => new Date() });
    await until(async () => (await left()) === 1, 'the old message');
    expect(gateway.told).toEqual(['m1']);
  });

  it('continues after a record that fails, except for later records of the same citizen', async () => {
    for (const place of [1, 2, 3]) await store.inbox.add(record(place));
    await store.inbox.add(record(4, { citizenId: 'c1' }));
    const handOver = createHandOver({ store, gateway });
    sweep({
      handOver: async stored => {
        if (stored.id === 'm1') throw new Error('no way');
        await handOver(stored);
      },
    });
    await until(async () => (await left()) === 2, 'the others to be handed over');
    expect(gateway.told.sort()).toEqual(['m2', 'm3']);
  });

  it('continues while there are more records', async () => {
    const records = Array.from({ length: 620 }, (_, place) => record(place));
    await mapConcurrently(records, 16, each => store.inbox.add(each));
    let swept = 0;
    sweep({
      everyMs: 60_000,
      handOver: async () => {
        swept += 1;
      },
    });
    await until(() => swept >= 620, 'all of more than one page');
    expect(swept).toBe(620);
  });

  it('logs a failure once and starts again', async () => {
    const waiting = jest
      .spyOn(store.inbox, 'waiting')
      .mockRejectedValueOnce(new Error('905321110000 is away'));
    await store.inbox.add(record(1));
    sweep();
    await until(() => gateway.told.length === 1, 'the next sweep');
    expect(waiting.mock.calls.length).toBeGreaterThan(1);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(log.warn.mock.calls)).not.toContain('9053');
  });

  it('ends immediately when stopped', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, place) => store.inbox.add(record(place))));
    let begun = 0;
    sweep({
      handOver: async () => {
        begun += 1;
        await setTimeout(50);
      },
    });
    await until(() => begun > 0, 'the first record');
    await sweeper?.stop();
    expect(begun).toBeLessThan(50);
  });
});
