import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownFolder } from './support/own-folder';

const root = resolve(__dirname, '..');
const prepare = join(root, 'src/cli/prepare.mjs');

/** Returns the JSON result of an expression over the script's functions, and its stderr output. */
function evaluate(expression: string): { value: unknown; said: string } {
  const script = `import * as f from ${JSON.stringify(prepare)}; console.log(JSON.stringify(${expression} ?? null));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  return { value: JSON.parse(stdout.toString()), said: stderr.toString() };
}

describe('the version of Node', () => {
  test.each(['18.20.8', '20.18.3'])('%s is refused with the required version', version => {
    expect(evaluate(`f.nodeComplaint('${version}')`).value).toContain(
      `Node ${version} is too old: Node 20.19 or newer is needed`,
    );
  });

  test.each(['20.19.0', '24.1.0'])('%s is accepted', version => {
    expect(evaluate(`f.nodeComplaint('${version}')`).value).toBeNull();
  });
});

describe('the installed packages', () => {
  const project = ownFolder('packages');
  const lock = (version: string): string =>
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } });
  const fresh = (): unknown => evaluate(`f.packagesAreFresh(${JSON.stringify(project)})`).value;

  test('are outdated if nothing is installed', () => {
    writeFileSync(join(project, 'package-lock.json'), lock('1.0.0'));
    expect(fresh()).toBe(false);
  });

  test('are compared by version, not by date', () => {
    mkdirSync(join(project, 'node_modules'));
    writeFileSync(join(project, 'node_modules/.package-lock.json'), lock('1.0.0'));
    expect(fresh()).toBe(true);
    writeFileSync(join(project, 'package-lock.json'), lock('1.0.1'));
    expect(fresh()).toBe(false);
  });
});

describe('the build', () => {
  const project = ownFolder('build');
  for (const file of ['tsconfig.json', 'tsconfig.build.json']) cpSync(join(root, file), join(project, file));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const folder of ['activities', 'src', 'workflows']) mkdirSync(join(project, folder));
  const source = join(project, 'workflows/index.ts');
  writeFileSync(source, 'export const answer = 1;\n');
  const compile = (): { value: unknown; said: string } =>
    evaluate(`await f.compile(${JSON.stringify(project)})`);

  test('compiles changed sources, and prints nothing without changes', () => {
    expect(compile()).toEqual({ value: true, said: 'Compiling\n' });
    expect(readFileSync(join(project, 'dist/workflows/index.js'), 'utf8')).toContain('answer = 1');
    expect(compile()).toEqual({ value: true, said: '' });
    writeFileSync(source, readFileSync(source));
    expect(compile()).toEqual({ value: true, said: '' });
    writeFileSync(source, 'export const answer = 2;\n');
    expect(compile()).toEqual({ value: true, said: 'Compiling\n' });
    expect(readFileSync(join(project, 'dist/workflows/index.js'), 'utf8')).toContain('answer = 2');
  });

  test('prints file, line and error on every run', () => {
    writeFileSync(source, 'export const answer: number = "two";\n');
    const failed = {
      value: false,
      said: expect.stringMatching(/workflows\/index\.ts\(1,14\): error TS2322/) as string,
    };
    expect(compile()).toEqual(failed);
    expect(compile()).toEqual(failed);
  });
});
