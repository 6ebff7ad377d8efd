import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { photoPlace } from '../src/picture';
import { refusalOf, startKeptFiles, type KeptFiles } from './support/kept-files';

let kept: KeptFiles;
beforeAll(async () => {
  kept = await startKeptFiles('photos');
});
afterAll(() => kept.stop());

const pin = { latitude: 39.95, longitude: 32.63, name: null, address: null };
const plain = (width: number, height: number): sharp.Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#c04020' } });
const gps = {
  IFD0: { Make: 'SecretCamera' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '39/1 56/1 3552/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '32/1 38/1 3984/100',
  },
};

async function photoOf(bytes: Buffer, place: typeof pin | null = null) {
  const caseNumber = await kept.newCase(place);
  const id = await kept.sent(caseNumber, bytes);
  await kept.keep(caseNumber, id);
  const photo = await kept.store.photos.get(id);
  const thumbnail = await kept.store.photos.shown(id, 'thumbnail');
  if (!photo || !thumbnail) throw new Error('no photo was kept');
  return { ...photo, thumbnail: thumbnail.jpeg };
}

describe('a photo', () => {
  it('loses its metadata; its location is stored as a hint if the citizen sent no pin', async () => {
    const photo = await photoOf(await plain(60, 40).withExif(gps).jpeg().toBuffer());
    const { exif, icc, xmp, iptc } = await sharp(photo.jpeg).metadata();
    expect([exif, icc, xmp, iptc]).toEqual([undefined, undefined, undefined, undefined]);
    expect(photo.jpeg.includes('SecretCamera')).toBe(false);
    expect(photo.thumbnail.includes('SecretCamera')).toBe(false);
    expect(photo.takenAt?.latitude).toBeCloseTo(39.9432, 4);
    expect(photo.takenAt?.longitude).toBeCloseTo(32.6444, 4);
  });

  it('leaves no hint if there is a pin', async () => {
    const photo = await photoOf(await plain(60, 40).withExif(gps).jpeg().toBuffer(), pin);
    expect(photo.takenAt).toBeNull();
  });

  it('is turned upright and shrunk to 1,600 pixels, with a thumbnail of 320', async () => {
    const lying = await plain(2_400, 1_200).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const photo = await photoOf(lying);
    expect([photo.width, photo.height]).toEqual([800, 1_600]);
    expect(await sharp(photo.thumbnail).metadata()).toMatchObject({ width: 160, height: 320 });
  });

  it('may be a panorama as phones make them', async () => {
    const photo = await photoOf(await plain(16_382, 3_628).jpeg().toBuffer());
    expect([photo.width, photo.height]).toEqual([1_600, 354]);
  });

  it.each([
    ['baseline', false],
    ['progressive', true],
  ])('may be a %s JPEG whose end is cut off or filled with zeros', async (_, progressive) => {
    const whole = await sharp(await noise())
      .jpeg({ progressive })
      .toBuffer();
    const most = Math.floor(whole.length * 0.98);
    const cut = whole.subarray(0, most);
    const filled = Buffer.concat([cut, Buffer.alloc(whole.length - most)]);
    for (const bytes of [cut, filled]) {
      const photo = await photoOf(bytes);
      expect([photo.width, photo.height]).toEqual([300, 300]);
    }
  });

  it.each(['png', 'webp'] as const)('may be a %s and is kept as JPEG', async format => {
    const photo = await photoOf(await plain(60, 40).toFormat(format).toBuffer());
    expect((await sharp(photo.jpeg).metadata()).format).toBe('jpeg');
  });
});

/** A PNG with a huge declared size and almost no data. */
function pixelFlood(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('a file that is no valid photo is refused permanently', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['a flood of pixels', () => pixelFlood(30_000), 'file-unreadable too-many-pixels'],
    [
      'a GIF that is also a script',
      () => Buffer.from('GIF89a/*\x01\x01*/=1;alert(1)'),
      'file-unreadable type',
    ],
    ['an SVG', () => Buffer.from(svg), 'file-unreadable type'],
    ['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>'), 'file-unreadable type'],
    ['nothing', () => Buffer.alloc(0), 'file-unreadable type'],
    [
      'half a JPEG',
      async () =>
        (
          await sharp(await noise())
            .jpeg()
            .toBuffer()
        ).subarray(0, 20_000),
      'file-unreadable incomplete',
    ],
    [
      'an archive',
      () => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5_000)]),
      'file-unreadable type',
    ],
    ['twenty megabytes', () => Buffer.alloc(20 * 1024 * 1024, 0xff), 'whatsapp-refused too-large'],
  ])('%s', async (_, made, refusal) => {
    const caseNumber = await kept.newCase();
    const id = await kept.sent(caseNumber, await made());
    expect(await refusalOf(kept.keep(caseNumber, id))).toBe(refusal);
    expect(await kept.store.photos.has(id)).toBe(false);
    expect(kept.told.at(-1)).toMatchObject({ caseNumber, key: `${id}:file-unreadable` });
  });

  it('a script appended to a photo is not stored', async () => {
    const bytes = Buffer.concat([await plain(60, 40).jpeg().toBuffer(), Buffer.from(svg)]);
    const photo = await photoOf(bytes);
    expect(photo.jpeg.includes('script')).toBe(false);
  });

  it('and the citizen gets the reason once per file', async () => {
    const caseNumber = await kept.newCase();
    const half = (
      await sharp(await noise())
        .jpeg()
        .toBuffer()
    ).subarray(0, 20_000);
    const broken = Buffer.concat([half, Buffer.from([0xff, 0xd9])]).fill(7, 4, 200);
    for (const bytes of [Buffer.from(svg), Buffer.alloc(20 * 1024 * 1024, 0xff), half, broken]) {
      const id = await kept.sent(caseNumber, bytes);
      await refusalOf(kept.keep(caseNumber, id));
      await refusalOf(kept.keep(caseNumber, id));
    }
    const told = kept.told.filter(message => message.caseNumber === caseNumber);
    expect(told.map(({ content }) => ('body' in content ? content.body : ''))).toEqual([
      expect.stringContaining('Bu dosya türü'),
      expect.stringContaining('çok büyük'),
      expect.stringContaining('eksik ulaştı'),
      expect.stringContaining('bozuk'),
    ]);
  });
});

const noise = (): Promise<Buffer> =>
  sharp({
    create: { width: 300, height: 300, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  } as sharp.SharpOptions)
    .png()
    .toBuffer();

describe('the place in a photo', () => {
  it('is read from any bytes without an error', () => {
    const prefix = fc.constantFrom(
      '',
      'Exif\0\0II*\0',
      'Exif\0\0MM\0*',
      'II*\0\x08\0\0\0',
      'MM\0*\0\0\0\x08',
    );
    fc.assert(
      fc.property(prefix, fc.uint8Array({ maxLength: 600 }), (start, rest) => {
        const place = photoPlace(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
        if (!place) return;
        expect(Math.abs(place.latitude)).toBeLessThanOrEqual(90);
        expect(Math.abs(place.longitude)).toBeLessThanOrEqual(180);
      }),
      { numRuns: 5_000 },
    );
  });

  it('may be south and west', async () => {
    const south = { IFD3: { ...gps.IFD3, GPSLatitudeRef: 'S', GPSLongitudeRef: 'W' } };
    const { exif } = await sharp(await plain(8, 8).withExif(south).jpeg().toBuffer()).metadata();
    expect(photoPlace(exif)?.latitude).toBeCloseTo(-39.9432, 4);
    expect(photoPlace(exif)?.longitude).toBeCloseTo(-32.6444, 4);
  });
});
