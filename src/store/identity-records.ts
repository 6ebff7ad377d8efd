import { randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** How Meta names a sender: by business-scoped user id, by phone number, or both. */
export interface Sender {
  bsuid: string | null;
  /** Digits with country code, no plus. */
  phone: string | null;
}

const schema = new Schema(
  { _id: { type: String, required: true }, citizenId: { type: String, required: true } },
  { collection: 'identities', versionKey: false },
);

export type IdentityRecords = ReturnType<typeof identityRecords>;

/** Told before two citizens become one, so that whoever reads the one that stays also finds the other. */
export type Absorb = (kept: string, gone: string) => Promise<void>;

/** A version 7 UUID (RFC 9562): it sorts by time, so that of two citizens the older one stays. */
export function freshCitizenId(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(10);
  random.writeUInt8(0x70 | (random.readUInt8(0) & 0x0f), 0);
  random.writeUInt8(0x80 | (random.readUInt8(2) & 0x3f), 2);
  const digits = time + random.toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Who is who, in inserts alone: `bsuid:…` and `wa:…` lead to a citizen, `merged:<citizen>` to the one that it has
 * become part of. A pointer always leads to a smaller id and is never changed, so that there are no circles, and two
 * processes that join the same people at once end with the same result, whatever the order of their inserts.
 */
export function identityRecords(connection: Connection) {
  const model = connection.model('Identity', schema);

  async function find(id: string): Promise<string | null> {
    const found = await model.findById(id).lean();
    return found?.citizenId ?? null;
  }

  const insert = (id: string, citizenId: string): Promise<boolean> =>
    insertOnce(() => model.collection.insertOne({ _id: id as never, citizenId }));

  /** Lets a name lead to a citizen; returns the one it leads to, which is another when it was taken. */
  async function claim(name: string, citizenId: string): Promise<string> {
    return (await insert(name, citizenId)) ? citizenId : ((await find(name)) ?? citizenId);
  }

  /** The citizen that this one has become part of, itself when it was never merged. */
  async function currentOf(citizenId: string): Promise<string> {
    let current = citizenId;
    for (let next = await find(`merged:${current}`); next !== null; next = await find(`merged:${current}`)) {
      current = next;
    }
    return current;
  }

  /** Makes two citizens one; returns the one that stays. */
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
     * The citizen behind a sender, made on first contact. All given names lead to one citizen afterwards; where they
     * led to several, these become one.
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
        // The first name of a new citizen decides; a later one that was taken meanwhile joins its owner.
        citizenId = owner === citizenId || place === 0 ? owner : await merged(citizenId, owner, absorb);
      }
      return currentOf(citizenId);
    },
  };
}
