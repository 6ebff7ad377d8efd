/**
 * Runs the proofs of the promises (test/promises.mjs), one after another, and writes what they found into
 * docs/proofs.md. `--only P5,P10` runs some of them, and leaves the other rows. `--quick` runs them with the numbers of
 * `npm test`, and `--seeds 2` runs those with random choices twice instead of as often as promised. Exits with 1 if a proof
 * failed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { promises } from './promises.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/proofs.md');
const folder = join(root, '.local/proofs');
const options = {
  only: { type: 'string' },
  quick: { type: 'boolean', default: false },
  seeds: { type: 'string' },
};
const { only, quick, seeds: mostSeeds } = parseArgs({ options }).values;

const wanted = only?.split(',') ?? promises.map(({ id }) => id);
const unknown = wanted.filter(id => !promises.some(promise => promise.id === id));
if (unknown.length > 0) {
  say(`There is no promise ${unknown.join(', ')}. Known: ${promises.map(({ id }) => id).join(', ')}.`);
  process.exit(2);
}

const columns = ['', 'promise', 'goal', 'tests', 'found', 'result', 'took', 'date'];
mkdirSync(folder, { recursive: true });
let failed = 0;
for (const promise of promises.filter(({ id }) => wanted.includes(id))) {
  say(`${promise.id}: ${promise.promise}`);
  const found = promise.tests ? await prove(promise) : { result: 'open', figures: [] };
  if (found.result === 'fails') failed += 1;
  writeRow(promise, found);
  say(`  ${found.result}`);
}
spawnSync(process.execPath, [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--write', page]);
say(failed === 0 ? 'No proof failed.' : `${failed} proofs failed.`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs the tests of a promise. Returns the result, the figures that the tests noted, and the seconds it took. */
async function prove({ id, tests, n: goalN, seeds = 1, open, env }) {
  const startedAt = Date.now();
  const figuresFile = join(folder, `${id}.jsonl`);
  const report = join(folder, `${id}.json`);
  rmSync(figuresFile, { force: true });
  const isProof = name => name.startsWith('proofs/');
  const groups = [
    { names: tests.filter(name => !isProof(name)), match: '**/test/*.test.ts' },
    { names: tests.filter(isProof), match: '**/test/proofs/*.ts' },
  ].filter(({ names }) => names.length > 0);
  let passed = 0;
  let holds = true;
  const firstSeed = Number(process.env.TEST_SEED ?? startedAt % 1_000_000);
  const length = quick ? 1 : Math.min(seeds, Number(mostSeeds ?? seeds));
  const runs = Array.from({ length }, (_, run) => firstSeed + run);
  for (const [{ names, match }, seed] of runs.flatMap(each => groups.map(group => [group, each]))) {
    rmSync(report, { force: true });
    if (runs.length > 1) say(`  seed ${seed}`);
    const paths = names.map(name => `test/${name}\\.`);
    const args = ['--runInBand', '--json', `--outputFile=${report}`, '--testMatch', match, '--', ...paths];
    const code = await jest(args, { ...env, TEST_SEED: String(seed), PROOF_FIGURES: figuresFile });
    const { numPassedTests = 0 } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
    passed += numPassedTests;
    holds &&= code === 0 && numPassedTests > 0;
  }
  const figures = existsSync(figuresFile)
    ? readFileSync(figuresFile, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
    : [];
  const most = Math.max(0, ...figures.map(({ n }) => n));
  const isSmaller = (goalN !== undefined && most < goalN) || runs.length < seeds;
  const result = !holds ? 'fails' : isSmaller || open ? 'holds in part' : 'holds';
  return { result, figures, passed, seconds: Math.round((Date.now() - startedAt) / 1000) };
}

function jest(args, added) {
  const env = { ...process.env, ...added, ...(!quick && { PROVE: 'all' }) };
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args], {
      ...{ cwd: root, env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}

/** Writes the page with the new row of a promise. Rows of other promises stay. */
function writeRow(promise, found) {
  const text = readFileSync(page, 'utf8');
  const [head] = text.split(/^Machine of/m);
  const kept = new Map(text.split('\n').map(line => [/^\| (\w+) +\|/.exec(line)?.[1], line]));
  kept.set(promise.id, rowOf(promise, found));
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const rows = promises.map(
    each => kept.get(each.id) ?? rowOf(each, { result: each.tests ? 'not run' : 'open', figures: [] }),
  );
  const table = [`| ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length)}`, ...rows];
  writeFileSync(page, `${head}Machine of the last run: ${machine}.\n\n${table.join('\n')}\n`);
}

function rowOf({ id, promise, goal, tests = [], open }, { result, figures, passed, seconds }) {
  const found = [
    ...figures.map(({ n, found: what }) => `${n.toLocaleString('en')}: ${what}`),
    ...(figures.length === 0 && passed ? [`${passed} tests`] : []),
    ...(open ? [`**open**: ${open}`] : []),
  ].join('; ');
  const ran = tests.map(name => `\`${name.replace('proofs/', '')}\``).join(', ');
  const how = seconds === undefined ? '' : `${quick ? 'quick, ' : ''}${seconds} s`;
  const date = seconds === undefined ? '' : new Date().toISOString().slice(0, 10);
  return `| ${[id, promise, goal, ran, found, result, how, date].join(' | ')} |`;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
