import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { passedMatter } from '../src/mail/passed-matter';
import { brokenRules } from './support/accessibility';
import { acted, HOUR } from './support/cases';
import { chromiumArguments } from './support/chromium';
import { chromiumPath } from './support/services';
import { type Desk, municipality, startDesk } from './support/task-desk';
import { pageOf } from './support/task-forms';

jest.setTimeout(60_000);

const said = 'Komşum Ayşe Kaya 06 ABC 123 plakalı aracıyla yolu kapatıyor, 0533 338 06 06';
const holder = 'fen.isleri@etimesgut.example';

let desk: Desk;
let browser: Browser;
beforeAll(async () => {
  desk = await startDesk('hidden-data');
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
});
afterAll(async () => {
  await browser.close();
  await desk.stop();
});

/** A black photo with a white quarter at the top left. */
async function photo(): Promise<Buffer> {
  const white = await sharp({ create: { width: 200, height: 150, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 400, height: 300, channels: 3, background: '#000' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .jpeg()
    .toBuffer();
}

async function opened() {
  const media = { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' } as const;
  const { caseNumber, link, messageIds } = await desk.openCase({ messages: [{ words: said, media }] });
  const [id = ''] = messageIds;
  const jpeg = await photo();
  const thumbnail = await sharp(jpeg).resize(320).jpeg().toBuffer();
  const stored = { caseNumber, jpeg, thumbnail, width: 400, height: 300, takenAt: null, keptAt: new Date() };
  await desk.store.photos.add({ id, ...stored });
  return { caseNumber, id, jpeg, task: link.url, url: `${link.url}/cover/${id}` };
}

const hidden = (page: string, act: string, name: string): string => {
  const form = page.split('<form').find(each => each.includes(`value="${act}"`)) ?? '';
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? '';
};

async function post(
  url: string,
  act: string,
  fields: [name: string, value: string][],
  page?: string,
): Promise<Response> {
  const html = page ?? (await pageOf(url));
  const own = ['nonce', 'revision'].map((name): [string, string] => [name, hidden(html, act, name)]);
  const body = new URLSearchParams([...own, ['act', act], ...fields]);
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

const shade = async (jpeg: Buffer, left: number, top: number): Promise<number> => {
  const { data } = await sharp(jpeg)
    .extract({ left, top, width: 1, height: 1 })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data[0] ?? -1;
};
const bytesOf = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());
const traces = async (caseNumber: string) =>
  (await desk.store.trail.of(caseNumber, '')).map(({ what, detail, actor, reason }) =>
    [what, detail, actor, reason].join(' ').trim(),
  );

describe('regions of a photo', () => {
  it('are blurred in the photo and its thumbnail for everybody, and the original stays', async () => {
    const { caseNumber, id, jpeg, task, url } = await opened();
    // Around the corner of the white quarter.
    const fields: [string, string][] = [
      ['cell', '1'],
      ['cell', '2'],
      ['region', '400,400,200,200'],
    ];
    expect((await post(url, 'blur', fields)).status).toBe(303);
    const shown = await bytesOf(`${task}/photos/${id}`);
    expect(await shade(jpeg, 195, 145)).toBeGreaterThan(240);
    expect(await shade(shown, 195, 145)).toBeLessThan(240);
    expect(await shade(shown, 20, 20)).toBeGreaterThan(240);
    expect((await bytesOf(`${task}/photos/${id}?size=small`)).equals(jpeg)).toBe(false);
    expect((await desk.store.photos.shown(id, 'thumbnail'))?.jpeg).toEqual(
      await bytesOf(`${task}/photos/${id}?size=small`),
    );
    expect((await desk.store.photos.get(id))?.jpeg.equals(jpeg)).toBe(true);
    expect((await desk.store.photoCovers.coverOf(id))?.regions).toHaveLength(3);
    expect(await traces(caseNumber)).toEqual([`redacted photo ${holder}`]);
  });

  it('add up, and only the last picture is kept', async () => {
    const { id, url } = await opened();
    for (const cell of ['1', '64']) await post(url, 'blur', [['cell', cell]]);
    expect(await desk.store.photoCovers.coverOf(id)).toMatchObject({ revision: 2, regions: [{}, {}] });
    const first = await desk.store.cases.model.db
      .collection('photo-covers')
      .findOne({ photoId: id, revision: 1 });
    expect(first).toMatchObject({ jpeg: null, thumbnail: null });
  });

  it('are not taken from a page that somebody else has overtaken', async () => {
    const { id, url } = await opened();
    const page = await pageOf(url);
    expect((await post(url, 'blur', [['cell', '1']], page)).status).toBe(303);
    const late = await post(url, 'blur', [['cell', '2']], page);
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('bu arada değişti')]);
    expect((await desk.store.photoCovers.coverOf(id))?.revision).toBe(1);
  });
});

describe('words', () => {
  it('that look personal are marked beforehand', async () => {
    const page = await pageOf((await opened()).url);
    const marked = [...page.matchAll(/checked><span>([^<]*)</g)].map(([, word]) => word);
    expect(marked).toEqual(['06', 'ABC', '123', '0533', '338', '06', '06']);
  });

  it('are hidden on the page, from an institution and from the citizen’s page; the original stays', async () => {
    const { caseNumber, id, task, url } = await opened();
    const fields: [string, string][] = [
      ['word', '0'],
      ['passage', 'ayşe kaya'],
    ];
    expect((await post(url, 'strike', fields)).status).toBe(303);
    const shown = '███ ███ ███ 06 ABC 123 plakalı';
    expect(await pageOf(task)).toContain(shown);
    const status = desk.links.issue('status');
    await desk.store.statusLinks.add({ tokenHash: status.tokenHash, caseNumber, createdAt: new Date() });
    expect(await pageOf(status.url)).toContain(shown);
    const record = await desk.store.cases.get(caseNumber);
    if (!record?.progress) throw new Error('no progress');
    const matter = await passedMatter(
      { store: desk.store, municipality },
      { ...record, progress: record.progress },
      'aski',
    );
    expect(matter.words.join()).toContain(shown);
    // A number that nobody has hidden is not the institution's business either.
    expect(matter.words.join()).not.toContain('338');
    expect((await desk.store.messages.get(id))?.words).toBe(said);
    for (const each of [await pageOf(task), await pageOf(url)]) expect(each).not.toContain('Ayşe');
    expect(await traces(caseNumber)).toEqual([`redacted words ${holder}`]);
  });

  it('of a text that the citizen edits afterwards are all hidden', async () => {
    const { id, task, url } = await opened();
    await post(url, 'strike', [['passage', 'Ayşe']]);
    await desk.store.messages.reword(id, { words: 'Yeni metin Ayşe', says: 'report', language: 'tr' });
    expect(await pageOf(task)).not.toMatch(/Yeni metin|Ayşe/);
    expect(await pageOf(url)).toContain('sonradan değiştirdi');
    await post(url, 'strike', [['passage', 'Ayşe']]);
    expect(await pageOf(task)).not.toMatch(/Yeni metin|Ayşe/);
  });

  it.each([
    ['nothing', [], 'en az bir sözcük'],
    ['a passage that is not there', [['passage', 'Mehmet']], 'metinde geçmiyor'],
  ] as [string, [string, string][], string][])('need a choice: %s', async (_, fields, told) => {
    const answer = await post((await opened()).url, 'strike', fields);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(told)]);
  });
});

describe('the original', () => {
  it('is shown and opened with a reason only, which is in the audit trail', async () => {
    const { caseNumber, id, jpeg, task, url } = await opened();
    await post(url, 'strike', [['passage', 'Ayşe Kaya']]);
    await post(url, 'blur', [['cell', '1']]);
    const refused = await post(url, 'show-words', []);
    expect([refused.status, await refused.text()]).toEqual([400, expect.not.stringContaining('Ayşe')]);
    const why: [string, string][] = [['reason', 'Savcılık yazısı']];
    expect(await (await post(url, 'show-words', why)).text()).toContain('Ayşe Kaya');
    const picture = await post(url, 'show-photo', why);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await picture.arrayBuffer()).equals(jpeg)).toBe(true);
    expect(await pageOf(task)).not.toContain('Ayşe');
    expect((await post(url, 'open-words', why)).status).toBe(303);
    expect((await post(url, 'open-photo', why)).status).toBe(303);
    expect(await pageOf(task)).toContain('Ayşe Kaya');
    expect((await bytesOf(`${task}/photos/${id}`)).equals(jpeg)).toBe(true);
    expect((await traces(caseNumber)).slice(2)).toEqual(
      ['originalShown words', 'originalShown photo', 'redactionEnded words', 'redactionEnded photo'].map(
        each => `${each} ${holder} Savcılık yazısı`,
      ),
    );
  });

  it('goes with the case when it is anonymised, and the hidden version as well', async () => {
    const { caseNumber, url } = await opened();
    await post(url, 'strike', [['passage', 'Ayşe Kaya']]);
    await post(url, 'blur', [['cell', '1']]);
    await desk.take(caseNumber, acted('reject', `${caseNumber}-j`));
    await desk.store.caseErasure.anonymise([caseNumber], new Date());
    const { db } = desk.store.cases.model;
    for (const name of ['photos', 'photo-covers', 'messages', 'strikes'])
      expect([name, await db.collection(name).countDocuments({ caseNumber })]).toEqual([name, 0]);
  });
});

describe('the page', () => {
  it('is gone with the task, and only for messages of its case', async () => {
    const [one, other] = [await opened(), await opened()];
    expect((await fetch(`${one.task}/cover/${other.id}`)).status).toBe(404);
    await desk.take(one.caseNumber, acted('resolve', `${one.caseNumber}-r`));
    expect((await fetch(one.url)).status).toBe(404);
    expect((await fetch(one.url, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })).status).toBe(
      404,
    );
  });

  it.each([
    ['our desk', 'desk', 200],
    ['the institution', 'institution', 404],
  ] as const)('opens from the hand-off for %s: %s, %i', async (_, side, status) => {
    const { caseNumber, id } = await opened();
    const institution = { slug: 'aski', name: 'ASKİ' };
    const act = { actionId: `act-${caseNumber}`, action: 'handOff', task: 1, institution } as const;
    await desk.take(caseNumber, { type: 'acted', act, passesOn: true });
    await desk.take(caseNumber, { type: 'passedOn', number: 7, institution: 'aski', way: 'desk' });
    const { tokenHash, url } = desk.links.issue('handOff');
    await desk.store.handOffLinks.add({
      ...{ tokenHash, caseNumber, number: 7, side, institution: 'aski' },
      ...{ recipient: { name: 'Masa', address: 'masa@etimesgut.example' }, createdAt: new Date() },
      expiresAt: new Date(Date.now() + HOUR),
    });
    expect((await fetch(`${url}/cover/${id}`)).status).toBe(status);
    const page = await pageOf(url);
    expect(page.includes(`/cover/${id}`)).toBe(status === 200);
    if (status !== 200) return;
    expect((await post(`${url}/cover/${id}`, 'strike', [['passage', 'Ayşe Kaya']])).status).toBe(303);
    expect(await pageOf(url)).not.toContain('Ayşe');
  });

  it.each([390, 1_280])('takes drawn rectangles with a script and cells without, at %i px', async width => {
    for (const javaScriptEnabled of [true, false]) {
      const { id, url } = await opened();
      const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('pageerror', error => troubles.push(error.message));
      page.on('console', message => {
        if (message.type() === 'error' && !message.text().includes('status of'))
          troubles.push(message.text());
      });
      await page.goto(url);
      if (javaScriptEnabled) await drawOn(page);
      else await page.locator('.cells label').nth(9).click();
      const shots = process.env['TEST_SHOTS'];
      const kind = javaScriptEnabled ? 'drawn' : 'cells';
      if (shots) await page.screenshot({ path: `${shots}/cover-${kind}-${width}.png`, fullPage: true });
      await page.locator('#photo button:not([type=button])').click();
      await page.locator('.notice.good').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/cover-done-${kind}-${width}.png`, fullPage: true });
      expect(troubles).toEqual([]);
      const [region] = (await desk.store.photoCovers.coverOf(id))?.regions ?? [];
      const [left, across] = javaScriptEnabled ? [100, 400] : [125, 125];
      expect(Math.abs((region?.left ?? 0) - left)).toBeLessThan(10);
      expect(Math.abs((region?.width ?? 0) - across)).toBeLessThan(10);
      await context.close();
    }
  });

  it.each(
    [390, 1_280].flatMap(width => (['light', 'dark'] as const).map(colorScheme => ({ width, colorScheme }))),
  )('breaks no rule of WCAG at $width px, $colorScheme', async view => {
    const { task, url } = await opened();
    await post(url, 'strike', [['passage', 'Ayşe Kaya']]);
    await post(url, 'blur', [['cell', '1']]);
    const wrong = await (await post(url, 'show-words', [])).text();
    for (const html of [await pageOf(url), wrong, await pageOf(task)])
      expect(await brokenRules(browser, html, view)).toEqual([]);
  });
});

/** Draws a rectangle from a tenth to half of the picture. */
async function drawOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Dikdörtgen çiz' }).click();
  await page.locator('.cover').scrollIntoViewIfNeeded();
  const box = await page.locator('.cover').boundingBox();
  if (!box) throw new Error('no picture');
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.1, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.3, 0.4));
  await page.mouse.move(...at(0.5, 0.6));
  await page.mouse.up();
  await page.getByText('1 dikdörtgen çizildi.').waitFor();
}
