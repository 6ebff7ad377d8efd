import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compose-file';

interface Copy {
  /** The source stage; undefined for the build context. */
  from: string | undefined;
  sources: string[];
  target: string;
}

export interface Stage {
  name: string;
  /** An image, or an earlier stage. */
  base: string;
  copies: Copy[];
  /** The other instructions, such as USER, with their arguments. */
  instructions: Record<string, string>;
}

/** Returns the stages of the Dockerfile in order. Throws on an instruction before the first stage. */
export function readDockerfile(): Stage[] {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8').replace(/^#.*\n/gm, '');
  const stages: Stage[] = [];
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const [, instruction = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') {
      const [base = '', , name = ''] = rest.split(' ');
      stages.push({ name, base, copies: [], instructions: {} });
      continue;
    }
    const stage = stages.at(-1);
    if (instruction === '') continue;
    if (!stage) throw new Error(`${instruction} comes before FROM`);
    if (instruction === 'COPY') stage.copies.push(readCopy(rest));
    else stage.instructions[instruction] = rest;
  }
  return stages;
}

function readCopy(rest: string): Copy {
  const words = rest.split(' ');
  const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1];
  const paths = from === undefined ? words : words.slice(1);
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}
