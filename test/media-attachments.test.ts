import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { silentVoiceNote } from '../src/local/phone/samples';
import { fileTypeOf, gathered } from '../src/whatsapp/media-file';
import { refusalOf, startKeptFiles, type KeptFiles } from './support/kept-files';

const MEGABYTE = 1024 * 1024;

let kept: KeptFiles;
beforeAll(async () => {
  kept = await startKeptFiles('attachments');
});
afterAll(() => kept.stop());

const ftyp = (brand: string): Buffer => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0`, 'latin1');
const mp4 = ftyp('isom');

describe('a file other than a photo', () => {
  it.each<[string, Buffer, 'audio' | 'video' | 'document', string, RegExp]>([
    ['a voice note', silentVoiceNote(2), 'audio', 'audio/ogg', /^audio-[0-9a-f]{12}\.ogg$/],
    ['a video', mp4, 'video', 'video/mp4', /^video-[0-9a-f]{12}\.mp4$/],
    ['a video of an iPhone', ftyp('qt  '), 'video', 'video/quicktime', /^video-[0-9a-f]{12}\.mov$/],
    ['an old QuickTime video', Buffer.from('\0\0\0\x08wide'), 'video', 'video/quicktime', /\.mov$/],
    ['a photo of an iPhone', ftyp('heic'), 'document', 'image/heic', /^document-[0-9a-f]{12}\.heic$/],
    ['a photo of the HEIF family', ftyp('mif1'), 'document', 'image/heic', /\.heic$/],
    ['a document', Buffer.from('%PDF-1.4\n'), 'document', 'application/pdf', /^document-[0-9a-f]{12}\.pdf$/],
  ])('%s is stored unchanged under a generated name', async (_, bytes, kind, mimeType, name) => {
    const caseNumber = await kept.newCase();
    const id = await kept.sent(caseNumber, bytes, kind);
    await kept.keep(caseNumber, id);
    await kept.keep(caseNumber, id);
    const { attachments } = kept.store;
    const size = bytes.length;
    expect(await attachments.get(id)).toMatchObject({ id, caseNumber, kind, mimeType, size });
    expect((await attachments.get(id))?.name).toMatch(name);
    const stream = await attachments.open(id);
    if (!stream) throw new Error('no bytes');
    expect(await gathered(stream, MEGABYTE)).toEqual(bytes);
  });

  it('may be a voice note of sixteen megabytes, and be read in parts', async () => {
    const caseNumber = await kept.newCase();
    const bytes = Buffer.concat([Buffer.from('OggS'), randomBytes(16 * MEGABYTE - 4)]);
    const id = await kept.sent(caseNumber, bytes, 'audio');
    await kept.keep(caseNumber, id);
    const part = await kept.store.attachments.open(id, { start: 3_000_000, end: 3_000_009 });
    if (!part) throw new Error('no bytes');
    expect(await gathered(part, 100)).toEqual(bytes.subarray(3_000_000, 3_000_010));
  });

  it('has the type of its bytes, not the type that its sender gives', async () => {
    const caseNumber = await kept.newCase();
    const id = await kept.sent(caseNumber, Buffer.from('%PDF-1.7 '), 'audio');
    await kept.keep(caseNumber, id);
    expect(await kept.store.attachments.get(id)).toMatchObject({ kind: 'document' });
  });

  it('that arrives damaged is retried, at most five times', async () => {
    const caseNumber = await kept.newCase();
    const damaged = { sha256: 'x'.repeat(64) };
    const id = await kept.sent(caseNumber, silentVoiceNote(1), 'audio', damaged);
    expect(await refusalOf(kept.keep(caseNumber, id, 4))).toBe('whatsapp-retry damaged');
    expect(kept.told).toHaveLength(0);
    expect(await refusalOf(kept.keep(caseNumber, id, 5))).toBe('file-unreadable damaged');
    expect(kept.told).toHaveLength(1);
    expect(await kept.store.attachments.has(id)).toBe(false);
  });

  it.each<[string, object]>([
    ['with another digest', { sha256: 'x'.repeat(64) }],
    ['with more bytes than announced', { file_size: 1_000 }],
    ['with fewer bytes than announced', { file_size: 3 * MEGABYTE }],
  ])('that arrives %s leaves no bytes behind', async (_, announced) => {
    const caseNumber = await kept.newCase();
    const bytes = Buffer.concat([Buffer.from('OggS'), randomBytes(2 * MEGABYTE)]);
    const chunks = kept.store.attachments.model.db.collection('attachments.chunks');
    const before = await chunks.countDocuments();
    const id = await kept.sent(caseNumber, bytes, 'audio', announced);
    expect(await refusalOf(kept.keep(caseNumber, id))).toBe('whatsapp-retry damaged');
    expect(await chunks.countDocuments()).toBe(before);
  });

  it('that was not stored cannot be opened', async () => {
    expect(await kept.store.attachments.open('none')).toBeNull();
  });
});

describe('the type of a file', () => {
  it.each([
    'MZ\x90\0',
    '#!/bin/sh\nrm -rf /',
    '\x7fELF',
    '<?xml version="1.0"?><svg/>',
    '<html>',
    'GIF89a',
    'PK\x03\x04evil.js',
    'Rar!\x1a\x07',
  ])('is null for %j', bytes => {
    expect(fileTypeOf(Buffer.from(bytes, 'latin1'))).toBeNull();
  });

  it('is detected for any bytes without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        const type = fileTypeOf(Buffer.from(bytes));
        expect(type === null || type.extension.length > 0).toBe(true);
      }),
    );
  });
});
