import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { DAY } from './support/cases';
import { chromiumArguments } from './support/chromium';
import { chromiumPath } from './support/services';
import { type Desk, startDesk } from './support/task-desk';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

jest.setTimeout(60_000);

let desk: Desk;
let browser: Browser;
beforeAll(async () => {
  desk = await startDesk('status-browser');
  await desk.store.citizens.seen('c-1', {
    ...{ bsuid: null, phone: '905551112233', profileName: null, language: null },
    ...{ at: new Date(), isMessage: true },
  });
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
});
afterAll(async () => {
  await browser.close();
  await desk.stop();
});

type Action = 'askCitizen' | 'resolve' | 'reject';

async function statusPage(colorScheme: 'light' | 'dark' = 'light', action: Action = 'resolve') {
  const opened = await desk.openCase();
  const actionId = `${opened.caseNumber}-done`;
  await desk.take(opened.caseNumber, { type: 'acted', act: { actionId, action, task: 1 } });
  const { tokenHash, url } = desk.links.issue('status');
  const { caseNumber } = opened;
  await desk.store.statusLinks.add({ tokenHash, caseNumber, createdAt: new Date(Date.now() - DAY) });
  const context = await browser.newContext({
    ...{ viewport: { width: 360, height: 740 }, javaScriptEnabled: false, colorScheme },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  return { caseNumber, page, close: () => context.close() };
}

/**
 * Returns the WCAG 2.2 AA rules that a page violates. Axe runs in a copy, because the page allows no script.
 */
async function broken(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme });
  try {
    const copy = await context.newPage();
    await copy.setContent(await page.content());
    await copy.addScriptTag({ content: axe });
    return await copy.evaluate(async () => {
      const { axe: engine } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string }[] }> };
      };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
      const { violations } = await engine.run({ runOnly: { type: 'tag', values: tags } });
      return violations.map(({ id }) => id);
    });
  } finally {
    await context.close();
  }
}

describe('the status page on a phone without script', () => {
  it.each([
    ['light', 'resolve'],
    ['dark', 'resolve'],
    ['light', 'askCitizen'],
    ['light', 'reject'],
  ] as const)('breaks no rule of WCAG 2.2 AA and fits (%s, after %s)', async (scheme, action) => {
    const { page, close } = await statusPage(scheme, action);
    expect(await broken(page, scheme)).toEqual([]);
    const wide = await page.locator('main').boundingBox();
    expect(wide?.width).toBeLessThanOrEqual(360);
    await close();
  });

  it('accepts the answer of a citizen by one tap', async () => {
    const { caseNumber, page, close } = await statusPage();
    await page.getByRole('button', { name: 'Çözülmedi', exact: true }).click();
    await page.getByText('Gönderdiğiniz kaydınıza işleniyor').waitFor();
    const progress = (await desk.store.cases.get(caseNumber))?.progress;
    expect(progress).toMatchObject({ stage: 'assigned', feedback: 'unsolved' });
    await close();
  });

  it('shows the error of an empty form beside its field', async () => {
    const { page, close } = await statusPage();
    await page.locator('#add').getByRole('button', { name: 'Gönder' }).click();
    await page.locator('#add').getByText('Lütfen bir şey yazınız veya fotoğraf seçiniz.').waitFor();
    expect(await broken(page, 'light')).toEqual([]);
    await close();
  });
});
