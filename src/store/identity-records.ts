import { randomUUID } from 'node:crypto';
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

export function identityRecords(connection: Connection) {
  const model = connection.model('Identity', schema);

  async function find(id: string): Promise<string | null> {
    const found = await model.findById(id).lean();
    return found?.citizenId ?? null;
  }

  const link = (id: string, citizenId: string): Promise<boolean> =>
    insertOnce(() => model.collection.insertOne({ _id: id as never, citizenId }));

  return {
    model,
    /**
     * The citizen behind a sender, made on first contact. Both names lead to one citizen; when two first messages
     * arrive at once the unique `_id` lets one of them win and the other follows it.
     */
    async citizenOf({ bsuid, phone }: Sender): Promise<string> {
      const names = [...(bsuid ? [`bsuid:${bsuid}`] : []), ...(phone ? [`wa:${phone}`] : [])];
      const found = await Promise.all(names.map(find));
      const known = found.find(citizen => citizen !== null);
      let citizenId = known ?? randomUUID();
      for (const [place, name] of names.entries()) {
        if (found[place] !== null) continue;
        const linked = await link(name, citizenId);
        if (!linked && !known) citizenId = (await find(name)) ?? citizenId;
      }
      return citizenId;
    },
  };
}
