import { SECOND_MS } from '../src/domain/durations';
import { openStore, type Store } from '../src/store/store';
import { createSendingPace } from '../src/whatsapp/citizen-outbox';
import { testMongoUri } from './support/services';

const start = new Date('2026-11-24T09:00:00Z').getTime();

let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('pace'));
});
afterAll(() => store.close());

/**
 * Returns the send times of `count` messages in seconds after the first, if two workers get all of them at
 * once.
 */
async function turns(citizenId: string, count: number, at = start): Promise<number[]> {
  const workers = [createSendingPace(store.sendingSlots), createSendingPace(store.sendingSlots)] as const;
  const given = await Promise.all(
    Array.from({ length: count }, (_, place) => workers[place % 2 === 0 ? 0 : 1](citizenId, new Date(at))),
  );
  return given
    .map(turn => ('at' in turn ? (turn.at.getTime() - start) / SECOND_MS : Infinity))
    .sort((a, b) => a - b);
}

describe('messages to one citizen', () => {
  it('are sent immediately while few, then one in six seconds, with any number of workers', async () => {
    expect(await turns('c-1', 8)).toEqual([0, 0, 0, 0, 6, 12, 18, 24]);
  });

  it('leave no record of old slots', async () => {
    await turns('c-old', 2, start);
    await turns('c-late', 2, start + 600 * SECOND_MS);
    await store.sendingSlots.forgetBefore(new Date(start + 300 * SECOND_MS));
    const left = await store.sendingSlots.model.find({}, { _id: 1 }).lean();
    expect(left.map(({ _id }) => _id.split(':')[0])).toEqual(['c-late', 'c-late']);
  });

  it('may be a burst again after a pause', async () => {
    await turns('c-2', 4);
    expect(await turns('c-2', 2, start + 60 * SECOND_MS)).toEqual([60, 60]);
  });

  it('are at most one in six seconds on average, in any pattern', async () => {
    const out: number[] = [];
    for (let minute = 0; minute < 3; minute += 1) {
      for (let second = 0; second < 60; second += 5) {
        out.push(...(await turns('c-3', 2, start + (minute * 60 + second) * SECOND_MS)));
      }
      const sent = out.filter(at => at < (minute + 1) * 60).length;
      expect(sent).toBeLessThanOrEqual(10 * (minute + 1) + 4);
    }
  });

  it('are retried later when the slots of two minutes are taken', async () => {
    const out = await turns('c-4', 30);
    expect(out.filter(at => at === Infinity)).toHaveLength(6);
    expect(Math.max(...out.filter(at => at !== Infinity))).toBe(120);
  });

  it('do not wait for messages to others', async () => {
    await turns('c-5', 20);
    expect(await turns('c-6', 1)).toEqual([0]);
  });
});
