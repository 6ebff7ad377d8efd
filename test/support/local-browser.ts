import { chromium, type Browser } from 'playwright-core';
import { chromiumArguments, findChromium } from './chromium';

const executablePath = process.env['TEST_CHROMIUM'] || findChromium();

/** `describe` where a Chromium is found, `describe.skip` elsewhere. */
export const describeWithBrowser = executablePath === undefined ? describe.skip : describe;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...chromiumArguments],
  });
