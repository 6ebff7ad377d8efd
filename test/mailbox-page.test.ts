import nodemailer from 'nodemailer';
import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { startTestSandbox, type TestSandbox } from './support/local-sandbox';

let browser: Browser;
let sandbox: TestSandbox;
let page: Page;

async function post(to: string, subject: string, html: string): Promise<void> {
  const transport = nodemailer.createTransport(sandbox.smtpUrl);
  const text = `Görev: ${sandbox.url}/mailbox`;
  await transport.sendMail({ from: 'bildirim@etimesgut.test', to, subject, text, html });
  transport.close();
}

describeWithBrowser('the mailbox page', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    sandbox = await startTestSandbox();
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
  });
  afterEach(async () => {
    await page.close();
    await sandbox.dispose();
  });

  it('shows a mail as it arrives, and its links open in a new tab', async () => {
    await page.goto(`${sandbox.url}/mailbox`);
    await page.getByText('Henüz e-posta gelmedi.').waitFor();
    await post(
      'fen@etimesgut.test',
      'Yol çukuru',
      `<p>Merhaba</p><a href="${sandbox.url}/control/faults">Görevi aç</a>`,
    );
    await page.getByRole('link', { name: 'Yol çukuru' }).click();
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      page.frameLocator('iframe').getByRole('link', { name: 'Görevi aç' }).click(),
    ]);
    await tab.waitForLoadState();
    expect(tab.url()).toBe(`${sandbox.url}/control/faults`);
    await tab.close();
  });

  it('shows text, links and headers of a mail', async () => {
    await post('fen@etimesgut.test', 'Çöp', '<a href="https://a.test/t/1">Aç</a>');
    await page.goto(`${sandbox.url}/mailbox`);
    await page.getByRole('link', { name: 'Çöp' }).click();
    await page.getByRole('link', { name: 'Düz metin' }).click();
    await page.getByText(`Görev: ${sandbox.url}/mailbox`).last().waitFor();
    await page.getByRole('link', { name: 'Bağlantılar' }).click();
    expect(await page.locator('.links a').allTextContents()).toEqual([
      'https://a.test/t/1',
      `${sandbox.url}/mailbox`,
    ]);
    await page.getByRole('link', { name: 'Başlıklar' }).click();
    await page.getByRole('rowheader', { name: 'Message-ID' }).waitFor();
  });

  it('lists by recipient', async () => {
    await post('fen@etimesgut.test', 'Yol', '<p>a</p>');
    await post('temizlik@etimesgut.test', 'Çöp', '<p>b</p>');
    await page.goto(`${sandbox.url}/mailbox`);
    await page
      .getByRole('navigation', { name: 'Alıcılar' })
      .getByRole('link', { name: /temizlik/ })
      .click();
    await page.waitForURL(/to=temizlik/);
    expect(await page.locator('.mails b').allTextContents()).toEqual(['Çöp']);
  });

  it('runs no script of a mail', async () => {
    await post(
      'fen@etimesgut.test',
      'Kötü',
      '<p id="p">önce</p><script>p.textContent="sonra"</script><img src="x" onerror="p.textContent=1">',
    );
    await page.goto(`${sandbox.url}/mailbox`);
    await page.getByRole('link', { name: 'Kötü' }).click();
    await page.frameLocator('iframe').getByText('önce').waitFor();
    expect(await page.frameLocator('iframe').locator('#p').textContent()).toBe('önce');
  });

  it('is the home page without a stand-in', async () => {
    const alone = await startTestSandbox({ graph: false });
    const answer = await fetch(`${alone.url}/`);
    expect(answer.url).toBe(`${alone.url}/mailbox`);
    expect(await answer.text()).not.toContain('Telefonlar');
    expect(alone.graphUrl).toBe('');
    await alone.dispose();
  });
});
