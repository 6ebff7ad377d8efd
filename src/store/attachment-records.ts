import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mongo, Schema, type Connection } from 'mongoose';
import { AppError } from '../errors';
import { insertOnce } from './insert-once';

/** A citizen's voice note, video or document as it was sent; `id` is the id of the message that brought it. */
export interface Attachment {
  id: string;
  caseNumber: string;
  kind: 'audio' | 'video' | 'document';
  /** By its bytes, not by what the sender called it. */
  mimeType: string;
  /** In bytes. */
  size: number;
  /** Made up by the line: a name of the sender's could carry anything. */
  name: string;
  keptAt: Date;
}

/** Part of a file, both ends inclusive, in bytes. */
export interface ByteRange {
  start: number;
  end: number;
}

const attachmentSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    kind: { type: String, required: true },
    mimeType: { type: String, required: true },
    size: { type: Number, required: true },
    name: { type: String, required: true },
    keptAt: { type: Date, required: true },
    blob: { type: Schema.Types.ObjectId, required: true },
  },
  { collection: 'attachments', versionKey: false },
).index({ caseNumber: 1 });

type StoredAttachment = { _id: string; blob: mongo.ObjectId } & Omit<Attachment, 'id'>;

export type AttachmentRecords = ReturnType<typeof attachmentRecords>;

/**
 * Records of files, and their bytes in GridFS: they can be larger than the 16 MB of a document. A record is written
 * once its bytes are complete, so that a copy that broke off is never seen.
 */
export function attachmentRecords(connection: Connection) {
  const model = connection.model('Attachment', attachmentSchema);

  function bucket(): mongo.GridFSBucket {
    if (!connection.db) throw new AppError('store-unavailable', { status: 503 });
    return new mongo.GridFSBucket(connection.db, { bucketName: 'attachments' });
  }

  const shown = ({ _id, blob, ...rest }: StoredAttachment): Attachment => ({ id: _id, ...rest });

  return {
    model,

    async has(id: string): Promise<boolean> {
      return (await model.findById(id, { _id: 1 }).lean()) !== null;
    },

    async get(id: string): Promise<Attachment | null> {
      const found = await model.findById(id).lean<StoredAttachment>();
      return found && shown(found);
    },

    /** Keeps a file; false when it was kept before. Rejects with whatever the bytes reject with. */
    async add({ id, ...rest }: Omit<Attachment, 'size'>, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
      const files = bucket();
      const upload = files.openUploadStream(rest.name);
      await pipeline(bytes, upload);
      const size = upload.length;
      const made = await insertOnce(() =>
        model.collection.insertOne({ _id: id as never, ...rest, size, blob: upload.id }),
      );
      if (!made) await files.delete(upload.id);
      return made;
    },

    /** The bytes of a file, or a part of them; null when there is no such file. */
    async open(id: string, range?: ByteRange): Promise<Readable | null> {
      const found = await model.findById(id).lean<StoredAttachment>();
      if (!found) return null;
      return bucket().openDownloadStream(found.blob, range && { start: range.start, end: range.end + 1 });
    },
  };
}
