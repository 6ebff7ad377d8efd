import { startLine, type TestLine } from './support/line';
import { canary, eraseCanaries, playCanaries, type Played } from './support/line/canary-story';
import {
  placesOfMails,
  placesOfRecords,
  placesOfRoles,
  placesOfTemporal,
  placesOnDisk,
} from './support/line/canary-places';
import { whereFound, type Place, type Secret } from './support/line/secrets-search';

let line: TestLine;
let played: Played;
let secrets: Secret[];
let places: Place[];

beforeAll(async () => {
  line = await startLine('canary', {
    environment: { LOG_LEVEL: 'debug' },
    cuttableStore: true,
    ownStore: true,
  });
  played = await playCanaries(line);
  secrets = await everySecret();
  places = await everyPlace();
}, 300_000);
afterAll(() => line.stop());

async function everySecret(): Promise<Secret[]> {
  const { inbox, outbox } = line.store;
  const received = (await inbox.model.find().lean()).map(({ payload }) => idIn(JSON.parse(payload)));
  const sent = (await outbox.model.find({ channel: 'whatsapp' }).lean()).map(({ providerId }) => providerId);
  const wamids = [...received, ...sent].flatMap((wamid, place) =>
    wamid ? [{ name: `wamid ${place}`, text: wamid.slice('wamid.'.length) }] : [],
  );
  const mails = await line.phones.mails();
  const tokens = mails
    .flatMap(({ links }) => links.filter(link => link.startsWith(`${line.baseUrl}/t/`)))
    .flatMap(link => link.split('/t/')[1] ?? [])
    .flatMap((token, place) => [
      { name: `token ${place}`, text: token },
      { name: `random part of token ${place}`, text: token.split('.')[2] ?? '' },
    ]);
  const addresses = [...new Set(mails.flatMap(({ to }) => to))].map(text => ({ name: 'mail address', text }));
  const { phone, strangerPhone, leaverPhone, ...words } = canary;
  return [
    ...Object.entries(words).map(([name, text]) => ({ name, text })),
    // Without the country code, so that the number is found in every format.
    ...[phone, strangerPhone, leaverPhone].map(text => ({ name: 'phone', text: text.slice(2) })),
    ...played.people.map(({ bsuid }) => ({ name: 'BSUID', text: bsuid.slice(3) })),
    ...wamids,
    ...tokens,
    ...addresses,
  ];
}

function idIn(message: unknown): string {
  return (message as { id: string }).id;
}

async function everyPlace(): Promise<Place[]> {
  const all = [placesOfTemporal(line), placesOfRoles(line), placesOfMails(line)];
  return (await Promise.all(all)).flat();
}

const placesLike = (pattern: RegExp): Place[] => places.filter(({ name }) => pattern.test(name));

describe('the search', () => {
  it('finds the case number in Temporal and in the log, which may contain it', () => {
    const known = played.caseNumbers.map(text => ({ name: text, text }));
    for (const number of known) {
      for (const pattern of [/list: reportCase/, /history: reportCase/, /page: reportCase/, /database/]) {
        expect(whereFound([number], placesLike(pattern))).not.toEqual([]);
      }
    }
    expect(whereFound(known, placesLike(/worker/))).not.toEqual([]);
    expect(
      whereFound([{ name: 'a counter', text: 'webhook_messages_total' }], placesLike(/metrics/)),
    ).not.toEqual([]);
  });

  it.each(['5009876541', 'Çağrı Kanaryağlı', '1234. Kanaryalar Caddesi'])(
    'finds %s in every encoding',
    text => {
      const disguised = [
        Buffer.from(`x${text}y`).toString('base64'),
        Buffer.from(`xy+90${text}`).toString('base64url'),
        Buffer.from(text).toString('hex'),
        encodeURIComponent(`a ${text}`),
        JSON.stringify({ text }).replace(
          /[\u0080-\uffff]/g,
          unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      ];
      for (const bytes of disguised.map(each => Buffer.from(each))) {
        expect(whereFound([{ name: 'it', text }], [{ name: 'here', bytes }])).not.toEqual([]);
      }
    },
  );

  it('finds every canary and no token in the records', async () => {
    const records = await placesOfRecords(line);
    const { unsigned, query, wrongToken, ...taken } = canary;
    const missing = Object.entries(taken).filter(
      ([name, text]) => whereFound([{ name, text }], records).length === 0,
    );
    expect(missing).toEqual([]);
    expect(
      whereFound(
        secrets.filter(({ name }) => name.includes('token')),
        records,
      ),
    ).toEqual([]);
  });
});

describe('nothing personal', () => {
  it.each([
    ["in Temporal's database", /database/],
    ['in the histories', /history/],
    ['in ids, search attributes and summaries', /list/],
    ['in what the Temporal UI shows of a running workflow', /page/],
    ['in the logs of web and worker', /log/],
    ['in the metrics', /metrics/],
  ])('is %s', (_, pattern) => {
    const searched = placesLike(pattern);
    expect(searched.length).toBeGreaterThan(0);
    expect(secrets.length).toBeGreaterThan(30);
    expect(whereFound(secrets, searched)).toEqual([]);
  });
});

test('after the erasure of everybody, no collection and no file of the store holds anything of them', async () => {
  await eraseCanaries(line, played);
  expect(await line.admin('compact')).toMatch(/no deleted records|in MongoDB/);
  // What nobody can be found by, and words of staff in their own letters, stay until their retention ends.
  const lasting = ['deadLetter', 'mail address'];
  const gone = secrets.filter(({ name }) => !lasting.includes(name) && !name.includes('token'));
  expect(gone.length).toBeGreaterThan(30);
  const searched = [...(await placesOfRecords(line)), ...placesOnDisk(line.ownStore)];
  expect(whereFound(gone, searched)).toEqual([]);
}, 240_000);
