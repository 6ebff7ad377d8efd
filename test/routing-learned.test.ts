import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerRoutingTrain } from '../src/cli/admin/routing-train';
import { ConfigError } from '../src/config/config-error';
import { LEARNED_FILE, readLearned, writeLearned } from '../src/config/learned-file';
import { loadMunicipality } from '../src/config/municipality';
import { classify } from '../src/domain/routing/classify';
import { isKeptApart, isWorse, type Labelled, trainedOn, trialOf } from '../src/domain/routing/trial';
import { ownFolder } from './support/own-folder';

const etimesgut = join(__dirname, '../config/etimesgut');
const municipality = loadMunicipality(etimesgut);
const { categories } = municipality;

const places = [
  'Süvari',
  'Elvankent',
  'Eryaman',
  'Bağlıca',
  'Topçu',
  'Alsancak',
  'Şeker',
  'Piyade',
  'Ayyıldız',
];
const times = ['bugün', 'dünden beri', 'üç gündür', 'haftalardır', 'her sabah'];

/** The same complaints in many places. In this municipality the gardeners clean the parks. */
const reports: Labelled[] = places.flatMap(place =>
  times.flatMap(time => [
    { text: `${place} parkında ${time} çöp var, park çok kirli`, owner: 'department park-ve-bahceler' },
    { text: `${place} mahallesinde ${time} çöpler alınmadı`, owner: 'department temizlik-isleri' },
    { text: `${place} sokakta ${time} köpekler saldırıyor`, owner: 'department veteriner-isleri' },
  ]),
);
const learned = trainedOn(reports, municipality);
const ownerOf = (slug: string | undefined) => categories.find(category => category.slug === slug)?.owner;

describe('the trained model', () => {
  const text = 'Göksu parkında çöp var, park kirli';
  const kept = ownFolder('learned');

  test('decides between owners with matching words, and still shows the words', () => {
    expect(ownerOf(classify(text, municipality).ranked[0]?.category)).toEqual({
      department: 'temizlik-isleri',
    });
    const { ranked, matched } = classify(text, { ...municipality, learned });
    expect(ownerOf(ranked[0]?.category)).toEqual({ department: 'park-ve-bahceler' });
    expect(matched.some(term => term.includes('park'))).toBe(true);
  });

  test('adds no owner without a matching word', () => {
    const { ranked, matched, sure } = classify('üç gündür bekliyorum burada', { ...municipality, learned });
    expect(matched.length === 0 && sure).toBe(false);
    expect(classify('zzz', { ...municipality, learned })).toEqual({
      ranked: [{ category: 'other', confidence: 0 }],
      matched: [],
      sure: false,
    });
    expect(ranked.length).toBeGreaterThan(0);
  });

  test('does not affect owners that it was not trained on', () => {
    const rules = classify('Sokak lambası yanmıyor', municipality);
    expect(classify('Sokak lambası yanmıyor', { ...municipality, learned })).toEqual(rules);
  });

  test('makes a report unsure if people always rerouted such reports', () => {
    const elsewhere = places.flatMap(place =>
      times.map(time => ({
        text: `${place} semt pazarında ${time} tezgahlar`,
        owner: 'department temizlik-isleri',
      })),
    );
    const model = trainedOn(
      [...reports, ...elsewhere, { text: 'zabıta gelsin, seyyar satıcı var', owner: 'department zabita' }],
      municipality,
    );
    expect(classify('Göksu semt pazarında tezgahlar', municipality).sure).toBe(true);
    expect(classify('Göksu semt pazarında tezgahlar', { ...municipality, learned: model }).sure).toBe(false);
  });

  test('is reproducible and can be read back from its file', () => {
    expect(trainedOn(reports, municipality)).toEqual(learned);
    const folder = join(kept, 'same');
    mkdirSync(folder);
    expect(readLearned(folder)).toEqual({ model: null, problems: [] });
    writeLearned(folder, learned, reports.length);
    expect(readLearned(folder)).toEqual({ model: learned, problems: [] });
  });

  test('keeps weights in its file and no word of a report', () => {
    const written: unknown = JSON.parse(readFileSync(writeLearned(kept, learned, reports.length), 'utf8'));
    expect(Object.keys(written as object)).toEqual(['format', 'cases', 'owners', 'weights']);
    expect(written).toMatchObject({ cases: reports.length, owners: learned.owners.labels });
  });
});

describe('the subjects that people corrected', () => {
  const owner = 'department fen-isleri';
  /** In this municipality a broken pavement stone is a matter of the road. */
  const corrected: Labelled[] = places.flatMap(place =>
    times.flatMap(time => [
      { text: `${place} kaldırımında ${time} çukur var`, owner, subject: 'pothole' },
      { text: `${place} yolunda ${time} asfalt çöktü`, owner, subject: 'pothole' },
      { text: `${place} mahallesinde ${time} rampa isteniyor`, owner, subject: 'pavement' },
    ]),
  );
  const text = 'Göksu kaldırımında çukur var, kaldırım taşı kırık';
  const taught = trainedOn(corrected, municipality);
  const folder = ownFolder('learned-subjects');

  test('are learned beside their owner, among the subjects with matching words', () => {
    expect(classify(text, municipality).ranked[0]?.category).toBe('pavement');
    const { ranked, matched } = classify(text, { ...municipality, learned: taught });
    expect(ranked[0]?.category).toBe('pothole');
    expect(matched.some(term => term.includes('çukur'))).toBe(true);
    expect(ownerOf(ranked[0]?.category)).toEqual({ department: 'fen-isleri' });
  });

  test('are read back from the file', () => {
    writeLearned(folder, taught, corrected.length);
    expect(readLearned(folder)).toEqual({ model: taught, problems: [] });
  });

  test('are not learned from too few reports', () => {
    expect(trainedOn(corrected.slice(0, 9), municipality).subjects).toBeNull();
  });
});

test('the same text is never in both training and test set', () => {
  const text = 'Parkta çöp var';
  expect(isKeptApart({ text, owner: 'a' })).toBe(isKeptApart({ text: 'PARKTA COP VAR!', owner: 'b' }));
});

test('a model is worse with fewer right owners, or more wrong routes without asking', () => {
  const before = { reports: 100, right: 80, sure: 60, sureRight: 58 };
  expect(isWorse({ ...before, right: 79 }, before)).toBe(true);
  expect(isWorse({ ...before, sure: 61 }, before)).toBe(true);
  expect(isWorse({ ...before, right: 85, sure: 50, sureRight: 50 }, before)).toBe(false);
  expect(trialOf([], municipality, null)).toMatchObject({ reports: 0, right: 0, sure: 0, sureRight: 0 });
});

test('a known subject is judged beside its owner', () => {
  const report = { text: 'Yolda büyük bir çukur var', owner: 'department fen-isleri' };
  const known = [report, { ...report, subject: 'pothole' }, { ...report, subject: 'pavement' }];
  expect(trialOf(known, municipality, null)).toMatchObject({ right: 3, subjects: 2, subjectsRight: 1 });
});

describe('admin routing-train', () => {
  const folder = ownFolder('train');
  const csv = (rows: string[]): string => {
    const file = join(folder, 'labelled.csv');
    writeFileSync(file, `${rows.join('\n')}\n`);
    return file;
  };
  const rowsOf = (some: readonly Labelled[]): string[] => [
    'text,owner',
    ...some.map(({ text, owner }) => `"${text}",${owner.split(' ')[1] ?? ''}`),
  ];
  const said: string[] = [];

  async function run(...args: string[]): Promise<void> {
    const admin = new Command().exitOverride().configureOutput({ writeErr: words => said.push(words) });
    registerRoutingTrain(admin);
    await admin.parseAsync(['routing-train', ...args], { from: 'user' });
  }

  const environment = { ...process.env };
  afterAll(() => {
    process.env = environment;
  });
  beforeAll(() => {
    cpSync(etimesgut, join(folder, 'town'), { recursive: true });
    process.env['CONFIG_DIR'] = join(folder, 'town');
  });
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(console, 'log').mockImplementation(words => void said.push(String(words)));
    jest.spyOn(console, 'error').mockImplementation(words => void said.push(String(words)));
  });
  afterEach(() => jest.restoreAllMocks());

  test('prints the accuracy before and after, and the file the line will read', async () => {
    await run(csv(rowsOf(reports)));
    expect(said.join('\n')).toMatch(/rules alone .*\n.*with what was learned +100\.0 %/);
    expect(loadMunicipality(join(folder, 'town')).learned?.owners.labels).toEqual(learned.owners.labels);
  });

  test('saves a worse model only if asked to', async () => {
    const file = join(folder, 'town', LEARNED_FILE);
    rmSync(file, { force: true });
    // The held-out reports follow the rules; the training reports contradict them.
    const rows = csv(
      rowsOf(
        reports.map(report =>
          isKeptApart(report) && report.owner.endsWith('bahceler')
            ? { ...report, owner: 'department temizlik-isleri' }
            : report,
        ),
      ),
    );
    writeLearned(join(folder, 'town'), learned, 1);
    const before = readFileSync(file, 'utf8');
    await run(rows);
    expect(said.at(-1)).toContain('Not saved: it is worse');
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    expect(readFileSync(file, 'utf8')).toBe(before);
    await run(rows, '--even-if-worse');
    expect(readFileSync(file, 'utf8')).not.toBe(before);
  });

  test.each<[string, string[], RegExp]>([
    ['no column of labels', ['text,note', 'a,b'], /no column "owner" or "subject"/],
    ['no column of texts', ['words,owner', 'a,zabita'], /no column "text"/],
    ['an unknown owner', ['text,owner', 'gizli sözler,zabıta'], /row 1.*there is no owner "zabıta"/s],
    ['an unknown subject', ['text,subject', 'gizli sözler,pot'], /there is no subject "pot"/],
    [
      'too few reports',
      ['text,owner', ...Array<string>(9).fill('gizli sözler,zabita')],
      /too few: at least 100/,
    ],
  ])('rejects %s and says how to fix it', async (_what, rows, expected) => {
    const refused: unknown = await run(csv(rows)).catch((error: unknown) => error);
    const words =
      refused instanceof ConfigError
        ? JSON.stringify(refused.problems)
        : refused instanceof Error
          ? refused.message
          : '';
    expect(words.replaceAll('\\"', '"')).toMatch(expected);
    expect(words).not.toContain('gizli');
  });

  test('an invalid file is a configuration error', () => {
    const file = join(folder, 'town', LEARNED_FILE);
    writeFileSync(file, '{"format":1}');
    expect(() => loadMunicipality(join(folder, 'town'))).toThrow(ConfigError);
    expect(existsSync(file)).toBe(true);
  });
});
