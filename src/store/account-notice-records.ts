import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** The webhook fields with notices about the account, its number and its templates. */
export type NoticeField =
  | 'message_template_status_update'
  | 'message_template_quality_update'
  | 'message_template_components_update'
  | 'template_category_update'
  | 'phone_number_quality_update'
  | 'phone_number_name_update'
  | 'account_update'
  | 'account_alerts'
  | 'account_review_update'
  | 'business_capability_update'
  | 'security'
  | 'user_preferences'
  | 'flows';

/**
 * A notice from Meta about the account. `id` is the keyed hash of its bytes, so that a redelivery is stored
 * once.
 */
export interface AccountNotice {
  id: string;
  receivedAt: Date;
  field: NoticeField;
  /** The template with its language, or the line's number; null if the notice names neither. */
  about: string | null;
  /** Meta's name of the event, such as `PAUSED`. */
  event: string;
  details: string | null;
  /** Warnings and alarms are mailed to the operator. */
  severity: 'info' | 'warning' | 'alarm';
  /** Whether the workflow that mails it has been started, or is not needed. */
  handedOver: boolean;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    field: { type: String, required: true },
    about: { type: String, default: null },
    event: { type: String, required: true },
    details: { type: String, default: null },
    severity: { type: String, required: true },
    handedOver: { type: Boolean, required: true },
  },
  { collection: 'account-notices', versionKey: false },
)
  .index({ receivedAt: 1 })
  .index({ handedOver: 1, receivedAt: 1 });

type Stored = { _id: string } & Omit<AccountNotice, 'id'>;

const read = ({ _id, ...rest }: Stored): AccountNotice => ({ id: _id, ...rest });

export type AccountNoticeRecords = ReturnType<typeof accountNoticeRecords>;

export function accountNoticeRecords(connection: Connection) {
  const model = connection.model('AccountNotice', schema);
  return {
    model,
    /** Stores a notice. Returns false if it exists. */
    add: ({ id, ...rest }: AccountNotice): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<AccountNotice | null> {
      const found = await model.findById(id).lean<Stored>();
      return found && read(found);
    },

    async markHandedOver(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { handedOver: true } });
    },

    /** Returns notices received between two times that were not handed over, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<AccountNotice[]> {
      const found = await model
        .find({ handedOver: false, receivedAt: { $gt: after, $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(read);
    },

    /** Returns the latest notices, newest first. */
    async latest(limit: number): Promise<AccountNotice[]> {
      const found = await model.find().sort({ receivedAt: -1 }).limit(limit).lean<Stored[]>();
      return found.map(read);
    },
  };
}
