import { createServer, type AddressInfo, type Socket } from 'node:net';
import { openStore, type Store } from '../src/store/store';
import { createIntake, type Intake } from '../src/whatsapp/intake';
import { recordCase } from './support/cases';
import { hearingListeners, type HearingListeners } from './support/listeners';
import { testMongoUri } from './support/services';
import {
  bodyOf,
  deliveredBy,
  envelope,
  freshWamid,
  messagesBody,
  statusesBody,
  textMessage,
  phoneNumberId,
} from './support/webhook-bodies';

const log = { warn: jest.fn() };
let store: Store;
let gateway: HearingListeners;
let intakes: Intake[];
/** Creates an intake like that of a separate process, without a shared cache. */
const intakeOf = (now = (): Date => new Date()): Intake => {
  const intake = createIntake({ store, phoneNumberId, gateway, log, now });
  intakes.push(intake);
  return intake;
};

beforeEach(() => {
  store = openStore(testMongoUri('intake'));
  gateway = hearingListeners();
  intakes = [];
  log.warn.mockClear();
});
afterEach(async () => {
  await Promise.all(intakes.map(intake => intake.drain()));
  await store.close();
});

const inbox = (): Promise<Record<string, unknown>[]> => store.inbox.model.find().lean();
const deadLetters = (): Promise<Record<string, unknown>[]> => store.deadLetters.model.find().lean();
const idOf = async (wamid: unknown): Promise<string> => (await store.hashId())(String(wamid));

describe('a message', () => {
  it('is stored unchanged, signalled to the conversation, and marked as handed over', async () => {
    const intake = intakeOf();
    const message = textMessage({ text: { body: 'Çukur 🚗 \ud83d', $where: { 'a.b': 1e21 } } });
    await intake(messagesBody(message));
    await intake.drain();
    const id = await idOf(message['id']);
    expect(await store.inbox.get(id)).toMatchObject({
      id,
      payload: message,
      contact: null,
      handedOver: true,
    });
    expect(gateway.told).toEqual([id]);
  });

  it('posted fifty times at once is stored once', async () => {
    const intake = intakeOf();
    const body = messagesBody(textMessage());
    await Promise.all(Array.from({ length: 50 }, () => intake(body)));
    await intake.drain();
    expect(await inbox()).toHaveLength(1);
    expect(new Set(gateway.told).size).toBe(1);
    expect(await store.identities.model.find().lean()).toHaveLength(1);
  });

  it('that was handed over is not handed over again when it is redelivered', async () => {
    const body = messagesBody(textMessage());
    const first = intakeOf();
    await first(body);
    await first.drain();
    await intakeOf()(body);
    expect(gateway.told).toHaveLength(1);
  });

  it('that was stored but not handed over is handed over when it is redelivered', async () => {
    const body = messagesBody(textMessage());
    gateway.isAway = true;
    await intakeOf()(body);
    gateway.isAway = false;
    const second = intakeOf();
    await second(body);
    await second.drain();
    expect(gateway.told).toHaveLength(1);
    expect(await inbox()).toMatchObject([{ handedOver: true }]);
  });

  it('that occurs twice in one webhook is one message', async () => {
    const intake = intakeOf();
    const message = textMessage();
    await intake(messagesBody(message, message));
    await intake.drain();
    expect(await inbox()).toHaveLength(1);
  });

  it('belongs to the same citizen by phone, by BSUID and by both', async () => {
    const intake = intakeOf();
    const bsuid = 'TR.77';
    await intake(messagesBody(textMessage({ from_user_id: bsuid })));
    await intake(messagesBody(textMessage()));
    await intake(messagesBody(textMessage({ from: undefined, from_user_id: bsuid })));
    const citizens = (await inbox()).map(record => record['citizenId']);
    expect(citizens).toHaveLength(3);
    expect(new Set(citizens).size).toBe(1);
  });

  it('older than eight days is stored, also as a dead letter, and the conversation only notes it', async () => {
    const intake = intakeOf();
    const days = (count: number): string => String(Math.floor(Date.now() / 1_000) - count * 86_400);
    await intake(messagesBody(textMessage({ timestamp: days(9) }), textMessage({ timestamp: days(7) })));
    await intake.drain();
    expect(await deadLetters()).toMatchObject([{ reason: 'replay' }]);
    expect(await inbox()).toHaveLength(2);
    expect(gateway.told).toHaveLength(2);
  });

  it.each([
    ['with a future timestamp', '4102444800'],
    ['without a timestamp', undefined],
  ])('%s gets its time of arrival', async (_, timestamp) => {
    const now = new Date('2026-11-24T09:00:00Z');
    await intakeOf(() => now)(messagesBody(textMessage({ timestamp })));
    expect(await inbox()).toMatchObject([{ sentAt: now, receivedAt: now }]);
  });

  it('keeps the time of Meta if our clock is behind', async () => {
    const now = new Date('2026-11-24T09:00:00Z');
    const sentAt = new Date('2026-11-24T10:00:00Z');
    await intakeOf(() => now)(messagesBody(textMessage({ timestamp: String(sentAt.getTime() / 1_000) })));
    expect(await inbox()).toMatchObject([{ sentAt, receivedAt: now }]);
  });
});

describe('a batch', () => {
  it('of hundreds of messages is stored and signalled completely, in order per citizen', async () => {
    const intake = intakeOf();
    const messages = Array.from({ length: 400 }, (_, place) =>
      textMessage({ from: `90532000${String(place % 7).padStart(4, '0')}`, id: `wamid.${place}` }),
    );
    await deliveredBy(intake, messagesBody(...messages));
    await intake.drain();
    const places = new Map<string, number>();
    for (const place of messages.keys()) places.set(await idOf(`wamid.${place}`), place);
    const told = gateway.told.map(id => places.get(id) ?? -1);
    expect(told).toHaveLength(400);
    for (const citizen of Array.from({ length: 7 }).keys()) {
      const own = told.filter(place => place % 7 === citizen);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  });

  it('stores its readable items besides unreadable ones', async () => {
    const intake = intakeOf();
    await intake(messagesBody(null, textMessage({ id: undefined }), textMessage()));
    expect(await inbox()).toHaveLength(1);
    expect((await deadLetters()).map(letter => letter['reason']).sort()).toEqual(['no-id', 'not-an-object']);
  });
});

describe('an item for another number, or from a group', () => {
  const failed = { id: 'wamid.f', status: 'failed', biz_opaque_callback_data: 'PK-0000-0001:3' };
  const foreign = { messages: [textMessage()], statuses: [failed] };

  it.each<[string, object, string]>([
    ['another line', { metadata: { phone_number_id: '4711' }, ...foreign }, 'other-line'],
    ['a group', { messages: [textMessage({ group_id: 'Y2Fw' })] }, 'not-private'],
  ])('%s is stored as a dead letter and counted, without a signal', async (_, value, reason) => {
    const deadLetters = { inc: jest.fn() };
    const none = { inc: jest.fn() };
    const metrics = {
      accountNotices: none,
      webhookMessages: none,
      webhookStatuses: none,
      handOverFailures: none,
      deadLetters,
    };
    const intake = createIntake({ store, phoneNumberId, gateway, log, metrics });
    await intake(bodyOf(envelope(value)));
    await intake.drain();
    expect((await store.deadLetters.latest(9)).map(letter => letter.reason)).toEqual([reason]);
    expect(deadLetters.inc).toHaveBeenCalledWith({ reason });
    expect(await inbox()).toEqual([]);
    expect(await store.deliveryStatuses.model.countDocuments()).toBe(0);
    expect([gateway.told, gateway.failures]).toEqual([[], []]);
  });
});

describe('an unknown item', () => {
  it('is stored once as a dead letter with its text', async () => {
    const intake = intakeOf();
    const body = bodyOf(envelope({ event: 'APPROVED' }, 'field_of_the_future'));
    await intake(body);
    await intake(body);
    await intake(Buffer.from('no json'));
    const letters = await deadLetters();
    expect(letters.map(letter => letter['reason']).sort()).toEqual(['not-json', 'unknown-field']);
    expect(letters.map(letter => letter['payload'])).toContain('no json');
  });

  it('never appears in the log', async () => {
    await intakeOf()(messagesBody(textMessage({ id: undefined, from: '905329998877' })));
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(log.warn.mock.calls)).not.toMatch(/9998877|çukur/i);
  });
});

describe('a status', () => {
  const status = (parts: object): object => ({
    id: freshWamid(),
    status: 'sent',
    timestamp: '1760000000',
    ...parts,
  });

  it('is stored under the key that Meta echoes, each status once', async () => {
    const intake = intakeOf();
    const key = { biz_opaque_callback_data: 'PK-0000-0001:3' };
    const sent = statusesBody(status({ ...key }), status({ ...key, status: 'delivered' }));
    await intake(sent);
    await intake(sent);
    expect(await store.deliveryStatuses.model.find().lean()).toHaveLength(2);
    const reports = await store.deliveryStatuses.all('PK-0000-0001:3');
    expect(reports.at(-1)).toMatchObject({ status: 'delivered' });
  });

  it('without a key is stored under a keyed hash', async () => {
    await intakeOf()(statusesBody(status({ id: 'wamid.x' })));
    expect(await store.deliveryStatuses.model.find().lean()).toMatchObject([
      { key: `provider:${await idOf('wamid.x')}` },
    ]);
  });

  const failedOf = (key: string): object =>
    status({ status: 'failed', errors: [{ code: 131026 }], biz_opaque_callback_data: key });

  it.each(['delivered', 'read'])('%s after a failure revokes the failure once', async arrived => {
    const intake = intakeOf();
    await recordCase(store);
    const key = { biz_opaque_callback_data: 'PK-0000-0001:3' };
    const late = statusesBody(status({ ...key, status: arrived }));
    for (const body of [statusesBody(failedOf('PK-0000-0001:3')), late, late]) {
      await intake(body);
      await intake.drain();
    }
    expect([gateway.failures, gateway.arrivals]).toEqual([[['PK-0000-0001', 3]], [['PK-0000-0001', 3]]]);
    expect(await store.deliveryFailures.get('PK-0000-0001:3')).toMatchObject({ reported: true });
  });

  it('of a failure after the delivery notifies nobody', async () => {
    const intake = intakeOf();
    const key = { biz_opaque_callback_data: 'PK-0000-0001:3' };
    await intake(statusesBody(status({ ...key, status: 'delivered' })));
    await intake(statusesBody(failedOf('PK-0000-0001:3')));
    await intake.drain();
    expect([gateway.failures, gateway.arrivals]).toEqual([[], []]);
  });

  it('of a failure is reported to its case once', async () => {
    const intake = intakeOf();
    await recordCase(store);
    const failed = { status: 'failed', errors: [{ code: 131026 }] };
    const body = statusesBody(
      status({ ...failed, biz_opaque_callback_data: 'PK-0000-0001:3' }),
      status({ ...failed, biz_opaque_callback_data: `${'ab'.repeat(16)}:greeting` }),
      status(failed),
    );
    await intake(body);
    await intake(body);
    await intake.drain();
    expect(gateway.failures).toEqual([['PK-0000-0001', 3]]);
    expect(await store.deliveryFailures.model.find().lean()).toMatchObject([{ reported: true }]);
  });
});

interface Away {
  uri: string;
  end: () => void;
}

describe('an outage', () => {
  it('of the workflows is not an error: the message waits in the inbox', async () => {
    gateway.isAway = true;
    await intakeOf()(messagesBody(textMessage(), textMessage()));
    expect(await inbox()).toMatchObject([{ handedOver: false }, { handedOver: false }]);
  });

  it('of the workflows without a response delays webhooks only briefly', async () => {
    gateway.tellConversation = () => new Promise(() => {});
    const start = Date.now();
    await createIntake({ store, phoneNumberId, gateway, log })(messagesBody(textMessage()));
    expect(Date.now() - start).toBeLessThan(1_500);
    expect(await inbox()).toMatchObject([{ handedOver: false }]);
  });

  it('of the speed of the store refuses further webhooks at once, and takes them when they come again', async () => {
    let goOn = (): void => undefined;
    const waits = new Promise<void>(resolve => (goOn = resolve));
    const add: Store['inbox']['add'] = async record => {
      await waits;
      return store.inbox.add(record);
    };
    const slow = { ...store, inbox: { ...store.inbox, add } };
    const intake = createIntake({ store: slow, phoneNumberId, gateway, log });
    intakes.push(intake);
    const [further = Buffer.alloc(0), ...stored] = Array.from({ length: 65 }, () =>
      messagesBody(textMessage()),
    );
    const answers = Promise.all(stored.map(intake));
    const refused = intake(further).catch((error: unknown) => error);
    expect(await Promise.race([answers, refused])).toMatchObject({ code: 'store-unavailable', status: 503 });
    goOn();
    await answers;
    await intake(further);
    expect(await inbox()).toHaveLength(65);
  });

  const nobody = async (): Promise<Away> => ({ uri: 'mongodb://127.0.0.1:9/intake', end: () => undefined });
  const silent = async (): Promise<Away> => {
    const sockets = new Set<Socket>();
    const server = createServer(socket => sockets.add(socket));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return {
      uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/intake`,
      end() {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    };
  };
  it.each([
    ['that refuses', nobody],
    ['that never answers', silent],
  ])('of the store, one %s, is reported within two seconds', async (_, open) => {
    const { uri, end } = await open();
    const away = openStore(uri, { operationLimitMs: 1_000 });
    const intake = createIntake({ store: away, phoneNumberId, gateway, log });
    const start = Date.now();
    const batch = messagesBody(...Array.from({ length: 100 }, () => textMessage()));
    await expect(intake(batch)).rejects.toMatchObject({ code: 'store-unavailable', status: 503 });
    expect(Date.now() - start).toBeLessThan(2_000);
    expect(gateway.told).toEqual([]);
    await away.close();
    end();
  });
});
