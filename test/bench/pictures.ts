import { z } from 'zod';
import { fork } from 'node:child_process';
import { join } from 'node:path';

const result = z.object({ rate: z.number(), peakMiB: z.number(), refused: z.number(), of: z.number() });

/**
 * Measures re-encoding in a separate process: photos per second, peak memory, rejected files. `built` is the folder of the
 * compiled benchmark.
 */
export function pictureFigures(built: string = __dirname): Promise<z.infer<typeof result>> {
  return new Promise((resolve, reject) => {
    const child = fork(join(built, 'hostile-pictures.js'));
    child.once('message', message => resolve(result.parse(message)));
    child.once('exit', code => reject(new Error(`the re-encoding of pictures ended with ${code}`)));
  });
}
