import sharp from 'sharp';
import { randomBytes } from 'node:crypto';
import { AppError } from '../../src/errors';
import { rewritten } from '../../src/picture';
import { perSecond } from './measures';

const MEGABYTE = 1024 * 1024;
const PHOTOS = 20;

/** A PNG whose header declares a huge size, with almost no data. */
async function boast(side: number): Promise<Buffer> {
  const png = await flat(1);
  png.writeUInt32BE(side, 16);
  png.writeUInt32BE(side, 20);
  return png;
}

function flat(side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: 'gray' } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** A photo of twelve megapixels with camera noise. */
function photo(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  return sharp({ create: { width: 4_000, height: 3_000, channels: 3, background: 'gray', noise } })
    .jpeg()
    .toBuffer();
}

/**
 * Runs as a separate process. Measures photos re-encoded per second and the peak memory (MiB) with photos and hostile
 * files.
 */
async function main(): Promise<void> {
  const whole = await photo();
  const rate = await perSecond(PHOTOS, 2, () => rewritten(whole));
  const hostile = [
    await boast(30_000),
    await boast(60_000),
    await flat(7_000),
    whole.subarray(0, whole.length / 2),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    Buffer.from('GIF89a/*<script>*/=1'),
    Buffer.concat([whole.subarray(0, 2_000), randomBytes(20 * MEGABYTE)]),
    randomBytes(20 * MEGABYTE),
  ];
  let refused = 0;
  for (const bytes of hostile) {
    await rewritten(bytes).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      refused += 1;
    });
  }
  const peakMiB = process.resourceUsage().maxRSS / 1_024;
  process.send?.({ rate, peakMiB, refused, of: hostile.length });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
