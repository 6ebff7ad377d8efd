import { createGraphClient, createReadReceipts } from '../src/whatsapp/graph-client';
import type { InboxRecord } from '../src/store/message-records';
import { startGraphServer, type GraphServer } from './support/graph-server';
import { until } from './support/until';
import { phoneNumberId } from './support/webhook-bodies';

const stored = (id: string): InboxRecord => ({
  id,
  citizenId: 'c1',
  sentAt: new Date(0),
  receivedAt: new Date(0),
  payload: { id: `wamid.${id}`, type: 'text' },
  contact: null,
  handedOver: true,
});

let server: GraphServer | undefined;
afterEach(() => server?.stop());

function receiptsOf(
  url: string,
  get = async (id: string): Promise<InboxRecord | null> => stored(id),
  debug = jest.fn(),
) {
  return createReadReceipts({
    store: { inbox: { get } as never },
    graph: createGraphClient({ url, version: 'v26.0', accessToken: 'token', phoneNumberId }),
    log: { debug },
  });
}

describe('receipts while Meta', () => {
  it('does not answer: the caller goes on, and a flood opens a bounded number of requests', async () => {
    const silent = (server = await startGraphServer(() => undefined));
    const receipts = receiptsOf(silent.url);
    for (let i = 0; i < 100; i += 1) receipts.read({ id: `m${i}` }, true);
    await until(() => silent.requests.length >= 16, 'the requests');
    expect(silent.requests).toHaveLength(16);
  });

  it('refuses: the failure is logged without the message id, and the next one is sent', async () => {
    const refusing = (server = await startGraphServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 131009, message: 'unknown wamid.m1' } }));
    }));
    const debug = jest.fn();
    const receipts = receiptsOf(refusing.url, undefined, debug);
    receipts.read({ id: 'm1' }, true);
    await until(() => debug.mock.calls.length === 1, 'the log');
    receipts.read({ id: 'm2' }, false);
    await until(() => refusing.requests.length === 2, 'the second receipt');
    expect(JSON.stringify(debug.mock.calls[0])).toContain('131009');
    expect(JSON.stringify(debug.mock.calls[0])).not.toContain('wamid');
  });
});

test('a message that was erased meanwhile is left alone', async () => {
  const { url, requests } = (server = await startGraphServer(() => undefined));
  const look = jest.fn(async () => null);
  const receipts = receiptsOf(url, look);
  receipts.read({ id: 'gone' }, true);
  await until(() => look.mock.calls.length === 1, 'the look at the record');
  expect(requests).toHaveLength(0);
});

test('a message whose webhook is at hand is marked without a look at the record', async () => {
  const { url, requests } = (server = await startGraphServer(() => undefined));
  const look = jest.fn(async () => null);
  receiptsOf(url, look).read(stored('m1'), true);
  await until(() => requests.length === 1, 'the receipt');
  expect(look).not.toHaveBeenCalled();
});
