import type { Connection } from 'mongoose';
import { type CaseErasure, modelOf, type Stored } from './case-erasure';
import type { Citizen, CitizenRecords } from './citizen-records';
import type { IdentityRecords } from './identity-records';

export type PersonErasure = ReturnType<typeof personErasure>;

/** The records of a person outside of cases, by collection. */
type PersonCounts = Record<
  'messages' | 'inbox' | 'outbox' | 'dead-letters' | 'blocks' | 'block-acts',
  number
>;

const PAGE = 500;

/** Removes people. Their cases must have been anonymised before. */
export function personErasure(
  connection: Connection,
  {
    citizens,
    identities,
    ofCases,
  }: { citizens: CitizenRecords; identities: IdentityRecords; ofCases: CaseErasure },
) {
  /** Yields all documents of a collection by pages of `_id`. */
  async function* all(collection: string, fields: Record<string, 1>): AsyncGenerator<Stored> {
    const model = modelOf(connection, collection);
    let last: string | undefined;
    for (;;) {
      const page = await model
        .find(last === undefined ? {} : { _id: { $gt: last } }, fields)
        .sort({ _id: 1 })
        .limit(PAGE)
        .lean<Stored[]>();
      yield* page;
      last = page.at(-1)?._id;
      if (page.length < PAGE) return;
    }
  }

  const idsOf = async (collection: string, filter: Record<string, unknown>): Promise<string[]> =>
    (await modelOf(connection, collection).find(filter, { _id: 1 }).lean<Stored[]>()).map(({ _id }) => _id);

  /** Returns the ids of everything that names the person outside of cases. */
  async function found(citizen: Citizen): Promise<Record<keyof PersonCounts, string[]>> {
    const ids = [citizen.id, ...citizen.formerIds];
    const own = { citizenId: { $in: ids } };
    const [messages, inbox, acts] = await Promise.all(
      ['messages', 'inbox', 'block-acts'].map(collection => idsOf(collection, own)),
    );
    const said = new Set([...(messages ?? []), ...(inbox ?? [])]);
    const outbox: string[] = [];
    for await (const { _id, recipient } of all('outbox', { recipient: 1 })) {
      // Replies, and letters about a citizen without a case, carry the id of the message in their key.
      if (ids.includes(String(recipient)) || _id.split(':').some(part => said.has(part))) outbox.push(_id);
    }
    const names = [citizen.phone, citizen.bsuid].filter(name => name !== null);
    const deadLetters: string[] = [];
    for await (const { _id, payload } of all('dead-letters', { payload: 1 })) {
      if (names.some(name => String(payload).includes(name))) deadLetters.push(_id);
    }
    const blocks = await idsOf('blocks', { _id: { $in: ids } });
    return {
      messages: messages ?? [],
      inbox: inbox ?? [],
      outbox,
      'dead-letters': deadLetters,
      blocks,
      'block-acts': acts ?? [],
    };
  }

  /** Deletes identities and records of people. Idempotent; the records go last, because they hold the numbers. */
  async function forget(people: readonly Citizen[]): Promise<void> {
    const ids = people.flatMap(({ id, formerIds }) => [id, ...formerIds]);
    const stored = await citizens.model
      .find({ _id: { $in: ids } }, { phone: 1 })
      .lean<{ phone?: string | null }[]>();
    const free = await identities.forget(
      ids,
      stored.flatMap(({ phone }) => phone ?? []),
    );
    const former = await citizens.model.find({ phone: { $in: free } }, { _id: 1 }).lean<{ _id: string }[]>();
    for (const { _id } of former.filter(each => !ids.includes(each._id))) {
      await citizens.model.updateOne({ _id }, { $set: { phone: null } });
    }
    await ofCases.remove('citizens', ids);
  }

  return {
    forget,

    /** Yields the ids of all citizens. */
    async *citizenIds(): AsyncGenerator<string> {
      for await (const { _id } of all('citizens', { _id: 1 })) yield _id;
    },

    /** Yields the numbers of all cases. */
    async *caseNumbers(): AsyncGenerator<{ id: string; isAnonymous: boolean }> {
      for await (const { _id, intake } of all('cases', { 'intake.anonymisedAt': 1 })) {
        yield { id: _id, isAnonymous: Boolean((intake as { anonymisedAt?: Date }).anonymisedAt) };
      }
    },

    /** Returns how many records name a person outside of cases. Reads all letters; slow on the embedded store. */
    async counts(citizen: Citizen): Promise<PersonCounts> {
      const entries = Object.entries(await found(citizen)).map(([name, ids]) => [name, ids.length]);
      return Object.fromEntries(entries) as PersonCounts;
    },

    /** Deletes a person: messages, raw webhooks, letters, dead letters, blocks, identities. Idempotent. */
    async erase(citizen: Citizen): Promise<void> {
      const { messages, inbox, ...others } = await found(citizen);
      for (const [collection, ids] of Object.entries(others)) await ofCases.remove(collection, ids);
      // After the letters, whose keys lead to them.
      await ofCases.remove('messages', messages);
      await ofCases.remove('inbox', inbox);
      const ids = [citizen.id, ...citizen.formerIds];
      await Promise.all(['arrivals', 'merges'].map(collection => ofCases.remove(collection, ids)));
      await modelOf(connection, 'call-links').deleteMany({ 'wish.citizenId': { $in: ids } });
      await modelOf(connection, 'audit-trail').updateMany(
        { citizenId: { $in: ids } },
        { $set: { citizenId: null } },
      );
      await forget([citizen]);
    },
  };
}
