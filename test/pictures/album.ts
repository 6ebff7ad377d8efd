import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** The limit for each file; `test/docs.test.ts` checks it. */
export const LARGEST_BYTES = 60 * 1024;
const QUALITIES = [90, 80, 70, 60];

/** The pictures of one run, as WebP files in one folder. */
export interface Album {
  /** Adds a screenshot (PNG bytes) as `<name>.webp`. */
  add(name: string, png: Buffer): Promise<void>;
  /** Writes all pictures and removes those of earlier runs. Returns their names and sizes in bytes. */
  save(): { name: string; bytes: number }[];
}

/** Pictures are written by `save` only, so that a failed run leaves the folder unchanged. */
export function albumIn(folder: string): Album {
  const pictures = new Map<string, Buffer>();
  return {
    async add(name, png) {
      if (pictures.has(name)) throw new Error(`There are two pictures with the name ${name}`);
      pictures.set(name, await smallWebp(png));
    },
    save() {
      mkdirSync(folder, { recursive: true });
      for (const file of readdirSync(folder)) if (file.endsWith('.webp')) rmSync(join(folder, file));
      for (const [name, bytes] of pictures) writeFileSync(join(folder, `${name}.webp`), bytes);
      return [...pictures].map(([name, { length }]) => ({ name, bytes: length }));
    },
  };
}

/** Returns the best quality that fits the limit. Reduces the width if no quality fits. */
async function smallWebp(png: Buffer): Promise<Buffer> {
  for (const quality of QUALITIES) {
    const webp = await sharp(png).webp({ quality, effort: 6, smartSubsample: true }).toBuffer();
    if (webp.length <= LARGEST_BYTES) return webp;
  }
  const { width } = await sharp(png).metadata();
  return smallWebp(
    await sharp(png)
      .resize({ width: Math.round(width * 0.85) })
      .png()
      .toBuffer(),
  );
}
