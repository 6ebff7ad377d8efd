import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
/** Licences under which a municipality can run and change the line without publishing anything. */
const accepted = [
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['Unlicense', 'CC-BY-4.0', 'LGPL-3.0-or-later', '(MIT OR EUPL-1.1+)', '(MIT OR CC0-1.0)'],
];
/** Packages that state their licence in a file only. */
const byFile: Partial<Record<string, string>> = { unionfs: 'Unlicense' };

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly dev?: boolean;
}
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly licenses?: readonly { type: string }[];
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { packages } = readJson('package-lock.json') as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([folder]) => folder !== '');
/** Packages of other systems are in the lock file, but not installed. */
const installed = locked
  .filter(([folder]) => existsSync(join(root, folder, 'package.json')))
  .map(([folder, entry]) => ({
    // An alias is installed under its own name.
    name: folder.replace(/^.*node_modules\//, ''),
    locked: entry,
    manifest: readJson(`${folder}/package.json`) as Manifest,
  }));
/** What the image contains. */
const shipped = installed.filter(each => !each.locked.dev);

test('every package of the lock file has the checksum of its content', () => {
  expect(locked.length).toBeGreaterThan(100);
  expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
});

test('what is installed is what the lock file names', () => {
  expect(shipped.length).toBeGreaterThan(100);
  expect(installed.filter(each => each.manifest.version !== each.locked.version)).toEqual([]);
});

test('the bill of materials names the installed packages, and nothing else', () => {
  const said = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    ...{ cwd: root, encoding: 'utf8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const { components } = JSON.parse(said) as { components: { name: string; version: string }[] };
  const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
  // npm lists an alias under its own name, or not at all beside the package itself.
  const names = installed.map(({ name, manifest }) =>
    [name, manifest.name].map(known => `${known}@${manifest.version}`),
  );
  expect(names.filter(known => !known.some(each => listed.has(each)))).toEqual([]);
  expect([...listed].filter(each => !names.flat().includes(each))).toEqual([]);
});

test('every package that ships has an accepted licence', () => {
  const refused = shipped.flatMap(({ name, manifest }) => {
    const licence =
      manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' AND ') ?? byFile[name] ?? 'none';
    return licence.split(' AND ').every(each => accepted.includes(each)) ? [] : [`${name}: ${licence}`];
  });
  expect(refused).toEqual([]);
});
