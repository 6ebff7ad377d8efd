import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createTexts } from '../src/config/texts';
import { createPages } from '../src/web/html-pages';
import { brokenRules } from './support/accessibility';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { municipality } from './support/task-desk';
import { rows } from './support/proving';

/** The folder for screenshots, if set. */
const shots = process.env['TEST_SHOTS'];
const pages = createPages(municipality, createTexts(municipality));
const failures = [400, 403, 404, 408, 413, 429, 500, 503].map(status => ({
  name: `desk-${status}`,
  html: pages.failure(status),
}));
const taskLinks = [
  { name: 'desk-404-task', html: pages.failure(404, 'department', 'task') },
  { name: 'desk-link-asked', html: pages.linkAsked() },
];
const citizens = [404, 405, 429, 500, 503].map(status => ({
  name: `citizen-${status}`,
  html: pages.statusFailure(status),
}));

/** Pages that differ most in their texts. */
const shortly = ['desk-404-task', 'desk-500', 'citizen-404', 'home'];

describeWithBrowser('a page that stands for another', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
    if (shots) mkdirSync(shots, { recursive: true });
  });
  afterAll(() => browser.close());

  it.each(
    rows([...failures, ...taskLinks, ...citizens, { name: 'home', html: pages.home() }], ({ name }) =>
      shortly.includes(name),
    ),
  )('$name has no accessibility violations, in light and dark mode and in print', async page => {
    expect(await brokenRules(browser, page.html, { width: 320, colorScheme: 'light' })).toEqual([]);
    expect(await brokenRules(browser, page.html, { width: 1200, colorScheme: 'dark' })).toEqual([]);
    const context = await browser.newContext({
      viewport: { width: 360, height: 480 },
      colorScheme: 'dark',
    });
    const seen = await context.newPage();
    await seen.setContent(page.html);
    const colours = () =>
      seen.evaluate<string[]>(
        `['color', 'backgroundColor'].map(name => getComputedStyle(document.querySelector('.card'))[name])`,
      );
    const keep = async (how: string): Promise<void> => {
      if (shots) await seen.screenshot({ path: join(shots, `${page.name}-${how}.png`) });
    };
    await keep('dark');
    await seen.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await colours()).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    await keep('print');
    await seen.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await keep('light');
    await context.close();
  });

  it('in two languages marks the language of each text', () => {
    const html = pages.statusFailure(404);
    expect(html).toContain('<span lang="en">This link is not valid</span>');
    expect(html).toMatch(/<p lang="en">It may be incomplete/);
    expect(html).toMatch(/<p lang="tr">Bağlantı eksik/);
  });

  it('mentions no e-mails or forms to citizens, and does not deny an act that may have been applied', () => {
    for (const { html } of citizens) {
      expect(html.slice(html.indexOf('<main>'))).not.toMatch(/e-posta|form|işlem /i);
    }
    for (const status of [500, 503]) {
      expect(pages.failure(status)).toContain('yeniden göndermeden önce kaydın geçmişine bakınız');
      expect(pages.failure(status)).not.toMatch(/hiçbir işlem yapılmadı/i);
    }
  });
});
