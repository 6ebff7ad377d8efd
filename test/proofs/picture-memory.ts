import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pictureFigures } from '../bench/pictures';
import { projectFolder } from '../support/line/role-process';
import { noteFigure } from '../support/proving';

/** Of a process that only re-encodes pictures, MiB. */
const MOST_MIB = 400;

test(`photos and hostile files are re-encoded within ${MOST_MIB} MiB`, async () => {
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'test/bench'], { cwd: projectFolder });
  const { peakMiB, refused, of, rate } = await pictureFigures(join(projectFolder, 'dist/test/bench'));
  noteFigure(
    of,
    `hostile files, ${refused} refused, among photos of 12 megapixels (${rate.toFixed(1)}/s): peak ${Math.round(peakMiB)} MiB`,
  );
  expect(peakMiB).toBeLessThan(MOST_MIB);
  expect(refused).toBeGreaterThan(0);
}, 180_000);
