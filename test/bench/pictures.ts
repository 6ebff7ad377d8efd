import { z } from 'zod';
import { fork } from 'node:child_process';
import { join } from 'node:path';

const result = z.object({ rate: z.number(), peakMiB: z.number(), refused: z.number(), of: z.number() });

/** What re-encoding costs, measured in a process of its own: photos a second, peak memory, files refused. */
export function pictureFigures(): Promise<z.infer<typeof result>> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'hostile-pictures.js'));
    child.once('message', message => resolve(result.parse(message)));
    child.once('exit', code => reject(new Error(`the re-encoding of pictures ended with ${code}`)));
  });
}
