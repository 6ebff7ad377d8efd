import type { BubbleView } from '../../src/local/phone/thread-view';
import type { Mail } from '../../src/local/mailbox/mails';
import { tableOf, writeFigures } from '../support/figures';
import { type LifeLine, startLifeLine } from '../support/life-line';
import { awaited } from '../support/line/awaited';
import type { Person } from '../support/line/phones';
import { actOn } from '../support/line/task-page';
import { at } from '../support/town-case';

/**
 * A Saturday night on the line: forty reports at 23:00, three of them hazards, while the chief of the roads department
 * is away. Writes into `docs/figures.md` who heard what and when.
 */
const begins = '2026-11-28 23:00';

const hole = 'Süvari mahallesi 1234. sokakta yol çöktü, arabalar içine düşecek';
const road = 'Piyade mahallesi 1988. sokakta yol çöktü, kocaman boşluk var';
const tree = 'Topçu mahallesi 310. sokakta koca ağaç yola devrilmek üzere';
const hazards = [hole, road, tree];

const places = [
  ...['Süvari mahallesi 1210. sokakta', 'Eryaman mahallesi 5. sokakta', 'Topçu mahallesi 312. sokakta'],
  ...['Piyade mahallesi 1977. sokakta', 'Bağlıca mahallesi 1050. caddede', 'Şeker mahallesi 1400. sokakta'],
];
const matters = [
  ...['yolda çukur var', 'kaldırım taşları sökülmüş', 'sokak lambası yanmıyor'],
  ...['çöp konteyneri taşmış', 'parktaki salıncak kırık', 'sahipsiz köpekler geziyor'],
];
const others = places.flatMap(place => matters.map(matter => `${place} ${matter}`));
/** A hazard of an institution that our people on duty must phone. */
const extra = 'Yavuz Selim mahallesi 20. sokakta elektrik kablosu sarkıyor, çocuklar geçiyor';

/** The looks at mailboxes and phones. */
const looks = [
  ...['2026-11-28 23:04', '2026-11-28 23:20', '2026-11-28 23:35', '2026-11-28 23:50', '2026-11-29 00:06'],
  ...['2026-11-29 01:30', '2026-11-29 08:00', '2026-11-29 23:00', '2026-11-30 08:20', '2026-11-30 08:50'],
  ...['2026-11-30 12:00', '2026-11-30 18:00'],
];

const chief = { name: 'Fen İşleri Müdürü', address: 'fen.isleri.sorumlu@etimesgut.example' };
const substitute = { name: 'Ali Er', address: 'ali.er@etimesgut.example' };

let line: LifeLine;
const people: Person[] = [];
/** Each line of the table: until when, who, what and how many. */
const heard: { until: string; who: string; what: string; count: number }[] = [];
const receipts = new Map<Person, string>();

const stateIn = ({ subject }: Mail): string => {
  const parts = subject.split(' · ');
  return parts[0] === 'ACİL' ? `ACİL · ${parts[2] ?? ''}` : (parts[1] ?? '');
};

const counted = (until: string, who: string, all: readonly string[]): void => {
  for (const what of new Set(all)) {
    heard.push({ until, who, what, count: all.filter(each => each === what).length });
  }
};

let seenMails = 0;
const seenTexts = new Map<Person, number>();

async function look(until: string): Promise<void> {
  await line.until(until);
  const texts: string[] = [];
  for (const person of people) {
    const told: BubbleView[] = await line.phones.told(person);
    for (const { text } of told.slice(seenTexts.get(person) ?? 0)) {
      // A template carries the news in one line, after its opening.
      const [, news = text] = /hakkında bilgi\. ([\s\S]*)/.exec(text) ?? [];
      texts.push(news.split(/[.\n;:]/)[0]?.replace(/PK-\w{4}-\w{4}/, 'PK-…') ?? '');
      if (!receipts.has(person)) receipts.set(person, text);
    }
    seenTexts.set(person, told.length);
  }
  counted(until, 'citizens', texts);
  const mails = await line.phones.mails();
  const fresh = mails.slice(seenMails);
  seenMails = mails.length;
  const addresses = [...new Set(fresh.flatMap(({ to }) => to))].sort();
  for (const address of addresses) {
    counted(until, address, fresh.filter(({ to }) => to.includes(address)).map(stateIn));
  }
}

/** Opens the newest task link in a mailbox about a case, and accepts. */
async function accept(address: string, about: string): Promise<void> {
  const mail = await awaited(`a letter to ${address}`, async () =>
    (await line.phones.mails(address)).findLast(({ subject }) => subject.includes(about)),
  );
  await actOn(mail.links.find(url => url.startsWith(`${line.baseUrl}/t/`)) ?? '', 'accept');
}

const caseOf = (words: string): string => {
  const person = people[[...hazards, ...others, extra].indexOf(words)];
  return /PK-\w{4}-\w{4}/.exec((person && receipts.get(person)) ?? '')?.[0] ?? '';
};

beforeAll(async () => {
  line = await startLifeLine('night-drill', begins);
  await line.store.absences.add({
    ...{ id: 'chief:fen-isleri:drill', role: 'chief:fen-isleri', away: chief, instead: substitute },
    ...{ from: new Date(at('2026-11-23 00:00')), to: new Date(at('2026-12-07 00:00')) },
    ...{ addedBy: 'Ayşe Kaya', addedAt: new Date(), endedBy: null, endedAt: null },
  });
  for (const words of [...hazards, ...others, extra]) {
    const person = await line.phones.newPerson();
    people.push(person);
    await line.write(person, { type: 'text', body: words });
  }
  const [first = '', ...later] = looks;
  await look(first);
  await accept('fen.nobet@etimesgut.example', caseOf(hole));
  for (const until of later) {
    await look(until);
    if (until === '2026-11-28 23:35') await accept('nobetci.amir@etimesgut.example', caseOf(tree));
    if (until === '2026-11-29 00:06') await accept(substitute.address, caseOf(road));
  }
  const rows = heard.map(({ until, who, what, count }) => [
    until.slice(5).replace('-', '/'),
    ...[who, what, count],
  ]);
  writeFigures('night drill', tableOf(['until', 'who', 'what', 'how many'], rows));
}, 900_000);
afterAll(() => line.stop());

const toldOf = (who: string): string[] =>
  heard
    .filter(line => line.who === who)
    .map(({ until, what, count }) => `${until.slice(11)} ${what} ${count}`);

test('every citizen hears within minutes what happens', () => {
  expect(people).toHaveLength(40);
  expect(receipts.size).toBe(40);
  const first = heard.filter(({ who, until }) => who === 'citizens' && until === looks[0]);
  expect(first.reduce((all, { count }) => all + count, 0)).toBe(40);
});

test('each hazard alarms the next on duty until somebody accepts, and nobody afterwards', () => {
  const alarms = heard.filter(({ what }) => what.startsWith('ACİL') && what.includes('Tehlike'));
  expect(alarms.map(({ until, who }) => `${until.slice(11)} ${who.split('@')[0] ?? ''}`)).toEqual([
    ...['23:20 fen.nobet', '23:20 park.nobet', '23:35 fen.nobet.muhendis', '23:35 nobetci.amir'],
    ...['23:50 fen.nobet.muhendis', '00:06 ali.er'],
  ]);
});

test('the chief who is away hears nothing, and the substitute hears of the hazard', () => {
  expect(toldOf(chief.address)).toEqual([]);
  expect(toldOf(substitute.address)[0]).toMatch(/^00:06 ACİL/);
});

test('a hazard of an institution reaches whoever is on duty, and the citizen learns whom to phone', () => {
  expect(toldOf('nobetci.amir@etimesgut.example')).toContain('23:04 ACİL · Kuruma iletilecek bildirim 1');
  const receipt = [...receipts.values()].find(
    text => text.includes('tehlike olarak') && text.includes('186'),
  );
  expect(receipt).toContain('112');
});

test('everything that is no hazard waits for office hours at the superiors', () => {
  const superiors = heard.filter(({ who }) => /sorumlu|yardimci|ali\.er/.test(who));
  const atNight = superiors.filter(
    ({ until, what }) => until < '2026-11-30 08:30' && !what.startsWith('ACİL'),
  );
  expect(atNight).toEqual([]);
});
