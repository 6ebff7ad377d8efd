import { Command } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerClassify } from '../src/cli/admin/classify';

const folder = mkdtempSync(join(tmpdir(), 'classify-'));
const file = join(folder, 'reports.csv');
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

function measured(csv: string): string[] {
  writeFileSync(file, csv);
  const said = jest.spyOn(console, 'log').mockReturnValue();
  const admin = new Command();
  registerClassify(admin);
  admin.parse(['classify', file, '--measure'], { from: 'user' });
  return said.mock.calls.join('\n').split('\n');
}

test('the measure counts reports routed without asking, and of those the right owners', () => {
  const lines = measured(
    [
      'owner,text',
      'fen-isleri,Süvari mahallesi 1234. sokakta çukur var',
      'ego|abb,otobüs durağa gelmiyor',
      'temizlik-isleri,Süvari mahallesi 12. sokakta çukur var',
      'zabita,bir konuda yazmak istiyorum',
    ].join('\n'),
  );
  const numbers = Object.fromEntries(
    lines.slice(1).map(line => {
      const [owner = '', ...rest] = line.split(/\s{2,}/);
      return [owner, rest];
    }),
  );
  expect(numbers).toEqual({
    'ego|abb': ['1', '100.0 %', '100.0 %', '100.0 %'],
    'fen-isleri': ['1', '100.0 %', '100.0 %', '100.0 %'],
    'temizlik-isleri': ['1', '0.0 %', '100.0 %', '0.0 %'],
    zabita: ['1', '0.0 %', '0.0 %', '-'],
    all: ['4', '50.0 %', '75.0 %', '66.7 %'],
  });
});

test('a file without owners is refused with the columns it has', () => {
  expect(() => measured('text,label\nçukur var,1')).toThrow(/has no column "owner"/);
});
