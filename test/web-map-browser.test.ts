import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser } from 'playwright-core';
import sharp from 'sharp';
import { chromiumArguments } from './support/chromium';
import { chromiumPath } from './support/services';
import { municipality, startDesk, type Desk } from './support/task-desk';
import { unfold } from './support/task-forms';

jest.setTimeout(60_000);

let tiles: Server;
let origin: string;
let desk: Desk;
let browser: Browser;
beforeAll(async () => {
  const tile = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#7fb069' } })
    .png()
    .toBuffer();
  tiles = createServer((_, response) => response.setHeader('content-type', 'image/png').end(tile));
  await new Promise<void>(resolve => tiles.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(tiles.address() as AddressInfo).port}`;
  const mapTiles = { url: `${origin}/{z}/{x}/{y}.png`, attribution: '© Belediye' };
  desk = await startDesk('map-browser', { ...municipality, mapTiles });
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
});
afterAll(async () => {
  await browser.close();
  await desk.stop();
  await new Promise(resolve => tiles.close(resolve));
});

it('the map shows a pin and the tiles of one server, without policy violations', async () => {
  const { link } = await desk.openCase();
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const asked: string[] = [];
  const troubles: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).origin));
  page.on('pageerror', error => troubles.push(error.message));
  page.on('response', got => got.status() >= 400 && troubles.push(`${got.status()} ${got.url()}`));
  // The browser reports a missing favicon only on the console. All other responses are checked above.
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('status of')) troubles.push(message.text());
  });
  const answer = await page.goto(link.url);
  await page.locator('#map').scrollIntoViewIfNeeded();
  await page.waitForFunction(
    `[...document.querySelectorAll('.leaflet-tile')].some(tile => tile.naturalWidth === 256)`,
  );
  const shots = process.env['TEST_SHOTS'];
  if (shots) await page.screenshot({ path: `${shots}/map-360.png`, fullPage: true });
  expect(new Set(asked)).toEqual(new Set([desk.base, origin]));
  expect(troubles).toEqual([]);
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain(`img-src 'self' ${origin};`);
  expect(policy).toContain("script-src 'self';");
  expect(policy.match(/https?:\/\/[^\s;]+/g)).toEqual([origin]);
});

it.each([390, 1_280])(
  'a tap on the map gives the pin of a correction, and its preview, at %i px',
  async width => {
    const { link } = await desk.openCase();
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(link.url);
    await page.locator('#map.leaflet-container').click({ position: { x: 60, y: 40 } });
    const typed = await page.locator('#correct-pin').inputValue();
    expect(typed).toMatch(/^39\.\d{5}, 32\.\d{5}$/);
    await unfold(page, 'correct');
    await page.locator('#correct-subject').selectOption('tree');
    await page.locator('#correct-words').fill('Yerinde bakıldı: devrilmiş ağaç.');
    await page.locator('#correct-act button[name=preview]').click();
    await page.locator('#correct-act .foreseen').waitFor();
    const shots = process.env['TEST_SHOTS'];
    if (shots) await page.locator('#correct-act').screenshot({ path: `${shots}/correct-${width}.png` });
    expect(await page.locator('#correct-act .foreseen').innerText()).toContain('Park ve Bahçeler');
    expect(await page.locator('#correct-pin').inputValue()).toBe(typed);
    const overflow = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect(overflow).toBe(false);
  },
);
