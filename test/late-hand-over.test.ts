import { addToCase } from '../activities/open-case';
import type { Deps } from '../activities/deps';
import { type LifeLine, startLifeLine } from './support/life-line';
import { casesOf, citizenIdOf } from './support/line/cases-of-line';
import type { Person } from './support/line/phones';
import { municipality } from './support/town-case';

jest.setTimeout(60_000);

type Sent = Record<string, unknown> & { type: 'text' | 'image' | 'location' };

const text = (body: string): Sent => ({ type: 'text', body });
const pin: Sent = { type: 'location', latitude: 39.9432, longitude: 32.6444 };
const photo: Sent = { type: 'image', sample: 'pothole' };
const pothole = text('Yolda çukur var');
const lamp = text('Sokak lambası yanmıyor');

let line: LifeLine;
beforeAll(async () => {
  line = await startLifeLine('late-hand-over', '2026-03-03 09:00');
}, 60_000);
afterAll(() => line.stop());
afterEach(() => line.holdBack(null));

/** Stores a message as a second web role does whose connection to Temporal is broken. */
async function storeOnly(citizen: Person, { type, ...content }: Sent): Promise<void> {
  const at = new Date(line.now());
  const { latitude, longitude, body } = content;
  await line.store.inbox.add({
    id: `late-${citizen.phone}-${type}`,
    citizenId: (await citizenIdOf(line, citizen)) ?? '',
    sentAt: at,
    receivedAt: at,
    payload: { type, from: citizen.phone, [type]: type === 'text' ? { body } : { latitude, longitude } },
    contact: null,
    handedOver: false,
  });
}

async function toldTo(citizen: Person): Promise<string[]> {
  return (await line.phones.told(citizen)).map(message => message.text);
}

/** What the citizen's reports became. */
async function reportsOf(citizen: Person) {
  const records = await Promise.all(
    (await casesOf(line, citizen)).map(number => line.store.cases.get(number)),
  );
  return records.map(record => ({
    place: record !== null && record.intake.place !== null,
    photo: record?.intake.photographed ?? false,
    messages: record?.progress?.messageIds.length ?? 0,
  }));
}

interface Late {
  /** The messages that the conversation hears in time. */
  heard: Sent[];
  /** The question that they lead to, if any. */
  asked?: string;
  late: Sent;
  /** The button that decides; otherwise time decides. */
  tapped?: string;
  /** What the line must not say. */
  needless: string;
  report: { place: boolean; photo: boolean; messages: number };
}

const rows: Record<string, Late> = {
  'a pin after the text': {
    ...{ heard: [pothole], late: pin, needless: 'konumu paylaşır mısınız' },
    report: { place: true, photo: false, messages: 2 },
  },
  'a photo after text and pin': {
    ...{ heard: [pothole, pin], late: photo, needless: 'fotoğraf da gönderebilirsiniz' },
    report: { place: true, photo: true, messages: 3 },
  },
  'the text after the pin': {
    ...{ heard: [pin], late: pothole, needless: 'Sorunun ne olduğunu' },
    report: { place: true, photo: false, messages: 2 },
  },
  'the pin that the line asked for': {
    ...{ heard: [pothole], asked: 'konumu paylaşır mısınız', late: pin, needless: 'Yer belirtilmedi' },
    report: { place: true, photo: false, messages: 2 },
  },
  'the words that the line asked for': {
    ...{ heard: [pin], asked: 'Sorunun ne olduğunu', late: pothole, needless: 'Anlayamadım' },
    report: { place: true, photo: false, messages: 2 },
  },
  'a pin before the subject is chosen': {
    ...{ heard: [text('Yolda çukur ve lamba sorunu')], asked: 'listeden seçer misiniz', late: pin },
    ...{ tapped: 'Yol çukuru', needless: 'konumu paylaşır mısınız' },
    report: { place: true, photo: false, messages: 3 },
  },
};

describe('a stored message whose signal fails is part of the report that is decided meanwhile:', () => {
  test.each(Object.entries(rows))('%s', async (_, { heard, asked, late, tapped, needless, report }) => {
    const citizen = await line.phones.newPerson();
    for (const message of heard) await line.write(citizen, message);
    if (asked !== undefined) await line.passBurst();
    expect((await toldTo(citizen)).at(-1) ?? '').toContain(asked ?? '');
    line.holdBack(late.type);
    if (tapped === undefined) await line.write(citizen, late);
    else await storeOnly(citizen, late);
    if (tapped !== undefined) await line.tap(citizen, tapped);
    await line.passAnswerWait();
    expect(await reportsOf(citizen)).toEqual([report]);
    const told = await toldTo(citizen);
    expect(told.filter(words => words.includes(needless))).toEqual([]);

    line.holdBack(null);
    await line.passBurst();
    expect(await reportsOf(citizen)).toEqual([report]);
    expect(await toldTo(citizen)).toEqual(told);
  });
});

describe('a location or picture for a report that an institution owns', () => {
  async function handedOff(): Promise<Person> {
    const citizen = await line.phones.newPerson();
    await line.write(citizen, lamp);
    await line.passSeconds(30);
    expect(await reportsOf(citizen)).toHaveLength(1);
    return citizen;
  }

  async function keptWith(citizen: Person): Promise<(string | null)[]> {
    const citizenId = await citizenIdOf(line, citizen);
    const found = await line.store.messages.model.find({ citizenId: citizenId ?? '' }).lean();
    return found.map(({ caseNumber }) => caseNumber ?? null);
  }

  test.each([
    ['pin', pin],
    ['photo', photo],
  ])('stays with it without a word if it was part of the report: %s', async (_, late) => {
    const citizen = await handedOff();
    await line.write(citizen, late);
    await line.passAnswerWait();
    expect(await reportsOf(citizen)).toHaveLength(1);
    expect(await toldTo(citizen)).toHaveLength(1);
    const [caseNumber] = await casesOf(line, citizen);
    expect(await keptWith(citizen)).toEqual([caseNumber, caseNumber]);
  });

  test('is answered an hour later, and opens no second case', async () => {
    const citizen = await handedOff();
    await line.passAnswerWait();
    await line.write(citizen, pin);
    await line.passAnswerWait();
    expect(await reportsOf(citizen)).toHaveLength(1);
    const [caseNumber = ''] = await casesOf(line, citizen);
    expect((await toldTo(citizen)).slice(1)).toEqual([
      expect.stringContaining(`${caseNumber} numaralı kayıt kapanmıştır`),
    ]);
    expect(await keptWith(citizen)).toEqual([caseNumber, caseNumber]);
  });

  test('becomes part of a new report if words of another subject follow', async () => {
    const citizen = await handedOff();
    await line.passAnswerWait();
    await line.write(citizen, pin);
    await line.write(citizen, pothole);
    await line.passBurst();
    expect(await reportsOf(citizen)).toEqual([
      { place: false, photo: false, messages: 1 },
      { place: true, photo: false, messages: 2 },
    ]);
  });
});

test('a pin for a case that ends in the same moment opens none', async () => {
  const citizen = await line.phones.newPerson();
  await line.write(citizen, text('Süvari mahallesi 1234. sokakta çukur var'));
  await line.passBurst();
  const [caseNumber = ''] = await casesOf(line, citizen);
  const citizenId = (await citizenIdOf(line, citizen)) ?? '';
  await line.write(citizen, pin);
  await line.passBurst();
  const messages = await line.store.messages.model.find({ citizenId, type: 'location' }).lean();
  const messageIds = messages.map(({ _id }) => _id);
  const gateway = { addToCase: async () => false };
  const deps = { ...{ store: line.store, municipality, gateway }, now: () => new Date(line.now()) };
  const add = addToCase(deps as unknown as Deps);
  expect(await add({ citizenId, caseNumber, messageIds })).toBe('ended');
  expect(await casesOf(line, citizen)).toEqual([caseNumber]);
});
