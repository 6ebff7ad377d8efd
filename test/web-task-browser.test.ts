import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import sharp from 'sharp';
import { chromiumArguments } from './support/chromium';
import { chromiumPath } from './support/services';
import { startDesk, type Desk } from './support/task-desk';
import { unfold } from './support/task-forms';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const image = { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' } as const;

jest.setTimeout(60_000);

let desk: Desk;
let browser: Browser;
let jpeg: Buffer;
beforeAll(async () => {
  desk = await startDesk('browser');
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
  jpeg = await sharp({ create: { width: 1600, height: 900, channels: 3, background: 'gray' } })
    .jpeg()
    .toBuffer();
});
afterAll(async () => {
  await browser.close();
  await desk.stop();
});

/** Opens a page. Collects its requests, its errors and violations of its policy. */
async function open(url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, ...options });
  const page = await context.newPage();
  const asked: string[] = [];
  const troubles: string[] = [];
  page.on('request', request => asked.push(request.url()));
  page.on('pageerror', error => troubles.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('status of')) troubles.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  return { page, asked, troubles, close: () => context.close() };
}

/**
 * Returns the WCAG 2.2 AA rules that a page violates. Axe runs in a copy, because the pages allow no scripts.
 */
async function broken(page: Page): Promise<string[]> {
  const context = await browser.newContext({
    viewport: page.viewportSize(),
    colorScheme: (await page.evaluate<boolean>(`matchMedia('(prefers-color-scheme: dark)').matches`))
      ? 'dark'
      : 'light',
    bypassCSP: true,
  });
  const copy = await context.newPage();
  await copy.setContent(await page.content());
  await copy.evaluate(axe);
  const found = await copy.evaluate<{ id: string; nodes: string[] }[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(result => result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(node => node.html) })))`,
  );
  await context.close();
  return found.map(({ id, nodes }) => `${id}: ${nodes.join(' ')}`);
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

async function richCase() {
  const opened = await desk.openCase({
    messages: [
      { words: `Süvari mahallesi 1234. sokakta çukur var ${'ö'.repeat(300)}` },
      { type: 'image', words: 'Okulun önü', media: image },
      { type: 'location', place: { latitude: 39.9471, longitude: 32.6332, name: 'Okul', address: null } },
    ],
  });
  const { caseNumber, messageIds } = opened;
  const id = messageIds[1] ?? '';
  const kept = { thumbnail: jpeg, width: 1600, height: 900, takenAt: null, keptAt: new Date() };
  await desk.store.photos.add({ id, caseNumber, jpeg, ...kept });
  return opened;
}

const stageOf = async (caseNumber: string): Promise<string | undefined> =>
  (await desk.store.cases.get(caseNumber))?.progress?.stage;

describe('the task page in a browser', () => {
  it.each([
    ['a phone', 320, 'light'],
    ['a phone at night', 320, 'dark'],
    ['a desk', 1280, 'light'],
    ['a desk at night', 1280, 'dark'],
  ] as const)(
    'on %s fits, loads only our own files, and has no accessibility violations',
    async (_, width, scheme) => {
      const { link } = await richCase();
      const viewport = { width, height: 700 };
      const { page, asked, troubles, close } = await open(link.url, { viewport, colorScheme: scheme });
      await page.evaluate(
        `for (const act of document.querySelectorAll('details')) { act.name = ''; act.open = true }`,
      );
      expect(await overflow(page)).toBe(0);
      expect(await broken(page)).toEqual([]);
      expect(asked.filter(url => !url.startsWith(desk.base))).toEqual([]);
      expect(troubles).toEqual([]);
      const photo = page.getByRole('img', { name: 'Vatandaşın gönderdiği fotoğraf' });
      await photo.scrollIntoViewIfNeeded();
      await page.waitForFunction(`document.querySelector('.photo img').naturalWidth > 0`);
      const targets = await page.locator('button, summary, select, textarea, .button').all();
      const heights = await Promise.all(
        targets.map(async target => (await target.boundingBox())?.height ?? 0),
      );
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
      await close();
    },
  );

  it('supports every act on a phone without scripts', async () => {
    const { caseNumber, link } = await richCase();
    const { page, close } = await open(link.url, { javaScriptEnabled: false });
    await unfold(page, 'accept');
    await page.getByLabel('Bu işi üstlendiğimizi onaylıyorum.').check();
    await page.getByRole('button', { name: 'Kabul et' }).click();
    await page.getByRole('status').getByText('İş kabul edildi.').waitFor();
    expect(await stageOf(caseNumber)).toBe('accepted');

    await unfold(page, 'resolve');
    await page.getByLabel('Vatandaşa açıklama: ne yapıldı?').fill('Çukur kapatıldı.');
    await page.getByRole('button', { name: 'Önizle' }).click();
    await page.getByText('Açıklama: Çukur kapatıldı.').waitFor();
    expect(await stageOf(caseNumber)).toBe('accepted');
    await page.getByLabel('Bu açıklamanın vatandaşa gönderilmesini onaylıyorum.').check();
    await page.getByRole('button', { name: 'Sonuçlandır ve gönder' }).click();
    await page.getByText('açıklamanız vatandaşa gönderiliyor').waitFor();
    expect(await stageOf(caseNumber)).toBe('resolved');
    await close();
  });

  it('reroutes to a department with a reason', async () => {
    const { caseNumber, link } = await richCase();
    const { page, close } = await open(link.url, { viewport: { width: 1280, height: 800 } });
    await unfold(page, 'reroute');
    await page.getByLabel('Müdürlük', { exact: true }).selectOption('Park ve Bahçeler Müdürlüğü');
    await page.getByLabel('Gerekçe (yeni müdürlük görür)').fill('Park alanı.');
    await page.getByLabel('Kaydın seçtiğim müdürlüğe gönderilmesini onaylıyorum.').check();
    await page.getByRole('button', { name: 'Yönlendir' }).click();
    await page.getByText('Kayıt seçtiğiniz müdürlüğe yönlendirildi.').waitFor();
    await page.getByText('Bu bağlantının görevi sona erdi').waitFor();
    expect((await desk.store.cases.get(caseNumber))?.progress?.plan.desk.slug).toBe('park-ve-bahceler');
    await close();
  });

  it('returns to the invalid form, keeps the entries, and has no accessibility violations', async () => {
    const { link } = await richCase();
    const { page, close } = await open(link.url);
    await unfold(page, 'reject');
    await page.evaluate(`document.querySelector('#reject-act form').noValidate = true`);
    await page.locator('#reject-words').fill('Yerinde bakıldı.');
    await page.getByRole('button', { name: 'Reddet ve gönder' }).click();
    await page.getByText('Listeden bir gerekçe seçiniz.').waitFor();
    expect(await page.locator('#reject-words').inputValue()).toBe('Yerinde bakıldı.');
    expect(await page.getByText('İşlem henüz yapılmadı').isVisible()).toBe(true);
    const top = (await page.locator('#reject-act').boundingBox())?.y ?? NaN;
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(320);
    expect(await broken(page)).toEqual([]);
    await close();
  });

  it('accepts one of two concurrent acts; the other person sees the first act', async () => {
    const { link } = await richCase();
    const [one, two] = await Promise.all([open(link.url), open(link.url)]);
    for (const { page } of [one, two]) {
      await unfold(page, 'resolve');
      await page.getByLabel('Bu açıklamanın vatandaşa gönderilmesini onaylıyorum.').check();
    }
    await one.page.locator('#resolve-words').fill('Birinci.');
    await two.page.locator('#resolve-words').fill('İkinci.');
    await one.page.getByRole('button', { name: 'Sonuçlandır ve gönder' }).click();
    await one.page.getByText('açıklamanız vatandaşa gönderiliyor').waitFor();
    await two.page.getByRole('button', { name: 'Sonuçlandır ve gönder' }).click();
    await two.page.getByText('başka bir aşamaya geçti').waitFor();
    await two.page.getByText('Birinci.').waitFor();
    expect(await two.page.getByText('İkinci.').isVisible()).toBe(true);
    await Promise.all([one.close(), two.close()]);
  });

  it('changes nothing when loaded, left open, or when every form is submitted unchanged', async () => {
    const { caseNumber, link } = await richCase();
    const { page, close } = await open(link.url);
    const before = await desk.store.cases.get(caseNumber);
    const forms = await page.locator('.acts form').count();
    for (let place = 0; place < forms; place += 1) {
      await page.goto(link.url);
      await page.evaluate(`document.querySelectorAll('.acts form')[${place}].submit()`);
      await page.waitForLoadState();
      await page.getByText('İşlem henüz yapılmadı').first().waitFor();
    }
    expect(await desk.store.cases.get(caseNumber)).toEqual(before);
    await close();
  });

  it('has no accessibility violations for an invalid link', async () => {
    const { page, close } = await open(`${desk.base}/t/x`);
    expect(await broken(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await close();
  });

  it('prints the report without its forms', async () => {
    const { link } = await richCase();
    const { page, close } = await open(link.url);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Okulun önü').isVisible()).toBe(true);
    expect(await page.locator('.acts').isVisible()).toBe(false);
    await close();
  });
});
