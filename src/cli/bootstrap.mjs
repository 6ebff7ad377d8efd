/**
 * The entry point of every npm command. Works on a fresh clone: installs and builds what is missing or outdated, then
 * runs the command.
 *
 * node src/cli/bootstrap.mjs build | start | admin | test ARGUMENTS…
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { runStep } from './elapsed.mjs';
import { nodeComplaint, packagesAreFresh } from './freshness.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = ['dist/src/cli/main.js'];

/** The command of each verb, and whether it needs a build. */
const verbs = {
  build: { needsBuild: true, command: undefined },
  start: { needsBuild: true, command: [...main, 'start'] },
  admin: { needsBuild: true, command: [...main, 'admin'], joinsLine: true },
  test: { needsBuild: false, command: ['test/run.mjs'] },
};

const [verb, ...rest] = process.argv.slice(2);
process.exitCode = await bootstrap(verb, rest);

async function bootstrap(name, args) {
  const chosen = Object.keys(verbs).includes(name) ? verbs[name] : undefined;
  if (chosen === undefined) {
    return complain(`Usage: node src/cli/bootstrap.mjs ${Object.keys(verbs).join(' | ')}`);
  }
  const tooOld = nodeComplaint(process.versions.node);
  if (tooOld !== undefined) return complain(tooOld);
  if (!packagesAreFresh(root)) {
    const failure = await install();
    if (failure !== undefined) return complain(failure);
  }
  if (chosen.needsBuild) {
    const failure = await build(root);
    if (failure !== undefined) return complain(`The build failed:\n${failure}`);
  }
  if (chosen.command === undefined) return 0;
  const env = chosen.joinsLine ? { ...lineAddresses(), ...process.env } : process.env;
  return handOver([...chosen.command, ...args], env);
}

async function install() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env['npm_execpath'];
  const { code, output } = await (npm === undefined
    ? runStep('Installing packages', 'npm', args, { cwd: root })
    : runStep('Installing packages', process.execPath, [npm, ...args], { cwd: root }));
  if (code === 0) return undefined;
  const advice = /ENOSPC/.test(output)
    ? 'The disk is full: free at least 2 GB and try again.'
    : 'Check that the npm registry can be reached, then try again.';
  return `The packages could not be installed.\n${output.trim()}\n${advice}`;
}

/** Returns the addresses of the line running on this machine, for admin commands. */
function lineAddresses() {
  try {
    return JSON.parse(readFileSync(join(root, '.local/line.json'), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Runs the command as a child process with our output, exit code and signals. A closed IPC channel tells it that we
 * have ended.
 */
function handOver(args, env) {
  return new Promise(resolve => {
    const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
    const child = spawn(process.execPath, args, { cwd: root, env, stdio });
    let forwarded = false;
    const forward = signal => {
      if (!forwarded) child.kill(signal);
      forwarded = true;
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    const orphaned = watchNpm(() => forward('SIGTERM'));
    const settle = code => {
      clearInterval(orphaned);
      resolve(code);
    };
    child.on('error', error => settle(complain(error.message)));
    child.on('exit', (code, signal) => settle(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** A signal to npm ends npm and its shell, but is not forwarded to us. */
function watchNpm(onGone) {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && onGone(), 250);
}

function complain(message) {
  process.stderr.write(`${message}\n`);
  return 1;
}
