import { chromium, type Browser } from 'playwright-core';
import sharp from 'sharp';
import { composeLetter } from '../src/mail/letters/letters';
import { chromiumArguments } from './support/chromium';
import { letterData } from './support/letters';
import { chromiumPath } from './support/services';

jest.setTimeout(60_000);

let browser: Browser;
let jpeg: Buffer;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
  jpeg = await sharp({ create: { width: 320, height: 240, channels: 3, background: 'gray' } })
    .jpeg()
    .toBuffer();
});
afterAll(() => browser.close());

/** Inserts the pictures into the HTML like a mail client. */
function shownHtml(html: string): string {
  return html.replaceAll(/cid:[\w-]+/g, `data:image/jpeg;base64,${jpeg.toString('base64')}`);
}

/** The number of pixels by which a page is wider than its window. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

describe('a letter in a browser', () => {
  const kinds = [
    'task',
    'reminder',
    'breach',
    'escalation',
    'citizenAdded',
    'citizenAnswered',
    'holdEnded',
    'handOver',
    'replanned',
    'decision',
    'reopened',
  ] as const;

  it.each(kinds)('of kind %s fits every width, loads nothing, and has one large button', async kind => {
    const pictures = ['m-1', 'm-2', 'm-3'].map(id => ({ id, jpeg, width: 120, height: 90 }));
    const words = ['a'.repeat(300), 'Okulun önü'];
    const { html } = composeLetter(kind, { ...letterData, words, photos: 5, pictures });
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await page.setContent(shownHtml(html));
    for (const width of [320, 600, 1200]) {
      await page.setViewportSize({ width, height: 600 });
      expect([width, await page.evaluate(overflow)]).toEqual([width, 0]);
    }
    expect(asked.filter(url => !url.startsWith('data:'))).toEqual([]);
    expect(await page.getByRole('img').count()).toBe(3);
    const button = page.getByRole('link', { name: /^(Görevi|Kaydı) aç$/ });
    expect(await button.count()).toBe(1);
    const cell = await page.locator('td', { has: button }).last().boundingBox();
    expect(cell?.height).toBeGreaterThanOrEqual(44);
    await page.close();
  });
});
