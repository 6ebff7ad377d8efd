/** The browser for the page tests: the machine's own, or Debian's when we may install it. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runStep } from '../src/cli/elapsed.mjs';

const names = JSON.parse(readFileSync(new URL('support/browsers.json', import.meta.url), 'utf8'));

/** Resolves with undefined when there is a browser, else with what to do. */
export async function provideBrowser() {
  if (names.some(isOnPath) || process.platform === 'darwin') return undefined;
  const advice = 'Install Chromium (Debian: apt-get install chromium); the tests of the pages need it.';
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return `There is no browser. ${advice}`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  const update = await runStep('Updating the package lists', 'apt-get', [...wait, 'update'], { env });
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  const { code, output } = await runStep('Installing Chromium', 'apt-get', [...wait, ...install], { env });
  if (code === 0) return undefined;
  return `Chromium could not be installed.\n${update.code === 0 ? '' : update.output}${output}\n${advice}`;
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
