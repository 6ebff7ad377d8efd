import type { Browser } from 'playwright-core';
import { awaited } from '../support/line/awaited';
import { deskWindow, type DeskWindow } from '../support/line/desk-window';
import { caseNumberIn, type Person, type Phones, phonesOf } from '../support/line/phones';
import type { OwnLine } from './own-line';

/** Long enough for a busy machine. */
const WAIT_MS = 60_000;
/** The width of a phone, and a height that shows a whole talk. */
const SCREEN = { width: 390, height: 1_100 };

/** One step of a talk: the citizen writes or taps, or the department acts. `until` is what the citizen reads then. */
type Step =
  | { write: string | object; until?: RegExp }
  | { tap: string; until?: RegExp }
  | { act: string; words: string; until?: RegExp };

const pothole = 'Süvari mahallesi 1234. sokakta çukur var';
const receipt = /Kayıt no: PK-/;

/** The twenty commonest talks of a citizens' line, in our own words. */
const commonTalks: Readonly<Record<string, readonly Step[]>> = {
  '01-report-with-street': [{ write: pothole, until: receipt }],
  '02-place-asked': [
    { write: 'Sokağımızdaki çöpler üç gündür alınmadı', until: /konum/i },
    { write: { type: 'location', latitude: 39.94325, longitude: 32.64443 }, until: receipt },
  ],
  '03-photo-and-pin': [
    { write: 'Kaldırım taşları sökülmüş, yürüyemiyoruz' },
    { write: { type: 'image', sample: 'pothole' } },
    { write: { type: 'location', latitude: 39.94655, longitude: 32.63613 }, until: receipt },
  ],
  '04-greeting': [{ write: 'Merhaba, iyi günler', until: /./ }],
  '05-photo-alone': [
    { write: { type: 'image', sample: 'pothole' }, until: /./ },
    { write: 'yolda çukur, Elvan mahallesi 3456. sokak', until: receipt },
  ],
  '06-subject-list': [
    { write: 'Burada çok gürültü ve pislik var, Süvari mah. 1234. sokak', until: /konuyu/i },
    { tap: 'Gürültü', until: receipt },
  ],
  '07-likely-subject': [
    { write: 'Duvarın dibinde pislik var, Süvari mah. 1234. sokak', until: /Doğru mu/ },
    { tap: 'Evet', until: receipt },
  ],
  '08-two-matters': [
    { write: 'çöp alınmadı sokak lambası da yanmıyor Süvari mah. 1234. sokak', until: /iki konu/ },
    { tap: 'İkisini de', until: /Sokak aydınlatması[^]*kayıt|Kayıt no[^]*Sokak aydınlatması|EDAŞ/ },
  ],
  '09-status': [
    { write: pothole, until: receipt },
    { write: 'durum', until: /Durum/ },
  ],
  '10-solved': [
    { write: 'Elvan mah. 3456. sokakta çukur var', until: receipt },
    { act: 'resolve', words: 'Çukur asfaltla kapatıldı.', until: /çözüldü mü/ },
    { tap: 'Çözüldü', until: /kapatıl|kapan/ },
  ],
  '11-unsolved-in-words': [
    { write: 'Topçu mah. 1400. sokakta çukur var', until: receipt },
    { act: 'resolve', words: 'Çukur kapatıldı.', until: /çözüldü mü/ },
    { write: 'hala duruyor, sadece toprak atmışlar', until: /Çözülmedi/ },
  ],
  '12-question-answered': [
    { write: 'Piyade mah. 1012. sokakta çukur var', until: receipt },
    { act: 'askCitizen', words: 'Çukur hangi binanın önünde?', until: /hangi binanın önünde/ },
    { write: '12 numaranın önünde', until: /eklendi|iletildi/ },
  ],
  '13-rejected-and-objected': [
    { write: 'Süvari mah. 1235. sokakta çukur var', until: receipt },
    { act: 'reject', words: 'Yol özel mülkiyette.', until: /işlem yapılamadı/ },
    { tap: 'İtiraz ediyorum', until: /itirazınız alındı/ },
  ],
  '14-institution': [
    { write: 'Elektrikler kesik, Süvari mahallesi', until: /görev/ },
    { write: 'aradım kimse açmıyor', until: /./ },
  ],
  '15-danger': [{ write: 'Binada yangın var içeride insanlar var', until: /112/ }],
  '16-withdrawal': [
    { write: 'Süvari mah. 1240. sokakta çukur var', until: receipt },
    { write: 'iptal, hallettik', until: /iptal edilsin mi/ },
    { tap: 'Evet, iptal edilsin', until: /geri çek/ },
  ],
  '17-not-understood': [
    { write: 'şey olmuş yine orada', until: /Ne yapmak istersiniz/ },
    { tap: 'Sorun bildir', until: /birkaç kelimeyle/ },
    { write: 'Sokakta başıboş köpekler var, Süvari mah. 1234. sokak', until: receipt },
  ],
  '18-small-questions': [
    { write: 'Çalışma saatleriniz nedir?', until: /./ },
    { write: 'Bu hat gerçekten belediyenin mi?', until: /belediye/i },
  ],
  '19-suggestion': [{ write: 'Parka birkaç bank koysanız çok güzel olur', until: /./ }],
  '20-english': [
    { write: 'Hello, the street is full of rubbish near my house', until: /./ },
    { write: 'Süvari Mahallesi 1234. Sokak', until: /PK-/ },
  ],
};

/** Plays every talk on a running line. Passes each phone screen, as PNG, to `keep`. */
export async function playTalks(
  browser: Browser,
  line: OwnLine,
  keep: (name: string, png: Buffer) => void,
): Promise<void> {
  const phones = phonesOf(line.sandboxUrl);
  const desk = await deskWindow(browser, line.sandboxUrl, 1_200);
  const people = new Map<string, Person>();
  const ends = await Promise.allSettled(
    Object.entries(commonTalks).map(async ([name, steps]) => {
      const person = await phones.newPerson({ name: 'Ayşe Yılmaz' });
      people.set(name, person);
      for (const step of steps) await play(phones, desk, person, step);
    }),
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: SCREEN, locale: 'tr-TR', colorScheme });
    for (const [name, { id }] of people) {
      const page = await context.newPage();
      await page.goto(`${line.sandboxUrl}/?phone=${id}`);
      await page.locator(`article[data-citizen="${id}"]`).waitFor();
      keep(`${name}-${colorScheme}`, await page.screenshot({ animations: 'disabled' }));
      await page.close();
    }
    await context.close();
  }
  const failures = ends.flatMap(end => (end.status === 'rejected' ? [String(end.reason)] : []));
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

/** Department acts share one browser, so one letter is opened at a time. */
let lastAct: Promise<unknown> = Promise.resolve();

async function play(phones: Phones, desk: DeskWindow, person: Person, step: Step): Promise<void> {
  const before = (await phones.told(person)).length;
  if ('write' in step) {
    const message = typeof step.write === 'string' ? { type: 'text', body: step.write } : step.write;
    await phones.write(person, { ...message });
  } else if ('tap' in step) {
    const { tap } = step;
    const isOn = ({ title }: { title: string }): boolean => title.startsWith(tap);
    const message = await phones.hears(person, ({ replies }) => replies.some(isOn), WAIT_MS);
    await phones.tap(person, message, message.replies.find(isOn)?.title ?? tap);
  } else {
    const texts = (await phones.told(person)).map(({ text }) => text);
    const caseNumber = caseNumberIn(texts.find(text => /PK-/.test(text)) ?? '');
    const letter = await awaited(`a letter about ${caseNumber}`, async () =>
      (await phones.mails()).find(({ subject }) => subject.includes(caseNumber)),
    );
    const entries = step.act === 'reject' ? { reason: 'private-property' } : {};
    const { act, words } = step;
    const acted = lastAct.then(async () => (await desk.openLetter(letter)).act(act, { ...entries, words }));
    lastAct = acted.catch(() => undefined);
    await acted;
  }
  const { until } = step;
  if (!until) return;
  await awaited(
    `${String(until)} after ${JSON.stringify(step)}`,
    async () => (await phones.told(person)).slice(before).some(({ text }) => until.test(text)),
    WAIT_MS,
  );
}
