import { Command } from 'commander';
import { registerAudit } from '../src/cli/admin/audit';
import { registerPhotos } from '../src/cli/admin/cases';
import { openStore, type Store } from '../src/store/store';
import { T0 } from './support/cases';
import { testMongoUri } from './support/services';

const uri = testMongoUri('audit');
const before = { ...process.env };
const caseNumber = 'PK-7K2M-9QRT';
const recipient = { name: 'Fen İşleri Müdürü', address: 'mudur@etimesgut.example' };

let store: Store;
const printed: string[] = [];
beforeAll(async () => {
  process.env = { ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  store = openStore(uri);
  const about = { caseNumber, department: 'fen-isleri' };
  const view = { ...about, tokenHash: 'a'.repeat(64), recipient, what: 'task' as const };
  await store.linkViews.add({ ...view, at: new Date(T0) });
  await store.linkViews.add({ ...view, what: 'photo', at: new Date(T0 + 2_000) });
  await store.tasks.addAction({
    actionId: 'a-1',
    caseNumber,
    task: 1,
    action: 'accept',
    words: null,
    reason: null,
    department: null,
    role: 'chief',
    actor: recipient.address,
    at: new Date(T0 + 1_000),
  });
  const jpeg = Buffer.from([0xff, 0xd8]);
  const size = { width: 1600, height: 1200, takenAt: null };
  await store.photos.add({ id: 'm-1', caseNumber, jpeg, thumbnail: jpeg, ...size, keptAt: new Date(T0) });
});
beforeEach(() => {
  printed.length = 0;
  jest.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  process.env = before;
  await store.close();
});

async function run(...args: string[]): Promise<void> {
  const program = new Command();
  registerAudit(program);
  registerPhotos(program);
  await program.parseAsync(args, { from: 'user' });
}

it('audit lists visits by link and acts in order', async () => {
  await run('audit', caseNumber, '--json');
  expect(printed.map(line => JSON.parse(line) as unknown)).toEqual([
    {
      at: '2026-11-25T07:00:00.000Z',
      what: 'opened task',
      who: 'Fen İşleri Müdürü <mudur@etimesgut.example>',
    },
    { at: '2026-11-25T07:00:01.000Z', what: 'accept', who: 'mudur@etimesgut.example' },
    {
      at: '2026-11-25T07:00:02.000Z',
      what: 'opened photo',
      who: 'Fen İşleri Müdürü <mudur@etimesgut.example>',
    },
  ]);
});

it('photos sets and clears the flag of a photo', async () => {
  await run('photos', caseNumber, '--flag', '1');
  expect(printed).toEqual(['1  2026-11-25T07:00:00.000Z  1600×1200  flagged']);
  expect((await store.photos.about('m-1'))?.flagged).toBe(true);
  await run('photos', caseNumber, '--clear', '1');
  expect(printed[1]).toBe('1  2026-11-25T07:00:00.000Z  1600×1200');
});
