/** Checks whether Node, the installed packages and the build match the sources. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns an error message for an unsupported Node version, or undefined. */
export function nodeComplaint(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `Node ${version} is too old: Node 20.19 or newer is needed. Install one from nodejs.org and try again.`;
}

/**
 * Compares the lock file with npm's record of installed packages, so that an interrupted install, a changed lock file
 * and a manual install are detected the same way.
 */
export function packagesAreFresh(root) {
  const installed = readJson(join(root, 'node_modules/.package-lock.json'));
  const wanted = readJson(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) =>
      path === '' || optional || installed.packages[path]?.version === version,
  );
}

/** Returns one hash of all inputs of the build. */
export function sourceHash(root) {
  const hash = createHash('sha256');
  for (const file of sourceFiles(root)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

export function buildIsFresh(root, hash) {
  const stamp = join(root, 'dist/.build-stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

export function stampBuild(root, hash) {
  writeFileSync(join(root, 'dist/.build-stamp'), hash);
}

/** Returns the TypeScript sources, as paths from the root. */
export function programSources(root) {
  return ['activities', 'src', 'workflows'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true })
      .filter(name => name.endsWith('.ts'))
      .map(name => join(folder, name)),
  );
}

function sourceFiles(root) {
  return [
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'src/cli/bundle.mjs',
    ...programSources(root).sort(),
  ];
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
