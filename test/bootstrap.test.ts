import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownFolder } from './support/own-folder';

const root = resolve(__dirname, '..');
const freshness = join(root, 'src/cli/freshness.mjs');

/** What an expression over the script's functions gives, as JSON. */
function judged(expression: string): unknown {
  const script = `import * as f from ${JSON.stringify(freshness)}; console.log(JSON.stringify(${expression} ?? null));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout.toString());
}

describe('the bootstrap', () => {
  test.each(['18.20.8', '20.18.3'])('refuses Node %s and says which is needed', version => {
    expect(judged(`f.nodeComplaint('${version}')`)).toContain(
      `Node ${version} is too old: Node 20.19 or newer is needed`,
    );
  });

  test.each(['20.19.0', '24.1.0'])('takes Node %s', version => {
    expect(judged(`f.nodeComplaint('${version}')`)).toBeNull();
  });

  test('names its verbs when it does not know the one given', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'src/cli/bootstrap.mjs'), 'dance']);
    expect(status).toBe(1);
    expect(stderr.toString()).toContain('build | start | admin | test');
  });
});

describe('the installed packages', () => {
  const project = ownFolder('packages');
  const lock = (version: string): string =>
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } });
  const fresh = (): unknown => judged(`f.packagesAreFresh(${JSON.stringify(project)})`);

  test('are missing when nothing is installed', () => {
    writeFileSync(join(project, 'package-lock.json'), lock('1.0.0'));
    expect(fresh()).toBe(false);
  });

  test('are judged by their versions, not by dates', () => {
    mkdirSync(join(project, 'node_modules'));
    writeFileSync(join(project, 'node_modules/.package-lock.json'), lock('1.0.0'));
    expect(fresh()).toBe(true);
    writeFileSync(join(project, 'package-lock.json'), lock('1.0.1'));
    expect(fresh()).toBe(false);
  });
});

describe('the build', () => {
  const project = ownFolder('build');
  const copied = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src/cli/bundle.mjs'];
  for (const file of copied) cpSync(join(root, file), join(project, file));
  for (const folder of ['activities', 'workflows', 'dist']) mkdirSync(join(project, folder));
  const source = join(project, 'workflows/index.ts');
  writeFileSync(source, 'export {};\n');
  const given = JSON.stringify(project);

  test('is fresh as long as no source changes', () => {
    judged(`f.stampBuild(${given}, f.sourceHash(${given}))`);
    expect(judged(`f.buildIsFresh(${given}, f.sourceHash(${given}))`)).toBe(true);
    writeFileSync(source, readFileSync(source));
    expect(judged(`f.buildIsFresh(${given}, f.sourceHash(${given}))`)).toBe(true);
    writeFileSync(source, 'export const changed = true;\n');
    expect(judged(`f.buildIsFresh(${given}, f.sourceHash(${given}))`)).toBe(false);
  });
});
