import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { DAY_MS } from '../src/domain/durations';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseEnds, stageOf, taskLink } from './support/line/cases-of-line';
import { deskWindow, type DeskWindow, type TaskWindow } from './support/line/desk-window';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { scannersOf } from './support/line/scanners';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { sideBySide } from './support/side-by-side';
import { sampleFile } from '../src/local/phone/samples';
import { rows } from './support/proving';

const parks = 'park.bahceler@etimesgut.example';

let line: TestLine;
let browser: Browser;

interface Report {
  citizen: Person;
  caseNumber: string;
  /** The URL of the status page, from the acknowledgement. */
  statusUrl: string;
}

async function reported(): Promise<Report> {
  const { phones } = line;
  const citizen = await phones.newPerson();
  await phones.write(citizen, { type: 'text', body: pothole });
  const { text, content } = await phones.hears(citizen, 'Bildiriminiz alındı');
  const [statusUrl = ''] = /http[^"]+\/s\/[^"]+/.exec(JSON.stringify(content)) ?? [];
  return { citizen, caseNumber: caseNumberIn(text), statusUrl };
}

/** Opens a report whose department has opened its letter. */
async function given(desk: DeskWindow): Promise<Report & { task: TaskWindow }> {
  const report = await reported();
  const task = await desk.openLetter(await line.phones.mailed(roads, report.caseNumber));
  await task.shows('arabalar zarar görüyor');
  return { ...report, task };
}

async function hears({ citizen }: Report, ...parts: string[]): Promise<void> {
  const { text } = await line.phones.hears(citizen, parts[0] ?? '');
  for (const part of parts) assert.ok(text.includes(part), `"${text}" lacks "${part}"`);
}

async function isAt({ caseNumber }: Report, stage: string): Promise<void> {
  assert.equal(await stageOf(line, caseNumber), stage);
}

const dayAhead = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Each entry follows a task from its letter to the result for the citizen, the next desk or the record. */
const tasks: Record<string, (desk: DeskWindow) => Promise<void>> = {
  async 'is accepted for a day, begun, and the citizen answers a question'(desk) {
    const { task, ...report } = await given(desk);
    await task.shot('opened');
    await task.act('accept', { day: dayAhead(3) });
    await hears(report, 'çalışma günü planlandı', report.caseNumber, 'Planlanan gün: ');
    await isAt(report, 'scheduled');
    await task.act('start');
    await isAt(report, 'inProgress');

    await task.act('askCitizen', { words: 'Çukur kaldırımda mı, yolda mı?' });
    await isAt(report, 'waitingCitizen');
    await hears(report, 'bir sorumuz var', 'Soru: Çukur kaldırımda mı, yolda mı?');
    await line.phones.write(report.citizen, { type: 'text', body: 'Yolun tam ortasında, okulun önünde' });
    const letter = await line.phones.mailed(roads, new RegExp(`Vatandaş yanıt verdi · ${report.caseNumber}`));
    assert.match(letter.text, /Yolun tam ortasında, okulun önünde/);
    const answered = await desk.openLetter(letter);
    await answered.shows('Yolun tam ortasında, okulun önünde');
    await answered.shows('Bildirim ve yazışma');
    await answered.shot('answered');
    await isAt(report, 'inProgress');
  },

  async 'waits for an institution, resumes, is planned and resolved with a photo'(desk) {
    const { task, ...report } = await given(desk);
    await task.act('accept');
    await task.act('waitInstitution', { institution: 'aski', words: 'Boru onarımı bekleniyor.' });
    await isAt(report, 'waitingInstitution');
    await hears(report, 'işlemi bekleniyor', 'Beklenen kurum: ', 'Açıklama: Boru onarımı bekleniyor.');
    await task.act('resume');
    await isAt(report, 'accepted');
    await task.act('schedule', { day: dayAhead(2) });
    await isAt(report, 'scheduled');
    await hears(report, 'çalışma günü planlandı');
    const before = (await line.phones.told(report.citizen)).length;
    await task.act('note', { words: 'Asfalt yarın gelecek.' });
    await task.shows('Asfalt yarın gelecek.');
    assert.equal((await line.phones.told(report.citizen)).length, before);

    const form = await task.form('resolve');
    await form.locator('#resolve-words').fill('Çukur dolduruldu, yol açıldı.');
    const { bytes: buffer, mimeType } = await sampleFile('pothole');
    await form.locator('#resolve-photos').setInputFiles({ name: 'iş bitti.jpg', mimeType, buffer });
    await task.preview('resolve');
    await task.shows('1 fotoğraf eklendi');
    const preview = (await form.locator('.bubble').innerText()).trim();
    await task.shot('preview');
    await isAt(report, 'scheduled');
    await task.act('resolve');
    await task.shot('resolved');
    const question = await line.phones.hears(report.citizen, 'Açıklama: Çukur dolduruldu, yol açıldı.');
    assert.equal(question.text.slice(0, preview.length), preview);

    const own = await desk.open(report.statusUrl);
    await own.shows('Çukur dolduruldu, yol açıldı.');
    const photo = await own.page.locator('.photos a').getAttribute('href');
    const shown = await fetch(new URL(photo ?? '', report.statusUrl));
    assert.equal(shown.headers.get('content-type'), 'image/jpeg');
    await own.shot('status');
    await line.phones.tap(report.citizen, question, 'Çözüldü');
    await caseEnds(line, report.caseNumber);
    await isAt(report, 'closed');
  },

  async 'goes to a colleague, then to another department, and is partly resolved there'(desk) {
    const { task, ...report } = await given(desk);
    const mailbox = await taskLink(line, roads, report.caseNumber);
    const colleague = `usta.${report.caseNumber.toLowerCase()}@etimesgut.example`;
    await task.act('handOver', { colleague, words: 'Sizin bölgeniz.' });
    const letter = await line.phones.mailed(colleague, report.caseNumber);
    assert.match(letter.subject, /Görev size devredildi/);
    assert.match(letter.text, /Sizin bölgeniz\./);
    assert.ok(!letter.links.includes(mailbox), 'the colleague got a link of the mailbox');
    const taken = await desk.openLetter(letter);
    await taken.shows('Fen İşleri Müdürlüğü çalışanı');
    await taken.act('reroute', { department: 'park-ve-bahceler', words: 'Çukur parkın içinde.' });
    await taken.shows('Kayıt seçtiğiniz müdürlüğe yönlendirildi');
    await taken.shows('Görev sona erdi · Fen İşleri Müdürlüğü');
    await taken.shows('Bu bağlantının görevi sona erdi');
    await taken.shot('rerouted');
    await hears(report, 'Yeni birim: Park ve Bahçeler Müdürlüğü');

    const next = await desk.openLetter(await line.phones.mailed(parks, report.caseNumber));
    await next.shows('Çukur parkın içinde.');
    for (const url of letter.links.filter(link => link.includes('/t/')).concat(mailbox)) {
      const old = await desk.open(url);
      await old.shows('Kayıt başka bir birime yönlendirildi: Park ve Bahçeler Müdürlüğü');
      assert.ok(!(await old.page.content()).includes(report.caseNumber));
      await old.shot('refused');
    }
    await next.act('resolve', { outcome: 'partlyResolved', words: 'Çukurun yarısı dolduruldu.' });
    await hears(report, 'kısmen sonuçlandı', 'Park ve Bahçeler', 'Açıklama: Çukurun yarısı dolduruldu.');
    await isAt(report, 'resolved');
    const acts = await line.store.tasks.actionsOf(report.caseNumber);
    assert.deepEqual(
      acts.map(({ action, actor }) => [action, actor]),
      [
        ['handOver', roads],
        ['reroute', colleague],
        ['resolve', parks],
      ],
    );
  },

  async 'is handed off to the institution that owns it'(desk) {
    const { task, ...report } = await given(desk);
    await task.act('handOff', { institution: 'aski', words: 'Yolu ASKİ kazdı, kapatmak da onların işi.' });
    await hears(report, 'yetkili kuruma e-postayla ilettik', 'ASKİ', 'Telefon: ', 'kapatmak da onların işi');
    await caseEnds(line, report.caseNumber);
    await isAt(report, 'handedOff');
    await task.shot('handed-off');
  },

  async 'is rejected with a reason'(desk) {
    const { task, ...report } = await given(desk);
    await task.act('reject', { reason: 'private-property', words: 'Site yönetimine başvurabilirsiniz.' });
    await hears(report, 'işlem yapılamadı', 'Özel mülkiyet', 'Site yönetimine başvurabilirsiniz.');
    await caseEnds(line, report.caseNumber);
    await isAt(report, 'rejected');
  },

  async 'joins a case of the same problem, is separated and joined again, and shares its outcome'(desk) {
    const leader = await given(desk);
    const { task, ...report } = await given(desk);
    await task.act('join', { leader: leader.caseNumber.toLowerCase() });
    await isAt(report, 'duplicate');
    await hears(report, 'birlikte izleniyor');
    await task.act('separate');
    await isAt(report, 'assigned');
    await task.act('join', { leader: leader.caseNumber });
    await awaited('the leader to know', async () =>
      (await line.store.cases.get(leader.caseNumber))?.progress?.members.includes(report.caseNumber),
    );
    const led = await desk.open(leader.task.page.url());
    await led.shows('1 kişi daha');
    await led.shot('cluster');
    await led.act('resolve', { words: 'İkisi de dolduruldu.' });
    for (const one of [leader, report]) await hears(one, 'Açıklama: İkisi de dolduruldu.');
  },
};

const sizes = { 'on a phone': 360, 'on a desk': 1200 };
const all = Object.entries(sizes).flatMap(([size, width]) =>
  Object.entries(tasks).map(([name, work]) => ({ name: `${size} ${name}`, width, work })),
);
const named = rows(all, ({ name, width }) => width === sizes['on a phone'] || name.includes('with a photo'));

describeWithBrowser('a task, from its letter and without script,', () => {
  const running = sideBySide();

  beforeAll(async () => {
    line = await startLine('desk-browser');
    browser = await openBrowser();
    // All run concurrently. Waiting for the scanner test takes no extra time.
    for (const { name, width, work } of named) running.begin(name, inWindow(width, work));
    for (const [name, look] of Object.entries(scanners)) running.begin(name, look());
  }, 120_000);
  afterAll(async () => {
    await running.ended();
    await browser.close();
    await line.stop();
  }, 120_000);

  async function inWindow(width: number, work: (desk: DeskWindow) => Promise<void>): Promise<void> {
    const desk = await deskWindow(browser, line.sandboxUrl, width);
    await work(desk).finally(() => desk.close());
  }

  const scanners = scannersOf({
    browser: () => browser,
    line: () => line,
    letter: async () => line.phones.mailed(roads, (await reported()).caseNumber),
  });

  it.each([...named.map(({ name }) => name), ...Object.keys(scanners)])(
    '%s',
    async name => {
      expect(await running.failureOf(name)).toBeNull();
    },
    150_000,
  );
});
