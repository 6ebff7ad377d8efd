/** Finds the browser for the page tests, or installs it from Debian's packages when run as root. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const names = JSON.parse(readFileSync(new URL('support/browsers.json', import.meta.url), 'utf8'));

/** Resolves with undefined if there is a browser, otherwise with instructions. */
export async function provideBrowser({ step }) {
  if (names.some(isOnPath) || process.platform === 'darwin') return undefined;
  const advice = 'Install Chromium (Debian: apt-get install chromium); the tests of the pages need it.';
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return `There is no browser. ${advice}`;
  const aptGet = (...args) =>
    promisify(execFile)('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    await step('Updating the package lists', () => aptGet('update'));
    await step('Installing Chromium', () => aptGet('install', '-y', '--no-install-recommends', 'chromium'));
    return undefined;
  } catch (error) {
    return `Chromium could not be installed.\n${error.stdout ?? ''}${error.stderr ?? error.message}\n${advice}`;
  }
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
