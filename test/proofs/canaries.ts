import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapConcurrently } from '../../src/whatsapp/hand-over';
import { tableOf, writeFigures } from '../support/figures';
import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import {
  type Canary,
  canaryPeople,
  declareIncident,
  endIncident,
  eraseAll,
  paths,
  play,
  secretsOfAll,
} from '../support/line/canary-people';
import {
  placesOfMails,
  placesOfRecords,
  placesOfRoles,
  placesOfTemporal,
  placesOnDisk,
} from '../support/line/canary-places';
import { forms, type Hit, hitsOf, type Place, type Secret } from '../support/line/secrets-search';
import { type SpeechServer, startSpeechServer } from '../support/speech-server';

/**
 * Forty people with unmistakable names, numbers, words, places and files go through every path of the line. Then their
 * bytes are searched wherever they must not be: before the erasure outside of the records, afterwards everywhere, also
 * in a restored copy. Writes the table of places, forms and hits into `docs/figures.md`.
 */
jest.setTimeout(600_000);

const PEOPLE = 40;
const AT_ONCE = 6;
const folder = mkdtempSync(join(tmpdir(), 'paydaskent-canaries-'));

let stage: { line: TestLine; speech: SpeechServer };
let line: TestLine;
let people: Canary[];
let secrets: Secret[];
/** Each line of the table. */
const rows: { what: string; places: Place[]; hits: Hit[] }[] = [];

function searched(what: string, places: Place[]): Hit[] {
  const hits = hitsOf(secrets, places);
  rows.push({ what, places, hits });
  return hits;
}

const like = (places: readonly Place[], pattern: RegExp): Place[] =>
  places.filter(({ name }) => pattern.test(name));
beforeAll(async () => {
  const speech = await startSpeechServer();
  line = await startLine('canaries', {
    environment: {
      ...{ LOG_LEVEL: 'debug', SPEECH_URL: speech.url, ERASURE_LIST: join(folder, 'erasures') },
    },
    town: { answerWaitMinutes: 2 },
    ownStore: true,
  });
  stage = { line, speech };
  people = await canaryPeople(stage, PEOPLE);
  secrets = secretsOfAll(people);
  const incident = await declareIncident(stage);
  await mapConcurrently(people, AT_ONCE, canary => play[canary.path](stage, canary));
  await endIncident(stage, incident, people);
  await awaited(
    'the end of all conversations',
    async () => {
      const query = 'WorkflowType = "conversation" AND ExecutionStatus = "Running"';
      return (await line.temporal.client.workflow.count(query)).count === 0;
    },
    480_000,
  );
}, 1_500_000);
afterAll(async () => {
  await line.stop();
  await stage.speech.stop();
  rmSync(folder, { recursive: true, force: true });
});

test(`${PEOPLE} people went through every path, and the records hold everything they sent`, async () => {
  expect(new Set(people.map(({ path }) => path)).size).toBe(paths.length);
  const hits = hitsOf(secrets, [...(await placesOfRecords(line)), ...placesOnDisk(line.ownStore)]);
  const found = new Set(hits.map(({ secret }) => secret.split(' ')[0]));
  // A photo is stored without its EXIF data.
  const kinds = new Set(secrets.map(({ name }) => name.split(' ')[0]));
  expect([...kinds].filter(kind => !found.has(kind))).toEqual(['exif']);
});

test('nothing of them is outside of the records', async () => {
  const temporal = await placesOfTemporal(line);
  const roles = await placesOfRoles(line);
  const mails = await placesOfMails(line);
  const numbers = (await line.store.cases.model.find().lean()).map(({ _id }) => _id);
  const finds = (all: Place[]): boolean =>
    hitsOf(
      numbers.map(text => ({ name: text, text })),
      all,
    ).length > 0;
  // The control: case numbers may be everywhere, and are found.
  const databases = like(temporal, /database/);
  expect(finds(databases)).toBe(true);
  expect(finds(like(roles, /worker/))).toBe(true);
  expect(finds(like(mails, /headers/))).toBe(true);
  expect([
    ...searched("Temporal's database files", databases),
    ...searched('exported histories', like(temporal, /history/)),
    ...searched('search attributes, memos, ids', like(temporal, /list/)),
    ...searched('details that the Temporal UI shows', like(temporal, /page/)),
    ...searched('logs of web and worker', like(roles, /log/)),
    ...searched('metrics of web and worker', like(roles, /metrics/)),
    ...searched('headers of mails, decoded too', like(mails, /headers/)),
    ...searched("the line's own addresses in mails and pages", like(mails, /addresses/)),
  ]).toEqual([]);
});

test('after the erasure of everybody nothing of them is anywhere, nor in the files of the store', async () => {
  await line.web.stop();
  await line.worker.stop();
  await line.ownStore?.stop();
  line.ownStore?.copyTo(join(folder, 'backup'));
  await line.ownStore?.start();
  await Promise.all([line.web.start(), line.worker.start()]);

  await eraseAll(stage, people);
  await line.admin('compact');
  expect([
    ...searched('after the erasure: all collections and GridFS', await placesOfRecords(line)),
    ...searched('after the erasure: files of the embedded store', placesOnDisk(line.ownStore)),
    ...searched('after the erasure: Temporal', await placesOfTemporal(line)),
    ...searched('after the erasure: logs and metrics', await placesOfRoles(line)),
    ...searched('the erasure list', [
      { name: 'the erasure list', bytes: readFileSync(join(folder, 'erasures')) },
    ]),
  ]).toEqual([]);
}, 1_200_000);

test('a restored copy loses them again by db-sync, before web and worker start', async () => {
  await line.web.stop();
  await line.worker.stop();
  await line.ownStore?.stop();
  line.ownStore?.replaceBy(join(folder, 'backup'));
  await line.ownStore?.start();
  expect(hitsOf(secrets, await placesOfRecords(line))).not.toEqual([]);
  expect(await line.admin('db-sync')).toMatch(
    new RegExp(`A backup was restored: ${PEOPLE} people and \\d+ cases of the erasure list erased again`),
  );
  await line.admin('compact');
  expect([
    ...searched('a restored copy after db-sync: all collections', await placesOfRecords(line)),
    ...searched('a restored copy after db-sync: files of the store', placesOnDisk(line.ownStore)),
  ]).toEqual([]);
});

afterAll(() => {
  const bytesOf = (places: readonly Place[]): string =>
    `${(places.reduce((all, { bytes }) => all + bytes.length, 0) / 1_048_576).toFixed(1)} MiB`;
  const heads = ['where', 'places', 'size', ...forms];
  const lines = rows.map(({ what, places, hits }) => [
    ...[what, places.length, bytesOf(places)],
    ...forms.map(form => hits.filter(hit => hit.form === form).length),
  ]);
  const said = `${PEOPLE} people on ${paths.length} paths, ${secrets.length} secrets in ${forms.length} forms.`;
  writeFigures('canaries', `${said}\n\n${tableOf(heads, lines)}`);
});
