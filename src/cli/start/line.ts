import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onlyTownFolder } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { takeLock } from '../../local/lock';
import type { Progress } from '../../local/progress';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../local/sandbox';
import { keepSecrets } from '../../local/secrets';
import type { Service } from '../../local/services/source';
import { townOptions } from '../sandbox-town';
import { adminCall, type AdminCall, leaveAddresses, raiseBacking } from './backing';
import {
  choosePorts,
  type LineAddresses,
  type LinePlan,
  type LocalPorts,
  planLine,
  roleEnvironment,
  StartFailure,
} from './environment';
import { fastConfig } from './fast-config';
import { keepRoleRunning, type RoleProcess } from './roles';

export interface LineOptions {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly fast: boolean;
  readonly progress: Progress;
  readonly teardown: Teardown;
}

type Listening = Readonly<Record<string, number>>;

/** A running line. */
export interface StartedLine {
  readonly plan: LinePlan;
  readonly ports: LocalPorts;
  readonly municipality: Municipality;
  readonly sandbox: Sandbox;
  readonly temporal: Service;
  readonly mongo: Service;
  readonly admin: AdminCall;
  /** Resolves with the reason if a part that cannot be restarted has ended. */
  readonly broken: Promise<string>;
}

/**
 * Starts everything a report needs and registers it with the teardown.
 * @throws StartFailure, NoSourceError or AlreadyRunningError, each with a message for the user.
 */
export async function startLine(options: LineOptions): Promise<StartedLine> {
  const { root, environment, progress, teardown } = options;
  const local = join(root, '.local');
  const lock = await takeLock(local, addressOf(environment));
  await teardown.add('notice', async () => lock.markStopping());
  await teardown.add('lock', async () => lock.release());
  const logFolder = freshLogs(local);
  const ports = await choosePorts(environment['PORT']);
  const plan = planLine(environment, ports.web, keepSecrets(local));

  const givenFolder = plan.given['CONFIG_DIR'] ?? onlyTownFolder(root);
  if (givenFolder === undefined) {
    throw new StartFailure('Choose a municipality: CONFIG_DIR=config/… npm start');
  }
  const configFolder = options.fast ? fastConfig(root, local, givenFolder) : undefined;
  const municipality = loadMunicipality(resolve(root, configFolder ?? givenFolder));

  const sandbox = await startSandbox({
    ...sandboxOptions(plan, ports, local),
    ...townOptions(municipality, plan.publicUrl),
  });
  await teardown.add('sandbox', () => sandbox.stop());
  const erasureList = join(local, 'erasures');
  const addresses = { ...lineAddresses(plan, ports, sandbox, configFolder), erasureList };
  const environmentOf = (listening: Listening): NodeJS.ProcessEnv =>
    roleEnvironment(plan, addresses, listening);
  const admin = adminCall(root, environmentOf({}));
  const takeBack = leaveAddresses(local, plan, environmentOf({}));
  await teardown.add('notice', async () => takeBack());

  const { temporal, mongo } = await raiseBacking({ root, local, logFolder, plan, ports, progress }, admin, {
    onOwn: async (name, service) => {
      if (service.pid !== undefined) lock.addChild(name, service.pid);
      await teardown.add('service', service.stop);
    },
  });
  const raise = (name: 'web' | 'worker', readyPort: number, listening: Listening): Promise<RoleProcess> =>
    progress.step(`Starting the ${name}`, async () => {
      const role = await keepRoleRunning({
        name,
        root,
        logFolder,
        environment: environmentOf(listening),
        readyUrl: `http://127.0.0.1:${readyPort}/readyz`,
        onStarted: pid => lock.addChild(name, pid),
        say: progress.say,
      });
      await teardown.add('role', role.stop);
      return role;
    });
  const roles = await Promise.all([
    raise('web', ports.web, { PORT: ports.web, METRICS_PORT: ports.metrics }),
    raise('worker', ports.workerHealth, {
      HEALTH_PORT: ports.workerHealth,
      METRICS_PORT: ports.workerMetrics,
    }),
  ]);
  const broken = Promise.race([
    ...roles.map(({ givenUp }) => givenUp),
    ...ended('The Temporal server', temporal, join(logFolder, 'temporal.log')),
    ...ended('MongoDB', mongo, join(logFolder, 'mongodb.log')),
  ]);
  return { plan, ports, municipality, sandbox, temporal, mongo, admin, broken };
}

function lineAddresses(
  plan: LinePlan,
  ports: LocalPorts,
  sandbox: Sandbox,
  configFolder: string | undefined,
): LineAddresses {
  return {
    temporal: `127.0.0.1:${ports.temporal}`,
    ...(plan.ownTemporal ? { temporalUi: `http://localhost:${ports.temporalUi}` } : {}),
    mongoUri: `mongodb://127.0.0.1:${ports.mongo}/paydaskent`,
    ...(plan.ownGraph ? { graphUrl: sandbox.graphUrl } : {}),
    ...(plan.ownMail ? { smtpUrl: sandbox.smtpUrl } : {}),
    ...(configFolder === undefined ? {} : { configFolder }),
  };
}

function addressOf(environment: NodeJS.ProcessEnv): string {
  return environment['PUBLIC_BASE_URL'] || `http://localhost:${environment['PORT'] || '3000'}`;
}

function sandboxOptions(plan: LinePlan, ports: LocalPorts, local: string): Omit<SandboxOptions, 'town'> {
  return {
    port: ports.sandbox,
    smtpPort: ports.smtp,
    phoneNumberId: plan.agreed.WHATSAPP_PHONE_NUMBER_ID,
    accessToken: plan.agreed.WHATSAPP_ACCESS_TOKEN,
    appSecret: plan.agreed.WHATSAPP_APP_SECRET,
    verifyToken: plan.agreed.WHATSAPP_VERIFY_TOKEN,
    webhookUrl: `http://127.0.0.1:${ports.web}/webhooks/whatsapp`,
    graphVersion: plan.graphVersion,
    dataDir: join(local, 'sandbox'),
    graph: plan.ownGraph,
    mail: plan.ownMail,
  };
}

function ended(name: string, service: Service, log: string): Promise<string>[] {
  if (service.exited === undefined) return [];
  return [
    service.exited.then(
      end =>
        `${name} (${service.source}) ended unexpectedly (${end}), and the line cannot run without it. ` +
        `Its log: ${log}. Start again with "npm start"; the data are kept.`,
    ),
  ];
}

/** Renames the logs of the previous run. */
function freshLogs(local: string): string {
  const folder = join(local, 'logs');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter(file => /^\w+\.log$/.test(file))) {
    renameSync(join(folder, name), join(folder, name.replace(/\.log$/, '.earlier.log')));
  }
  return folder;
}

/** The order of shutdown: users of a service stop before the service. */
const phases = ['notice', 'role', 'sandbox', 'service', 'lock'] as const;

type Phase = (typeof phases)[number];

/** Registers the shutdown of started parts. */
export interface Teardown {
  /** A part added during shutdown is stopped immediately. */
  readonly add: (phase: Phase, stop: () => Promise<void>) => Promise<void>;
  /** Stops everything phase by phase. A failing part does not prevent the others from stopping. */
  readonly run: () => Promise<void>;
}

export function createTeardown(): Teardown {
  const added: { phase: Phase; stop: () => Promise<void> }[] = [];
  let over = false;
  return {
    async add(phase, stop) {
      if (over) await stop();
      else added.push({ phase, stop });
    },
    async run() {
      over = true;
      for (const phase of phases) {
        const stops = added.filter(part => part.phase === phase).map(part => part.stop());
        await Promise.allSettled(stops);
      }
    },
  };
}
