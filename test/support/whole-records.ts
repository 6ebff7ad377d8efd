import type { CaseEvent } from '../../src/domain/case/case-events';
import { courseOf } from '../../src/reports/case-course';
import { linesOf, townReport } from '../../src/reports/report';
import { routingReportOf } from '../../src/reports/routing-report';
import type { StoredStory } from '../../src/store/case-stories';
import { digestOf } from '../../src/store/message-records';
import type { Store } from '../../src/store/store';
import { acted, DAY, HOUR, opening, playPlanned, T0, wordsMessage } from './cases';
import { municipality } from './town-case';

/** Whose records are written, and how the case ends. Every text and name contains `mark`. */
export interface Whole {
  caseNumber: string;
  citizenId: string;
  /** Digits with country code. */
  phone: string;
  mark: string;
  /** Where the report lies. */
  latitude?: number;
  /** How the case goes on after its opening; without an end it stays open. */
  events: [CaseEvent, number][];
}

/** The events of a case that was accepted, resolved, confirmed by the citizen and closed. */
export function confirmed(caseNumber: string, at = T0): Whole['events'] {
  return [
    [acted('accept', `${caseNumber}-a`), at + HOUR],
    [acted('resolve', `${caseNumber}-r`), at + 5 * HOUR],
    [{ type: 'feedback', messageId: `${caseNumber}-m-3`, answer: 'solved' }, at + DAY],
  ];
}

/** The events of a case that the department rejected. */
export function rejected(caseNumber: string, at = T0): Whole['events'] {
  return [[acted('reject', `${caseNumber}-j`), at + 45 * HOUR]];
}

/** Writes one record of every kind for a citizen and a case, as the line does. */
export async function writeWhole(store: Store, whole: Whole): Promise<void> {
  await writePerson(store, whole);
  await writeCase(store, whole);
  await writeBesides(store, whole);
}

async function writePerson(store: Store, { citizenId, phone, mark }: Whole): Promise<void> {
  const at = new Date(T0);
  const names = { phone, bsuid: `TR.${mark}${phone}`, profileName: `Ad ${mark}`, language: 'tr' as const };
  await store.citizens.seen(citizenId, { ...names, at });
  await store.identities.model.collection.insertMany(
    [`wa:${phone}`, `bsuid:TR.${mark}${phone}`, `number:${phone}:${citizenId}`].map(_id => ({
      _id: _id as never,
      citizenId,
      ...(_id.startsWith('number:') && { bsuid: `TR.${mark}${phone}` }),
    })),
  );
}

async function writeCase(
  store: Store,
  { caseNumber, citizenId, mark, events, latitude = 39.943217 }: Whole,
): Promise<void> {
  const at = new Date(T0);
  const messageIds = [`${caseNumber}-m-1`, `${caseNumber}-m-2`];
  const input = opening({ caseNumber, citizenId, messageIds });
  await store.cases.open(caseNumber, {
    ...{ openedBy: `${caseNumber}-m-1`, citizenId, language: 'tr', kind: 'problem', priority: 'p2' },
    ...{ category: input.category, confidence: 0.9, matchedWords: ['çukur'] },
    guessed: [{ slug: 'pothole', confidence: 0.9 }],
    neighbourhood: input.neighbourhood,
    place: { latitude, longitude: 32.644456, name: `Yer ${mark}`, address: `Adres ${mark}` },
    ...{ outside: false, desk: 'fen-isleri', institution: null, withNotice: true, receivedAt: at },
    location: {
      ...{ source: 'pin', precision: 'point', street: `Sokak ${mark}`, address: `No 5 ${mark}` },
      ...{ road: 'street', keptRoad: null, namedInWords: null, borderMetres: 812, neighbour: null },
    },
  });
  for (const { state, facts } of playPlanned(input, ...events)) {
    const { handled: _, ...progress } = state;
    await store.cases.write(progress, facts);
  }
  await store.citizens.caseOpened(
    citizenId,
    { caseNumber, openedAt: at },
    { noticeGivenAt: at, noticeVersion: 'v1' },
  );
  await store.ratings.add({ caseNumber, rating: 4, at });
  await store.reportCells.add(
    'pothole',
    { caseNumber, latitude, longitude: 32.644456, at: T0 },
    { metres: 50, days: 30 },
  );
}

async function writeBesides(
  store: Store,
  { caseNumber, citizenId, phone, mark, latitude = 39.943217 }: Whole,
): Promise<void> {
  const at = new Date(T0);
  const bytes = Buffer.from(mark);
  const picture = { jpeg: bytes, thumbnail: bytes, width: 1, height: 1, keptAt: at };
  const recipient = { name: `Memur ${mark}`, address: `${mark}@belediye.example` };
  for (const id of [`${caseNumber}-m-1`, `${caseNumber}-m-2`, `${caseNumber}-alone`]) {
    const ofCase = id.endsWith('alone') ? null : caseNumber;
    await store.messages.add(
      wordsMessage({
        ...{ id, citizenId, words: `Sözler ${mark}`, caseNumber: ofCase, handledAt: at },
        place: { latitude, longitude: 32.644456, name: `Yer ${mark}`, address: null },
      }),
    );
    await store.inbox.add({
      ...{ id, citizenId, sentAt: at, receivedAt: at, contact: { name: mark }, handedOver: true },
      payload: { from: phone, text: mark },
    });
  }
  await store.photos.add({ id: `${caseNumber}-m-1`, caseNumber, takenAt: null, ...picture });
  const hidden = { caseNumber, revision: 1, by: recipient.address, at };
  const regions = [{ left: 0, top: 0, width: 9, height: 9 }];
  await store.photoCovers.cover({
    ...{ ...hidden, photoId: `${caseNumber}-m-1`, regions, jpeg: bytes, thumbnail: bytes },
  });
  await store.messages.strike({
    ...{ ...hidden, messageId: `${caseNumber}-m-1`, citizenId, spans: [[0, 1]], digest: digestOf(mark) },
  });
  await store.workPhotos.add(`${caseNumber}-r`, { caseNumber, digest: 'd', ...picture });
  await store.attachments.add(
    {
      id: `${caseNumber}-m-2`,
      caseNumber,
      kind: 'audio',
      mimeType: 'audio/ogg',
      name: 'ses.ogg',
      keptAt: at,
    },
    asPieces(bytes),
  );
  const letters = [
    { key: `${caseNumber}:1`, channel: 'whatsapp' as const, recipient: citizenId, caseNumber },
    { key: `${caseNumber}:2`, channel: 'mail' as const, recipient: 'department:fen-isleri', caseNumber },
    {
      key: `${caseNumber}-alone:hello`,
      channel: 'whatsapp' as const,
      recipient: citizenId,
      caseNumber: null,
    },
    {
      key: `${caseNumber}-alone:call-request`,
      channel: 'mail' as const,
      recipient: 'department:triage',
      caseNumber: null,
    },
  ];
  for (const letter of letters) {
    await store.outbox.prepare({
      ...letter,
      content: { type: 'text', body: mark },
      createdAt: at,
      outsideWindow: [{ type: 'text', body: mark }],
    });
    await store.outbox.accepted(letter.key, `wamid.${mark}`);
  }
  await store.deliveryStatuses.add({ key: `${caseNumber}:1`, status: 'delivered', at, errorCode: null });
  await store.deliveryFailures.add({
    key: `${caseNumber}:1`,
    caseNumber,
    effect: 1,
    receivedAt: at,
    reported: true,
  });
  await store.tasks.addLink({
    ...{ tokenHash: `${caseNumber}-t`, caseNumber, task: 1, department: 'fen-isleri', role: 'department' },
    ...{ recipient, createdAt: at, expiresAt: at },
  });
  await store.tasks.addAction({
    ...{ actionId: `${caseNumber}-r`, caseNumber, task: 1, action: 'resolve', words: `Onarıldı ${mark}` },
    ...{ reason: null, department: null, colleague: `${mark}@belediye.example`, role: 'department' },
    ...{ actor: recipient.address, at },
  });
  await store.statusLinks.add({ tokenHash: `${caseNumber}-s`, caseNumber, createdAt: at });
  const link = { department: 'fen-isleri', recipient };
  await store.listLinks.add({ tokenHash: `${caseNumber}-l`, ...link, createdAt: at, expiresAt: at });
  await store.managerLinks.add({ tokenHash: `${caseNumber}-g`, holder: mark, createdAt: at, expiresAt: at });
  const staff = { name: mark, address: mark, groups: [mark], idToken: mark, createdAt: at, expiresAt: at };
  await store.staff.start({ id: `${caseNumber}-h`, ...staff });
  await store.staff.addLink({ tokenHash: `${caseNumber}-i`, address: mark, createdAt: at, expiresAt: at });
  const asked = { caseNumber, recipient, createdAt: at, expiresAt: at };
  await store.callLinks.add({ tokenHash: `${caseNumber}-c`, ...asked });
  const watched = { number: 1, side: 'institution' as const, institution: 'aski' };
  await store.handOffLinks.add({ tokenHash: `${caseNumber}-k`, ...watched, ...asked });
  await store.merges.add({ citizenId, receivedAt: at });
  await store.linkViews.add({ tokenHash: `${caseNumber}-t`, caseNumber, ...link, what: 'task', at });
  await store.deadLetters.add({
    id: `${caseNumber}-d`,
    receivedAt: at,
    reason: 'x',
    payload: `{"${phone} ${mark}`,
  });
  const data = { caseNumber };
  await store.events.add(caseNumber, { number: 1, kind: 'case.opened', at: at.getTime(), data }, null, at);
  await store.returnedMails.add({
    ...{ id: `${caseNumber}-m`, receivedAt: at, kind: 'reply', outcome: 'note', address: 'a'.repeat(32) },
  });
  await store.blocks.block({ citizenId, at, actor: 'Memur', reason: mark, until: at });
  const holder = { name: 'Fen İşleri Müdürü', address: 'fen.isleri.sorumlu@etimesgut.example' };
  await store.absences.add({
    ...{ id: `chief:fen-isleri:${caseNumber}`, role: 'chief:fen-isleri', away: holder },
    instead: { name: 'Ali Er', address: 'ali.er@etimesgut.example' },
    ...{ from: new Date(at.getTime() - DAY), to: at, addedBy: 'Ayşe Kaya', addedAt: at },
    ...{ endedBy: null, endedAt: null },
  });
  await store.incidents.add({
    ...{ id: `power-cut:${caseNumber}`, name: 'Elektrik kesintisi', words: { tr: 'Kesinti var.', en: null } },
    ...{ subjects: ['power-cut'], neighbourhoods: ['suvari'], areas: [], reason: 'Duyuru' },
    ...{ from: new Date(at.getTime() - DAY), to: at, addedBy: 'Ayşe Kaya', addedAt: at, moved: null },
  });
  await store.incidents.leader(`power-cut:${caseNumber}:zabita:1`, caseNumber, at);
  await store.accountNotices.add({
    ...{ id: `${caseNumber}-n`, receivedAt: at, field: 'security', about: null, event: 'E', details: null },
    ...{ severity: 'info', handedOver: true },
  });
  const read = { at, actor: 'Ayşe Kaya', reason: 'Başvuru', what: 'export' as const };
  await store.trail.add({ ...read, citizenId });
  await store.trail.add({ ...read, caseNumber });
  await store.retentionRuns.add({ id: `${caseNumber}-w`, at, finishedAt: at, counts: {} });
}

async function* asPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Returns every document of every collection, GridFS included, by collection and sorted by `_id`. */
export async function everything(store: Store): Promise<Record<string, unknown[]>> {
  const { db } = store.cases.model;
  const names = (await db.listCollections()).map(({ name }) => name).sort();
  const all: Record<string, unknown[]> = {};
  for (const name of names) all[name] = await db.collection(name).find().sort({ _id: 1 }).toArray();
  return all;
}

/** Returns all cases with their audit trails, by case number. */
export async function storiesOf(store: Pick<Store, 'stories'>): Promise<StoredStory[]> {
  const days = await store.stories.byDay(at => new Date(at).toISOString().slice(0, 10));
  const numbers = [...days.values()].flatMap(day => day.numbers).sort();
  const stories = await Promise.all(numbers.map(number => store.stories.of(number)));
  return stories.filter(story => story !== null);
}

/** Returns the statistics of all cases. */
export async function figuresOf(store: Store): Promise<unknown> {
  const stories = await storiesOf(store);
  const period = { from: T0 - DAY, to: T0 + 30 * DAY };
  const cases = [];
  for await (const batch of store.courses.between(new Date(0), new Date(T0 + 365 * DAY)))
    cases.push(...batch);
  return {
    town: townReport(municipality, period, linesOf({ municipality, closures: [] }, stories)),
    routing: routingReportOf(cases.map(one => courseOf(municipality, one))),
    stories: stories.map(({ caseNumber, facts }) => [caseNumber, facts.map(({ type, at }) => [type, at])]),
  };
}
