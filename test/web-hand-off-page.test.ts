import { type Browser, chromium } from 'playwright-core';
import type { HandOffStep } from '../src/domain/case/hand-off';
import { brokenRules } from './support/accessibility';
import { T0 } from './support/cases';
import { chromiumArguments } from './support/chromium';
import { hostileWords, shownAs, skeleton } from './support/hostile-words';
import { chromiumPath } from './support/services';
import { type Desk, startDesk } from './support/task-desk';
import { pageOf } from './support/task-forms';

jest.setTimeout(60_000);

const report = 'Süvari mahallesinde su borusu patladı.';
const NUMBER = 7;

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('hand-off-page');
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.setClock(T0);
  desk.line.isAway = false;
  desk.line.isPending = false;
  desk.line.isLost = false;
});

/** A case that was handed off, with a link for one side. */
async function opened(
  side: 'institution' | 'desk' = 'institution',
  {
    way = 'letter',
    step,
    words = report,
  }: { way?: 'letter' | 'desk'; step?: HandOffStep; words?: string } = {},
) {
  const { caseNumber } = await desk.openCase({ words: [words] });
  const aski = { slug: 'aski', name: 'ASKİ' };
  const act = { actionId: `act-${caseNumber}`, action: 'handOff', task: 1, institution: aski } as const;
  await desk.take(caseNumber, { type: 'acted', act, passesOn: true });
  await desk.take(caseNumber, { type: 'passedOn', number: NUMBER, institution: 'aski', way });
  if (step === 'question') {
    const news = { at: T0 + 1, number: NUMBER, institution: 'aski', way, step, awaits: 'reply' } as const;
    await desk.take(caseNumber, { type: 'handOffMoved', news });
  }
  const { tokenHash, url } = desk.links.issue('handOff');
  await desk.store.handOffLinks.add({
    ...{ tokenHash, caseNumber, number: NUMBER, side, institution: 'aski' },
    recipient: { name: 'ASKİ Genel Müdürlüğü', address: 'bildirim@aski.example' },
    ...{ createdAt: new Date(T0), expiresAt: new Date(T0 + 1_000) },
  });
  return { caseNumber, url };
}

async function answer(url: string, fields: Record<string, string>, page?: string): Promise<Response> {
  const [, nonce = ''] = /name="nonce" value="([^"]*)"/.exec(page ?? (await pageOf(url))) ?? [];
  const body = new URLSearchParams({ nonce, words: '', ...fields });
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

const stateOf = async (caseNumber: string) => (await desk.store.cases.get(caseNumber))?.progress;
const offered = (page: string): string[] =>
  [...page.matchAll(/name="answer" value="(\w+)"/g)].map(([, value = '']) => value);

describe('the page of a hand-off', () => {
  it.each([
    ['the institution', 'institution', {}, ['taken', 'done', 'notOurs', 'question']],
    ['our desk that passes it on', 'desk', { way: 'desk' }, ['passedOn', 'notPassedOn']],
    ['our desk that watches', 'desk', {}, ['taken', 'done', 'notOurs']],
    ['our desk that was asked', 'desk', { step: 'question' }, ['reply', 'done', 'notOurs']],
  ] as const)('offers %s its answers', async (_, side, over, answers) => {
    const { url } = await opened(side, over);
    const page = await pageOf(url);
    expect(offered(page)).toEqual(answers);
    expect(page).toContain('su borusu');
  });

  it('changes nothing when it is opened, and every opening is recorded', async () => {
    const { caseNumber, url } = await opened();
    const before = await stateOf(caseNumber);
    await Promise.all([fetch(url), fetch(url, { method: 'HEAD' })]);
    expect(await stateOf(caseNumber)).toEqual(before);
    expect(await desk.store.linkViews.ofCase(caseNumber, 9)).toMatchObject([
      { what: 'handOff', department: 'aski' },
    ]);
  });

  it('is gone when its link has expired', async () => {
    const { url } = await opened();
    desk.setClock(T0 + 1_000);
    const gone = await fetch(url);
    expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('geçerli değil')]);
  });

  it('shows photos of its case only, and only while it is open', async () => {
    const { caseNumber, url } = await opened();
    const other = await desk.openCase();
    const photo = (id: string, of: string) => ({
      ...{ id, caseNumber: of, jpeg: Buffer.from('jpeg'), thumbnail: Buffer.from('small') },
      ...{ width: 4, height: 4, takenAt: null, flagged: false, keptAt: new Date(T0) },
    });
    await desk.store.photos.model.collection.insertMany(
      [photo('own', caseNumber), photo('foreign', other.caseNumber)].map(({ id, ...rest }) => ({
        _id: `${id}-${caseNumber}` as never,
        ...rest,
      })),
    );
    const statusOf = async (id: string): Promise<number> =>
      (await fetch(`${url}/photos/${id}-${caseNumber}`)).status;
    expect([await statusOf('own'), await statusOf('foreign'), await statusOf('none')]).toEqual([
      200, 404, 404,
    ]);
    await answer(url, { answer: 'done', words: 'Onarıldı.' });
    expect(await statusOf('own')).toBe(404);
  });

  it.each(hostileWords)('shows %s as text', async (_, words) => {
    const calm = await pageOf((await opened()).url);
    const page = await pageOf((await opened('institution', { words })).url);
    expect(page).toContain(shownAs(words));
    expect(skeleton(page)).toEqual(skeleton(calm));
  });
});

describe('an answer', () => {
  it.each(['taken', 'done', 'question'] as const)('"%s" becomes a step of the case', async given => {
    const { caseNumber, url } = await opened();
    const sent = await answer(url, { answer: given, words: 'Ekip yolda.' });
    expect(sent.status).toBe(303);
    const page = await pageOf(new URL(sent.headers.get('location') ?? '', url).href);
    expect(page).toContain('Yanıtınız kaydedildi.');
    expect(page).toContain('Ekip yolda.');
    expect((await stateOf(caseNumber))?.handOff?.step).toBe(given);
    expect(page.includes('su borusu')).toBe(given !== 'done');
  });

  it('"not ours" opens the case again', async () => {
    const { caseNumber, url } = await opened();
    await answer(url, { answer: 'notOurs', words: 'Site içi.' });
    expect(await stateOf(caseNumber)).toMatchObject({ outcome: null, stage: 'assigned', task: 2 });
  });

  it('needs a choice, words where they matter, and keeps what was typed', async () => {
    const { caseNumber, url } = await opened();
    const none = await answer(url, { words: 'Ekip yolda.' });
    expect([none.status, await none.text()]).toEqual([400, expect.stringContaining('Ekip yolda.')]);
    for (const given of ['done', 'notOurs', 'question']) {
      const bare = await answer(url, { answer: given, words: ' ' });
      expect([bare.status, await bare.text()]).toEqual([
        400,
        expect.stringContaining('açıklamanızı yazınız'),
      ]);
    }
    expect((await answer(url, { answer: 'done', words: 'a'.repeat(2_001) })).status).toBe(400);
    expect((await answer(url, { answer: 'sold', words: 'a' })).status).toBe(400);
    expect((await answer(url, { answer: 'taken', nonce: 'x' })).status).toBe(400);
    expect((await stateOf(caseNumber))?.handOff?.step).toBe('mailed');
  });

  it('of the other side is refused', async () => {
    const { caseNumber, url } = await opened();
    const wrong = await answer(url, { answer: 'passedOn' });
    expect([wrong.status, await wrong.text()]).toEqual([409, expect.stringContaining('kaydedilmedi')]);
    expect((await stateOf(caseNumber))?.handOff?.step).toBe('mailed');
  });

  it('is only confirmed if the same form is sent again', async () => {
    const { caseNumber, url } = await opened();
    const page = await pageOf(url);
    const fields = { answer: 'done', words: 'Onarıldı.' };
    const sent = [await answer(url, fields, page), await answer(url, fields, page)];
    expect(sent.map(({ status }) => status)).toEqual([303, 303]);
    const revision = (await stateOf(caseNumber))?.revision ?? 0;
    const facts = await desk.store.cases.facts(caseNumber, revision);
    expect(facts.filter(({ type }) => type === 'handOff')).toHaveLength(2);
  });

  it('can be sent again while Temporal is away', async () => {
    const { caseNumber, url } = await opened();
    desk.line.isAway = true;
    const away = await answer(url, { answer: 'done', words: 'Onarıldı.' });
    const page = await away.text();
    expect([away.status, page]).toEqual([503, expect.stringContaining('Onarıldı.')]);
    desk.line.isAway = false;
    expect((await answer(url, { answer: 'done', words: 'Onarıldı.' }, page)).status).toBe(303);
    expect((await stateOf(caseNumber))?.handOff?.step).toBe('done');
  });

  it.each([
    ['the institution', 'institution', 'letter', { answer: 'done', words: 'Onarıldı.' }],
    ['our desk', 'desk', 'desk', { answer: 'passedOn', words: 'No 77.' }],
  ] as const)('of %s can be sent again after its lost workflow goes on', async (_, side, way, fields) => {
    const { caseNumber, url } = await opened(side, { way });
    desk.line.isLost = true;
    const away = await answer(url, fields);
    const page = await away.text();
    expect([away.status, page]).toEqual([503, expect.stringContaining('bir saat sonra')]);
    expect(page).toContain(fields.words);
    desk.line.isLost = false;
    expect((await answer(url, fields, page)).status).toBe(303);
    expect((await stateOf(caseNumber))?.handOff?.step).toBe(fields.answer);
  });
});

describe('the page on a screen', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
  });
  afterAll(() => browser.close());

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1_280, 'light'],
    [1_280, 'dark'],
  ] as const)('breaks no rule and fits into %i px (%s)', async (width, colorScheme) => {
    const { url } = await opened();
    const open = await pageOf(url);
    const wrong = await (await answer(url, {})).text();
    await answer(url, { answer: 'done', words: 'Onarıldı.' });
    const passing = await pageOf((await opened('desk', { way: 'desk' })).url);
    for (const html of [open, wrong, await pageOf(url), passing]) {
      expect(await brokenRules(browser, html, { width, colorScheme })).toEqual([]);
    }
  });

  it('works without script', async () => {
    const { caseNumber, url } = await opened();
    const context = await browser.newContext({
      viewport: { width: 390, height: 740 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByLabel('Sonuçlandırdık').check();
    await page.getByLabel('Açıklama').fill('Boru onarıldı.');
    await page.getByRole('button', { name: 'Gönder' }).click();
    await page.getByText('Yanıtınız kaydedildi.').waitFor();
    expect((await stateOf(caseNumber))?.handOff?.step).toBe('done');
    await context.close();
  });
});
