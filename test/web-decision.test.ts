import type { Browser } from 'playwright-core';
import { brokenRules } from './support/accessibility';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post } from './support/task-forms';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('decision');
});
afterAll(() => desk.stop());

const chief = {
  role: 'chief',
  recipient: { name: 'Fen İşleri Müdürü', address: 'fen.isleri.sorumlu@etimesgut.example' },
} as const;

/** A rejected case with an objection, with a link for each of its readers. */
async function disputed() {
  const { caseNumber, link } = await desk.openCase();
  const [actionId, messageId] = [`${caseNumber}-e`, `${caseNumber}-m`];
  await desk.store.tasks.addAction({
    ...{ actionId, caseNumber, task: 1, action: 'reject', words: 'Yerinde <b>görülmedi</b>.' },
    ...{ reason: 'not-found', department: null, role: 'department', actor: null, at: new Date() },
  });
  await desk.take(caseNumber, { type: 'acted', act: { actionId, action: 'reject', task: 1 } });
  const [first] = await desk.store.messages.several([
    (await desk.store.cases.get(caseNumber))?.intake.openedBy ?? '',
  ]);
  if (!first) throw new Error('no message');
  await desk.store.messages.add({ ...first, id: messageId, words: 'İtiraz ediyorum, çukur duruyor.' });
  await desk.take(caseNumber, { type: 'objected', messageId, inWords: true });
  const { url } = await desk.linkTo(caseNumber, chief);
  return { caseNumber, url, department: link.url };
}

const progressOf = async (caseNumber: string) => (await desk.store.cases.get(caseNumber))?.progress;
const actsOf = (html: string): string[] =>
  [...html.matchAll(/<details id="(\w+)-act"/g)].map(([, action = '']) => action);

describe('the page for deciding an objection', () => {
  it('shows the text of both sides, the deadline and the forms', async () => {
    const { url } = await disputed();
    const html = await pageOf(url);
    expect(html).toContain('İtiraz edildi, karar bekleniyor');
    expect(html).toContain('Yerinde &lt;b&gt;görülmedi&lt;/b&gt;.');
    expect(html).toContain('İtiraz ediyorum, çukur duruyor.');
    expect(html).toContain('Karar');
    expect(actsOf(html)).toEqual(['reopen', 'confirm', 'note']);
  });

  it('reopens at another department, with text for the citizen and the department', async () => {
    const { caseNumber, url } = await disputed();
    const fields = fieldsOf(await pageOf(url), 'reopen');
    const words = 'Yol park alanının içinde; orada bakılsın.';
    const given = { ...fields, department: 'park-ve-bahceler', words, confirm: 'yes' };
    expect((await post(url, given)).status).toBe(303);
    const progress = await progressOf(caseNumber);
    expect(progress).toMatchObject({ stage: 'assigned', task: 2, outcome: null, objection: null });
    expect(progress?.plan.desk.slug).toBe('park-ve-bahceler');
    expect((await desk.store.tasks.action(fields['nonce'] ?? ''))?.words).toBe(words);
  });

  it('confirms the outcome only with reasons, and not twice', async () => {
    const { caseNumber, url } = await disputed();
    const fields = fieldsOf(await pageOf(url), 'confirm');
    expect((await post(url, { ...fields, words: ' ', confirm: 'yes' })).status).toBe(400);
    const given = { ...fields, words: 'Ekip yerinde baktı.', confirm: 'yes' };
    expect([(await post(url, given)).status, (await post(url, given)).status]).toEqual([303, 303]);
    expect(await progressOf(caseNumber)).toMatchObject({ stage: 'rejected', objectionCount: 1 });
    const facts = await desk.store.cases.facts(caseNumber, 99);
    expect(facts.filter(({ type }) => type === 'confirmed')).toHaveLength(1);
    expect(actsOf(await pageOf(url))).toEqual([]);
  });

  it('offers the department a note and no decision', async () => {
    const { caseNumber, url, department } = await disputed();
    expect(actsOf(await pageOf(department))).toEqual(['note']);
    const fields = fieldsOf(await pageOf(url), 'confirm');
    await post(department, { ...fields, words: 'Bence uygun.', confirm: 'yes' });
    expect((await progressOf(caseNumber))?.stage).toBe('objected');
  });
});

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)('fits a phone and conforms to WCAG 2.2 AA, %s', async scheme => {
    const { url } = await disputed();
    const open = (await pageOf(url)).replaceAll('<details ', '<details open ');
    expect(await brokenRules(browser, open, { width: 360, colorScheme: scheme })).toEqual([]);
  });

  it('accepts the decision on a phone without script', async () => {
    const { caseNumber, url } = await disputed();
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(url);
    await page.getByText('Sonucu uygun bul', { exact: true }).click();
    await page.getByLabel('Vatandaşa gerekçe').fill('Ekip yerinde baktı, çukur yok.');
    await page
      .getByLabel('Sonucun uygun bulunmasını ve bu gerekçenin vatandaşa gönderilmesini onaylıyorum.')
      .check();
    await page.getByRole('button', { name: 'Uygun bul ve bildir' }).click();
    await page.getByText('gerekçeniz vatandaşa bildiriliyor').waitFor();
    expect((await progressOf(caseNumber))?.stage).toBe('rejected');
    await context.close();
  });
});
