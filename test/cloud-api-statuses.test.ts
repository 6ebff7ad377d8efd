import { caseUpdate, errorOf, startTestSandbox, until, type TestSandbox } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';

let sandbox: TestSandbox;
let clock: number;
beforeEach(async () => {
  clock = 1_790_000_000_000;
  sandbox = await startTestSandbox({ now: () => clock, templates: [caseUpdate] });
});
afterEach(() => sandbox.dispose());

const writeIn = (id: string) =>
  sandbox.control('POST', `/citizens/${id}/messages`, { type: 'text', body: 'merhaba' });
const statuses = () => sandbox.receiver.values().flatMap(value => value.statuses ?? []);

describe('an accepted message', () => {
  const text = (phone: string) => ({
    to: `+${phone}`,
    type: 'text',
    text: { body: 'a' },
    biz_opaque_callback_data: 'PK-1:7',
  });

  it('is sent, delivered, and read once the person looks, with our data echoed', async () => {
    const { id, phone, bsuid } = await sandbox.newCitizen();
    await writeIn(id);
    const { json } = await sandbox.send(text(phone));
    const wamid = (json['messages'] as { id: string }[])[0]?.id;
    await until(() => statuses().length === 2);
    await sandbox.control('POST', `/citizens/${id}/look`);
    await until(() => statuses().length === 3);
    expect(statuses().map(status => status.status)).toEqual(['sent', 'delivered', 'read']);
    const pricing = { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' };
    const common = {
      id: wamid,
      recipient_id: phone,
      recipient_user_id: bsuid,
      biz_opaque_callback_data: 'PK-1:7',
    };
    expect(statuses()[0]).toEqual({ ...common, status: 'sent', timestamp: '1790000000', pricing });
    expect(statuses()[1]).toEqual({ ...common, status: 'delivered', timestamp: '1790000000', pricing });
    expect(statuses()[2]).toEqual({ ...common, status: 'read', timestamp: '1790000000' });
  });

  it('is read without being delivered when the chat is open', async () => {
    const { id, phone } = await sandbox.newCitizen();
    await writeIn(id);
    await sandbox.control('POST', `/citizens/${id}/look`, { forMs: 60_000 });
    await sandbox.send(text(phone));
    await until(() => statuses().length === 2);
    expect(statuses().map(status => status.status)).toEqual(['sent', 'read']);
    expect(statuses()[1]).toHaveProperty('pricing');
  });

  it('waits while the phone is off', async () => {
    const { id, phone } = await sandbox.newCitizen();
    await writeIn(id);
    await sandbox.control('PATCH', `/citizens/${id}`, { online: false });
    await sandbox.send(text(phone));
    await until(() => statuses().length === 1);
    await sandbox.control('PATCH', `/citizens/${id}`, { online: true });
    await until(() => statuses().length === 2);
    expect(statuses().map(status => status.status)).toEqual(['sent', 'delivered']);
  });

  it('fails with 131047 outside the 24-hour window, after having been accepted', async () => {
    const { id, phone } = await sandbox.newCitizen();
    await writeIn(id);
    clock += 24 * 60 * 60 * 1000;
    expect((await sandbox.send(text(phone))).status).toBe(200);
    const status = await until(() => statuses()[0]);
    expect(status).toMatchObject({
      status: 'failed',
      errors: [{ code: 131047 }],
      biz_opaque_callback_data: 'PK-1:7',
    });
    expect(sandbox.receiver.values().at(-1)).not.toHaveProperty('contacts');
  });

  it('may be a template at any time', async () => {
    const { id, phone } = await sandbox.newCitizen();
    const parameters = [
      { type: 'text', text: 'Ayşe' },
      { type: 'text', text: 'PK-1' },
    ];
    const template = {
      name: 'case_update',
      language: { code: 'tr' },
      components: [{ type: 'body', parameters }],
    };
    const { json } = await sandbox.send({ to: `+${phone}`, type: 'template', template });
    expect(json['messages']).toMatchObject([{ message_status: 'accepted' }]);
    const status = await until(() => statuses()[0]);
    expect(status).toMatchObject({ status: 'sent', pricing: { category: 'utility' } });
    const thread = await sandbox.control('GET', `/citizens/${id}/messages`);
    expect(thread.json['messages']).toMatchObject([
      { text: 'Sayın Ayşe, PK-1 numaralı kaydınız sonuçlandı.', replies: [{ id: 'Çözüldü' }] },
    ]);
  });

  it.each([
    ['somebody without an account', true],
    ['a number without an account', false],
  ])('fails with 131026 for %s', async (_, known) => {
    const { id, phone } = await sandbox.newCitizen();
    await sandbox.control('PATCH', `/citizens/${id}`, { hasAccount: false });
    expect((await sandbox.send(text(known ? phone : '905000000000'))).status).toBe(200);
    expect(await until(() => statuses()[0])).toMatchObject({ status: 'failed', errors: [{ code: 131026 }] });
  });

  it.each([
    ['+905001112233', '905001112233'],
    ['905001112233', '905001112233'],
    ['05001112233', '905001112233'],
    ['5001112233', '905001112233'],
    ['491701112233', '90491701112233'],
  ])(
    'goes from %s to %s: without a plus sign the country code of our number is prepended',
    async (to, waId) => {
      const answer = await sandbox.send({ to, type: 'text', text: { body: 'a' } });
      expect(answer.json['contacts']).toEqual([{ input: to, wa_id: waId }]);
    },
  );
});

describe('marking as read', () => {
  it('marks the message and all earlier ones, and shows a typing indicator for 25 seconds', async () => {
    const { id } = await sandbox.newCitizen();
    await writeIn(id);
    clock += 1_000;
    const last = String((await writeIn(id)).json['id']);
    const receipt = {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: last,
      typing_indicator: { type: 'text' },
    };
    expect(await sandbox.graph('POST', `/${phoneNumberId}/messages`, receipt)).toEqual({
      status: 200,
      json: { success: true },
    });
    const thread = await sandbox.control('GET', `/citizens/${id}/messages`);
    expect(thread.json).toMatchObject({
      citizen: { typing: true },
      messages: [{ readAt: expect.any(String) as string }, { readAt: expect.any(String) as string }],
    });
    clock += 25_000;
    expect((await sandbox.control('GET', `/citizens/${id}`)).json).toMatchObject({ typing: false });
  });

  it('of an unknown message is refused', async () => {
    const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.x' };
    expect(errorOf(await sandbox.graph('POST', `/${phoneNumberId}/messages`, receipt))).toMatchObject({
      code: 131009,
    });
  });
});
