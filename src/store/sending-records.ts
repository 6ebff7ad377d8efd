import { type Connection, Schema } from 'mongoose';
import type { OutgoingEvent } from '../domain/case/outgoing-events';
import { insertOnce } from './insert-once';

/** A pause of all sending: its reason, and when the next message may try again. */
export interface SendingPause {
  since: Date;
  /** Meta's error number. */
  reason: string;
  /** The number of attempts since it began. */
  probes: number;
  probeAt: Date;
}

const ID = 'cloud-api';

const pauseSchema = new Schema(
  {
    _id: { type: String, required: true },
    since: { type: Date, required: true },
    reason: { type: String, required: true },
    probes: { type: Number, required: true },
    probeAt: { type: Date, required: true },
  },
  { collection: 'sending-pauses', versionKey: false },
);

export type SendingPauseRecords = ReturnType<typeof sendingPauseRecords>;

/** The single pause record that all workers share. */
export function sendingPauseRecords(connection: Connection) {
  const model = connection.model('SendingPause', pauseSchema);
  return {
    model,
    /** Returns the current pause; null if messages are sent. */
    async current(): Promise<SendingPause | null> {
      const found = await model.findById(ID).lean<SendingPause & { _id: string }>();
      if (!found) return null;
      const { since, reason, probes, probeAt } = found;
      return { since, reason, probes, probeAt };
    },

    /** Begins a pause. Returns false if another worker was first; its start then counts. */
    begin: (pause: SendingPause): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: ID as never, ...pause })),

    /** Counts a failed attempt of the current pause. */
    async goOn(vain: Omit<SendingPause, 'since'>): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: vain });
    },

    /** Sets the time of the next attempt. */
    async nextProbe(at: Date): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: { probeAt: at } });
    },

    async end(): Promise<void> {
      await model.deleteOne({ _id: ID });
    },
  };
}

const slotSchema = new Schema(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'sending-slots', versionKey: false },
).index({ at: 1 });

export type SendingSlotRecords = ReturnType<typeof sendingSlotRecords>;

/**
 * Send slots per citizen. A slot is reserved by inserting its record, which can succeed only once, so workers share
 * the rate limit without a counter.
 */
export function sendingSlotRecords(connection: Connection) {
  const model = connection.model('SendingSlot', slotSchema);
  return {
    model,
    /** Reserves a slot. Returns false if it is taken. */
    take: (citizenId: string, slot: number, at: Date): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: `${citizenId}:${slot}` as never, at })),

    /** Deletes slots before a time; they are not read again. */
    async forgetBefore(moment: Date): Promise<void> {
      await model.deleteMany({ at: { $lt: moment } });
    },
  };
}

/**
 * An event for the municipality's own systems, stored before it is sent. `id` is `<case number>:<fact number>`, followed
 * by the name of its receiver if that has one.
 */
export interface EventRecord extends Omit<OutgoingEvent, 'number' | 'at'> {
  id: string;
  caseNumber: string;
  /** Absent for the receiver without a name. */
  receiver?: string;
  at: Date;
  createdAt: Date;
  /** `dead`: no attempt succeeded; only a replay sends it. */
  state: 'pending' | 'delivered' | 'dead';
  /** How often it was ordered to be sent again. */
  replays: number;
  /** Whether its delivery was started. */
  handedOver: boolean;
  /** The HTTP status or error of the last attempt that failed; null before. */
  reason: string | null;
}

const eventSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    receiver: String,
    kind: { type: String, required: true },
    at: { type: Date, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    state: { type: String, required: true },
    replays: { type: Number, required: true },
    handedOver: { type: Boolean, required: true },
    reason: String,
  },
  { collection: 'outgoing-events', versionKey: false },
)
  .index({ handedOver: 1, createdAt: 1 })
  .index({ state: 1, createdAt: 1 });

type StoredEvent = { _id: string } & Omit<EventRecord, 'id'>;

const readEvent = ({ _id, ...rest }: StoredEvent): EventRecord => ({ id: _id, ...rest });

export type EventRecords = ReturnType<typeof eventRecords>;

export function eventRecords(connection: Connection) {
  const model = connection.model('OutgoingEvent', eventSchema);
  return {
    model,
    /** Stores an event as pending. Returns false if it exists. */
    add: (
      caseNumber: string,
      { number, at, ...event }: OutgoingEvent,
      receiver: string | null,
      createdAt: Date,
    ): Promise<boolean> =>
      insertOnce(() =>
        model.collection.insertOne({
          _id: [caseNumber, number, ...(receiver === null ? [] : [receiver])].join(':') as never,
          ...(receiver !== null && { receiver }),
          ...{ caseNumber, ...event, at: new Date(at), createdAt },
          ...{ state: 'pending', replays: 0, handedOver: false, reason: null },
        }),
      ),

    async get(id: string): Promise<EventRecord | null> {
      const found = await model.findById(id).lean<StoredEvent>();
      return found && readEvent(found);
    },

    /** Returns the events stored between two times whose delivery was not started, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<(EventRecord & { receivedAt: Date })[]> {
      const found = await model
        .find({ handedOver: false, createdAt: { $gt: after, $lt: before } })
        .sort({ createdAt: 1 })
        .limit(limit)
        .lean<StoredEvent[]>();
      return found.map(each => ({ ...readEvent(each), receivedAt: each.createdAt }));
    },

    async markHandedOver(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { handedOver: true } });
    },

    /** Records the end of a delivery. */
    async ended(id: string, state: 'delivered' | 'dead', reason: string | null): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { state, reason } });
    },

    /** Orders an event to be sent again, whatever became of it. */
    async replay(id: string): Promise<void> {
      await model.updateOne(
        { _id: id },
        { $set: { state: 'pending', handedOver: false }, $inc: { replays: 1 } },
      );
    },

    /** Returns the latest events, newest first, optionally of one state or receiver. */
    async latest(
      limit: number,
      only: { state?: EventRecord['state'] | undefined; receiver?: string | undefined },
    ): Promise<EventRecord[]> {
      const { state, receiver } = only;
      const found = await model
        .find({ ...(state !== undefined && { state }), ...(receiver !== undefined && { receiver }) })
        .sort({ createdAt: -1 })
        .limit(limit)
        .lean<StoredEvent[]>();
      return found.map(readEvent);
    },
  };
}
