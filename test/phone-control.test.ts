import { startTestSandbox, until, type TestSandbox } from './support/local-sandbox';

let clock = 1_790_000_000_000;
let sandbox: TestSandbox;
beforeEach(async () => {
  clock = 1_790_000_000_000;
  sandbox = await startTestSandbox({ now: () => clock });
});
afterEach(() => sandbox.dispose());

describe('citizens', () => {
  it('get a generated number if none is given, and can be found by it', async () => {
    const made = await sandbox.control('POST', '/citizens', { name: 'Ayşe' });
    expect(made).toMatchObject({
      status: 201,
      json: { phone: expect.stringMatching(/^90500\d{7}$/) as string },
    });
    const again = await sandbox.control('POST', '/citizens', { name: 'Başkası', phone: made.json['phone'] });
    expect(again).toMatchObject({ status: 200, json: { id: made.json['id'], name: 'Ayşe' } });
    expect((await sandbox.control('GET', '/citizens')).json['citizens']).toHaveLength(1);
  });

  it.each([{}, { name: '' }, { name: 'A', phone: '12' }, { name: 'A', username: 'büyük harf' }])(
    'are refused as %j',
    async about => {
      expect((await sandbox.control('POST', '/citizens', about)).status).toBe(400);
    },
  );

  it.each(['/citizens/v-0', '/citizens/v-0/messages'])('unknown: 404 for %s', async where => {
    expect((await sandbox.control('GET', where)).status).toBe(404);
  });
});

describe('the 24-hour window', () => {
  it('opens with a message and restarts with each, except for reactions', async () => {
    const { id } = await sandbox.newCitizen();
    const view = async () => (await sandbox.control('GET', `/citizens/${id}`)).json;
    const write = (body: object) => sandbox.control('POST', `/citizens/${id}/messages`, body);
    expect(await view()).toMatchObject({ windowOpen: false, windowClosesAt: null });
    const { json } = await write({ type: 'text', body: 'a' });
    const closesAt = new Date(clock + 86_400_000).toISOString();
    expect(await view()).toMatchObject({ windowOpen: true, windowClosesAt: closesAt });
    clock += 3_600_000;
    await write({ type: 'reaction', messageId: json['id'], emoji: '👍' });
    expect(await view()).toMatchObject({ windowClosesAt: closesAt });
    await write({ type: 'text', body: 'b' });
    expect(await view()).toMatchObject({ windowClosesAt: new Date(clock + 86_400_000).toISOString() });
  });

  it.each([
    [{ open: false }, false],
    [{ open: true }, true],
    [{ remainingMs: 60_000 }, true],
    [{ remainingMs: 0 }, false],
  ])('can be moved by %j', async (move, windowOpen) => {
    const { id } = await sandbox.newCitizen();
    expect((await sandbox.control('POST', `/citizens/${id}/window`, move)).json).toMatchObject({
      windowOpen,
    });
  });
});

describe('the thread', () => {
  it('shows both sides with text, statuses and reply options', async () => {
    const { id, phone } = await sandbox.newCitizen();
    await sandbox.control('POST', `/citizens/${id}/messages`, { type: 'text', body: 'Çukur var' });
    const buttons = [{ type: 'reply', reply: { id: 'evet', title: 'Çözüldü' } }];
    const interactive = { type: 'button', body: { text: 'Çözüldü mü?' }, action: { buttons } };
    await sandbox.send({ to: `+${phone}`, type: 'interactive', interactive });
    const messages = await until(async () => {
      const { json } = await sandbox.control('GET', `/citizens/${id}/messages`);
      const list = json['messages'] as { status?: string; webhook?: string }[];
      return list[1]?.status === 'delivered' && list[0]?.webhook === 'taken' && list;
    });
    expect(messages).toMatchObject([
      { from: 'citizen', type: 'text', text: 'Çukur var', webhook: 'taken' },
      {
        from: 'municipality',
        type: 'interactive',
        text: 'Çözüldü mü?',
        replies: [{ id: 'evet', title: 'Çözüldü', form: 'button' }],
        statuses: [{ status: 'accepted' }, { status: 'sent' }, { status: 'delivered' }],
      },
    ]);
  });
});

describe('templates', () => {
  it('can be added while the sandbox runs', async () => {
    const { phone } = await sandbox.newCitizen();
    const template = { name: 'case_closed', language: 'tr', body: 'Kaydınız {{1}} kapandı.' };
    expect((await sandbox.control('POST', '/templates', template)).status).toBe(201);
    const parameters = [{ type: 'text', text: 'PK-1' }];
    const components = [{ type: 'body', parameters }];
    const sent = { name: 'case_closed', language: { code: 'tr' }, components };
    expect((await sandbox.send({ to: `+${phone}`, type: 'template', template: sent })).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  it.each([
    ['http://evil.test', 403],
    ['null', 403],
  ])('%s is refused', async (origin, status) => {
    const answer = await fetch(`${sandbox.url}/control/faults`, { method: 'DELETE', headers: { origin } });
    expect(answer.status).toBe(status);
  });

  it('cannot control the sandbox', async () => {
    const answer = await fetch(`${sandbox.url}/control/faults`, { headers: { origin: sandbox.url } });
    expect(answer.status).toBe(200);
  });
});
