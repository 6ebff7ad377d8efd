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
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    /** For `number:…`: the holder's BSUID; empty after the holder changed to another number. */
    bsuid: String,
  },
  { collection: 'identities', versionKey: false },
).index({ citizenId: 1 });

/** Two citizens are one person, and the talk of the earlier id must still learn of it. */
export interface Merge {
  /** The id that points to another citizen now. */
  citizenId: string;
  receivedAt: Date;
}

const mergeSchema = new Schema(
  { _id: { type: String, required: true }, receivedAt: { type: Date, required: true } },
  { collection: 'merges', versionKey: false },
).index({ receivedAt: 1 });

export type MergeRecords = ReturnType<typeof mergeRecords>;

/** Merges that no talk has learned of yet. Nearly always empty. */
export function mergeRecords(connection: Connection) {
  const model = connection.model('Merge', mergeSchema);
  return {
    model,
    add: ({ citizenId, receivedAt }: Merge): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: citizenId as never, receivedAt })),

    async remove(citizenId: string): Promise<void> {
      await model.deleteOne({ _id: citizenId });
    },

    /** Returns merges stored between two times, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<Merge[]> {
      const found = await model
        .find({ receivedAt: { $gt: after, $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<{ _id: string; receivedAt: Date }[]>();
      return found.map(({ _id, receivedAt }) => ({ citizenId: _id, receivedAt }));
    },
  };
}

export type IdentityRecords = ReturnType<typeof identityRecords>;

/** The citizen records that an identity lookup needs. */
export interface KnownCitizens {
  /** Called before two citizens are merged, so that a reader of the remaining one also finds the other. */
  absorb: (kept: string, gone: string) => Promise<void>;
  /** Returns the latest BSUID of a citizen, or null. */
  bsuidOf: (citizenId: string) => Promise<string | null>;
}

/** A version 7 UUID (RFC 9562). It sorts by time, so that the older of two citizens remains. */
function freshCitizenId(at: Date): string {
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
 *
 * A BSUID identifies one person, but a phone number can be recycled. `number:<phone>:<citizen>` keeps the first BSUID
 * seen with a holder of the number, and `passed:<phone>:<citizen>` points to the next holder. A citizen holds a number
 * only once, so that a late redelivery does not return it to a former holder.
 */
export function identityRecords(connection: Connection) {
  const model = connection.model('Identity', schema);

  async function find(id: string): Promise<string | null> {
    const found = await model.findById(id).lean();
    return found?.citizenId ?? null;
  }

  const insert = (id: string, citizenId: string, bsuid?: string): Promise<boolean> =>
    insertOnce(() =>
      model.collection.insertOne({
        _id: id as never,
        citizenId,
        ...(bsuid !== undefined && { bsuid }),
      }),
    );

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
  async function merged(one: string, other: string, { absorb }: KnownCitizens): Promise<string> {
    for (;;) {
      const [a, b] = await Promise.all([currentOf(one), currentOf(other)]);
      if (a === b) return a;
      const [kept, gone] = a < b ? [a, b] : [b, a];
      await absorb(kept, gone);
      if (await insert(`merged:${gone}`, kept)) return kept;
    }
  }

  /** Returns all holders of a number, unresolved, the current one last. */
  async function holdersOf(phone: string): Promise<string[]> {
    const holders: string[] = [];
    for (let next = await find(`wa:${phone}`); next !== null; next = await find(`passed:${phone}:${next}`)) {
      holders.push(next);
    }
    return holders;
  }

  /** Whether the holder of a number has a different BSUID. A holder without a BSUID gets this one. */
  async function isBoundToAnother(
    phone: string,
    holder: string,
    bsuid: string,
    { bsuidOf }: KnownCitizens,
  ): Promise<boolean> {
    const id = `number:${phone}:${holder}`;
    const bound = await model.findById(id).lean();
    // Records from before this rule have the BSUID in the citizen record only.
    const known = bound ? bound.bsuid : await bsuidOf(holder);
    if (known !== null && known !== undefined) return known !== bsuid;
    if (await insert(id, holder, bsuid)) return false;
    return (await model.findById(id).lean())?.bsuid !== bsuid;
  }

  /** Whether the holder of a number has a BSUID or gave the number up. */
  async function isBound(phone: string, holder: string, { bsuidOf }: KnownCitizens): Promise<boolean> {
    const bound = await model.findById(`number:${phone}:${holder}`, { _id: 1 }).lean();
    return bound !== null || (await bsuidOf(holder)) !== null;
  }

  /** Returns the citizen of a known BSUID or number, else null. */
  async function known({ bsuid, phone }: Sender, citizens: KnownCitizens): Promise<string | null> {
    const byUserId = bsuid === null ? null : await find(`bsuid:${bsuid}`);
    if (byUserId !== null || phone === null) return byUserId;
    const holder = (await holdersOf(phone)).at(-1) ?? null;
    if (holder === null || bsuid === null) return holder;
    return (await isBoundToAnother(phone, holder, bsuid, citizens)) ? null : holder;
  }

  /** Points a number to a citizen. Returns that citizen, which differs if it was merged with the holder. */
  async function withNumber(
    citizenId: string,
    { bsuid, phone }: { bsuid: string | null; phone: string },
    citizens: KnownCitizens,
    isPresent: boolean,
  ): Promise<string> {
    // Insert the BSUID first: a concurrent lookup that finds the number must find its BSUID.
    if (bsuid !== null && (await find(`wa:${phone}`)) === null) {
      await insert(`number:${phone}:${citizenId}`, citizenId, bsuid);
    }
    await claim(`wa:${phone}`, citizenId);
    for (;;) {
      const holders = await holdersOf(phone);
      const currents = await Promise.all(holders.map(currentOf));
      const present = await currentOf(citizenId);
      const holder = holders.at(-1) ?? citizenId;
      if (currents.includes(present)) return present;
      const isAnother =
        bsuid === null
          ? isPresent && (await isBound(phone, holder, citizens))
          : await isBoundToAnother(phone, holder, bsuid, citizens);
      if (!isAnother) return merged(present, holder, citizens);
      if (!isPresent) return present;
      if (bsuid !== null) await insert(`number:${phone}:${present}`, present, bsuid);
      if (await insert(`passed:${phone}:${holder}`, present)) return present;
    }
  }

  /** Takes erased people out of the holders of a number. If one of them holds it now, nobody holds it afterwards. */
  async function forgetNumber(phone: string, gone: ReadonlySet<string>): Promise<void> {
    const holders = await holdersOf(phone);
    const current = holders.at(-1);
    if (current === undefined || gone.has(current)) {
      await model.deleteMany({ _id: { $in: [`wa:${phone}`] } });
      for (const kind of ['number', 'passed']) {
        await model.deleteMany({ _id: { $gte: `${kind}:${phone}:`, $lt: `${kind}:${phone};` } });
      }
      return;
    }
    // Relink before deleting: a concurrent look-up must never find a former holder as the current one.
    const left = holders.filter(holder => !gone.has(holder));
    let link = `wa:${phone}`;
    for (const holder of left) {
      await model.updateOne({ _id: link }, { $set: { citizenId: holder } });
      link = `passed:${phone}:${holder}`;
    }
    const dead = [...gone].flatMap(holder => [`passed:${phone}:${holder}`, `number:${phone}:${holder}`]);
    await model.deleteMany({ _id: { $in: dead } });
  }

  return {
    model,
    currentOf,

    /** Whether a BSUID points to a citizen. */
    isKnown: async (bsuid: string): Promise<boolean> => (await find(`bsuid:${bsuid}`)) !== null,

    /** Returns the current holder of a phone number (digits with country code), or null. */
    async holderOf(phone: string): Promise<string | null> {
      const holder = (await holdersOf(phone)).at(-1);
      return holder === undefined ? null : currentOf(holder);
    },

    /**
     * Deletes all identities of erased people, so that the next message of one of them comes from a stranger. `phones`
     * are the numbers in their records. Returns the numbers that nobody holds afterwards. Idempotent.
     */
    async forget(citizenIds: readonly string[], phones: readonly string[]): Promise<string[]> {
      const found = await model.find({ citizenId: { $in: citizenIds } }, { _id: 1 }).lean();
      const named = found.flatMap(({ _id }) => /^(?:wa|number|passed):(\d+)/.exec(_id)?.[1] ?? []);
      const numbers = [...new Set([...phones, ...named])];
      const gone = new Set(citizenIds);
      for (const phone of numbers) await forgetNumber(phone, gone);
      await model.deleteMany({ citizenId: { $in: citizenIds } });
      const holders = await Promise.all(numbers.map(phone => find(`wa:${phone}`)));
      return numbers.filter((_, place) => holders[place] === null);
    },

    /** Whether a number still belongs to a citizen. `ids` are the current id and then the earlier ones. */
    async holds(ids: readonly string[], phone: string): Promise<boolean> {
      const next = await Promise.all(ids.map(id => find(`passed:${phone}:${id}`)));
      if (next.every(holder => holder === null)) return true;
      const holder = (await holdersOf(phone)).at(-1);
      return holder !== undefined && (await currentOf(holder)) === ids[0];
    },

    /** Records that a citizen changed to another number: the next BSUID with the old one is another person. */
    async giveUp(citizenId: string, phone: string): Promise<void> {
      const holder = (await holdersOf(phone)).at(-1);
      if (holder !== undefined && (await currentOf(holder)) === citizenId) {
        await insert(`number:${phone}:${holder}`, holder, '');
      }
    },

    /**
     * Returns the citizen of a sender, created on first contact. The first of `senders` has the current names, the
     * others the earlier names of the same person. Afterwards all names point to one citizen; if they pointed to
     * several, those are merged. Exception: a number seen with another BSUID before was recycled, and its former
     * holder loses it. A citizen known by number only gets the first BSUID seen with that number.
     */
    async citizenOf(senders: readonly Sender[], citizens: KnownCitizens, now: Date): Promise<string> {
      let citizenId = freshCitizenId(now);
      for (const sender of senders) {
        const found = await known(sender, citizens);
        if (found !== null) {
          citizenId = found;
          break;
        }
      }
      let isFirst = true;
      for (const { bsuid } of senders) {
        if (bsuid === null) continue;
        const owner = await claim(`bsuid:${bsuid}`, citizenId);
        // The first name decides. If another name was taken meanwhile, the new citizen is merged with its owner.
        citizenId = owner === citizenId || isFirst ? owner : await merged(citizenId, owner, citizens);
        isFirst = false;
      }
      for (const [place, { bsuid, phone }] of senders.entries()) {
        if (phone === null) continue;
        if (isFirst && (await claim(`wa:${phone}`, citizenId)) !== citizenId) {
          citizenId = (await holdersOf(phone)).at(-1) ?? citizenId;
        }
        isFirst = false;
        citizenId = await withNumber(citizenId, { bsuid, phone }, citizens, place === 0);
      }
      return currentOf(citizenId);
    },
  };
}
