/**
 * Runs `npm test`: checks, set-up, tests. Arguments go to Jest. The last line of the output is "N passed, N
 * failed", in which each check counts as one test.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { providePrograms } from './debian-programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const jestLimitMs = 60 * 60_000;
/** More failed files than this are not caused by a busy machine. */
const mostRepeated = 3;
const startedAt = Date.now();
const checks = [];

checks.push(await check('packages, build and workflow bundle', prepare));
const ready = checks[0].failure === undefined;
const progress = ready ? local('progress.js').createProgress(process.stderr) : undefined;
if (ready) await Promise.all([runChecks(), setUp()]);
const tests = ready
  ? await runTests(process.argv.slice(2))
  : tally({ files: [], problem: 'nothing was tested' });

const failedChecks = checks.filter(({ failure }) => failure !== undefined);
for (const { name, failure } of failedChecks) say(`\nFailed: ${name}\n${failure}`);
for (const problem of tests.problems) say(`\nFailed: ${problem}`);
if (tests.onSecondRun.length > 0) say(`\nPassed only on their second run: ${tests.onSecondRun.join(', ')}`);
if (tests.skipped > 0) say(`\nSkipped tests: ${tests.skipped}`);
say(`\nTook ${seconds(startedAt)} s`);
const passed = checks.length - failedChecks.length + tests.passed;
const failed = failedChecks.length + tests.failed + tests.problems.length;
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs the checks of the sources in two lanes, one for each core of a small machine. */
async function runChecks() {
  const lanes = [
    [['lint', 'eslint/bin/eslint.js', '.']],
    [
      ['types', 'typescript/bin/tsc', '--noEmit', '-p', '.'],
      ['unused files, exports and packages', 'knip/bin/knip.js', '--no-progress'],
      ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    ],
  ];
  await Promise.all(
    lanes.map(async commands => {
      for (const [name, script, ...args] of commands) {
        const command = [join('node_modules', script), ...args];
        checks.push(await check(name, () => progress.step(`Checking ${name}`, () => failureOf(command))));
      }
    }),
  );
}

/** Runs a Node script. Returns its output if it failed. */
async function failureOf(command) {
  try {
    await promisify(execFile)(process.execPath, command, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    return undefined;
  } catch (error) {
    return `${error.stdout}${error.stderr}`.trim() || error.message;
  }
}

/** The script prints its own steps and errors. */
async function prepare() {
  const { status } = spawnSync(process.execPath, ['src/cli/prepare.mjs'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  return status === 0 ? undefined : 'see above';
}

/** A compiled module of the local services. */
function local(name) {
  return require(join(root, 'dist/src/local', name));
}

/** Downloads or builds the servers and programs for the tests before Jest starts. */
async function setUp() {
  const place = { root, local: join(root, '.local') };
  const problems = await Promise.all([
    providePrograms(progress),
    attempt(() => {
      const { step } = progress;
      const temporal = local('services/temporal.js');
      return Promise.all([
        step('Temporal server', note => temporal.temporalProgram(place, note)),
        step('Time-skipping server', note => temporal.timeSkippingServer(place, note)),
        step('MongoDB server', note => local('services/mongodb.js').mongoProgram(place, note)),
      ]);
    }),
  ]);
  for (const problem of problems.filter(Boolean)) say(problem);
}

/**
 * Runs the tests. If only a few files failed, runs them again, one at a time, and reports the second result.
 */
async function runTests(args) {
  const first = await runJest(args);
  const failed = first.files.filter(isFailed).map(({ name }) => name);
  if (failed.length === 0 || failed.length > mostRepeated) return tally(first);
  say(`\nOnce more, alone, on a machine that is less busy: ${failed.map(shown).join(', ')}`);
  const second = await runJest(['--runInBand', '--runTestsByPath', ...failed]);
  const passedAtOnce = first.files.filter(({ name }) => !failed.includes(name));
  const told = tally({ files: [...passedAtOnce, ...second.files], problem: second.problem });
  const onSecondRun = second.files.filter(({ status }) => status === 'passed').map(({ name }) => shown(name));
  return { ...told, onSecondRun };
}

async function runJest(args) {
  const folder = join(root, '.local/test');
  const report = join(folder, `jest-${process.pid}.json`);
  mkdirSync(folder, { recursive: true });
  const options = ['--json', `--outputFile=${report}`, '--no-color'];
  const code = await runToEnd([join('node_modules/jest/bin/jest.js'), ...options, ...args]);
  const result = readReport(report);
  rmSync(report, { force: true });
  if (result === undefined) return { files: [], problem: `Jest ended with ${code} and left no report` };
  const explained = code === 0 || result.testResults.some(isFailed);
  return { files: result.testResults, problem: explained ? undefined : `Jest ended with ${code}` };
}

function tally({ files, problem }) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  const broken = files
    .filter(file => isFailed(file) && !file.assertionResults.some(isFailed))
    .map(({ name }) => `${shown(name)} failed outside its tests`);
  const problems = [...broken, problem].filter(Boolean);
  const [passed, failed] = [count('passed'), count('failed')];
  if (passed + failed + problems.length === 0) problems.push('no test was run');
  return { passed, failed, skipped: count('pending', 'todo'), problems, onSecondRun: [] };
}

function isFailed({ status }) {
  return status === 'failed';
}

/** Jest reports on stderr. Its --json output on stdout is ignored, because it is also in the file. */
function runToEnd(args) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), jestLimitMs);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve(code ?? signal);
    });
  });
}

async function check(name, run) {
  const from = Date.now();
  const failure = await run();
  say(`${failure === undefined ? '✓' : '✗'} ${name} (${seconds(from)} s)`);
  return { name, failure };
}

async function attempt(work) {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function shown(path) {
  return relative(root, path);
}

function seconds(from) {
  return Math.round((Date.now() - from) / 1000);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
