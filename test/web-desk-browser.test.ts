import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp from 'sharp';
import { brokenRules } from './support/accessibility';
import { acted, DAY } from './support/cases';
import { chromiumArguments } from './support/chromium';
import { chromiumPath } from './support/services';
import { startDesk, type Desk } from './support/task-desk';
import { unfold } from './support/task-forms';

const image = { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' } as const;
/** The folder for screenshots, if set. */
const shots = process.env['TEST_SHOTS'];

jest.setTimeout(120_000);

let desk: Desk;
let browser: Browser;
let jpeg: Buffer;
beforeAll(async () => {
  desk = await startDesk('desk-browser');
  browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments] });
  jpeg = await sharp({ create: { width: 800, height: 600, channels: 3, background: 'gray' } })
    .jpeg()
    .toBuffer();
  if (shots) mkdirSync(shots, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  await desk.stop();
});

async function open(url: string, width: number, colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme,
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  return { page, close: () => context.close() };
}

/** Returns the accessibility rules that a page violates with every form open. */
async function broken(url: string, width: number, colorScheme: 'light' | 'dark'): Promise<string[]> {
  const html = await (await fetch(url)).text();
  return brokenRules(browser, html.replaceAll(/name="(act|more)">/g, 'open>'), { width, colorScheme });
}

async function shot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

async function richCase() {
  const opened = await desk.openCase({
    messages: [
      { words: `Süvari mahallesi 1234. sokakta çukur var ${'ö'.repeat(200)}` },
      { type: 'image', words: 'Okulun önü', media: image },
      { type: 'audio', media: { kind: 'audio', mediaId: '2', mimeType: 'audio/ogg' } },
      { type: 'location', place: { latitude: 39.9471, longitude: 32.6332, name: 'Okul', address: null } },
    ],
  });
  const { caseNumber, messageIds } = opened;
  const kept = { caseNumber, keptAt: new Date() };
  const size = { jpeg, thumbnail: jpeg, width: 800, height: 600, takenAt: null };
  await desk.store.photos.add({ id: messageIds[1] ?? '', ...kept, ...size });
  await desk.store.attachments.add(
    { id: messageIds[2] ?? '', ...kept, kind: 'audio', mimeType: 'audio/ogg', name: 'audio-1.ogg' },
    (async function* () {
      yield Buffer.from('OggS');
    })(),
  );
  return opened;
}

const stageOf = async (caseNumber: string): Promise<string | undefined> =>
  (await desk.store.cases.get(caseNumber))?.progress?.stage;

async function links(): Promise<Record<string, string>> {
  const { caseNumber, link } = await richCase();
  await desk.take(caseNumber, acted('accept', `${caseNumber}-a`));
  const [list, status] = [desk.links.issue('list'), desk.links.issue('status')];
  const createdAt = new Date();
  await desk.store.listLinks.add({
    tokenHash: list.tokenHash,
    department: 'fen-isleri',
    recipient: { name: 'Fen İşleri Müdürlüğü', address: 'fen.isleri@etimesgut.example' },
    createdAt,
    expiresAt: new Date(createdAt.getTime() + DAY),
  });
  await desk.store.statusLinks.add({ tokenHash: status.tokenHash, caseNumber, createdAt });
  return { task: link.url, list: list.url, status: status.url, refused: `${desk.base}/s/x` };
}

describe('the pages in a browser', () => {
  it.each([
    ['a phone', 320, 'light'],
    ['a desk at night', 1200, 'dark'],
  ] as const)('have no accessibility violations on %s, with every form open', async (_, width, scheme) => {
    for (const [name, url] of Object.entries(await links())) {
      expect([name, await broken(url, width, scheme)]).toEqual([name, []]);
      const { page, close } = await open(url, width, scheme);
      await shot(page, `${name}-${width}-${scheme}`);
      if (name === 'task') {
        await unfold(page, 'resolve');
        await shot(page, `resolve-${width}-${scheme}`);
      }
      await page.emulateMedia({ media: 'print', colorScheme: 'light' });
      await shot(page, `${name}-${width}-print`);
      await close();
    }
  });

  it.each([
    ['a phone', 360],
    ['a desk', 1200],
  ])('support all acts of a task without script on %s', async (_, width) => {
    const leader = await desk.openCase();
    const { caseNumber, link } = await richCase();
    const { page, close } = await open(link.url, width);
    const box = (action: string) => page.locator(`#${action}-act`);
    const send = async (action: string, button: string, confirm = true): Promise<void> => {
      if (confirm) await box(action).getByRole('checkbox').check();
      await box(action).getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('status').getByText('İşleminiz kaydedildi').waitFor();
    };
    const fold = (action: string) => unfold(page, action);

    await fold('accept');
    await send('accept', 'Kabul et');
    expect(await stageOf(caseNumber)).toBe('accepted');
    await fold('schedule');
    const day = new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10);
    await page.locator('#schedule-day').fill(day);
    await send('schedule', 'Planla ve bildir');
    expect(await stageOf(caseNumber)).toBe('scheduled');
    await fold('start');
    await send('start', 'Başlandı olarak kaydet');
    await fold('askCitizen');
    await page.locator('#askCitizen-answer').selectOption('ask-photo');
    await send('askCitizen', 'Sor ve süreyi durdur');
    expect(await stageOf(caseNumber)).toBe('waitingCitizen');
    await page.getByText('Hizmet süresi duruyor').waitFor();
    await fold('resume');
    await send('resume', 'Devam et');
    await page.goto(link.url);
    await fold('waitInstitution');
    await page.locator('#waitInstitution-institution').selectOption('aski');
    await page.locator('#waitInstitution-words').fill('Boru onarımı bekleniyor.');
    await send('waitInstitution', 'Beklemeye al');
    await fold('join');
    await page.locator('#join-leader').fill(leader.caseNumber.toLowerCase());
    await send('join', 'Bağla');
    expect(await stageOf(caseNumber)).toBe('duplicate');
    await fold('separate');
    await send('separate', 'Ayır');
    await page.goto(link.url);
    await fold('handOver');
    await page.locator('#handOver-colleague').fill('usta@baska.example');
    await page.locator('#handOver-words').fill('Sizin bölgeniz.');
    await box('handOver').getByRole('checkbox').check();
    await box('handOver').getByRole('button', { name: 'Devret' }).click();
    await page.getByText('Adres @etimesgut.example ile bitmelidir.', { exact: true }).last().waitFor();
    await page.locator('#handOver-colleague').fill('usta@etimesgut.example');
    await send('handOver', 'Devret', false);
    await fold('note');
    await page.locator('#note-words').fill('Ekip yolda.');
    await send('note', 'Notu ekle', false);

    await fold('resolve');
    await page.locator('#resolve-outcome').selectOption('partlyResolved');
    await page.locator('#resolve-words').fill('Çukur geçici olarak dolduruldu.');
    await page
      .locator('#resolve-photos')
      .setInputFiles({ name: 'iş.jpg', mimeType: 'image/jpeg', buffer: jpeg });
    await box('resolve').getByRole('button', { name: 'Önizle' }).click();
    await page.getByText('kısmen sonuçlandı').first().waitFor();
    await page.getByText('1 fotoğraf eklendi').waitFor();
    await shot(page, `preview-${width}`);
    await send('resolve', 'Sonuçlandır ve gönder');
    expect(await stageOf(caseNumber)).toBe('resolved');
    await page.goto(link.url);
    await page.getByText('kısmen çözüldü').first().waitFor();
    await close();
  });

  it('show a second person what the first did, and act only after another confirmation', async () => {
    const { caseNumber, link } = await richCase();
    const [one, two] = [await open(link.url, 1200), await open(link.url, 1200)];
    await unfold(two.page, 'accept');
    await unfold(one.page, 'note');
    await one.page.locator('#note-words').fill('Ekip gönderildi.');
    await one.page.getByRole('button', { name: 'Notu ekle' }).click();
    await one.page.getByText('İşleminiz kaydedildi').waitFor();
    await two.page.locator('#accept-act').getByRole('checkbox').check();
    await two.page.getByRole('button', { name: 'Kabul et' }).click();
    await two.page.getByText('kayıt bu arada değişti').waitFor();
    await two.page.getByText('Ekip gönderildi.').waitFor();
    expect(await stageOf(caseNumber)).toBe('assigned');
    await two.page.getByRole('button', { name: 'Kabul et' }).click();
    await two.page.getByText('İş kabul edildi.', { exact: true }).waitFor();
    await Promise.all([one.close(), two.close()]);
  });
});
