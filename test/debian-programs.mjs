/** Finds the programs of the tests that npm does not have, or installs them from Debian's packages when run as root. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const browsers = JSON.parse(readFileSync(new URL('support/browsers.json', import.meta.url), 'utf8'));

const programs = [
  {
    name: 'Chromium',
    package: 'chromium',
    isThere: () => browsers.some(isOnPath) || process.platform === 'darwin',
  },
  { name: 'Dovecot', package: 'dovecot-imapd', isThere: () => isOnPath('dovecot') },
];

/** Resolves with undefined if all are there, otherwise with instructions. Without them, their tests are skipped. */
export async function providePrograms({ step }) {
  const missing = programs.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => name).join(', ');
  const packages = missing.map(each => each.package);
  const advice = `Missing: ${names} (Debian: apt-get install ${packages.join(' ')}); some tests need them.`;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return advice;
  const aptGet = (...args) =>
    promisify(execFile)('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    await step('Updating the package lists', () => aptGet('update'));
    await step(`Installing ${names}`, () => aptGet('install', '-y', '--no-install-recommends', ...packages));
    return undefined;
  } catch (error) {
    return `${names}: not installed.\n${error.stdout ?? ''}${error.stderr ?? error.message}\n${advice}`;
  }
}

/** Debian keeps servers in a folder that is not on everybody's path. */
function isOnPath(program) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
