/**
 * Installs and builds what is missing or outdated. Each npm command runs this first, also on a fresh clone.
 * All output goes to stderr; there is none if nothing has to be done.
 *
 * node src/cli/prepare.mjs
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the message for a Node version that cannot run the program, or undefined. */
export function nodeComplaint(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `Node ${version} is too old: Node 20.19 or newer is needed. Install one from nodejs.org and try again.`;
}

/**
 * Returns whether the installed packages match the lock file, package by package. This detects interrupted
 * installs, changed lock files and manual installs.
 */
export function packagesAreFresh(root) {
  const installed = readJson(join(root, 'node_modules/.package-lock.json'));
  const wanted = readJson(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) =>
      path === '' || optional || installed.packages[path]?.version === version,
  );
}

/** npm prints its own progress and errors. */
function install(root) {
  say('Installing packages');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env['npm_execpath'];
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const { status } = spawnSync(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return true;
  say('The packages could not be installed; see the lines above.');
  say('Check that the registry is reachable and 2 GB of disk are free, then try again.');
  return false;
}

/** Compiles the sources to dist/ like `tsc -b`. Returns whether it succeeded. */
export async function compile(root) {
  const { default: ts } = await import('typescript');
  const format = {
    getCanonicalFileName: name => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  const report = diagnostic => process.stderr.write(ts.formatDiagnostic(diagnostic, format));
  const host = ts.createSolutionBuilderHost(ts.sys, undefined, report, report);
  const builder = ts.createSolutionBuilder(host, [join(root, 'tsconfig.build.json')], {});
  const project = builder.getNextInvalidatedProject();
  if (project === undefined) return true;
  if (project.kind === ts.InvalidatedProjectKind.Build) say('Compiling');
  return project.done() === ts.ExitStatus.Success;
}

/** Bundles the compiled workflows into one file, so that workers start faster. */
async function bundle(root) {
  const file = join(root, 'dist/workflow-bundle.js');
  const inputs = ['dist/.tsbuildinfo', 'node_modules/.package-lock.json'].map(name =>
    modifiedAt(join(root, name)),
  );
  if (modifiedAt(file) >= Math.max(...inputs)) return;
  say('Bundling the workflows');
  const { DefaultLogger, bundleWorkflowCode } = await import('@temporalio/worker');
  const workflowsPath = join(root, 'dist/workflows/index.js');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
}

async function prepare(root) {
  const tooOld = nodeComplaint(process.versions.node);
  if (tooOld !== undefined) {
    say(tooOld);
    return false;
  }
  if (!packagesAreFresh(root) && !install(root)) return false;
  if (!(await compile(root))) return false;
  await bundle(root);
  return true;
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  process.exitCode = (await prepare(root)) ? 0 : 1;
}
