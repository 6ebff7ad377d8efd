import { openStore, type Store } from '../src/store/store';
import { deadLetterBody, replayDeadLetter } from '../src/whatsapp/dead-letters';
import { createIntake, type Intake } from '../src/whatsapp/intake';
import { parseWebhook } from '../src/whatsapp/payload';
import { hearingListeners } from './support/listeners';
import { testMongoUri } from './support/services';
import { phoneNumberId } from './support/webhook-bodies';

let store: Store;
let intake: Intake;
beforeEach(() => {
  store = openStore(testMongoUri('dead-letters'));
  intake = createIntake({
    store,
    phoneNumberId,
    gateway: hearingListeners(),
    log: { warn: () => undefined },
  });
});
afterEach(async () => {
  await intake.drain();
  await store.close();
});

const keep = async (reason: string, payload: string): Promise<string> => {
  await store.deadLetters.add({ id: 'd1', receivedAt: new Date(), reason, payload });
  return 'd1';
};
const replay = (id: string) => replayDeadLetter({ store, intake }, id);
const message = { from: '905321110000', id: 'wamid.1', type: 'text', text: { body: 'Merhaba' } };
const change = { field: 'messages', value: { messages: [message] } };

describe('a dead letter', () => {
  it.each<[reason: string, part: unknown]>([
    ['no-sender', message],
    ['too-deep', message],
    ['unknown-field', change],
    ['empty-value', change],
    ['no-changes', { changes: [change] }],
    ['no-entries', { entry: [{ changes: [change] }] }],
    ['not-json', { entry: [{ changes: [change] }] }],
  ])('with reason %s is processed once after the line can read it', async (reason, part) => {
    const id = await keep(reason, JSON.stringify(part));
    expect(await replay(id)).toBe('taken');
    expect(await replay(id)).toBe('taken');
    expect(await store.inbox.model.countDocuments()).toBe(1);
    expect((await store.deadLetters.get(id))?.replayedAt).toBeInstanceOf(Date);
  });

  it('with a status is processed as one', async () => {
    const id = await keep('no-status', JSON.stringify({ id: 'wamid.1', status: 'read' }));
    expect(await replay(id)).toBe('taken');
    expect(await store.deliveryStatuses.model.countDocuments()).toBe(1);
  });

  it.each([
    ['no-sender', JSON.stringify({ id: 'wamid.1', type: 'text' })],
    ['not-json', '{"entry":'],
    ['account-error', JSON.stringify({ code: 130429 })],
  ])('with reason %s remains while the line cannot read it', async (reason, payload) => {
    const id = await keep(reason, payload);
    expect(await replay(id)).toBe('unreadable');
    expect((await store.deadLetters.get(id))?.replayedAt).toBeNull();
  });

  it('that came too late cannot be replayed', async () => {
    expect(await replay(await keep('replay', JSON.stringify(message)))).toBe('forPeople');
  });

  it('that does not exist is an error', async () => {
    expect(await replay('none')).toBe('missing');
  });

  it('of every unreadable webhook is parsed like the original', async () => {
    const odd = { entry: [null, {}, { changes: [null, { field: 'x', value: { a: 1 } }, { value: {} }] }] };
    await intake(Buffer.from(JSON.stringify(odd)));
    const letters = await store.deadLetters.latest(10);
    expect(letters.length).toBeGreaterThanOrEqual(4);
    for (const letter of letters) {
      const body = deadLetterBody(letter);
      expect(body && parseWebhook(body)).toMatchObject([{ type: 'odd' }]);
    }
    expect(await store.deadLetters.latest(10, 'unknown-field')).toHaveLength(1);
  });
});
