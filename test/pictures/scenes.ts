import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { sampleFile } from '../../src/local/phone/samples';
import { awaited } from '../support/line/awaited';
import { deskWindow, type DeskWindow, type TaskWindow } from '../support/line/desk-window';
import { caseNumberIn, type Person, type Phones, phonesOf } from '../support/line/phones';
import type { Album } from './album';
import type { OwnLine } from './own-line';

const DAY_MS = 86_400_000;
/** Long enough for a busy machine. */
const WAIT_MS = 120_000;
const DESK = 1200;
const HAND = 390;
/** Taller than a real phone, so that a whole conversation fits. */
const PHONE = 1_080;
const roads = 'fen.isleri@etimesgut.example';

const pins = {
  Süvari: { latitude: 39.94325, longitude: 32.64443 },
  Piyade: { latitude: 39.94655, longitude: 32.63613 },
  Elvan: { latitude: 39.94727, longitude: 32.62873 },
  Topçu: { latitude: 39.94801, longitude: 32.61938 },
  Eryaman: { latitude: 39.97465, longitude: 32.62384 },
  Bağlıca: { latitude: 39.88817, longitude: 32.6375 },
};

/** Reports that fill the managers' page, each with a pin. The hazards are overdue after a minute. */
const others: readonly [neighbourhood: keyof typeof pins, text: string][] = [
  ['Bağlıca', '1050. cadde numara 4 önünde yaralı köpek yatıyor'],
  ['Elvan', '3456. sokakta metruk bina yıkılmak üzere'],
  ['Piyade', 'İstasyon caddesinde çöp konteyneri kırık'],
  ['Topçu', '1400. sokakta çöpler alınmadı'],
  ['Eryaman', 'Çocuk parkındaki salıncak kopmuş'],
  ['Süvari', '1012. sokakta kaldırım taşları kırık'],
  ['Piyade', 'Gece yarısı inşaat gürültüsü var'],
  ['Elvan', 'Seyyar satıcılar kaldırımı işgal ediyor'],
];

interface Set {
  phones: Phones;
  desk: DeskWindow;
  hand: DeskWindow;
  /** A browser with scripts, for the sandbox and the Temporal UI. */
  visitor: BrowserContext;
  line: OwnLine;
  album: Album;
}

/** Plays the stories on a running line and adds every picture to the album. */
export async function playScenes(browser: Browser, line: OwnLine, album: Album): Promise<void> {
  const visitor = await browser.newContext({
    viewport: { width: DESK, height: 1_200 },
    bypassCSP: true,
    deviceScaleFactor: 2,
    locale: 'tr-TR',
    timezoneId: 'Europe/Istanbul',
  });
  visitor.setDefaultTimeout(WAIT_MS);
  const set: Set = {
    phones: phonesOf(line.sandboxUrl),
    desk: await deskWindow(browser, line.sandboxUrl, DESK, 2),
    hand: await deskWindow(browser, line.sandboxUrl, HAND, 2),
    visitor,
    line,
    album,
  };
  await manyReports(set);
  const caseNumber = await pothole(set);
  await missingPlace(set);
  await managers(set, caseNumber);
}

/** From the report to the closed case, on the phone and on the task page. Returns the case number. */
async function pothole(set: Set): Promise<string> {
  const { phones, album, desk, hand } = set;
  const ayse = await phones.newPerson({ name: 'Ayşe Yılmaz' });
  const chat = await phonePage(set, ayse);
  await phones.write(ayse, {
    type: 'text',
    body: 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor',
  });
  await phones.write(ayse, { type: 'image', sample: 'pothole' });
  await phones.write(ayse, { type: 'location', ...pins.Süvari });
  const receipt = await phones.hears(ayse, /PK-/, WAIT_MS);
  const caseNumber = caseNumberIn(receipt.text);
  await album.add('phone', await shot(await shownPhone(chat, caseNumber)));

  const letter = await phones.mailed(roads, caseNumber, WAIT_MS);
  await album.add('letter', await letterPicture(set, letter.id));
  const task = await desk.openLetter(letter);
  await album.add('task-page', await topOf(task.page, 1_100));
  const onPhone = await hand.open(task.page.url());
  await album.add('task-page-phone', await topOf(onPhone.page, 844));

  await album.add('act-accept', await formPicture(task, 'accept', { day: dayAhead(3) }));
  await task.act('accept', { day: dayAhead(3) });
  await album.add(
    'act-ask',
    await formPicture(task, 'askCitizen', { words: 'Çukur yolun hangi tarafında?' }),
  );
  await task.act('askCitizen', { words: 'Çukur yolun hangi tarafında?' });
  const question = await phones.hears(ayse, 'Çukur yolun hangi tarafında?', WAIT_MS);
  await phones.write(ayse, { type: 'text', body: 'Okula giderken sağ tarafta', replyTo: question.id });
  await phones.mailed(roads, /Vatandaş yanıt verdi/, WAIT_MS);
  await album.add('citizen-question', await shot(await shownPhone(chat, 'Okula giderken')));

  await task.page.reload();
  const { bytes: buffer, mimeType } = await sampleFile('pothole');
  const form = await task.form('resolve');
  await form.locator('#resolve-words').fill('Ekibimiz çukuru doldurdu, yol asfaltlandı.');
  await form.locator('#resolve-photos').setInputFiles({ name: 'iş bitti.jpg', mimeType, buffer });
  await task.preview('resolve');
  await album.add('act-resolve', await wholeForm(task, 'resolve'));
  await task.act('resolve');
  const result = await phones.hears(ayse, 'Ekibimiz çukuru doldurdu', WAIT_MS);
  await album.add('citizen-result', await shot(await shownPhone(chat, 'Ekibimiz çukuru doldurdu')));
  const status = await hand.open(await statusLink(set, ayse));
  await status.shows('Ekibimiz çukuru doldurdu');
  await album.add('citizen-status', await topOf(status.page, 1_000));
  await phones.tap(ayse, result, 'Çözüldü');
  return caseNumber;
}

/** A report without a place: the line asks for it. */
async function missingPlace(set: Set): Promise<void> {
  const mehmet = await set.phones.newPerson({ name: 'Mehmet Kaya' });
  const chat = await phonePage(set, mehmet);
  await set.phones.write(mehmet, { type: 'text', body: 'Sokağımızdaki çöpler üç gündür alınmadı' });
  await set.phones.hears(mehmet, /konum/i, WAIT_MS);
  await set.album.add('citizen-place', await shot(await shownPhone(chat, 'üç gündür')));
}

/** Cases of several departments in several states. */
async function manyReports({ phones, desk }: Set): Promise<void> {
  const cases = await Promise.all(
    others.map(async ([neighbourhood, body], place) => {
      const person = await phones.newPerson({ name: `Vatandaş ${place + 1}` });
      await phones.write(person, { type: 'text', body });
      await phones.write(person, { type: 'location', ...pins[neighbourhood] });
      return caseNumberIn((await phones.hears(person, /PK-/, WAIT_MS)).text);
    }),
  );
  const acts: [place: number, action: string, entries: Record<string, string>][] = [
    [2, 'accept', {}],
    [3, 'accept', { day: dayAhead(2) }],
    [5, 'accept', {}],
    [5, 'waitInstitution', { institution: 'aski', words: 'Kazı çalışması bekleniyor.' }],
    [6, 'accept', {}],
    [6, 'askCitizen', { words: 'İnşaatın adresini yazar mısınız?' }],
  ];
  for (const [place, action, entries] of acts) {
    const letter = await letterAbout(phones, cases[place] ?? '');
    await (await desk.openLetter(letter)).act(action, entries);
  }
}

async function managers({ visitor, line, album }: Set, caseNumber: string): Promise<void> {
  const page = await visitor.newPage();
  const board = async (): Promise<boolean> => {
    await page.goto(line.managersUrl);
    return (await page.locator('.tile.bad .count, .tile .count').allInnerTexts()).some(
      count => count !== '0',
    );
  };
  await awaited('late cases on the managers’ page', board, 2 * WAIT_MS, 2_000);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await album.add('managers', await topOf(page, 1_000));

  const closed = page.getByRole('link', { name: caseNumber }).first();
  await page.setViewportSize({ width: DESK, height: 2_000 });
  await page.goto(temporalList(line, 'CaseStage IS NOT NULL'));
  await closed.waitFor();
  await album.add('temporal-list', await part(page, { x: 0, y: 0, width: DESK, height: 760 }));
  await page.goto(temporalList(line, "CaseStage = 'closed'"));
  await closed.click();
  await page
    .getByText(/görev e-postası/i)
    .first()
    .waitFor();
  const { y } = (await page.getByRole('heading', { name: 'Timeline' }).boundingBox()) ?? { y: 0 };
  await album.add('temporal-timeline', await part(page, { x: 256, y: y - 16, width: 944, height: 760 }));
  await page.goto(page.url().replace(/timeline.*$/, 'user-metadata'));
  // The Temporal UI renders Markdown in frames; the last one holds the current details.
  await page.locator('iframe').last().contentFrame().getByText('Sıradaki adım').first().waitFor();
  await album.add('temporal-details', await part(page, { x: 0, y: 0, width: DESK, height: 880 }));
  await page.close();
}

const dayAhead = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const temporalList = ({ temporalUrl }: OwnLine, query: string): string =>
  `${temporalUrl}/namespaces/paydaskent/workflows?query=${encodeURIComponent(query)}`;

const part = (page: Page, clip: { x: number; y: number; width: number; height: number }): Promise<Buffer> =>
  page.screenshot({ clip, animations: 'disabled' });

const shot = (part: Locator): Promise<Buffer> => part.screenshot({ animations: 'disabled' });

/** Returns the top `height` pixels of a page, or the whole page if it is shorter. */
async function topOf(page: Page, height: number): Promise<Buffer> {
  const { width } = page.viewportSize() ?? { width: DESK };
  const full = await page.evaluate<number>('document.documentElement.scrollHeight');
  const clip = { x: 0, y: 0, width, height: Math.min(height, full) };
  return page.screenshot({ fullPage: true, clip, animations: 'disabled' });
}

async function phonePage({ visitor, line }: Set, { id }: Person): Promise<Page> {
  const page = await visitor.newPage();
  // Wide enough for the phone beside the list of citizens and the latest letter.
  await page.setViewportSize({ width: 1_800, height: 1_200 });
  await page.goto(`${line.sandboxUrl}/?phone=${id}`);
  await page.locator(`article[data-citizen="${id}"]`).waitFor();
  await page.addStyleTag({
    content: `.phone { height: ${PHONE}px !important; max-height: none !important; }`,
  });
  return page;
}

/** The phone on a page, once a text is in its chat. */
async function shownPhone(page: Page, text: string): Promise<Locator> {
  const phone = page.locator('article[data-citizen]').first();
  await phone.getByText(text).last().waitFor();
  return phone;
}

async function letterPicture({ visitor, line }: Set, id: string): Promise<Buffer> {
  const page = await visitor.newPage();
  await page.setViewportSize({ width: 680, height: 900 });
  await page.goto(`${line.sandboxUrl}/mailbox/${id}/html`);
  await page.getByRole('link', { name: /^Görevi aç$/ }).waitFor();
  const picture = await topOf(page, 1_000);
  await page.close();
  return picture;
}

/** The form of an act, filled in and with the message the citizen will receive. */
async function formPicture(
  task: TaskWindow,
  action: string,
  entries: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const form = await task.form(action);
  for (const [name, entry] of Object.entries(entries)) await form.locator(`#${action}-${name}`).fill(entry);
  if ((await form.getByRole('button', { name: 'Önizle' }).count()) > 0) await task.preview(action);
  return wholeForm(task, action);
}

/** A picture of a form, which is in a column that scrolls by itself. */
async function wholeForm(task: TaskWindow, action: string): Promise<Buffer> {
  const { width, height } = task.page.viewportSize() ?? { width: DESK, height: 900 };
  await task.page.setViewportSize({ width, height: 4_000 });
  const picture = await shot(await task.form(action));
  await task.page.setViewportSize({ width, height });
  return picture;
}

async function letterAbout(phones: Phones, caseNumber: string): ReturnType<Phones['mailed']> {
  return awaited(`a letter about ${caseNumber}`, async () =>
    (await phones.mails()).find(({ subject }) => subject.includes(caseNumber)),
  );
}

async function statusLink({ phones }: Set, person: Person): Promise<string> {
  const texts = (await phones.told(person)).map(message => JSON.stringify(message));
  const [link] = texts.flatMap(text => /http[^\s"\\]+\/s\/[^\s"\\]+/.exec(text) ?? []);
  if (link === undefined) throw new Error('No message has a link to the status page');
  return link;
}
