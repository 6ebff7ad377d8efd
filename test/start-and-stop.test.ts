import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../src/local/lock';
import { anyFree } from '../src/local/services/port';
import { projectCopy } from './support/project-copy';
import { type StartedLine, startLineIn } from './support/started-line';
import { until } from './support/until';

jest.setTimeout(180_000);

const ready = 'Paydaşkent runs.';

const pidOf = (line: StartedLine, name: string): number => {
  const found = line.children().findLast(child => child.name === name);
  if (found === undefined) throw new Error(`no ${name} among the processes`);
  return found.pid;
};

describe('the line started by one command', () => {
  const project = projectCopy('line');
  const started: StartedLine[] = [];

  async function start(): Promise<StartedLine & { port: string }> {
    const port = String(await anyFree());
    const line = startLineIn(project, { PORT: port });
    started.push(line);
    return { ...line, port };
  }

  afterAll(async () => {
    for (const line of started) line.signal('SIGTERM');
    await Promise.all(started.map(line => line.exitCode));
  });

  test('runs once per folder, restarts a killed role, and leaves no process after Ctrl-C', async () => {
    const line = await start();
    await line.says(ready);

    const second = await start();
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toContain(`already runs here: pid`);
    expect(second.output()).toContain(`http://localhost:${line.port}`);

    process.kill(pidOf(line, 'worker'), 'SIGKILL');
    await line.says('ended (signal SIGKILL) and was restarted');
    await until(() => line.children().length === 5, 'the second worker', 20_000);

    const children = line.children();
    line.signal('SIGINT');
    expect(await line.exitCode).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(existsSync(join(project, '.local/start.lock'))).toBe(false);
  });

  test('stops as a whole when its database dies, and says what happened', async () => {
    const line = await start();
    await line.says(ready);
    const children = line.children();
    process.kill(pidOf(line, 'mongo'), 'SIGKILL');

    expect(await line.exitCode).toBe(1);
    expect(line.output()).toMatch(/MongoDB \(.+\) ended unexpectedly \(signal SIGKILL\)/);
    expect(line.output()).toContain('Start again with "npm start"; the data are kept.');
    expect(children.filter(isAlive)).toEqual([]);
  });

  test('names the taken port and a free one', async () => {
    const holder = createServer();
    const port = await new Promise<number>(resolve => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
    const line = startLineIn(project, { PORT: String(port) });
    expect(await line.exitCode).toBe(1);
    expect(line.output()).toMatch(
      new RegExp(`Port ${port} is taken.*choose another port: PORT=\\d+ npm start`),
    );
    holder.close();
  });

  test('reports an unreachable TEMPORAL_ADDRESS instead of starting its own server', async () => {
    const line = startLineIn(project, {
      PORT: String(await anyFree()),
      TEMPORAL_ADDRESS: `127.0.0.1:${await anyFree()}`,
    });
    expect(await line.exitCode).toBe(1);
    expect(line.output()).toContain('No Temporal server answers at TEMPORAL_ADDRESS=');
  });
});
