import fc from 'fast-check';
import { openStore, type Store } from '../src/store/store';
import { createCitizenCache } from '../src/whatsapp/intake';
import type { Sender } from '../src/store/identity-records';
import { testMongoUri } from './support/services';
import { amount } from './support/proving';

let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('identities'));
});
afterAll(() => store.close());

const by = (phone: string | null, bsuid: string | null): Sender => ({ phone, bsuid });
/** Looks up citizens like a separate process, without a shared cache. */
const process = (now = new Date()) => createCitizenCache(store, () => now);

/** Returns the citizen that each name resolves to. */
async function ends(senders: readonly Sender[]): Promise<string[]> {
  const found = await Promise.all(senders.map(sender => process()([sender])));
  return [...new Set(found)];
}

let person = 0;
const freshNames = (): { phone: string; bsuid: string } => {
  person += 1;
  return { phone: `9053${String(person).padStart(8, '0')}`, bsuid: `TR.p${person}` };
};

test.each<[string, (names: { phone: string; bsuid: string }) => Sender[]]>([
  ['phone alone and both', ({ phone, bsuid }) => [by(phone, null), by(phone, bsuid)]],
  ['user id alone and both', ({ phone, bsuid }) => [by(null, bsuid), by(phone, bsuid)]],
  ['each alone and both', ({ phone, bsuid }) => [by(phone, null), by(null, bsuid), by(phone, bsuid)]],
  ['both, twice', ({ phone, bsuid }) => [by(phone, bsuid), by(phone, bsuid)]],
])('first messages at once by %s make one citizen', async (_, sendersOf) => {
  for (let round = 0; round < 10; round += 1) {
    const senders = sendersOf(freshNames());
    await Promise.all([...senders, ...senders].map(sender => process()([sender])));
    expect(await ends(senders)).toHaveLength(1);
  }
});

test('names that are paired in any order, or concurrently, lead to one citizen', async () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 8 }), async pairs => {
      person += 10;
      const name = (index: number): Sender =>
        index % 2 === 0
          ? by(`9054${String(person + index).padStart(8, '0')}`, null)
          : by(null, `TR.q${person + index}`);
      await Promise.all(pairs.map(([a, b]) => process()([name(a), name(b)])));
      const group = Array.from({ length: 6 }, (_, index) => index);
      for (let again = 0; again < 6; again += 1)
        for (const [a, b] of pairs) group.forEach((of, at) => (group[at] = of === group[a] ? group[b]! : of));
      for (const root of new Set(pairs.flat().map(index => group[index]))) {
        const members = group.flatMap((of, index) => (of === root ? [name(index)] : []));
        expect(await ends(members)).toHaveLength(1);
      }
    }),
    { numRuns: amount({ proof: 200, test: 15 }) },
  );
}, 120_000);

test('the remaining citizen has the data of both', async () => {
  const { phone, bsuid } = freshNames();
  const first = await process()([by(phone, null)]);
  await store.citizens.seen(first, {
    phone,
    bsuid: null,
    profileName: 'Ayşe',
    language: null,
    at: new Date(1_000),
  });
  await store.citizens.caseOpened(
    first,
    { caseNumber: 'PK-0000-0001', openedAt: new Date(1_000) },
    { noticeGivenAt: new Date(1_000), noticeVersion: 'v1' },
  );
  const second = await process()([by(null, bsuid)]);
  await store.citizens.seen(second, {
    phone: null,
    bsuid,
    profileName: null,
    language: null,
    at: new Date(2_000),
  });
  await store.citizens.caseOpened(second, { caseNumber: 'PK-0000-0002', openedAt: new Date(2_000) }, null);
  const now = await process()([by(phone, bsuid)]);
  for (const id of [first, second, now]) {
    expect(await store.citizens.get(id)).toMatchObject({
      id: now,
      phone,
      bsuid,
      profileName: 'Ayşe',
      lastInboundAt: new Date(2_000),
      noticeGivenAt: new Date(1_000),
      noticeVersion: 'v1',
      cases: [{ caseNumber: 'PK-0000-0001' }, { caseNumber: 'PK-0000-0002' }],
    });
  }
});

test('the older citizen remains, and a citizen needs no phone number', async () => {
  const { phone, bsuid } = freshNames();
  const first = await process()([by(null, bsuid)]);
  await store.citizens.seen(first, { phone: null, bsuid, profileName: null, language: null, at: new Date() });
  expect(await store.citizens.get(first)).toMatchObject({ phone: null, bsuid });
  await process(new Date(Date.now() + 1_000))([by(phone, null)]);
  expect(await process()([by(phone, bsuid)])).toBe(first);
});
