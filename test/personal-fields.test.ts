import type { Model } from 'mongoose';
import { carryOutErasure } from '../src/store/erasures';
import { recordFamilies } from '../src/domain/retention';
import { openStore, type Store } from '../src/store/store';
import { DAY, T0 } from './support/cases';
import { textsIn } from './support/line/secrets-search';
import { testMongoUri } from './support/services';
import { municipality } from './support/town-case';
import { confirmed, everything, writeWhole } from './support/whole-records';

const mark = 'kanaryaizi';
const phone = '905000000001';
const caseNumber = 'PK-0000-0001';
const at = new Date(T0);

/**
 * What the fields of every collection can hold. `citizen`: words, names and numbers of citizens, which an erasure must
 * remove. `staff`: names and words of staff, which go when their retention ends. `closed`: ids, hashes and closed words.
 * `lasting`: staff's words in records without an end. Add each new field here, and have `writeWhole` fill it.
 */
const kinds: Record<string, Partial<Record<'citizen' | 'staff' | 'closed' | 'lasting', string>>> = {
  absences: { staff: 'away instead addedBy endedBy', closed: '_id role' },
  'account-notices': { closed: '_id field about event details severity' },
  arrivals: { closed: '_id messageIds' },
  attachments: { closed: '_id caseNumber kind mimeType name' },
  'audit-trail': { staff: 'actor reason detail', closed: '_id what citizenId caseNumber seal' },
  'block-acts': { citizen: 'reason', closed: '_id citizenId actor' },
  blocks: { citizen: 'reason', closed: '_id' },
  'calendar-closures': { lasting: 'reason', closed: '_id closedFrom calendars' },
  'call-links': { staff: 'recipient', closed: '_id caseNumber wish' },
  'case-events': { closed: '_id caseNumber fact seal' },
  cases: { citizen: 'intake corrected', closed: '_id progress sealed' },
  citizens: {
    citizen: 'bsuid profileName phone',
    closed: '_id formerIds language noticeVersion cases strikes told statusAsked',
  },
  'dead-letters': { citizen: 'payload', closed: '_id reason' },
  'delivery-failures': { closed: '_id caseNumber recipient' },
  'delivery-statuses': { closed: '_id key status errorCode' },
  'erasure-requests': { staff: 'actor reason approvals', closed: '_id citizenId caseNumber state' },
  'figure-months': { closed: '_id days editions months' },
  'hand-off-links': { staff: 'recipient', closed: '_id caseNumber side institution' },
  holds: { staff: 'reason actor', closed: '_id caseNumber citizenId' },
  identities: { citizen: '_id bsuid', closed: 'citizenId' },
  inbox: { citizen: 'payload contact', closed: '_id citizenId' },
  'incident-leaders': { closed: '_id caseNumber' },
  incidents: {
    staff: 'name words reason addedBy moved',
    closed: '_id subjects neighbourhoods areas',
  },
  'link-views': { staff: 'recipient', closed: '_id tokenHash caseNumber department what' },
  'list-links': { staff: 'recipient', closed: '_id department' },
  'manager-links': { staff: 'holder', closed: '_id' },
  merges: { closed: '_id' },
  messages: {
    citizen: 'words place',
    closed: '_id citizenId type transcript media tap refersTo quotedCase says language caseNumber',
  },
  outbox: {
    citizen: 'content outsideWindow providerId',
    staff: 'by',
    closed: '_id channel recipient caseNumber order gathers about state sentAs errorCode',
  },
  'outgoing-events': { closed: '_id caseNumber kind receiver data state reason' },
  'photo-covers': { staff: 'by', closed: '_id photoId caseNumber regions' },
  photos: { closed: '_id caseNumber takenAt' },
  ratings: { closed: '_id' },
  'report-cells': { citizen: '_id reports' },
  'retention-runs': { closed: '_id counts' },
  'returned-mails': { closed: '_id kind outcome address' },
  'sending-pauses': { closed: '_id reason' },
  'sending-slots': { closed: '_id' },
  settings: { closed: '_id key' },
  'staff-sessions': { staff: 'name address groups idToken', closed: '_id' },
  'staff-sign-ins': { staff: 'address', closed: '_id' },
  'status-links': { closed: '_id caseNumber' },
  strikes: { staff: 'by', closed: '_id messageId caseNumber citizenId spans digest' },
  'task-actions': {
    citizen: 'words colleague pin street',
    staff: 'actor insteadOf',
    closed:
      '_id caseNumber action reason department institution outcome precision leader subject priority neighbourhood role',
  },
  tasks: { staff: 'recipient', closed: '_id caseNumber department role' },
  'work-photos': { closed: '_id caseNumber digest' },
};

let store: Store;
beforeAll(async () => {
  store = openStore(testMongoUri('personal-fields'), { operationLimitMs: 10_000 });
  await store.sync();
  await store.hashId();
  const events = confirmed(caseNumber);
  await writeWhole(store, { caseNumber, citizenId: 'c-1', phone, mark, events });
  await writeOthers();
});
afterAll(() => store.close());

/** What the other tests of the records need no words in. */
async function writeOthers(): Promise<void> {
  const person = { name: mark, address: `${mark}@belediye.example` };
  await store.cases.model.updateOne(
    { _id: caseNumber },
    { $set: { 'intake.entry': { source: 'phone', answer: 'call', by: mark } } },
  );
  const { intake } = (await store.cases.get(caseNumber)) ?? {};
  if (!intake?.location) throw new Error('no case');
  const { category, neighbourhood, location } = intake;
  const spot = { latitude: 39.95, longitude: 32.66, name: mark, address: mark };
  await store.cases.correct(caseNumber, {
    category,
    place: { place: spot, neighbourhood, location: { ...location, street: mark, address: mark }, at },
    similar: null,
  });
  await store.tasks.addAction({
    ...{ actionId: 'corrected', caseNumber, task: 1, action: 'correct', words: mark, reason: null },
    ...{ department: null, role: 'department', actor: mark, insteadOf: mark, at },
    ...{ subject: 'tree', pin: mark, street: mark, colleague: mark },
  });
  await store.reportCells.addOnStreet(
    'pothole',
    { street: `suvari:${mark}`, house: null, mark },
    { caseNumber, at: T0, pinned: false },
    { metres: 50, days: 30 },
  );
  await store.absences.add({
    ...{ id: `chief:${caseNumber}`, role: 'chief:x', away: person, instead: person, from: at, to: at },
    ...{ addedBy: mark, addedAt: at, endedBy: mark, endedAt: at },
  });
  await store.incidents.add({
    ...{ id: `x:${caseNumber}`, name: mark, words: { tr: mark, en: mark }, subjects: [], areas: [] },
    ...{ neighbourhoods: [], reason: mark, from: at, to: at, addedBy: mark, addedAt: at, moved: null },
  });
  await store.incidents.model.updateOne({ _id: `x:${caseNumber}` }, { $set: { moved: { by: mark } } });
  await store.closures.add({
    ...{ date: '2026-12-01', reason: mark, closedFrom: null, calendars: null, addedAt: at },
  });
  await store.holds.add({
    ...{ caseNumber: 'PK-0000-0009', citizenId: null, reason: mark, actor: mark, since: at, until: at },
  });
  await store.outbox.prepare({
    ...{ key: 'talk:1', channel: 'whatsapp', recipient: 'c-9', caseNumber: null, content: {} },
    ...{ createdAt: at, by: mark },
  });
  await store.erasureRequests.ask('asked', 'c-1', at);
  const approval = { actor: mark, reason: mark, at };
  const decided = { citizenId: null, caseNumber: 'PK-0000-0009', actor: mark, reason: mark };
  const request = await store.erasureRequests.add({ ...decided, requestedAt: at });
  await store.erasureRequests.approve(request, approval, true);
  await store.erasureRequests.done(request, at);
  await store.trail.add({
    ...{ at, actor: mark, reason: mark, what: 'export', detail: mark, citizenId: 'c-1', caseNumber },
  });
}

/** Returns the fields of all collections that can hold words. */
function fields(): string[] {
  const models = Object.values(store.cases.model.db.models) as Model<object>[];
  return models.flatMap(({ collection, schema }) =>
    Object.entries(schema.paths)
      .filter(([, { instance }]) => ['String', 'Mixed', 'Array'].includes(instance))
      .map(([path]) => `${collection.name} ${path}`),
  );
}

const listed = (kind: 'citizen' | 'staff' | 'closed' | 'lasting'): string[] =>
  Object.entries(kinds).flatMap(([collection, of]) =>
    (of[kind] ?? '').split(' ').flatMap(field => (field ? [`${collection} ${field}`] : [])),
  );

/** Returns those of the fields that hold the mark or the number in some record. */
async function marked(all: readonly string[]): Promise<string[]> {
  const stored = JSON.parse(JSON.stringify(await everything(store))) as Record<
    string,
    Record<string, unknown>[]
  >;
  return all.filter(one => {
    const [collection = '', field = ''] = one.split(' ');
    const texts = stored[collection]?.map(record => textsIn(record[field])) ?? [];
    return texts.some(text => text.includes(mark) || text.includes(phone));
  });
}

test('every field of every collection that can hold words is known to be of citizens, of staff, or closed', () => {
  const known = [...listed('citizen'), ...listed('staff'), ...listed('closed'), ...listed('lasting')];
  expect(known.sort()).toEqual(fields().sort());
});

test('every field of citizens and of staff is filled, and no closed one contains words of theirs', async () => {
  for (const kind of ['citizen', 'staff', 'lasting'] as const) {
    expect(await marked(listed(kind))).toEqual(listed(kind));
  }
  expect(await marked(listed('closed'))).toEqual([]);
});

test('an erasure empties every field of citizens, and ends what the person had asked for', async () => {
  const id = await store.erasureRequests.add({
    ...{ citizenId: 'c-1', caseNumber: null, actor: 'Ayşe Kaya', reason: 'KVKK m. 11', requestedAt: at },
  });
  const request = await store.erasureRequests.get(id);
  expect(request && (await carryOutErasure(store, request, at))).toBe(true);
  expect(await marked(listed('citizen'))).toEqual([]);
  expect(await store.erasureRequests.open()).toEqual([]);
  expect(await store.erasureRequests.get('asked')).toMatchObject({ state: 'done', citizenId: null });
});

test('retention empties every field of staff', async () => {
  for (const family of recordFamilies) {
    const { days } = municipality.retention.families[family];
    let place: Parameters<Store['retention']['apply']>[0]['place'] | null = { shelf: 0, last: null };
    while (place !== null) {
      ({ place } = await store.retention.apply({ family, days, at: T0 + 6 * 365 * DAY, place }));
    }
  }
  expect(await marked(listed('staff'))).toEqual([]);
});
