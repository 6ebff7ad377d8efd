import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

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
