import { mongo } from 'mongoose';
import sharp from 'sharp';
import { openStore, type Store } from '../src/store/store';
import { testMongoUri } from './support/services';

const DAY = 86_400_000;
const now = new Date('2026-03-10T09:00:00Z');
const old = new Date(now.getTime() - 2 * DAY);

let store: Store;
beforeAll(async () => {
  store = openStore(testMongoUri('orphaned-files'), { operationLimitMs: 10_000 });
  await store.ping(10_000);
});
afterAll(() => store.close());

const idAt = (at: Date): mongo.ObjectId => mongo.ObjectId.createFromTime(at.getTime() / 1_000);

test('files without a record and chunks without a file are found and deleted, younger ones are not', async () => {
  const about = { caseNumber: 'PK-0000-0001', kind: 'document', mimeType: 'application/pdf' } as const;
  const kept = { ...about, id: 'm-1', name: 'belge.pdf', keptAt: old };
  async function* bytes() {
    yield await Promise.resolve(Buffer.from('%PDF-1.7'));
  }
  await store.attachments.add(kept, bytes());
  const { db } = store.attachments.model;
  const chunk = { n: 0, data: Buffer.from('abc') };
  const [file, broken, underWay] = [idAt(old), idAt(new Date(old.getTime() + 1_000)), idAt(now)];
  await db
    .collection('attachments.files')
    .insertOne({ _id: file, length: 3, filename: 'x', uploadDate: old });
  for (const files_id of [file, broken, underWay])
    await db.collection('attachments.chunks').insertOne({ files_id, ...chunk });

  const before = new Date(now.getTime() - DAY);
  expect(await store.attachments.orphans(before, { clear: false })).toEqual({ files: 1, uploads: 1 });
  expect(await store.attachments.orphans(before, { clear: true })).toEqual({ files: 1, uploads: 1 });
  expect(await store.attachments.orphans(before, { clear: false })).toEqual({ files: 0, uploads: 0 });
  expect(await store.attachments.open('m-1')).not.toBeNull();
  const left = await db.collection('attachments.chunks').countDocuments({ files_id: underWay });
  expect(left).toBe(1);
});

test('photos of a form that was refused and left are deleted after a day', async () => {
  const jpeg = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  const photo = { caseNumber: 'PK-0000-0002', jpeg, thumbnail: jpeg, width: 4, height: 4 };
  for (const [actionId, keptAt] of [
    ['refused-1', old],
    ['sent-1', old],
    ['young-1', now],
  ] as const)
    for (const digest of ['a', 'b']) await store.workPhotos.add(actionId, { ...photo, digest, keptAt });
  await store.tasks.addAction({
    ...{ actionId: 'sent-1', caseNumber: 'PK-0000-0002', task: 1, action: 'resolve', role: 'department' },
    ...{ words: 'Yapıldı.', reason: null, department: null, actor: null, at: old },
  });
  const by = { caseNumber: 'PK-0000-0002', by: 'fen.isleri@etimesgut.example', at: old };
  for (const photoId of ['refused-1-1', 'sent-1-1'])
    await store.photoCovers.cover({ ...by, photoId, revision: 1, regions: [], jpeg, thumbnail: jpeg });
  const isSent = async (id: string): Promise<boolean> => (await store.tasks.action(id)) !== null;
  const from = new Date(now.getTime() - 8 * DAY);
  expect(await store.workPhotos.forgetUnsent(from, new Date(now.getTime() - DAY), isSent)).toBe(2);
  const left = await Promise.all(['refused-1', 'sent-1', 'young-1'].map(id => store.workPhotos.ofAct(id)));
  expect(left.map(ids => ids.length)).toEqual([0, 2, 2]);
  const covers = await Promise.all(['refused-1-1', 'sent-1-1'].map(id => store.photoCovers.coverOf(id)));
  expect(covers.map(cover => cover !== null)).toEqual([false, true]);
});
