import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const [rooms = '', way = ''] = [...page.matchAll(/```mermaid\n([\s\S]*?)```/g)].map(([, code = '']) => code);

interface ProgramFile {
  room: string;
  imports: string[];
}

const program = JSON.parse(
  execFileSync(process.execPath, ['test/structure.mjs', '--graph'], { cwd: root, encoding: 'utf8' }),
) as Record<string, ProgramFile>;

/** The rooms that the page excludes from the diagram, because any room may import them. */
const everywhere = ['domain', 'config', 'ground'];

/** Returns the arrows of a diagram as "from → to", with `a --> b & c` as two arrows. */
function arrowsIn(diagram: string): string[] {
  return [...diagram.matchAll(/^\s*(\S+?)(?:\[".*?"\])? --> (.+)$/gm)].flatMap(
    ([, from = '', targets = '']) =>
      targets.split(' & ').map(target => `${from} → ${target.replace(/\[.*$/, '')}`),
  );
}

function importsBetweenRooms(): string[] {
  const found = Object.values(program).flatMap(({ room, imports }) =>
    imports.map(file => [room, program[file]?.room ?? '']),
  );
  const shown = found.filter(([from = '', to = '']) => from !== to && !everywhere.includes(to));
  return [...new Set(shown.map(arrow => arrow.join(' → ')))];
}

describe('the diagram of rooms', () => {
  test('has an arrow for every import between rooms, and no other arrow', () => {
    expect(arrowsIn(rooms).sort()).toEqual(importsBetweenRooms().sort());
  });

  test('excludes only rooms without imports from other rooms', () => {
    for (const [file, { room, imports }] of Object.entries(program)) {
      if (!everywhere.includes(room)) continue;
      const others = imports.filter(other => !everywhere.includes(program[other]?.room ?? ''));
      expect({ file, others }).toEqual({ file, others: [] });
    }
  });
});

describe('the way of a report', () => {
  const names = new Map([...way.matchAll(/(\w+)\["(.+?)"\]/g)].map(([, id = '', file = '']) => [id, file]));

  test('names only files of the program', () => {
    expect(names.size).toBeGreaterThan(15);
    expect([...names.values()].filter(file => program[file] === undefined)).toEqual([]);
  });

  test.each(arrowsIn(way))('%s is an import in one of the two directions', arrow => {
    const [from = '', to = ''] = arrow.split(' → ').map(id => names.get(id) ?? id);
    const imports =
      program[from]?.imports.includes(to) === true || program[to]?.imports.includes(from) === true;
    expect({ from, to, imports }).toEqual({ from, to, imports: true });
  });
});
