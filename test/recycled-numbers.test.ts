import { statusAnswer } from '../activities/status-answer';
import type { Deps } from '../activities/deps';
import { loadMunicipality } from '../src/config/municipality';
import { createTexts } from '../src/config/texts';
import type { Sender } from '../src/store/identity-records';
import { openStore, type Store } from '../src/store/store';
import { createCitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { createCitizenCache, createIntake } from '../src/whatsapp/intake';
import { hearingListeners } from './support/listeners';
import { noUploads, openGate } from './support/sending';
import { testMongoUri } from './support/services';
import { messagesBody, phoneNumberId, textMessage } from './support/webhook-bodies';

let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('recycled'));
});
afterAll(() => store.close());

/** Looks up a citizen like a separate process. */
const citizenOf = (...senders: Sender[]): Promise<string> =>
  createCitizenCache(store, () => new Date())(senders);
const by = (phone: string | null, bsuid: string | null): Sender => ({ phone, bsuid });
async function writes(sender: Sender): Promise<string> {
  const id = await citizenOf(sender);
  await store.citizens.seen(id, { ...sender, profileName: null, language: null, at: new Date() });
  return id;
}

let person = 0;
const fresh = (): { phone: string; one: string; two: string } => {
  person += 1;
  return { phone: `9055${String(person).padStart(8, '0')}`, one: `TR.one${person}`, two: `TR.two${person}` };
};
const phoneOf = async (id: string): Promise<string | null> => (await store.citizens.get(id))?.phone ?? null;

describe('a number with another user id', () => {
  it('belongs to a new citizen, and the former one loses it', async () => {
    const { phone, one, two } = fresh();
    const former = await writes(by(phone, one));
    const present = await writes(by(phone, two));
    expect(present).not.toBe(former);
    expect([await phoneOf(former), await phoneOf(present)]).toEqual([null, phone]);
    expect(await citizenOf(by(phone, null))).toBe(present);
    expect(await citizenOf(by(null, one))).toBe(former);
    expect(await citizenOf(by(null, two))).toBe(present);
  });

  it('is not returned by a late old message', async () => {
    const { phone, one, two } = fresh();
    const former = await writes(by(phone, one));
    const present = await writes(by(phone, two));
    expect(await writes(by(phone, one))).toBe(former);
    expect([await phoneOf(former), await phoneOf(present)]).toEqual([null, phone]);
    expect(await citizenOf(by(phone, null))).toBe(present);
  });

  it('can pass from owner to owner', async () => {
    const { phone, one, two } = fresh();
    const owners = [
      await writes(by(phone, one)),
      await writes(by(phone, two)),
      await writes(by(phone, `${two}x`)),
    ];
    expect(new Set(owners).size).toBe(3);
    expect(await Promise.all(owners.map(phoneOf))).toEqual([null, null, phone]);
  });

  it('is recognised by older records, from before user ids were bound to numbers', async () => {
    const { phone, one, two } = fresh();
    const former = await writes(by(phone, one));
    await store.identities.model.deleteOne({ _id: `number:${phone}:${former}` });
    expect(await writes(by(phone, two))).not.toBe(former);
    expect(await phoneOf(former)).toBeNull();
  });

  it('belongs to the same person if a notice says so, before or after', async () => {
    const before = fresh();
    const known = await writes(by(before.phone, before.one));
    expect(await citizenOf(by(null, before.two), by(null, before.one))).toBe(known);
    expect(await writes(by(before.phone, before.two))).toBe(known);
    expect(await phoneOf(known)).toBe(before.phone);

    const after = fresh();
    const first = await writes(by(after.phone, after.one));
    const second = await writes(by(after.phone, after.two));
    const merged = await citizenOf(by(after.phone, after.two), by(after.phone, after.one));
    expect(await Promise.all([first, second].map(id => store.identities.currentOf(id)))).toEqual([
      merged,
      merged,
    ]);
    expect(await phoneOf(first)).toBe(after.phone);
  });

  it('leads to two new citizens even if both write concurrently for the first time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { phone, one, two } = fresh();
      await Promise.all([one, two, one, two].map(bsuid => citizenOf(by(phone, bsuid))));
      const [first, second] = [await citizenOf(by(null, one)), await citizenOf(by(null, two))];
      expect(first).not.toBe(second);
      expect([first, second]).toContain(await citizenOf(by(phone, null)));
    }
  });

  it('belongs to somebody else after its citizen has changed to another number', async () => {
    const { phone, one, two } = fresh();
    const intake = createIntake({
      store,
      phoneNumberId,
      gateway: hearingListeners(),
      log: { warn: jest.fn() },
    });
    const mover = await writes(by(phone, null));
    const system = { type: 'user_changed_number', new_wa_id: `${phone}9` };
    await intake(messagesBody(textMessage({ from: phone, type: 'system', text: undefined, system })));
    await intake.drain();
    expect(await citizenOf(by(`${phone}9`, one))).toBe(mover);
    expect(await citizenOf(by(phone, two))).not.toBe(mover);
  });
});

describe('a citizen known by number only', () => {
  it('gets the first user id seen with the number, but no second one', async () => {
    const { phone, one, two } = fresh();
    const citizen = await writes(by(phone, null));
    expect(await writes(by(phone, one))).toBe(citizen);
    expect(await writes(by(phone, two))).not.toBe(citizen);
    expect(await citizenOf(by(null, one))).toBe(citizen);
  });
});

describe('the new owner of a number', () => {
  it('sees no case of the former one, and gets none of its messages', async () => {
    const { phone, one, two } = fresh();
    const former = await writes(by(phone, one));
    await store.citizens.caseOpened(former, { caseNumber: 'PK-0000-0001', openedAt: new Date() }, null);
    const present = await store.citizens.get(await writes(by(phone, two)));
    if (!present) throw new Error('no citizen');
    const municipality = loadMunicipality('config/etimesgut');
    const say = createTexts(municipality);
    const deps = { store, municipality, say, now: () => new Date() } as unknown as Deps;
    const asked = {
      kind: 'status' as const,
      messages: [],
      caseNumber: null,
      alike: [],
      question: null,
      matters: null,
      subject: null,
      answer: null,
    };
    const answer = await statusAnswer(deps, { ...asked, citizen: present, language: 'tr' });
    expect(JSON.stringify(answer)).not.toContain('PK-0000-0001');

    const sent: Sender[] = [];
    const graph = { upload: noUploads, send: async (to: Sender) => (sent.push(to), `wamid.${sent.length}`) };
    const outbox = createCitizenOutbox({ store, graph, gate: openGate });
    const content = { type: 'text', body: 'Sonuç' } as const;
    await outbox.send({ key: 'PK-0000-0001:1', citizenId: former, caseNumber: 'PK-0000-0001', content });
    expect(sent).toEqual([expect.objectContaining({ phone: null, bsuid: one })]);
  });
});
