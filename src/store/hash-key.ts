import { createHmac, randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

const schema = new Schema(
  { _id: { type: String, required: true }, key: { type: String, required: true } },
  { collection: 'settings', versionKey: false },
);

/** Turns what Meta names something into an id of ours: 32 hex digits that give nothing away without the key. */
export type HashId = (name: string) => string;

/**
 * The keyed hash behind all ids that derive from Meta's names. Its key is made once and lives beside the records:
 * ids must stay the same when link keys rotate, and lose their meaning when the records are gone.
 */
export async function hashIds(connection: Connection): Promise<HashId> {
  const model = connection.model('Setting', schema);
  const fresh = randomBytes(32).toString('base64url');
  await insertOnce(() => model.collection.insertOne({ _id: 'hash-key' as never, key: fresh }));
  const stored = await model.findById('hash-key').lean();
  const key = Buffer.from(stored?.key ?? fresh, 'base64url');
  return name => createHmac('sha256', key).update(name).digest('hex').slice(0, 32);
}
