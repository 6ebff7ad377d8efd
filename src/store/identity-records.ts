import { randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** Meta's ids of a sender: business-scoped user id, phone number, or both. */
export interface Sender {
  bsuid: string | null;
  /** Digits with country code, without a plus sign. */
  phone: string | null;
}

const schema = new Schema(
  { _id: { type: String, required: true }, citizenId: { type: String, required: true } },
  { collection: 'identities', versionKey: false },
);

export type IdentityRecords = ReturnType<typeof identityRecords>;

/** Called before two citizens are merged, so that a reader of the remaining one also finds the other. */
export type Absorb = (kept: string, gone: string) => Promise<void>;

/** A version 7 UUID (RFC 9562). It sorts by time, so that the older of two citizens remains. */
export function freshCitizenId(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(10);
  random.writeUInt8(0x70 | (random.readUInt8(0) & 0x0f), 0);
  random.writeUInt8(0x80 | (random.readUInt8(2) & 0x3f), 2);
  const digits = time + random.toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Identities, insert-only: `bsuid:…` and `wa:…` point to a citizen, `merged:<citizen>` to the citizen it was merged
 * into. A pointer never changes and always leads to a smaller id. So there are no cycles, and concurrent merges of
 * the same people give the same result in any order.
 */
export function identityRecords(connection: Connection) {
  const model = connection.model('Identity', schema);

  async function find(id: string): Promise<string | null> {
    const found = await model.findById(id).lean();
    return found?.citizenId ?? null;
  }

  const insert = (id: string, citizenId: string): Promise<boolean> =>
    insertOnce(() => model.collection.insertOne({ _id: id as never, citizenId }));

  /** Points a name to a citizen. Returns the citizen it points to, which differs if the name was taken. */
  async function claim(name: string, citizenId: string): Promise<string> {
    return (await insert(name, citizenId)) ? citizenId : ((await find(name)) ?? citizenId);
  }

  /** Returns the citizen this one was merged into, or itself. */
  async function currentOf(citizenId: string): Promise<string> {
    let current = citizenId;
    for (let next = await find(`merged:${current}`); next !== null; next = await find(`merged:${current}`)) {
      current = next;
    }
    return current;
  }

  /** Merges two citizens. Returns the remaining one. */
  async function merged(one: string, other: string, absorb: Absorb): Promise<string> {
    for (;;) {
      const [a, b] = await Promise.all([currentOf(one), currentOf(other)]);
      if (a === b) return a;
      const [kept, gone] = a < b ? [a, b] : [b, a];
      await absorb(kept, gone);
      if (await insert(`merged:${gone}`, kept)) return kept;
    }
  }

  return {
    model,
    currentOf,

    /**
     * Returns the citizen of a sender, created on first contact. Afterwards all given names point to one citizen; if
     * they pointed to several, those are merged.
     */
    async citizenOf(senders: readonly Sender[], absorb: Absorb, now: Date): Promise<string> {
      const names = [
        ...senders.flatMap(({ bsuid }) => (bsuid ? [`bsuid:${bsuid}`] : [])),
        ...senders.flatMap(({ phone }) => (phone ? [`wa:${phone}`] : [])),
      ];
      const found = await Promise.all(names.map(find));
      let citizenId = found.find(citizen => citizen !== null) ?? freshCitizenId(now);
      for (const [place, name] of names.entries()) {
        const owner = found[place] ?? (await claim(name, citizenId));
        // The first name decides. If another name was taken meanwhile, the new citizen is merged with its owner.
        citizenId = owner === citizenId || place === 0 ? owner : await merged(citizenId, owner, absorb);
      }
      return currentOf(citizenId);
    },
  };
}
