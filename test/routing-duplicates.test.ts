import { join } from 'node:path';
import { amongOthers, intakeOf, priorityAmong, similarTo } from '../activities/case-intake';
import { noteWhere } from '../activities/place-told';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { newCaseState, type Stage } from '../src/domain/case/case';
import type { CaseIntake, SimilarReports } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import { openStore, type Store } from '../src/store/store';
import { opening, T0, DAY } from './support/cases';
import { testMongoUri } from './support/services';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const HERE = { latitude: 39.95, longitude: 32.66, name: null, address: null };

let store: Store;
let reports = 0;
beforeEach(() => {
  store = openStore(testMongoUri('duplicates'), { operationLimitMs: 30_000 });
});
afterEach(() => store.close());

function north(metres: number): Message['place'] {
  return { ...HERE, latitude: HERE.latitude + metres / 111_195 };
}

function messageOf(words: string, place: Message['place'], at: number): Message {
  reports += 1;
  return {
    id: `m-${reports}`,
    citizenId: `c-${reports}`,
    sentAt: new Date(at),
    type: 'text',
    words,
    place,
    media: null,
    tap: null,
    says: 'report',
    language: 'tr',
    caseNumber: null,
    handledAt: null,
  };
}

function intakeFor(message: Message): CaseIntake {
  const citizen = { id: message.citizenId, language: 'tr', noticeGivenAt: null } as Citizen;
  return intakeOf(municipality, citizen, [message]);
}

/** Stores a report that has become a case. */
async function opened(
  words: string,
  place: Message['place'],
  { at = T0, stage = 'assigned' }: { at?: number; stage?: Stage } = {},
): Promise<string> {
  const message = messageOf(words, place, at);
  await store.messages.add(message);
  const intake = intakeFor(message);
  const caseNumber = `PK-0000-${String(reports).padStart(4, '0')}`;
  await store.cases.open(caseNumber, intake);
  const { handled: _handled, ...progress } = newCaseState(opening({ caseNumber }));
  await store.cases.write({ ...progress, stage, revision: 1 }, []);
  await noteWhere({ store, municipality }, caseNumber, intake, words);
  return caseNumber;
}

function similar(words: string, place: Message['place'], at = T0 + DAY): Promise<SimilarReports | null> {
  return similarTo(store, municipality, intakeFor(messageOf(words, place, at)), words);
}

const POTHOLE = 'Yolda büyük bir çukur var';

test('a nearby report of the same problem finds the nearest open case', async () => {
  const far = await opened(POTHOLE, north(40));
  const near = await opened('yolda cok derin cukur', north(5));
  expect(far).not.toBe(near);
  expect(await similar(POTHOLE, HERE)).toMatchObject({ leader: near, metres: 5, reports: 2 });
});

test.each<[why: string, words: string, place: Message['place'], over: { at?: number; stage?: Stage }]>([
  ['it lies too far away', POTHOLE, north(60), {}],
  ['it is too old', POTHOLE, north(5), { at: T0 - 21 * DAY }],
  ['it is of another subject', 'Çöpler alınmadı', north(5), {}],
  ['it has been closed', POTHOLE, north(5), { stage: 'closed' }],
  ['it has been resolved', POTHOLE, north(5), { stage: 'resolved' }],
  ['it has no pin', POTHOLE, null, {}],
])('an earlier report does not count when %s', async (_why, words, place, over) => {
  await opened(words, place, over);
  expect(await similar(POTHOLE, HERE)).toBeNull();
});

test('a report without a pin, outside the district or for an institution is not compared', async () => {
  await opened(POTHOLE, HERE);
  expect(await similar(POTHOLE, null)).toBeNull();
  expect(await similar(POTHOLE, { ...HERE, latitude: 41.02, longitude: 28.97 })).toBeNull();
  expect(await similar('Sokak lambası yanmıyor', HERE)).toBeNull();
});

test('the same text at the same place is joined automatically; a different nearby text is only proposed', async () => {
  await opened(POTHOLE, HERE);
  expect(await similar(POTHOLE, north(3))).toMatchObject({ same: true });
  expect(await similar('okulun orada asfaltta çukur açılmış, motorla düştüm', north(3))).toMatchObject({
    same: false,
  });
  expect(await similar(POTHOLE, north(45))).toMatchObject({ same: false });
});

describe('reports without a pin are compared by the street in their text', () => {
  const RUBBISH = 'Çöpler üç gündür alınmadı';
  const at = (place: string): string => `${RUBBISH}, ${place}`;

  test.each<[one: string, other: string, found: Pick<SimilarReports, 'metres' | 'same'> | null]>([
    ['Süvari mah. 1234. sokak', 'süvari mahallesi 1234 sk', { metres: null, same: false }],
    ['Süvari mah. 1234. sokak no 12', 'süvari 1234. sok. no:12/4', { metres: 0, same: true }],
    ['Süvari mah. 1234. sokak no 12', 'süvari 1234. sokak no 14', { metres: 16, same: true }],
    ['Süvari mah. 1234. sokak no 12', 'süvari 1234. sokak no 18', { metres: 48, same: false }],
    ['Süvari mah. 1234. sokak no 12', 'süvari 1234. sokak no 112', null],
    ['Süvari mah. 1234. sokak no 12', 'süvari 1234. sokak', { metres: null, same: false }],
    ['Süvari mah. Lale Sokak, A101 karşısı', 'süvari lale sokak a101 karşısında', { metres: 0, same: true }],
    ['Süvari mah. Yeşil Vadi Sitesi B Blok', 'süvari yeşil vadi sitesi b blok', { metres: 0, same: true }],
    ['Süvari mah. 1234. sokak', 'süvari mah. 1243. sokak', null],
    ['Süvari mah. 1234. sokak', 'Elvan mah. 1234. sokak', null],
    ['Süvari mah. Lale Sokak', 'Süvari mah. Lale Caddesi', null],
    ['Süvari mah. 1234. sokak', '1234. sokak', null],
    ['Süvari mahallesi', 'Süvari mahallesi', null],
  ])('"%s" and "%s"', async (one, other, found) => {
    const leader = await opened(at(one), null);
    const told = await similar(at(other), null);
    const seen = told && { leader: told.leader, reports: told.reports, metres: told.metres, same: told.same };
    expect(seen).toEqual(found && { leader, reports: 1, ...found });
  });

  test('a pin is found by the street in its text, and finds reports without one', async () => {
    const suvari = { ...HERE, latitude: 39.9432, longitude: 32.6444 };
    const pinned = await opened(at('1234. sokak no 3'), suvari);
    expect(await similar(at('Süvari mah. 1234. sokak no 3'), null)).toMatchObject({
      leader: pinned,
      metres: 0,
    });
    expect(await similar(at('1234. sokak no 3'), { ...suvari, latitude: 39.9441 })).toBeNull();
    const written = await opened(at('Süvari mah. 1235. sokak no 3'), null);
    expect(await similar(at('1235. sokak no 3'), { ...suvari, latitude: 39.9441 })).toMatchObject({
      leader: written,
      metres: 0,
    });
  });

  test('another subject, an old report and an ended case do not count', async () => {
    await opened('Kaldırım taşları sökülmüş, Süvari mah. 1234. sokak', null);
    await opened(at('Süvari mah. 1234. sokak'), null, { at: T0 - 8 * DAY });
    await opened(at('Süvari mah. 1234. sokak'), null, { stage: 'closed' });
    expect(await similar(at('Süvari mah. 1234. sokak'), null)).toBeNull();
  });
});

describe('subjects that share words', () => {
  test('are found from the catalogue, in both directions, within one department', () => {
    expect(municipality.overlaps.get('playground')).toContain('park-care');
    expect(municipality.overlaps.get('park-care')).toEqual(
      expect.arrayContaining(['playground', 'irrigation']),
    );
    expect(municipality.overlaps.get('dumping')).toContain('rubbish');
    for (const [slug, others] of municipality.overlaps) {
      for (const other of others) {
        expect(municipality.overlaps.get(other)).toContain(slug);
        expect(categoryOf(municipality, other).owner).toEqual(categoryOf(municipality, slug).owner);
      }
    }
  });

  test('nearby reports of them are one matter with the subject and the desk of the first', async () => {
    const leader = await opened('Parkta salıncak kırık', HERE);
    const words = 'Parkta bank kırık';
    const message = messageOf(words, north(3), T0 + DAY);
    expect(intakeFor(message).category.slug).toBe('park-care');
    const intake = await amongOthers({ store, municipality }, intakeFor(message), [message]);
    expect(intake).toMatchObject({
      category: { slug: 'playground' },
      similar: { leader, same: true },
    });
  });

  test('a more urgent one gets a task of its own', async () => {
    const words = 'Parkta salıncak kırık';
    await opened('Parkta bank kırık', HERE);
    expect(intakeFor(messageOf(words, HERE, T0)).category.slug).toBe('playground');
    expect(await similar(words, HERE)).toMatchObject({ reports: 1, same: false });
  });
});

test('priority rises when three people report the same problem', () => {
  const found = (others: number): SimilarReports => ({
    leader: 'PK-0000-0001',
    metres: 5,
    likeness: 0.5,
    reports: others,
    same: false,
  });
  expect(priorityAmong('p3', null, municipality)).toBe('p3');
  expect(priorityAmong('p3', found(1), municipality)).toBe('p3');
  expect(priorityAmong('p3', found(2), municipality)).toBe('p2');
  expect(priorityAmong('p1', found(9), municipality)).toBe('p1');
  expect(priorityAmong('p2', { ...found(9), metres: null }, municipality)).toBe('p2');
});

test('a repeated opening does not find the record of its own first attempt', async () => {
  const message = messageOf(POTHOLE, HERE, T0);
  await store.messages.add(message);
  const intake = intakeFor(message);
  await store.cases.open('PK-0000-00AA', intake);
  const { handled: _handled, ...progress } = newCaseState(opening({ caseNumber: 'PK-0000-00AA' }));
  await store.cases.write({ ...progress, stage: 'assigned', revision: 1 }, []);
  const report = { caseNumber: 'PK-0000-00AA', latitude: HERE.latitude, longitude: HERE.longitude, at: T0 };
  await store.reportCells.add('pothole', report, { metres: 50, days: 21 });
  await store.reportCells.add('pothole', report, { metres: 50, days: 21 });
  expect(await store.reportCells.near('pothole', HERE, T0, { metres: 50, days: 21 })).toHaveLength(1);
  expect(await similarTo(store, municipality, intake, POTHOLE)).toBeNull();
});

test('concurrent reports at one place are all stored', async () => {
  const nearness = { metres: 50, days: 21 };
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      store.reportCells.add('pothole', { ...HERE, caseNumber: `PK-0000-${i}`, at: T0 }, nearness),
    ),
  );
  expect(await store.reportCells.near('pothole', HERE, T0, nearness)).toHaveLength(30);
});

test('a look-up among fifty thousand cases reads no more records than among a hundred', async () => {
  const { model } = store.reportCells;
  const fill = async (from: number, to: number): Promise<void> => {
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    for (let i = 0; i < numbers.length; i += 5_000) {
      const some = numbers.slice(i, i + 5_000);
      await model.collection.insertMany(
        some.map(n => ({
          _id: `pothole:${n % 500}:${Math.floor(n / 500)}:0` as never,
          reports: [{ caseNumber: `PK-${n}`, latitude: 39.8, longitude: 32.5, at: T0 }],
        })),
      );
      await store.cases.model.collection.insertMany(
        some.map(n => ({ _id: `PK-${n}` as never, intake: {}, progress: null })),
      );
    }
  };
  const byId = [model, store.cases.model, store.messages.model].map(each => jest.spyOn(each, 'findById'));
  const scans = [model, store.cases.model, store.messages.model].map(each => jest.spyOn(each, 'find'));
  const lookUp = async (): Promise<{ ms: number; reads: number }> => {
    byId.forEach(spy => spy.mockClear());
    const started = performance.now();
    for (let i = 0; i < 10; i += 1) expect(await similar(POTHOLE, HERE)).toMatchObject({ reports: 1 });
    const ms = (performance.now() - started) / 10;
    return { ms, reads: byId.reduce((sum, spy) => sum + spy.mock.calls.length, 0) / 10 };
  };
  await opened(POTHOLE, HERE);
  await fill(0, 100);
  await lookUp();
  const few = await lookUp();
  await fill(100, 50_000);
  const many = await lookUp();
  process.stdout.write(`look-up: ${few.ms.toFixed(1)} ms among 100, ${many.ms.toFixed(1)} ms among 50,000\n`);
  // Eighteen squares of each overlapping subject, the case found in them and its first message.
  const subjects = 1 + (municipality.overlaps.get('pothole')?.length ?? 0);
  expect([few.reads, many.reads]).toEqual([18 * subjects + 2, 18 * subjects + 2]);
  expect(scans.flatMap(spy => spy.mock.calls)).toEqual([]);
  expect(many.ms).toBeLessThan(4 * few.ms + 20);
  jest.restoreAllMocks();
}, 120_000);
