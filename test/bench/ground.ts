import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/cli/start/project-root';
import { type LinkKey, writeLinkKeys } from '../../src/config/link-keys';
import { createProgress } from '../../src/local/progress';
import { type Daemon, startDaemon, waitUntilReady } from '../../src/local/services/daemon';
import { startMongo } from '../../src/local/services/mongodb';
import { anyFree } from '../../src/local/services/port';
import { startTemporal } from '../../src/local/services/temporal';
import { openStore, type Store } from '../../src/store/store';
import { searchAttributes } from '../../src/temporal/set-up';

export const NAMESPACE = 'bench';
export const BARE_QUEUE = 'bare';
export const APP_SECRET = 'bench-app-secret';

/** The servers of a bench run: Temporal, a store, web, worker, and bare workflows. */
export interface BenchGround {
  temporal: string;
  webhookUrl: string;
  store: Store;
  outside: Outside;
  /** The keys that sign links. */
  linkKeys: readonly LinkKey[];
  roles: { web: Daemon; worker: Daemon };
  /** Kills the worker, and starts another one. */
  killWorker(): Promise<void>;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything on free ports. `stop` ends it and removes its folder. */
export async function raiseBenchGround(): Promise<BenchGround> {
  const root = projectRoot();
  const local = join(root, '.local');
  const folder = mkdtempSync(join(tmpdir(), 'paydaskent-bench-'));
  const progress = createProgress(process.stderr);
  const endings: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const shared = { root, local, logFolder: folder, ownGroup: false };

  const temporal = await progress.step('Temporal in memory', async note =>
    startTemporal({ ...shared, port: await anyFree(), namespace: NAMESPACE, searchAttributes }, note),
  );
  endings.push(() => temporal.stop());
  const mongo = await progress.step('MongoDB', async note =>
    startMongo({ ...shared, port: await anyFree(), dataFolder: folder }, note),
  );
  endings.push(() => mongo.stop());
  const outside = await startOutside();
  endings.push(() => outside.stop());

  const [port, healthPort] = [await anyFree(), await anyFree()];
  const linkKeys = [{ id: 'k1', key: randomBytes(32) }];
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(port),
    HEALTH_PORT: String(healthPort),
    PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
    MONGODB_URI: `${mongo.address}/bench`,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: NAMESPACE,
    WHATSAPP_GRAPH_URL: outside.graphUrl,
    WHATSAPP_GRAPH_VERSION: 'v26.0',
    WHATSAPP_ACCESS_TOKEN: 'bench',
    WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: 'bench',
    SMTP_URL: outside.smtpUrl,
    MAIL_FROM: 'bench@etimesgut.example',
    LINK_KEYS: writeLinkKeys(linkKeys),
    CONFIG_DIR: quickTalks(root, folder),
    LOG_LEVEL: 'warn',
  };
  const store = openStore(`${mongo.address}/bench`);
  endings.push(() => store.close());
  await store.sync();

  const role = async (name: 'web' | 'worker', readyPort: number): Promise<Daemon> => {
    const logFile = join(folder, `${name}.log`);
    const args = [join(root, 'dist/src/cli/main.js'), name];
    const daemon = await startDaemon({
      command: process.execPath,
      args,
      cwd: root,
      env: environment,
      logFile,
      ownGroup: false,
    });
    endings.push(() => daemon.stop());
    const check = async (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${readyPort}/readyz`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await waitUntilReady(daemon, { check, limitMs: 60_000, logFile });
    return daemon;
  };
  const roles = await progress.step('Web and worker', async () => ({
    web: await role('web', port),
    worker: await role('worker', healthPort),
  }));
  const bare = await progress.step('A worker of bare workflows', () => bareWorker(temporal.address));
  endings.push(async () => void bare.kill('SIGKILL'));

  return {
    temporal: temporal.address,
    webhookUrl: `http://127.0.0.1:${port}/webhooks/whatsapp`,
    store,
    outside,
    linkKeys,
    roles,
    async killWorker() {
      process.kill(roles.worker.pid, 'SIGKILL');
      await roles.worker.exited;
    },
    async startWorker() {
      roles.worker = await role('worker', healthPort);
    },
    async stop() {
      for (const end of endings.reverse()) await end();
    },
  };
}

/** The municipality's configuration with the shortest burst. */
function quickTalks(root: string, folder: string): string {
  const copy = join(folder, 'config');
  cpSync(join(root, 'config/etimesgut'), copy, { recursive: true });
  const file = join(copy, 'municipality.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/quietSeconds: \d+/, 'quietSeconds: 1'));
  return copy;
}

function bareWorker(address: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'bare-worker.js'), [address, NAMESPACE, BARE_QUEUE]);
    child.once('message', () => resolve(child));
    child.once('exit', code => reject(new Error(`the bare worker ended with ${code}`)));
  });
}

/** Read receipts have no key. */
const sent = z.object({ biz_opaque_callback_data: z.string().optional() });

/** Substitutes for Meta and the mail server that accept everything immediately. */
interface Outside {
  graphUrl: string;
  smtpUrl: string;
  /** Resolves when the message with this outbox key has been sent. */
  sent(key: string): Promise<void>;
  /** The time since the last message, in ms. */
  idleMs(): number;
  stop(): Promise<void>;
}

async function startOutside(): Promise<Outside> {
  const seen = new Set<string>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  let lastAt = performance.now();
  const graph = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { biz_opaque_callback_data: key } = sent.parse(JSON.parse(Buffer.concat(parts).toString()));
      response.setHeader('content-type', 'application/json');
      lastAt = performance.now();
      if (key === undefined) {
        response.end(JSON.stringify({ success: true }));
        return;
      }
      response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: `wamid.${key}` }] }));
      seen.add(key);
      arrivals.emit(key);
    });
  });
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      lastAt = performance.now();
      stream.resume();
      stream.on('end', () => done());
    },
  });
  // A killed worker resets its connections.
  smtp.on('error', () => undefined);
  const [graphPort, smtpPort] = await Promise.all([listening(graph), listening(smtp.server)]);
  return {
    graphUrl: `http://127.0.0.1:${graphPort}`,
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    sent: key => (seen.has(key) ? Promise.resolve() : new Promise(resolve => arrivals.once(key, resolve))),
    idleMs: () => performance.now() - lastAt,
    async stop() {
      graph.closeAllConnections();
      await Promise.all([
        new Promise(resolve => graph.close(resolve)),
        new Promise<void>(resolve => smtp.close(() => resolve())),
      ]);
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
