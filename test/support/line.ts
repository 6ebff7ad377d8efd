import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { townOptions } from '../../src/cli/sandbox-town';
import { loadMunicipality } from '../../src/config/municipality';
import { anyFree } from '../../src/local/services/port';
import { startSandbox } from '../../src/local/sandbox';
import { openStore, type Store } from '../../src/store/store';
import { balancer } from './line/balancer';
import { deliver, postOnce } from './line/delivery';
import { cuttableProxy, type CuttableProxy } from './line/cuttable-proxy';
import { ownStore, type OwnStore } from './line/own-store';
import { ownTemporal, type OwnTemporal, type TemporalServer } from './line/own-temporal';
import { phonesOf, type Phones } from './line/phones';
import { program, projectFolder, roleProcess, type RoleName, type RoleProcess } from './line/role-process';
import { townFolder, type TownChanges } from './line/town-folder';
import { testMongoUri } from './services';

export interface LineOptions {
  town?: TownChanges;
  /** Overrides for the environment of the roles. */
  environment?: Record<string, string>;
  /** Whether the roles reach the records through a proxy that can be cut. */
  cuttableStore?: boolean;
  /** Whether the records have a server of their own, whose files can be searched. */
  ownStore?: boolean;
  /** How many webs and workers run (default 1). The webs of more than one are behind a balancer. */
  copies?: number;
}

/** Another build of the line. */
interface Build {
  /** The folder of its checkout. */
  readonly project: string;
  /** Overrides for the environment of the line. */
  readonly environment: Record<string, string>;
}

/** The real line: roles as separate processes on the test's own servers. */
export interface TestLine<Temporal extends TemporalServer = OwnTemporal> {
  /** The first of `webs`. */
  readonly web: RoleProcess;
  /** The first of `workers`. */
  readonly worker: RoleProcess;
  readonly webs: readonly RoleProcess[];
  readonly workers: readonly RoleProcess[];
  readonly temporal: Temporal;
  /** The records, over a direct connection of the test. */
  readonly store: Store;
  /** The roles' proxy to the records, with `cuttableStore`. */
  readonly storeWay: CuttableProxy | null;
  /** The server of the records, with `ownStore`. */
  readonly ownStore: OwnStore | null;
  readonly phones: Phones;
  readonly baseUrl: string;
  /** The page with the phones. */
  readonly sandboxUrl: string;
  readonly webhookUrl: string;
  readonly metricsUrl: string;
  /** The metrics URL of the worker. */
  readonly workerMetricsUrl: string;
  /** The health URL of the worker. */
  readonly healthUrl: string;
  /** Returns a further worker of another build, not started. */
  workerOf(build: Build): Promise<RoleProcess>;
  /** Posts a body once, signed; see `postOnce`. */
  post(body: Buffer): Promise<number>;
  /** Posts a body until the response is 200; see `deliver`. */
  deliver(body: Buffer, limitMs?: number): Promise<number[]>;
  /** Runs an admin command. Returns its output. */
  admin(...words: string[]): Promise<string>;
  /** The logs of all roles. */
  logs(): string;
  stop(): Promise<void>;
}

const appSecret = 'line-app-secret';
const accessToken = 'line-access-token';
const phoneNumberId = '106540352242922';
const verifyToken = 'line-verify-word';

/**
 * Starts web, worker, Temporal with a database file, the Cloud API stand-in and the mail sink, with a separate
 * database. `stop` ends everything and removes the folder.
 */
export function startLine(name: string, options: LineOptions = {}): Promise<TestLine> {
  return startLineOn(ownTemporal, name, options);
}

/** Starts the line like `startLine`, on a Temporal server of the given kind. */
export async function startLineOn<Temporal extends TemporalServer>(
  startTemporal: (folder: string) => Promise<Temporal>,
  name: string,
  options: LineOptions = {},
): Promise<TestLine<Temporal>> {
  const folder = mkdtempSync(join(tmpdir(), `paydaskent-${name}-`));
  const endings: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const temporal = await startTemporal(folder);
    endings.push(() => temporal.close());
    const line = await assemble(name, folder, options, temporal, end => endings.push(end));
    return { ...line, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble<Temporal extends TemporalServer>(
  name: string,
  folder: string,
  options: LineOptions,
  temporal: Temporal,
  atEnd: (end: () => Promise<void>) => void,
): Promise<Omit<TestLine<Temporal>, 'stop'>> {
  const { town = {}, environment = {}, cuttableStore = false, copies = 1 } = options;
  const ports: RolePorts[] = [];
  for (let copy = 0; copy < copies; copy += 1) ports.push(await freeRolePorts());
  const [first = await freeRolePorts()] = ports;
  const front = copies === 1 ? null : await balancer(ports.map(({ web }) => web.port));
  atEnd(async () => front?.stop());
  const port = front?.port ?? first.web.port;
  const baseUrl = `http://127.0.0.1:${port}`;
  const webhookUrl = `${baseUrl}/webhooks/whatsapp`;
  const records = options.ownStore ? await ownStore(folder) : null;
  atEnd(async () => records?.stop());
  const mongoUri = records ? `${records.uri}/${name}` : testMongoUri(name);
  const mongo = new URL(mongoUri);

  const sandbox = await startSandbox({
    port: 0,
    smtpPort: 0,
    ...{ phoneNumberId, accessToken, appSecret, verifyToken, webhookUrl },
    graphVersion: 'v26.0',
    dataDir: join(folder, 'sandbox'),
    ...townOptions(loadMunicipality(join(projectFolder, 'config/etimesgut')), baseUrl),
    messagesPerSecond: 1_000,
    pace: { sentAfterMs: 5, deliveredAfterMs: 10 },
    retryDelayMs: attempt => Math.min(100 * attempt, 1_000),
  });
  atEnd(() => sandbox.stop());
  const storeWay = cuttableStore ? await cuttableProxy(Number(mongo.port), mongo.hostname) : null;
  atEnd(async () => storeWay?.stop());
  const store = openStore(mongoUri, { operationLimitMs: 10_000 });
  atEnd(() => store.close());
  await store.sync();

  const roleEnvironment = {
    PATH: process.env['PATH'],
    PUBLIC_BASE_URL: baseUrl,
    MONGODB_URI: storeWay ? mongoUri.replace(mongo.host, `127.0.0.1:${storeWay.port}`) : mongoUri,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    WHATSAPP_GRAPH_URL: sandbox.graphUrl,
    WHATSAPP_ACCESS_TOKEN: accessToken,
    WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: verifyToken,
    SMTP_URL: sandbox.smtpUrl,
    MAIL_FROM: 'Paydaşkent <paydaskent@etimesgut.example>',
    CONFIG_DIR: townFolder(join(folder, 'town'), town),
    LINK_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
    AUDIT_KEYS: `a1:${randomBytes(32).toString('base64url')}`,
    ADMIN_REASON: 'deneme',
    ...environment,
  };
  const role = (name: RoleName, copy: string, at: RoleAddress, another?: Build): RoleProcess => {
    const own = { [name === 'web' ? 'PORT' : 'HEALTH_PORT']: String(at.port) };
    const made = roleProcess({
      ...{ name, ...(another && { project: another.project }) },
      environment: { ...roleEnvironment, ...own, METRICS_PORT: String(at.metrics), ...another?.environment },
      readyUrl: `http://127.0.0.1:${at.port}/readyz`,
      logFile: join(folder, `${name}${copy}.log`),
    });
    atEnd(() => made.stop());
    return made;
  };
  const webs = ports.map((each, copy) => role('web', `${copy}`, each.web));
  const workers = ports.map((each, copy) => role('worker', `${copy}`, each.worker));
  await Promise.all([...webs, ...workers].map(each => each.start()));
  const [web, worker] = [webs[0], workers[0]];
  if (!web || !worker) throw new Error('a line needs one web and one worker');

  return {
    ...{ web, worker, webs, workers, temporal, store, storeWay, baseUrl, webhookUrl },
    ownStore: records,
    metricsUrl: `http://127.0.0.1:${first.web.metrics}/metrics`,
    workerMetricsUrl: `http://127.0.0.1:${first.worker.metrics}/metrics`,
    sandboxUrl: sandbox.url,
    healthUrl: `http://127.0.0.1:${first.worker.port}/readyz`,
    workerOf: async build => role('worker', '-of-another-build', await freeAddress(), build),
    phones: phonesOf(sandbox.url),
    post: body => postOnce(webhookUrl, body, appSecret),
    deliver: (body, limitMs) => deliver(webhookUrl, body, appSecret, limitMs),
    async admin(...words) {
      const env = roleEnvironment;
      const { stdout } = await promisify(execFile)(process.execPath, [program, 'admin', ...words], { env });
      return stdout;
    },
    logs: () => [...webs, ...workers].map(each => each.log()).join(''),
  };
}

interface RoleAddress {
  /** Of the pages, or of the worker's health. */
  readonly port: number;
  readonly metrics: number;
}

interface RolePorts {
  readonly web: RoleAddress;
  readonly worker: RoleAddress;
}

const freeAddress = async (): Promise<RoleAddress> => ({ port: await anyFree(), metrics: await anyFree() });

async function freeRolePorts(): Promise<RolePorts> {
  return { web: await freeAddress(), worker: await freeAddress() };
}
