import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

export interface Citizen {
  id: string;
  phone: string | null;
  bsuid: string | null;
  profileName: string | null;
  language: 'tr' | 'en';
  /** When the citizen last wrote: the 24-hour window of the Cloud API counts from here. */
  lastInboundAt: Date;
  /** When the citizen was given the privacy notice (Law 6698, article 10). */
  noticeGivenAt: Date | null;
  lastCase: { caseNumber: string; openedAt: Date } | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    phone: { type: String, default: null },
    bsuid: { type: String, default: null },
    profileName: { type: String, default: null },
    language: { type: String, default: 'tr' },
    lastInboundAt: { type: Date, required: true },
    noticeGivenAt: { type: Date, default: null },
    lastCase: { type: { caseNumber: String, openedAt: Date }, _id: false, default: null },
  },
  { collection: 'citizens', versionKey: false },
);

/** What one message tells about its sender; absent parts leave what is known as it is. */
export interface Sighting {
  phone: string | null;
  bsuid: string | null;
  profileName: string | null;
  language: 'tr' | 'en' | null;
  at: Date;
}

export type CitizenRecords = ReturnType<typeof citizenRecords>;

export function citizenRecords(connection: Connection) {
  const model = connection.model('Citizen', schema);
  return {
    model,
    async get(id: string): Promise<Citizen | null> {
      const found = await model.findById(id).lean<{ _id: string } & Omit<Citizen, 'id'>>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { id: _id, ...rest };
    },

    /** Notes that a citizen wrote, and by which names; makes the record on first contact. */
    async seen(id: string, { at, ...names }: Sighting): Promise<void> {
      const known = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== null));
      const first = {
        phone: null,
        bsuid: null,
        profileName: null,
        language: 'tr',
        noticeGivenAt: null,
        lastCase: null,
      };
      const made = await insertOnce(() =>
        model.collection.insertOne({ _id: id as never, ...first, ...known, lastInboundAt: at }),
      );
      if (!made) await model.updateOne({ _id: id }, { $max: { lastInboundAt: at }, $set: known });
    },

    /** Notes a citizen's newest case, and that its acknowledgement carries the privacy notice. */
    async caseOpened(
      id: string,
      lastCase: NonNullable<Citizen['lastCase']>,
      noticeGivenAt: Date | null,
    ): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { lastCase, ...(noticeGivenAt && { noticeGivenAt }) } });
    },
  };
}
