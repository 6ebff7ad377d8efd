import { existsSync } from 'node:fs';
import { onPath } from '../../src/local/services/command';
import names from './browsers.json';

const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Arguments for a headless browser that connects only to the page under test. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Returns the path of a Chromium-based browser, or undefined. */
export function findChromium(): string | undefined {
  return names.map(onPath).find(path => path !== undefined) ?? fixedPlaces.find(existsSync);
}
