import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { runCommand } from '../../../src/local/services/command';
import { startDaemon, waitUntilReady, type Daemon } from '../../../src/local/services/daemon';
import { answers, anyFree } from '../../../src/local/services/port';
import { copyWritable, goModule, keep, scratch } from '../../../src/local/services/program';
import { setUpTemporal } from '../../../src/temporal/set-up';
import { until } from '../until';
import { balancer } from './balancer';
import type { TemporalServer } from './own-temporal';
import { projectFolder } from './role-process';

const version = 'v1.32.0';
const namespace = 'line';
const place = { root: projectFolder, local: join(projectFolder, '.local') };
const programs = { server: `temporal-server-${version}`, sql: `temporal-sql-${version}` };
const databases = { temporal: 'temporal', temporal_visibility: 'visibility' };
const services = ['frontend', 'history', 'matching', 'worker'] as const;

/** One node of the cluster, with all services of the Temporal server. */
interface TemporalNode {
  kill9(): Promise<void>;
  /** Starts it again with the same ports. Resolves when its frontend answers. */
  start(): Promise<void>;
}

/** The production Temporal server as two nodes on a PostgreSQL of this machine, behind one address. */
export interface TemporalCluster extends TemporalServer {
  readonly nodes: readonly TemporalNode[];
}

/**
 * Builds the production server with Go if it is missing (about five minutes on one core), and starts PostgreSQL and
 * two nodes. The folder receives the configuration and the logs.
 */
export async function temporalCluster(folder: string): Promise<TemporalCluster> {
  const schemas = await builtServer();
  const endings: (() => Promise<void>)[] = [];
  const end = async (): Promise<void> => {
    for (const each of endings.reverse()) await each();
  };
  try {
    const postgresPort = await startPostgres(folder, stop => endings.push(stop));
    for (const [database, schema] of Object.entries(databases)) {
      await createSchema(postgresPort, database, join(schemas, schema, 'versioned'));
    }
    const made = [await node('a', folder, postgresPort), await node('b', folder, postgresPort)];
    endings.push(async () => void (await Promise.all(made.map(each => each.kill9()))));
    for (const each of made) await each.start();
    const front = await balancer(made.map(each => each.port));
    endings.push(() => front.stop());

    const address = `127.0.0.1:${front.port}`;
    for (const each of made) await setUp(`127.0.0.1:${each.port}`);
    const connection = Connection.lazy({ address });
    endings.push(() => connection.close());
    return { address, namespace, client: new Client({ connection, namespace }), nodes: made, close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Returns the folder with the PostgreSQL schemas. Builds server and schema tool if they are missing. */
async function builtServer(): Promise<string> {
  const source = await goModule(`go.temporal.io/server@${version}`);
  if (!Object.values(programs).every(name => existsSync(join(place.local, 'bin', name)))) {
    process.stderr.write(`building the Temporal server ${version}, about five minutes\n`);
    const folder = scratch(place);
    try {
      const cwd = join(folder, 'source');
      copyWritable(source, cwd);
      for (const [name, command] of [
        [programs.server, './cmd/server'],
        [programs.sql, './cmd/tools/sql'],
      ] as const) {
        const made = join(folder, name);
        await runCommand('go', ['build', '-o', made, command], { cwd, limitMs: 20 * 60_000 });
        keep(place, made, name);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return join(source, 'schema/postgresql/v12');
}

/** PostgreSQL refuses to run as root. */
function asPostgres(command: string, args: readonly string[]): { command: string; args: string[] } {
  if (process.getuid?.() !== 0) return { command, args: [...args] };
  const user = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];
  return { command: 'setpriv', args: [...user, command, ...args] };
}

async function startPostgres(folder: string, atEnd: (stop: () => Promise<void>) => void): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'paydaskent-postgres-'));
  if (process.getuid?.() === 0) {
    const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString());
    chownSync(data, idOf('-u'), idOf('-g'));
  }
  const port = await anyFree();
  const logFile = join(folder, 'postgres.log');
  const made = asPostgres('initdb', [
    '-D',
    data,
    '-U',
    'temporal',
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale=C',
  ]);
  await runCommand(made.command, made.args, { cwd: '/', limitMs: 60_000 });
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
  ];
  const run = asPostgres('postgres', ['-D', data, ...settings.flatMap(setting => ['-c', setting])]);
  const daemon = await startDaemon({ ...run, cwd: '/', logFile, ownGroup: false });
  atEnd(async () => {
    await daemon.stop(5_000);
    rmSync(data, { recursive: true, force: true });
  });
  await waitUntilReady(daemon, { check: () => answers(port), limitMs: 30_000, logFile });
  return port;
}

async function createSchema(port: number, database: string, versions: string): Promise<void> {
  const server = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', String(port), '-u', 'temporal'];
  const steps = [['create'], ['setup-schema', '-v', '0.0'], ['update-schema', '-d', versions]];
  for (const step of steps) {
    const tool = join(place.local, 'bin', programs.sql);
    await until(
      () =>
        runCommand(tool, [...server, '--db', database, ...step], { limitMs: 60_000 }).then(
          () => true,
          // PostgreSQL opens its port some moments before it accepts clients.
          (error: Error) => (/starting up|refused/.test(error.message) ? false : Promise.reject(error)),
        ),
      `${step.join(' ')} of ${database}`,
      90_000,
    );
  }
}

async function node(
  name: string,
  folder: string,
  postgresPort: number,
): Promise<TemporalNode & { port: number }> {
  const ports = await Promise.all(
    services.map(async () => ({ rpc: await anyFree(), membership: await anyFree() })),
  );
  const port = ports[0]?.rpc ?? 0;
  const config = join(folder, `temporal-${name}`);
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'dynamic.yaml'), stringify(dynamic));
  writeFileSync(join(config, 'cluster.yaml'), stringify(configuration(ports, postgresPort, config)));
  const logFile = join(folder, `temporal-${name}.log`);
  let running: Daemon | null = null;
  return {
    port,
    async start() {
      running = await startDaemon({
        command: join(place.local, 'bin', programs.server),
        args: ['--root', '/', '--config', config, '--env', 'cluster', '--allow-no-auth', 'start'],
        logFile,
        ownGroup: false,
      });
      await waitUntilReady(running, { check: () => answers(port), limitMs: 90_000, logFile });
    },
    async kill9() {
      await running?.kill9();
      running = null;
    },
  };
}

/** The cache of search attributes lives for a minute otherwise, and a new namespace would lack them. */
const dynamic = { 'system.forceSearchAttributesCacheRefreshOnRead': [{ value: true }] };

function configuration(
  ports: readonly { rpc: number; membership: number }[],
  postgresPort: number,
  folder: string,
): object {
  const store = (databaseName: string): object => ({
    sql: {
      pluginName: 'postgres12',
      ...{ databaseName, connectAddr: `127.0.0.1:${postgresPort}`, connectProtocol: 'tcp' },
      ...{ user: 'temporal', password: '', maxConns: 20, maxIdleConns: 20, maxConnLifetime: '1h' },
    },
  });
  const rpcOf = (index: number): object => ({
    rpc: { grpcPort: ports[index]?.rpc, membershipPort: ports[index]?.membership, bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      ...{ defaultStore: 'temporal', visibilityStore: 'temporal_visibility', numHistoryShards: 64 },
      datastores: Object.fromEntries(Object.keys(databases).map(name => [name, store(name)])),
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(services.map((service, index) => [service, rpcOf(index)])),
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10 },
      ...{ masterClusterName: 'active', currentClusterName: 'active' },
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1, rpcName: 'frontend' },
          rpcAddress: `127.0.0.1:${ports[0]?.rpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(folder, 'dynamic.yaml'), pollInterval: '10s' },
  };
}

/** Registers namespace and search attributes and waits until the node knows them. */
async function setUp(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 30_000 });
  try {
    const { workflow } = new Client({ connection, namespace });
    await until(
      () =>
        setUpTemporal(connection, namespace, 3).then(
          () => true,
          () => false,
        ),
      'namespace and search attributes to be registered',
      90_000,
    );
    await until(
      () =>
        workflow.count('SlaDueAt IS NULL').then(
          () => true,
          () => false,
        ),
      'the node to know the search attributes',
      90_000,
    );
  } finally {
    await connection.close();
  }
}
