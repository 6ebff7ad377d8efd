import { Command } from 'commander';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerRoads } from '../src/cli/admin/roads';
import { registerCheckConfig } from '../src/cli/admin/upkeep';
import { loadMunicipality } from '../src/config/municipality';
import { type LifeLine, startLifeLine } from './support/life-line';
import { caseNumberIn } from './support/line/phones';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'roads-'));
const saved = join(folder, 'places/road-lines.geojson');

/** Invented lines from west to east through Süvari, each 0.001 degrees (111 m) north of the one before. */
const road = (north: number, tags: Record<string, string>, type = 'LineString') => {
  const line = [
    [32.643, 39.9432 + north * 0.001],
    [32.646, 39.9432 + north * 0.001, 850],
  ];
  return {
    ...{ type: 'Feature', id: `way/${north}`, properties: tags },
    geometry: { type, coordinates: type === 'LineString' ? line : [line] },
  };
};
const collection = {
  type: 'FeatureCollection',
  features: [
    road(0, { highway: 'primary', name: 'AHİMESUT BULVARI', operator: 'Ankara Büyükşehir Belediyesi' }),
    road(1, { highway: 'residential', name: '1234. Sokak' }, 'MultiLineString'),
    road(2, { highway: 'secondary', name: 'Gonca Bulvarı' }),
    road(3, { highway: 'motorway', ref: 'E90;O-20' }),
    road(90, { highway: 'residential', name: 'far away' }),
    road(1, { building: 'yes' }),
    { type: 'Feature', properties: null, geometry: { type: 'Point', coordinates: [32.644, 39.9432] } },
  ],
};

function run(...words: string[]): string {
  const log = jest.spyOn(console, 'log').mockReturnValue();
  const admin = new Command();
  registerCheckConfig(admin);
  registerRoads(admin);
  admin.parse(words, { from: 'user' });
  const said = log.mock.calls.flat().join('\n');
  log.mockRestore();
  return said;
}

let before = '';
let report = '';
beforeAll(() => {
  process.env['CONFIG_DIR'] = folder;
  cpSync('config/etimesgut', folder, { recursive: true });
  const file = join(folder, 'export.geojson');
  writeFileSync(file, JSON.stringify(collection));
  before = run('check-config', folder);
  report = run('roads', 'import', file);
});
afterAll(() => {
  delete process.env['CONFIG_DIR'];
  rmSync(folder, { recursive: true });
});

describe('admin roads import', () => {
  test('takes the lines in the district and tells what they are', () => {
    expect(report).toMatch('Read 5 roads; 4 lie in the district.');
    expect(report).toMatch(
      /ahi-mesut-bulvari: Ahi Mesut Bulvarı, 0\.3 km, kept by abb, operator: Ankara Büyükşehir Belediyesi/,
    );
    expect(report).toMatch(/cevre-yolu: Çevre Yolu, 0\.3 km, kept by kgm$/m);
    expect(report).toMatch('ayas-yolu: Ayaş Yolu, no line found');
    expect(report).toMatch('Streets of the municipality by their class: 1, 0.3 km.');
    expect(report).toMatch('  Gonca Bulvarı (secondary)');
    expect(report).toMatch('© OpenStreetMap contributors, ODbL 1.0');
  });

  test('writes GeoJSON with its source, which the configuration accepts', () => {
    const written = JSON.parse(readFileSync(saved, 'utf8')) as typeof collection & { attribution: string };
    expect(written.attribution).toBe('© OpenStreetMap contributors, ODbL 1.0');
    expect(written.features.map(({ properties }) => properties)).toEqual([
      { kind: 'listed', slug: 'ahi-mesut-bulvari' },
      { kind: 'listed', slug: 'cevre-yolu' },
      { kind: 'own' },
      { kind: 'other' },
    ]);
    expect(loadMunicipality(folder).roadLines.own).toHaveLength(1);
  });

  test('refuses a file that is no collection', () => {
    const file = join(folder, 'broken.geojson');
    writeFileSync(file, '{"type":"Feature"}');
    expect(() => run('roads', 'import', file)).toThrow(/broken.geojson.*is not a GeoJSON FeatureCollection/);
  });
});

describe('check-config', () => {
  test('lists the roads without a line', () => {
    expect(before).toMatch(/lists 9 roads without a line.*: istanbul-yolu, ayas-yolu, .*cevre-yolu\./);
    expect(run('check-config', folder)).toMatch(/lists 7 roads without a line(?!.*ahi-mesut)/);
  });

  test.each([
    ['of a road that is no longer listed', '"cevre-yolu"', '"eski-yol"', /"eski-yol"/],
    [
      'that another program wrote',
      '"MultiLineString"',
      '"Polygon"',
      /not a file of that command.*import again/,
    ],
  ])('refuses lines %s', (_what, from, to, problem) => {
    const written = readFileSync(saved, 'utf8');
    writeFileSync(saved, written.replace(from, to));
    expect(() => loadMunicipality(folder)).toThrow(problem);
    writeFileSync(saved, written);
  });
});

describe('a pothole reported by a pin', () => {
  let line: LifeLine;
  beforeAll(async () => {
    line = await startLifeLine('roads', '2026-11-25 10:00', { municipality: loadMunicipality(folder) });
  }, 60_000);
  afterAll(() => line.stop());

  /** Reports a pothole with a pin this many metres north of the boulevard. Returns the receipt and the record. */
  async function reported(metres: number, body = 'Yolda çukur var') {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body });
    const latitude = 39.9432 + metres / 111_195;
    await line.write(person, { type: 'location', latitude, longitude: 32.6444 });
    await line.passBurst();
    const { text } = await line.phones.hears(person, 'PK-');
    const record = await line.store.cases.get(caseNumberIn(text));
    if (!record) throw new Error('the case has no record');
    return { text, intake: record.intake };
  }

  test('on the boulevard is passed on to the metropolitan municipality', async () => {
    const { text, intake } = await reported(5);
    expect(intake).toMatchObject({
      institution: { slug: 'abb' },
      location: { keptRoad: 'Ahi Mesut Bulvarı' },
    });
    expect(text).toMatch('Büyükşehir');
  });

  test('beside it, in a street, goes to the roads department', async () => {
    const { intake } = await reported(111);
    expect(intake).toMatchObject({ institution: null, desk: 'fen-isleri', location: { road: 'street' } });
  });

  test.each([
    ['near no line', 55, 'Yolda çukur var'],
    ['on a boulevard that is not in the list', 222, 'Yolda çukur var'],
  ])('%s is decided by the desk', async (_where, metres, words) => {
    const { intake } = await reported(metres, words);
    expect(intake).toMatchObject({ institution: null, desk: 'triage', location: { road: 'unknown' } });
    expect(intake.deskReason).toMatch('Yolun kimin sorumluluğunda olduğu');
  });

  test('near no line, but with its street in words, goes to the department', async () => {
    const { intake } = await reported(55, 'Süvari mahallesi 4321. sokakta çukur var');
    expect(intake).toMatchObject({ desk: 'fen-isleri', location: { road: 'street' } });
  });
});
