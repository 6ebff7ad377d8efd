import { noteWhere, placeTold } from '../activities/place-told';
import type { Municipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { laterPlaceNotes } from '../src/mail/case-text';
import { acted, DAY, HOUR, opening, playPlanned, T0, wordsMessage } from './support/cases';
import { type Desk, municipality, startDesk } from './support/task-desk';

const suvari = { latitude: 39.9432, longitude: 32.6444, name: null, address: null };
const kizilay = { latitude: 39.9208, longitude: 32.8541, name: null, address: null };
const words = 'Yolda kocaman bir çukur var';
/** The municipality with a kept road whose line passes through the pin. */
const withRoad: Municipality = {
  ...municipality,
  roads: [
    {
      ...{ slug: 'ayas-yolu', name: 'Ayaş Yolu', aliases: [], keeper: 'abb', width: 40 },
      lines: [
        [
          [32.64, 39.9432],
          [32.65, 39.9432],
        ],
      ],
    },
  ],
};

let desk: Desk;
let sent = 0;
beforeAll(async () => {
  desk = await startDesk('place-told');
  await desk.store.citizens.seen('c-1', {
    ...{ bsuid: null, phone: '905551112233', profileName: null, language: null },
    ...{ at: new Date(T0), isMessage: true },
  });
  desk.setClock(T0 + HOUR);
});
afterAll(() => desk.stop());

/** Opens a case without a pin whose department has asked for the place. */
async function asked(): Promise<string> {
  const intake = { place: null, neighbourhood: null, category: { slug: 'pothole', name: 'Yol çukuru' } };
  const { caseNumber } = await desk.openCase({ words: [words], intake, openedAt: T0 });
  const act = { actionId: `${caseNumber}-q`, action: 'askCitizen', task: 1 } as const;
  await desk.take(caseNumber, { type: 'acted', act });
  return caseNumber;
}

async function pinned(caseNumber: string, place: typeof suvari, town = municipality) {
  const id = `pin-${(sent += 1)}`;
  await desk.store.messages.add(wordsMessage({ id, type: 'location', place, says: 'place' }));
  const parts = { store: desk.store, municipality: town };
  return placeTold(parts, { citizenId: 'c-1', caseNumber, messageIds: [id] });
}

describe('a pin alone for a case that waits for its citizen', () => {
  it('yields the neighbourhood and the department there', async () => {
    expect(await pinned(await asked(), suvari)).toEqual({
      ...{ neighbourhood: { slug: 'suvari', name: 'Süvari' }, outside: false },
      ...{ department: expect.any(String) as string, institution: null, similar: 0 },
    });
  });

  it('yields the institution that keeps the road', async () => {
    const told = await pinned(await asked(), suvari, withRoad);
    expect(told).toMatchObject({ department: null, institution: { slug: 'abb' } });
  });

  it('yields that the place is outside the district', async () => {
    const told = await pinned(await asked(), kizilay);
    expect(told).toMatchObject({ outside: true, department: null, neighbourhood: null });
  });

  it('finds open reports nearby, and is found by later ones', async () => {
    const other = await desk.openCase({ words: [words], intake: { place: suvari }, openedAt: T0 });
    const record = await desk.store.cases.get(other.caseNumber);
    if (!record) throw new Error('no record');
    const parts = { store: desk.store, municipality };
    await noteWhere(parts, other.caseNumber, { ...record.intake, matchedWords: ['çukur'] }, words);
    expect((await pinned(await asked(), suvari))?.similar).toBeGreaterThan(0);
    const nearness = categoryOf(municipality, 'pothole').duplicates;
    const near = await desk.store.reportCells.near('pothole', suvari, T0, nearness);
    expect(near.length).toBeGreaterThan(1);
  });

  it('is only an addition if the case has a pin and waits for nothing', async () => {
    const { caseNumber } = await desk.openCase({ openedAt: T0 });
    expect(await pinned(caseNumber, suvari)).toBeNull();
  });
});

test('the case gets the neighbourhood, and its department is told the owner there', () => {
  const placed = {
    ...{ neighbourhood: { slug: 'elvan', name: 'Elvan' }, outside: false },
    ...{ department: 'park-ve-bahceler', institution: null, similar: 2 },
  };
  const turns = playPlanned(
    opening({ neighbourhood: null }),
    [acted('accept', 'a'), T0],
    [{ type: 'citizenAdded', messageIds: ['m-2'], fileMessageIds: [], placed }, T0 + DAY],
  );
  expect(turns.at(-1)?.state.neighbourhood).toEqual(placed.neighbourhood);
  const facts = turns.flatMap(turn => turn.facts);
  expect(laterPlaceNotes(municipality, facts, 'fen-isleri')).toEqual([
    'Vatandaş sonradan konum gönderdi: Elvan Mahallesi.',
    'Konu bu yerde Park ve Bahçeler Müdürlüğü görev alanında görünüyor; gerekiyorsa yönlendiriniz.',
    'Bu konumun yakınında aynı konuda 2 açık bildirim daha var.',
  ]);
  expect(laterPlaceNotes(municipality, [], 'fen-isleri')).toEqual([]);
});
