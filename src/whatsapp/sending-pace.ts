import type { Store } from '../store/store';

/** Meta's limit for one citizen: a message in six seconds (Cloud API, pair rate limit). */
const SLOT_MS = 6_000;
/** So many messages may go out at once when the citizen got none lately: a question, its answer, an addition. */
const BURST = 4;
/** Further ahead no slot is taken: a message that comes so much too early asks again. */
const SLOTS_AHEAD = 20;

/** A message's turn: now or at a later moment; without a turn it asks again after `askAfterMs`. */
export type SendSlot = { at: Date } | { askAfterMs: number };

/**
 * The pace of messages to one citizen: one in six seconds on average, a few at once. Time is cut into slots; a
 * message takes the present one, an earlier one that was left free, or else the next to come. Workers share the pace,
 * since a slot is taken by inserting its record. Meta would allow 45 at once; the line never means to.
 */
export function createSendingPace(slots: Pick<Store['sendingSlots'], 'take'>) {
  return async (citizenId: string, now: Date): Promise<SendSlot> => {
    const present = Math.floor(now.getTime() / SLOT_MS);
    const startOf = (slot: number): Date => new Date(slot * SLOT_MS);
    for (let back = 0; back < BURST; back += 1) {
      if (await slots.take(citizenId, present - back, startOf(present - back))) return { at: now };
    }
    for (let ahead = 1; ahead <= SLOTS_AHEAD; ahead += 1) {
      const at = startOf(present + ahead);
      if (await slots.take(citizenId, present + ahead, at)) return { at };
    }
    return { askAfterMs: (SLOTS_AHEAD / 2) * SLOT_MS };
  };
}
