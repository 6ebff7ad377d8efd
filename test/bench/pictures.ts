import { z } from 'zod';
import { fork } from 'node:child_process';
import { join } from 'node:path';

const result = z.object({ rate: z.number(), peakMiB: z.number(), refused: z.number(), of: z.number() });

/** Measures re-encoding in a separate process: photos per second, peak memory, rejected files. */
export function pictureFigures(): Promise<z.infer<typeof result>> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'hostile-pictures.js'));
    child.once('message', message => resolve(result.parse(message)));
    child.once('exit', code => reject(new Error(`the re-encoding of pictures ended with ${code}`)));
  });
}
