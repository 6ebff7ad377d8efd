import type { Command } from 'commander';
import { withCaseNumber } from './with-case-number';

/** Adds `photos`: the photos of a case, and which of them letters must not show. */
export function registerPhotos(admin: Command): void {
  admin
    .command('photos')
    .description(
      'list the photos of a case; a flagged one stays out of letters and is seen on the task page only',
    )
    .argument('<number>', 'the case number, PK-XXXX-XXXX')
    .option('--flag <place>', 'flag the photo in this place of the list, 1 being the first')
    .option('--clear <place>', 'take the flag back')
    .action(async (typed: string, { flag, clear }: { flag?: string; clear?: string }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        const photos = await store.photos.ofCase(caseNumber);
        const place = flag ?? clear;
        if (place !== undefined) {
          const chosen = photos[Number(place) - 1];
          if (!chosen) {
            console.error(`${caseNumber} has no photo ${place}; it has ${photos.length}.`);
            process.exitCode = 1;
            return;
          }
          await store.photos.flag(chosen.id, flag !== undefined);
        }
        for (const [i, photo] of (await store.photos.ofCase(caseNumber)).entries()) {
          const size = `${photo.width}×${photo.height}`;
          console.log(`${i + 1}  ${photo.keptAt.toISOString()}  ${size}${photo.flagged ? '  flagged' : ''}`);
        }
      });
    });
}
