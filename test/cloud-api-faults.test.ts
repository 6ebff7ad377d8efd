import { startTestSandbox, until, type TestSandbox } from './support/local-sandbox';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.dispose());

const order = async (fault: Record<string, unknown>) => {
  const { status } = await sandbox.control('POST', '/faults', fault);
  expect(status).toBe(201);
};
const text = (phone: string) => ({ to: `+${phone}`, type: 'text', text: { body: 'a' } });
const write = async (id: string, body = 'a'): Promise<string> =>
  String((await sandbox.control('POST', `/citizens/${id}/messages`, { type: 'text', body })).json['id']);
const receivedIds = () =>
  sandbox.receiver.values().flatMap(value => (value.messages ?? []).map(message => message.id));

describe('faults of sending', () => {
  it.each([
    ['rate-limit-429', 429, 130429],
    ['server-error-500', 500, 131000],
  ])('%s rejects the given number of messages and stores none of them', async (kind, status, code) => {
    const { id, phone } = await sandbox.newCitizen();
    await order({ kind, count: 2 });
    for (let sent = 0; sent < 2; sent += 1) {
      expect(await sandbox.send(text(phone))).toMatchObject({ status, json: { error: { code } } });
    }
    expect((await sandbox.send(text(phone))).status).toBe(200);
    const thread = await sandbox.control('GET', `/citizens/${id}/messages`);
    expect(thread.json['messages']).toHaveLength(1);
  });

  it('time-out-after-accept accepts the message, sends its statuses, and never responds', async () => {
    const { id, phone } = await sandbox.newCitizen();
    await write(id);
    await order({ kind: 'time-out-after-accept', holdMs: 50 });
    await expect(sandbox.send({ ...text(phone), biz_opaque_callback_data: 'PK-1:1' })).rejects.toThrow(
      'fetch failed',
    );
    const status = await until(() => sandbox.receiver.values().flatMap(value => value.statuses ?? [])[0]);
    expect(status).toMatchObject({ status: 'sent', biz_opaque_callback_data: 'PK-1:1' });
  });

  it('can be limited to one citizen', async () => {
    const [hit, spared] = [await sandbox.newCitizen(), await sandbox.newCitizen()];
    await order({ kind: 'server-error-500', citizenId: hit.id });
    expect((await sandbox.send(text(spared.phone))).status).toBe(200);
    expect((await sandbox.send(text(hit.phone))).status).toBe(500);
  });
});

describe('faults of webhooks', () => {
  it('duplicate-webhook posts the same bytes again', async () => {
    const { id } = await sandbox.newCitizen();
    await order({ kind: 'duplicate-webhook', copies: 2 });
    await write(id);
    await until(() => sandbox.receiver.received.length === 3);
    const bodies = sandbox.receiver.received.map(webhook => webhook.body.toString('latin1'));
    expect(new Set(bodies).size).toBe(1);
  });

  it('reorder-webhooks posts the given number in reverse order', async () => {
    const { id } = await sandbox.newCitizen();
    await order({ kind: 'reorder-webhooks', count: 3 });
    const sent = [await write(id), await write(id), await write(id), await write(id)];
    await until(() => sandbox.receiver.received.length === 4);
    const position = (index: number): number => receivedIds().indexOf(sent[index] ?? '');
    expect(position(2)).toBeLessThan(position(1));
    expect(position(1)).toBeLessThan(position(0));
  });

  it('reorder-webhooks releases held webhooks if no more arrive', async () => {
    const { id } = await sandbox.newCitizen();
    await order({ kind: 'reorder-webhooks', count: 5, holdMs: 500 });
    const sent = [await write(id), await write(id)];
    await until(() => sandbox.receiver.received.length === 2);
    expect(receivedIds()).toEqual(sent.reverse());
  });

  it('delay-webhooks does not delay later ones', async () => {
    const { id } = await sandbox.newCitizen();
    await order({ kind: 'delay-webhooks', delayMs: 100 });
    const sent = [await write(id), await write(id)];
    await until(() => sandbox.receiver.received.length === 2);
    expect(receivedIds()).toEqual(sent.reverse());
  });

  it('affects statuses only if requested', async () => {
    const { id, phone } = await sandbox.newCitizen();
    await order({ kind: 'duplicate-webhook', of: 'statuses' });
    await write(id);
    await sandbox.send(text(phone));
    const statuses = () => sandbox.receiver.values().flatMap(value => value.statuses ?? []);
    await until(() => statuses().length === 3);
    expect(receivedIds()).toHaveLength(1);
    expect(statuses().map(status => status.status)).toEqual(['sent', 'sent', 'delivered']);
  });
});

describe('the list of faults', () => {
  it('shows the remaining uses and can be cleared', async () => {
    await order({ kind: 'rate-limit-429', count: 3 });
    expect((await sandbox.control('GET', '/faults')).json).toMatchObject({
      faults: [{ kind: 'rate-limit-429', count: 3, left: 3 }],
    });
    await sandbox.control('DELETE', '/faults');
    expect((await sandbox.control('GET', '/faults')).json).toEqual({ faults: [] });
  });

  it.each([
    { kind: 'earthquake' },
    { kind: 'rate-limit-429', count: 0 },
    { kind: 'reorder-webhooks', count: 1 },
    {},
  ])('refuses %j', async fault => {
    expect((await sandbox.control('POST', '/faults', fault)).status).toBe(400);
  });
});
