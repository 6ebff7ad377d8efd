import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

const slotSchema = new Schema(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'sending-slots', versionKey: false },
).index({ at: 1 });

export type SendingSlotRecords = ReturnType<typeof sendingSlotRecords>;

/**
 * Slots of time in which a citizen gets a message. A slot is taken by inserting it, which every store refuses to the
 * second: so workers share one pace without a counter.
 */
export function sendingSlotRecords(connection: Connection) {
  const model = connection.model('SendingSlot', slotSchema);
  return {
    model,
    /** Takes a slot; false when it was taken before. */
    take: (citizenId: string, slot: number, at: Date): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: `${citizenId}:${slot}` as never, at })),

    /** Forgets the slots of before a moment; nobody asks for them any more. */
    async forgetBefore(moment: Date): Promise<void> {
      await model.deleteMany({ at: { $lt: moment } });
    },
  };
}
