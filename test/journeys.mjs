/**
 * Returns the files that each journey runs through. Starts a line, lets a citizen write and a department
 * resolve, and reads from V8 which functions of web, worker and workflows ran. Functions that also run
 * without traffic do not count, nor do module loading and the local stand-ins.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than the interval of the sweeper. */
const idleMs = 70_000;
/** Enough for the statuses of a message to arrive and for the case to record them. */
const afterwardsMs = 4_000;
const limitMs = 120_000;
const program = /^(activities|src|workflows)\//;

/** Returns the sorted files of each journey by name. */
export async function travelJourneys(root) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'paydaskent-journeys-')));
  const line = await startLine(root, folder);
  try {
    await line.ranSince();
    await pause(idleMs);
    const idle = new Set((await line.ranSince()).map(keyOf));
    const filesSince = async () => {
      await pause(afterwardsMs);
      const ran = (await line.ranSince()).filter(one => !idle.has(keyOf(one)));
      return [...new Set(ran.flatMap(sourceOf(root, folder)))].sort();
    };

    const citizen = await line.control('/citizens', { name: 'Ayşe Yılmaz' });
    await line.ranSince();
    const body = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';
    await line.control(`/citizens/${citizen.id}/messages`, { type: 'text', body });
    const messages = () => line.control(`/citizens/${citizen.id}/messages`).then(answer => answer.messages);
    await until('the acknowledgement', async () =>
      (await messages()).some(
        ({ from, text }) => from === 'municipality' && /[0-9A-Z]{4}-[0-9A-Z]{4}/.test(text),
      ),
    );
    const link = await until('the letter', async () =>
      (await line.control('/mails')).mails
        .flatMap(({ links }) => links)
        .find(address => address.includes('/t/')),
    );
    const reported = await filesSince();

    const form = formIn(await (await fetch(link)).text(), 'resolve');
    await line.ranSince();
    const words = 'Çukur asfaltla kapatıldı.';
    const body2 = new URLSearchParams({ ...form, confirm: 'yes', words });
    const answer = await fetch(link, { method: 'POST', body: body2, redirect: 'manual' });
    if (answer.status >= 400) throw new Error(`the resolve form was answered with ${answer.status}`);
    await until('the outcome on the phone', async () =>
      (await messages()).some(({ text }) => text.includes(words)),
    );
    return {
      'text message → acknowledgement and letter': reported,
      'resolve form → message on the phone': await filesSince(),
    };
  } finally {
    await line.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a line in its own folder. Returns the functions that ran since the last call. */
async function startLine(root, folder) {
  const written = join(folder, 'executed');
  mkdirSync(join(folder, '.local'));
  mkdirSync(written);
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  for (const part of ['node_modules', 'src', 'config']) symlinkSync(join(root, part), join(folder, part));
  symlinkSync(join(root, '.local/bin'), join(folder, '.local/bin'));

  const { anyFree } = createRequire(import.meta.url)(join(root, 'dist/src/local/services/port.js'));
  const hook = join(root, 'test/support/executed-functions.cjs');
  const env = {
    ...process.env,
    PORT: String(await anyFree()),
    EXECUTED_TO: written,
    NODE_OPTIONS: `--require ${hook}`,
  };
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'start'], { cwd: folder, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  const ended = new Promise(resolve => child.once('exit', resolve));
  await until('the line', async () => {
    if (child.exitCode !== null) throw new Error(`the line ended:\n${output}`);
    return output.includes('Logs');
  });
  const phone = new URL(/Phone +(\S+)/.exec(output)[1]);
  const lock = JSON.parse(readFileSync(join(folder, '.local/start.lock'), 'utf8'));
  const roles = lock.children.filter(({ name }) => name === 'web' || name === 'worker');

  let round = 0;
  return {
    /** Asks every thread of the roles. All threads of a round have written when no new files appear. */
    async ranSince() {
      round += 1;
      for (const { pid } of roles) process.kill(pid, 'SIGUSR2');
      const files = () => readdirSync(written).filter(name => name.startsWith(`${round}-`));
      await until('what ran', async () =>
        roles.every(({ name }) => files().some(file => file.includes(`-${name}-0`))),
      );
      await pause(2_000);
      return files().flatMap(name => JSON.parse(readFileSync(join(written, name), 'utf8')));
    },
    async control(path, body) {
      const post = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };
      const answer = await fetch(new URL(`/control${path}`, phone), body === undefined ? {} : post);
      if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
      return answer.json();
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

const keyOf = ({ url, name, start }) => `${url} ${start} ${name}`;

/**
 * Returns a resolver from a function that ran to its source file, by path or by the source map of the bundle.
 */
function sourceOf(root, folder) {
  const bundle = readFileSync(join(folder, 'dist/workflow-bundle.js'), 'utf8');
  const [, encoded] = /sourceMappingURL=data:application\/json;charset=utf-8;base64,(\S+)/.exec(bundle);
  const map = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()));
  const lineStarts = [0];
  for (let at = bundle.indexOf('\n'); at >= 0; at = bundle.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return ({ url, name, start }) => {
    // Position 0 and functions named by a path are whole files. Loading a file is not a step of a journey.
    if (start === 0 || name.includes('/')) return [];
    const compiled = `file://${join(folder, 'dist/')}`;
    if (!url.startsWith(compiled)) return [];
    const file = url.slice(compiled.length);
    if (file !== 'workflow-bundle.js') {
      const source = file.replace(/\.js$/, '.ts');
      return program.test(source) ? [source] : [];
    }
    const line = lineStarts.findLastIndex(from => from <= start);
    const { originalSource } = map.findEntry(line, start - lineStarts[line]);
    const source = relative(root, originalSource ?? '');
    return program.test(source) ? [source] : [];
  };
}

/** Returns the hidden fields of the form of an act. */
function formIn(page, act) {
  for (const [form] of page.matchAll(/<form\b[\s\S]*?<\/form>/g)) {
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const hidden = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
    if (hidden.action === act) return hidden;
  }
  throw new Error(`the task page has no form "${act}"`);
}

async function until(what, look) {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s in vain for ${what}`);
    await pause(250);
  }
}
