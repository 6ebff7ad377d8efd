import { openStore, type Store } from '../src/store/store';
import { createIntake } from '../src/whatsapp/intake';
import { hearingListeners } from './support/listeners';
import { testMongoUri } from './support/services';
import { bodyOf, deliveredBy, textMessage, phoneNumberId } from './support/webhook-bodies';

const gateway = hearingListeners();
let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('batch'));
});
afterAll(() => store.close());

const change = (value: unknown): unknown => ({ field: 'messages', value });
const several = <T>(count: number, each: (place: number) => T): T[] =>
  Array.from({ length: count }, (_, place) => each(place));

const seconds = Math.floor(Date.now() / 1_000);
/** A message of one of forty people. */
const message = (place: number, parts: object = {}): Record<string, unknown> =>
  textMessage({ id: `wamid.${place}`, from: `9053230000${String(place % 40).padStart(2, '0')}`, ...parts });
const status = (place: number): object => ({
  id: `wamid.out.${place}`,
  status: 'delivered',
  timestamp: seconds,
});

/** A body with 1,000 items: 810 messages of which 20 are repeated, 160 statuses, and unusable items. */
const body = bodyOf({
  object: 'whatsapp_business_account',
  entry: [
    {
      changes: [
        change({ contacts: null, messages: several(400, place => message(place)) }),
        change({
          contacts: [null, { wa_id: '905323000001', user_id: 'TR.batch1', profile: null }],
          messages: several(200, place => message(400 + place, { timestamp: seconds })),
          statuses: several(80, status),
        }),
        null,
      ],
    },
    null,
    {
      changes: [
        change({ messages: several(100, place => message(600 + place, { type: undefined })) }),
        change({ statuses: [...several(80, place => status(80 + place)), null, {}], messages: null }),
      ],
    },
    {
      changes: [
        change({
          messages: [
            ...several(90, place =>
              message(700 + place, { from: undefined, from_user_id: `TR.b${place % 9}` }),
            ),
            ...several(20, place => message(place)),
            ...several(12, () => null),
            ...several(12, place => message(0, { id: undefined, text: { body: `kimliksiz ${place}` } })),
          ],
        }),
        { field: 'field_of_the_future', value: { event: 'VERIFIED_ACCOUNT' } },
      ],
    },
  ],
});

test('a body of a thousand items, delivered twice, leaves one record per item', async () => {
  const intake = createIntake({ store, phoneNumberId, gateway, log: { warn: jest.fn() } });
  await deliveredBy(intake, body);
  await deliveredBy(intake, body);
  await intake.drain();

  expect(await store.inbox.model.countDocuments()).toBe(790);
  expect(await store.inbox.model.countDocuments({ handedOver: false })).toBe(0);
  expect(await store.deliveryStatuses.model.countDocuments()).toBe(160);
  expect(new Set(gateway.told).size).toBe(790);
  expect(gateway.told).toHaveLength(790);
  const letters = await store.deadLetters.model.find().lean();
  const reasons = letters.map(({ reason }) => reason);
  expect(reasons.filter(reason => reason === 'no-id')).toHaveLength(13);
  expect(new Set(reasons)).toEqual(new Set(['no-id', 'not-an-object', 'unknown-field']));
  const people = await store.identities.model.find({ _id: /^(wa|bsuid):/ }).lean();
  expect(people).toHaveLength(40 + 9 + 1);
}, 240_000);
