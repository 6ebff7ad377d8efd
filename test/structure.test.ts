import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { foldedWords } from '../src/domain/turkish';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly met: boolean;
  readonly found?: readonly string[];
}

const root = resolve(__dirname, '..');
const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'test/structure.mjs'), '--json']);
if (stdout.length === 0) throw new Error(stderr.toString());
const figures = JSON.parse(stdout.toString()) as Figure[];

test.each(figures)('$name: $value', ({ met, found }) => {
  expect(met ? [] : (found ?? ['beyond its goal'])).toEqual([]);
});

test('both journeys of a report are counted', () => {
  expect(figures.filter(({ name }) => name.startsWith('files on the way'))).toHaveLength(2);
});

/** Returns the names of the configured municipality, its province and its neighbours. */
function townNames(): string[] {
  const { name, neighbourhoods, neighbours, institutions } = loadMunicipality(join(root, 'config/etimesgut'));
  const provinces = Object.values(institutions).flatMap(
    institution => /(\S+) Büyükşehir/.exec(institution.name.tr)?.[1] ?? [],
  );
  const bodies = [name, ...neighbours.map(neighbour => neighbour.name)];
  return [
    ...provinces,
    ...bodies.map(body => body.replace(' Belediyesi', '')),
    ...neighbourhoods.flatMap(place => [...(place.nameIsCommonWord ? [] : [place.name]), ...place.aliases]),
  ];
}

test('the program names no town', () => {
  const names = townNames().map(name => ` ${foldedWords(name).join(' ')} `);
  expect(names.length).toBeGreaterThan(40);
  const files = ['src', 'workflows', 'activities'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name)),
  );
  const found = files.flatMap(file => {
    const words = ` ${foldedWords(readFileSync(file, 'utf8')).join(' ')} `;
    return names.filter(name => words.includes(name)).map(name => `${file}:${name}`);
  });
  expect(found).toEqual([]);
});
