import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { join } from 'node:path';
import { projectRoot } from '../../src/cli/start/project-root';
import { createProgress } from '../../src/local/progress';
import { chromiumArguments, findChromium } from '../support/chromium';
import { albumIn } from './album';
import { startOwnLine } from './own-line';
import { playScenes } from './scenes';
import { playTalks } from './talks';

/**
 * Creates the pictures of README and manuals: `npm run pictures`. Starts a line with separate ports and data,
 * plays the scenes in Chromium, and writes docs/pictures after all of them have succeeded. With `talks` it plays
 * the twenty commonest talks instead and writes a phone screen of each, light and dark, to .local/talks. Otherwise
 * exits with 1.
 */
async function makePictures(isOfTalks: boolean): Promise<void> {
  const executablePath = process.env['TEST_CHROMIUM'] || findChromium();
  if (executablePath === undefined)
    throw new Error('There is no Chromium on this machine; install one first.');
  const talksFolder = join(projectRoot(), '.local/talks');
  const { say, step } = createProgress(process.stdout);
  const album = albumIn(join(projectRoot(), 'docs/pictures'));
  const line = await step('Starting a line', startOwnLine);
  try {
    const browser = await chromium.launch({
      executablePath,
      args: [...chromiumArguments],
      env: { ...process.env, LANGUAGE: 'tr' },
    });
    try {
      if (isOfTalks) await step('Playing the talks', () => playTalks(browser, line, screensIn(talksFolder)));
      else await step('Playing the scenes', () => playScenes(browser, line, album));
    } finally {
      await browser.close();
    }
  } finally {
    await line.stop();
  }
  if (isOfTalks) {
    say(talksFolder);
    return;
  }
  for (const { name, bytes } of album.save())
    say(`docs/pictures/${name}.webp  ${Math.ceil(bytes / 1024)} KiB`);
}

function screensIn(folder: string): (name: string, png: Buffer) => void {
  mkdirSync(folder, { recursive: true });
  return (name, png) => writeFileSync(join(folder, `${name}.png`), png);
}

makePictures(process.argv.includes('talks')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
