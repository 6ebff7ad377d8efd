import { openStore, type Store } from '../src/store/store';
import { createCitizenCache, createIntake } from '../src/whatsapp/intake';
import { hearingListeners } from './support/listeners';
import { testMongoUri } from './support/services';
import { messagesBody, phoneNumberId, textMessage } from './support/webhook-bodies';

let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('shared-number'));
});
afterAll(() => store.close());

const citizenOf = (phone: string | null, bsuid: string | null): Promise<string> =>
  createCitizenCache(store, () => new Date())([{ phone, bsuid }]);

let person = 0;
/** Two people: one known by an earlier number only, and one with a username. */
async function twoNames(): Promise<{ phone: string; bsuid: string; byPhone: string; byUserId: string }> {
  person += 1;
  const [phone, bsuid] = [`9056${String(person).padStart(8, '0')}`, `TR.s${person}`];
  const intake = intakeOf();
  await intake(messagesBody(textMessage({ from: phone })));
  await intake(messagesBody(textMessage({ from: undefined, from_user_id: bsuid })));
  return { phone, bsuid, byPhone: await citizenOf(phone, null), byUserId: await citizenOf(null, bsuid) };
}

const intakeOf = () =>
  createIntake({ store, phoneNumberId, gateway: hearingListeners(), log: { warn: jest.fn() } });

const card = (phone: string, parts: object = {}): object => ({
  name: { formatted_name: 'Ayşe Yılmaz' },
  phones: [{ phone: `+${phone}`, wa_id: phone, type: 'CELL' }],
  origin: 'contact_request',
  ...parts,
});

const contacts = (bsuid: string, cards: object[], parts: object = {}): Record<string, unknown> =>
  textMessage({
    from: undefined,
    from_user_id: bsuid,
    ...{ type: 'contacts', text: undefined, contacts: cards },
    ...parts,
  });

test('a number shared by its owner on request links both names to one citizen', async () => {
  const { phone, bsuid, byPhone, byUserId } = await twoNames();
  expect(byPhone).not.toBe(byUserId);
  await intakeOf()(messagesBody(contacts(bsuid, [card(phone)])));
  const now = await citizenOf(null, bsuid);
  expect(await citizenOf(phone, null)).toBe(now);
  expect(await Promise.all([byPhone, byUserId].map(id => store.identities.currentOf(id)))).toEqual([
    now,
    now,
  ]);
});

test('a number without wa_id is read as it is written', async () => {
  const { phone, bsuid } = await twoNames();
  const written = `+90 ${phone.slice(2, 5)} ${phone.slice(5, 8)} ${phone.slice(8)}`;
  await intakeOf()(messagesBody(contacts(bsuid, [card(phone, { phones: [{ phone: written }] })])));
  expect(await citizenOf(null, bsuid)).toBe(await citizenOf(phone, null));
});

test.each<[string, (phone: string) => [object[], object?]]>([
  ['a card from the address book', phone => [[card(phone, { origin: 'other' })]]],
  ['a card of an older payload without origin', phone => [[card(phone, { origin: undefined })]]],
  ['several cards', phone => [[card(phone), card(`${phone}1`)]]],
  ['a card with several numbers', phone => [[card(phone, { phones: [{ wa_id: phone }, { wa_id: '1' }] })]]],
  ['a forwarded card', phone => [[card(phone)], { context: { forwarded: true } }]],
  ['a card without a number', () => [[card('', { phones: [] })]]],
])('%s does not link', async (_, messageOf) => {
  const { phone, bsuid, byPhone, byUserId } = await twoNames();
  const [cards, parts = {}] = messageOf(phone);
  await intakeOf()(messagesBody(contacts(bsuid, cards, parts)));
  expect(await citizenOf(phone, null)).toBe(byPhone);
  expect(await citizenOf(null, bsuid)).toBe(byUserId);
});

test('a recycled number does not link its present owner with the former one', async () => {
  const { phone, bsuid } = await twoNames();
  const former = await citizenOf(phone, `${bsuid}former`);
  await intakeOf()(messagesBody(contacts(bsuid, [card(phone)])));
  const present = await citizenOf(null, bsuid);
  expect(present).not.toBe(former);
  expect(await citizenOf(phone, null)).toBe(present);
  expect(await citizenOf(null, `${bsuid}former`)).toBe(former);
});
