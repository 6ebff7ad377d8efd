import { type Browser, chromium } from 'playwright-core';
import { brokenRules } from './support/accessibility';
import { DAY, T0, wordsMessage } from './support/cases';
import { chromiumArguments } from './support/chromium';
import { hostileWords, shownAs, skeleton } from './support/hostile-words';
import { chromiumPath } from './support/services';
import { type Desk, startDesk } from './support/task-desk';
import { pageOf } from './support/task-forms';

jest.setTimeout(60_000);

const phone = '905551112233';
const answer = 'Çukur perşembe günü kapatılacak.';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('call-page');
});
afterAll(() => desk.stop());
beforeEach(async () => {
  desk.setClock(T0);
  desk.line.isAway = false;
  desk.line.isPending = false;
  desk.line.isLost = false;
  await named('Ayşe Yılmaz');
});

async function named(profileName: string): Promise<void> {
  const sighting = { bsuid: null, phone, profileName, language: null, at: new Date(T0) };
  await desk.store.citizens.seen('c-1', sighting);
}

/** Stores a message of a case that did not arrive. */
async function fail(caseNumber: string, effect: number, body: string, byPhone = true): Promise<void> {
  const key = `${caseNumber}:${effect}`;
  const content = { type: 'text', body };
  await desk.store.outbox.prepare({
    ...{ key, channel: 'whatsapp', recipient: 'c-1', caseNumber, content, byPhone, createdAt: new Date(T0) },
  });
  await desk.take(caseNumber, { type: 'notDelivered', undelivered: effect, recipient: 'citizen' });
}

/** A case whose desk was asked to phone its citizen. */
async function asked(body = answer) {
  const { caseNumber } = await desk.openCase();
  await fail(caseNumber, 1, body);
  await desk.take(caseNumber, { type: 'called', news: { at: T0, step: 'asked', attempt: 1 } });
  const { tokenHash, url } = desk.links.issue('call');
  const recipient = { name: 'Bildirim Masası', address: 'masa@etimesgut.example' };
  const [createdAt, expiresAt] = [new Date(T0), new Date(T0 + 1_000)];
  await desk.store.callLinks.add({ tokenHash, caseNumber, recipient, createdAt, expiresAt });
  return { caseNumber, url };
}

function hidden(page: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
}

async function report(url: string, fields: Record<string, string>, page?: string): Promise<Response> {
  const html = page ?? (await pageOf(url));
  const body = new URLSearchParams({
    ...{ nonce: hidden(html, 'nonce'), seen: hidden(html, 'seen'), words: '' },
    ...fields,
  });
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

const progressOf = async (caseNumber: string) => (await desk.store.cases.get(caseNumber))?.progress;
async function factsOf(caseNumber: string) {
  const revision = (await progressOf(caseNumber))?.revision ?? 0;
  return desk.store.cases.facts(caseNumber, revision);
}

describe('the page of a call', () => {
  it('shows whom to phone and the texts that did not arrive, without links', async () => {
    const { caseNumber, url } = await asked(`${answer}\nhttps://line.example/s/abc`);
    await fail(caseNumber, 2, 'Kaydınız kapatıldı.', false);
    const page = await pageOf(url);
    expect(page).toContain(`<a href="tel:+${phone}">+${phone}</a>`);
    expect(page).toContain('Ayşe Yılmaz');
    expect(page).toContain(answer);
    expect(page).not.toContain('/s/abc');
    expect(page).not.toContain('Kaydınız kapatıldı.');
  });

  it('shows neither citizen nor texts after the end of the call', async () => {
    const { url } = await asked();
    expect((await report(url, { result: 'reached' })).status).toBe(303);
    const page = await pageOf(url);
    expect(page).toContain('Arama sona erdi');
    for (const secret of [phone, 'Ayşe', answer]) expect(page).not.toContain(secret);
  });

  it('is gone when its link has expired', async () => {
    const { url } = await asked();
    desk.setClock(T0 + 1_000);
    expect((await fetch(url)).status).toBe(404);
  });

  it('changes nothing when it is opened, and every opening is recorded', async () => {
    const { caseNumber, url } = await asked();
    const before = await progressOf(caseNumber);
    await Promise.all([fetch(url), fetch(url, { method: 'HEAD' })]);
    expect(await progressOf(caseNumber)).toEqual(before);
    expect(await desk.store.linkViews.ofCase(caseNumber, 9)).toMatchObject([{ what: 'call' }]);
    expect(await desk.store.trail.of(caseNumber, '')).toMatchObject([{ what: 'numberShown' }]);
  });

  it.each(hostileWords)('shows %s in name and text as text', async (_, words) => {
    const calm = await pageOf((await asked()).url);
    await named(words);
    const page = await pageOf((await asked(words)).url);
    expect(page).toContain(shownAs(words));
    expect(skeleton(page)).toEqual(skeleton(calm));
  });
});

describe('the page of a citizen who wants to speak to somebody', () => {
  const recipient = { name: 'Bildirim Masası', address: 'masa@etimesgut.example' };

  async function wished(): Promise<string> {
    const id = `wish-${Math.random()}`;
    await desk.store.messages.add(
      wordsMessage({ id, citizenId: 'c-1', words: 'Biriyle görüşmek istiyorum', caseNumber: null }),
    );
    const { tokenHash, url } = desk.links.issue('call');
    const [createdAt, expiresAt] = [new Date(T0), new Date(T0 + 1_000)];
    await desk.store.callLinks.add({
      ...{ tokenHash, caseNumber: null, wish: { citizenId: 'c-1', messageIds: [id] } },
      ...{ recipient, createdAt, expiresAt },
    });
    return url;
  }

  it('shows name, number and words, and takes no report', async () => {
    const url = await wished();
    const page = await pageOf(url);
    for (const shown of [`href="tel:+${phone}"`, 'Ayşe Yılmaz', 'Biriyle görüşmek istiyorum'])
      expect(page).toContain(shown);
    expect(page).not.toContain('<form');
    const body = new URLSearchParams({ result: 'reached' });
    expect((await fetch(url, { method: 'POST', body })).status).toBe(404);
  });

  it('records each opening in the views and in the audit trail, with who opened it', async () => {
    const url = await wished();
    const before = (await desk.store.trail.between(0, T0 + DAY)).length;
    await pageOf(url);
    await fetch(url, { method: 'HEAD' });
    await pageOf(url);
    expect((await desk.store.trail.between(0, T0 + DAY)).slice(before)).toMatchObject(
      Array<object>(2).fill({ what: 'numberShown', actor: recipient.address, citizenId: 'c-1' }),
    );
    const views = await desk.store.linkViews.model.find({ what: 'call', caseNumber: null }).lean();
    expect(views.at(-1)).toMatchObject({ recipient, times: 2 });
  });

  it('is gone when its link has expired, and when the citizen was erased', async () => {
    const [first, second] = [await wished(), await wished()];
    desk.setClock(T0 + 1_000);
    expect((await fetch(first)).status).toBe(404);
    desk.setClock(T0);
    const citizen = await desk.store.citizens.get('c-1');
    if (citizen) await desk.store.personErasure.erase(citizen);
    expect((await fetch(second)).status).toBe(404);
    expect(await desk.store.callLinks.model.countDocuments({ 'wish.citizenId': 'c-1' })).toBe(0);
  });
});

describe('the report of a call', () => {
  it('can be sent again after its lost workflow goes on', async () => {
    const { caseNumber, url } = await asked();
    desk.line.isLost = true;
    const away = await report(url, { result: 'notReached', words: 'Meşgul' });
    const page = await away.text();
    expect([away.status, page]).toEqual([503, expect.stringContaining('bir saat sonra')]);
    expect(page).toContain('Meşgul');
    desk.line.isLost = false;
    expect((await report(url, { result: 'notReached', words: 'Meşgul' }, page)).status).toBe(303);
    expect((await progressOf(caseNumber))?.call?.step).toBe('notReached');
  });

  it.each(['reached', 'notReached', 'wrongNumber'] as const)(
    '"%s" becomes a fact of the case',
    async result => {
      const { caseNumber, url } = await asked();
      const answered = await report(url, { result });
      expect(answered.status).toBe(303);
      const location = answered.headers.get('location') ?? '';
      const page = await pageOf(new URL(location, url).href);
      expect(page).toMatch(/Teşekkür ederiz|Kaydedildi/);
      const [fact] = (await factsOf(caseNumber)).slice(-1);
      expect(fact).toMatchObject({ type: 'called', step: result, told: result === 'reached' ? [1] : [] });
      expect((await progressOf(caseNumber))?.call?.step).toBe(result);
    },
  );

  it('brings what the citizen said to the department', async () => {
    const { caseNumber, url } = await asked();
    await desk.take(caseNumber, { type: 'acted', act: { actionId: 'q', action: 'askCitizen', task: 1 } });
    expect((await progressOf(caseNumber))?.stage).toBe('waitingCitizen');
    await report(url, { result: 'reached', words: 'Kapı no 12.' });
    expect((await progressOf(caseNumber))?.stage).toBe('assigned');
    const link = await desk.linkTo(caseNumber);
    const task = await pageOf(link.url);
    expect(task).toContain('Kapı no 12.');
    expect(task).toContain('Bu metin vatandaşa telefonda okundu.');
  });

  it('needs a result and words of bounded length, and keeps what was typed', async () => {
    const { caseNumber, url } = await asked();
    const before = (await factsOf(caseNumber)).length;
    const without = await report(url, { words: 'Eşi açtı.' });
    expect(without.status).toBe(400);
    expect(await without.text()).toMatch(/Lütfen aramanın sonucunu seçiniz[^]*Eşi açtı\./);
    const long = await report(url, { result: 'reached', words: 'a'.repeat(1_001) });
    expect([long.status, await long.text()]).toEqual([400, expect.stringContaining('En çok 1000 karakter')]);
    expect((await report(url, { result: 'somebody' })).status).toBe(400);
    expect((await report(url, { result: 'reached', nonce: 'x' })).status).toBe(400);
    expect(await factsOf(caseNumber)).toHaveLength(before);
  });

  it('does not count texts that were added after the page was opened', async () => {
    const { caseNumber, url } = await asked();
    const page = await pageOf(url);
    await fail(caseNumber, 2, 'Çalışma ertelendi.');
    const refused = await report(url, { result: 'reached', words: 'Teşekkür etti.' }, page);
    expect(refused.status).toBe(409);
    const shown = await refused.text();
    expect(shown).toMatch(/okunacak metin değişti[^]*Çalışma ertelendi\.[^]*Teşekkür etti\./);
    expect((await report(url, { result: 'reached' }, shown)).status).toBe(303);
    expect((await factsOf(caseNumber)).at(-1)).toMatchObject({ told: [1, 2] });
  });

  it('is only confirmed if the same form is sent again', async () => {
    const { caseNumber, url } = await asked();
    const page = await pageOf(url);
    const answers = [];
    for (let time = 0; time < 2; time += 1) answers.push(await report(url, { result: 'reached' }, page));
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect((await factsOf(caseNumber)).filter(({ type }) => type === 'called')).toHaveLength(2);
  });

  it('is refused after the end of the call', async () => {
    const { url } = await asked();
    const page = await pageOf(url);
    await report(url, { result: 'wrongNumber' });
    desk.setClock(T0 + 1);
    const late = await report(url, { result: 'reached', nonce: hidden(page, 'nonce') }, page);
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('Bu arama sona ermiş');
  });

  it('can be sent again while Temporal is away', async () => {
    const { caseNumber, url } = await asked();
    desk.line.isAway = true;
    const away = await report(url, { result: 'notReached', words: 'Meşgul.' });
    const page = await away.text();
    expect([away.status, page]).toEqual([503, expect.stringContaining('Meşgul.')]);
    desk.line.isAway = false;
    expect((await report(url, { result: 'notReached', words: 'Meşgul.' }, page)).status).toBe(303);
    expect((await progressOf(caseNumber))?.call?.step).toBe('notReached');
  });
});

describe('the page of a call on a phone', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)('breaks no rule and fits into 360 px (%s)', async colorScheme => {
    const { url } = await asked();
    const open = await pageOf(url);
    const wrong = await (await report(url, {})).text();
    await report(url, { result: 'reached' });
    for (const html of [open, wrong, await pageOf(url)]) {
      expect(await brokenRules(browser, html, { width: 360, colorScheme })).toEqual([]);
    }
  });

  it('works without script', async () => {
    const { caseNumber, url } = await asked();
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByLabel('Ulaştım, metni okudum').check();
    await page.getByLabel('Vatandaşın söyledikleri').fill('Teşekkür etti.');
    await page.getByRole('button', { name: 'Sonucu bildir' }).click();
    await page.getByText('Metin vatandaşa okunmuş sayıldı').waitFor();
    expect((await progressOf(caseNumber))?.call?.step).toBe('reached');
    await context.close();
  });
});
