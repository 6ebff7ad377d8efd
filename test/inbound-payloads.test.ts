import fc from 'fast-check';
import Koa from 'koa';
import { readMessage } from '../activities/read-message';
import { loadMunicipality } from '../src/config/municipality';
import type { Says } from '../src/domain/talk/conversation-state';
import { openStore, type Store } from '../src/store/store';
import { startHttpServer, type HttpServer } from '../src/web/http';
import { webhookRoutes } from '../src/web/webhook-routes';
import { mapConcurrently } from '../src/whatsapp/hand-over';
import { createIntake, type Intake } from '../src/whatsapp/intake';
import { parseWebhook } from '../src/whatsapp/payload';
import type { Deps } from '../activities/deps';
import { hearingListeners } from './support/listeners';
import { payloadFiles } from './support/payload-files';
import { testMongoUri } from './support/services';
import { appSecret, bodyOf, post, phoneNumberId } from './support/webhook-bodies';

/**
 * The expected result of each file: the meaning of its messages, the reason of its dead letter, or its
 * status.
 */
const expected: Record<
  string,
  (Says | `letter ${string}` | `status ${string}` | `notice ${string}` | 'names')[]
> = {
  text: ['report'],
  'text-of-emoji': ['aside'],
  'text-about-product': ['greeting'],
  'text-quoting': ['report'],
  'text-forwarded': ['report'],
  'text-from-advertisement': ['greeting'],
  image: ['attachment'],
  'image-with-caption': ['report'],
  'image-lost': ['lostFile'],
  video: ['report'],
  audio: ['attachment'],
  'voice-note': ['attachment'],
  'voice-note-former': ['attachment'],
  document: ['attachment'],
  'document-photo': ['report'],
  sticker: ['aside'],
  'location-pin': ['place'],
  'location-place': ['place'],
  'location-as-text': ['place'],
  contacts: ['unreadable'],
  'contact-shared': ['sharesNumber'],
  'button-reply': ['which'],
  'list-reply': ['subject'],
  'list-reply-rating': ['rated'],
  'flow-reply': ['report'],
  'flow-reply-several-answers': ['report'],
  'flow-reply-broken': ['unreadable'],
  'call-permission-reply': ['unreadable'],
  'interactive-missing': ['unreadable'],
  'template-quick-reply': ['endedCase'],
  'template-quick-reply-without-context': ['help'],
  reaction: ['event'],
  'reaction-removed': ['event'],
  'reaction-removed-without-emoji': ['event'],
  order: ['unreadable'],
  'order-with-words': ['report'],
  edit: ['event'],
  revoke: ['event'],
  unsupported: ['unreadable'],
  'unsupported-without-kind': ['unreadable'],
  unknown: ['unreadable'],
  'future-type': ['unreadable'],
  'request-welcome': ['greeting'],
  'type-that-is-no-word': ['unreadable'],
  'text-without-body': ['unreadable'],
  'username-only': ['status'],
  'phone-only': ['help'],
  'without-contacts': ['greeting'],
  'without-from': ['thanks'],
  'user-id-in-from': ['withdraw'],
  'without-type': ['report'],
  'timestamp-number': ['greeting'],
  'without-timestamp': ['greeting'],
  username: ['person'],
  'null-members': ['greeting'],
  'group-message': ['letter not-private'],
  'system-number-changed': ['event'],
  'system-number-changed-former': ['event'],
  'system-number-changed-in-words': ['event'],
  'system-user-id-changed': ['event'],
  'system-user-id-changed-in-words': ['event'],
  'system-identity-changed': ['event'],
  'system-of-the-future': ['event'],
  album: ['attachment', 'attachment', 'attachment'],
  'message-and-status': ['greeting', 'status delivered'],
  'several-entries-and-changes': ['greeting', 'greeting', 'greeting'],
  'change-without-frame': ['greeting'],
  'nothing-in-it': ['letter no-changes'],
  'one-good-among-bad': ['letter not-an-object', 'letter no-id', 'greeting', 'letter not-an-object'],
  'status-sent': ['status sent'],
  'status-delivered': ['status delivered'],
  'status-read': ['status read'],
  'status-played': ['status played'],
  'status-deleted': ['status deleted'],
  'status-failed': ['status failed'],
  'status-failed-bare-contact': ['status failed'],
  'status-in-group': ['letter not-private'],
  'payment-status': ['status captured'],
  'value-errors': ['letter account-error'],
  'errors-beside-message': ['unreadable', 'letter account-error'],
  'user-id-update': ['names'],
  'template-status-update': ['notice info'],
  'account-alert': ['notice warning'],
  'user-preferences': ['notice info'],
  calls: ['letter unknown-field', 'letter unknown-field'],
  'business-app': Array<'letter unknown-field'>(3).fill('letter unknown-field'),
  'account-fields': [
    'notice alarm',
    'notice info',
    'notice alarm',
    'notice warning',
    'notice alarm',
    'notice info',
    'notice info',
    'notice alarm',
    'notice info',
    'letter unknown-field',
  ],
};

const log = { warn: jest.fn(), error: jest.fn() };
const files = payloadFiles();
const municipality = loadMunicipality('config/etimesgut');
let store: Store;
let intake: Intake;
let server: HttpServer;
let url: string;
const answers: number[] = [];

beforeAll(async () => {
  store = openStore(testMongoUri('payloads'));
  intake = createIntake({
    store,
    phoneNumberId,
    gateway: { ...hearingListeners(), giveFeedback: async () => false },
    log,
  });
  const app = new Koa().use(
    webhookRoutes({ intake, appSecrets: [appSecret], verifyToken: 'v', log }).routes(),
  );
  const handle = app.callback();
  server = await startHttpServer((request, response) => void handle(request, response), {
    port: 0,
    host: '127.0.0.1',
  });
  url = `http://127.0.0.1:${server.port}/webhooks/whatsapp`;
  const twice = [...files.values(), ...files.values()].sort(() => Math.random() - 0.5);
  await mapConcurrently(twice, 6, async body => answers.push((await post(url, body)).status));
  await intake.drain();
}, 60_000);
afterAll(async () => {
  await server.stop();
  await store.close();
});

test('every kind has a file, and every file has an expectation', () => {
  expect([...files.keys()].sort()).toEqual(Object.keys(expected).sort());
});

test('all are answered with 200, in any order and twice', () => {
  expect(answers).toHaveLength(2 * files.size);
  expect(new Set(answers)).toEqual(new Set([200]));
});

test('each leaves one record', async () => {
  const all = Object.values(expected).flat();
  const count = (test: (what: string) => boolean): number => all.filter(test).length;
  const isStatus = (what: string): boolean => what.startsWith('status ');
  const isLetter = (what: string): boolean => what.startsWith('letter ');
  const isNotice = (what: string): boolean => what.startsWith('notice ');
  const messages = count(what => !isStatus(what) && !isLetter(what) && !isNotice(what) && what !== 'names');
  expect(await store.inbox.model.countDocuments()).toBe(messages);
  expect(await store.deliveryStatuses.model.countDocuments()).toBe(count(isStatus));
  expect(await store.deadLetters.model.countDocuments()).toBe(count(isLetter));
  expect(await store.accountNotices.model.countDocuments()).toBe(count(isNotice));
});

test.each([...files])('%s is understood', async (name, body) => {
  const deps = { store, municipality, receipts: { read: () => undefined }, now: () => new Date() };
  const read = readMessage(deps as unknown as Deps);
  const hashId = await store.hashId();
  const seen: string[] = [];
  for (const item of parseWebhook(body)) {
    if (item.type === 'odd') seen.push(`letter ${item.reason}`);
    if (item.type === 'status') seen.push(`status ${item.status}`);
    if (item.type === 'renamed') seen.push('names');
    if (item.type === 'notice') seen.push(`notice ${item.notice.severity}`);
    if (item.type !== 'message') continue;
    const record = await store.inbox.get(hashId(item.wamid));
    expect(record?.handedOver).toBe(true);
    const facts = await read({ citizenId: record?.citizenId ?? '', messageId: record?.id ?? '' });
    seen.push(facts.says);
    expect(await store.messages.get(facts.messageId)).toMatchObject({ citizenId: record?.citizenId });
  }
  expect(seen).toEqual(expected[name]);
});

test.each([
  ['a changed number', 'wa:905329000001', `bsuid:TR.new0001`],
  ['a changed user id', 'bsuid:TR.old0003', 'bsuid:TR.new0003'],
  ['a changed user id with the old one only in the text', 'bsuid:TR.old0074', 'bsuid:TR.new0074'],
  ['a changed number with the old one only in the text', 'wa:905320000075', 'wa:905329000075'],
  ['a changed user id outside a message', 'bsuid:TR.prev1', 'wa:905328000001'],
])('%s leads to the same citizen by its old and its new name', async (_, one, other) => {
  const ends = await Promise.all(
    [one, other].map(async name => {
      const identity = await store.identities.model.findById(name).lean();
      return store.identities.currentOf(identity?.citizenId ?? name);
    }),
  );
  expect(new Set(ends).size).toBe(1);
});

/** Replaces or removes one member, anywhere in a payload. */
function spoiled(value: unknown, place: number, scrap: unknown): unknown {
  let left = place;
  const visit = (member: unknown): unknown => {
    left -= 1;
    if (left === 0) return scrap;
    if (Array.isArray(member)) return member.map(visit);
    if (typeof member !== 'object' || member === null) return member;
    return Object.fromEntries(Object.entries(member).map(([name, inner]) => [name, visit(inner)]));
  };
  return visit(value);
}

test('all of 400 payloads with one changed member get 200', async () => {
  const bodies = fc.sample(
    fc
      .tuple(
        fc.constantFrom(...files.values()),
        fc.integer({ min: 1, max: 40 }),
        fc.oneof(fc.constantFrom(undefined, null, '', [], {}, -1), fc.jsonValue({ maxDepth: 3 })),
      )
      .map(([body, place, scrap]) => spoiled(JSON.parse(body.toString('utf8')), place, scrap)),
    400,
  );
  const spoiltAnswers = await mapConcurrently(
    bodies,
    6,
    async body => (await post(url, bodyOf(body ?? null))).status,
  );
  expect(new Set(spoiltAnswers)).toEqual(new Set([200]));
  await intake.drain();
}, 60_000);
