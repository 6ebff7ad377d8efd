import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../../local/lock';
import type { Progress } from '../../local/progress';
import { keepSecrets } from '../../local/secrets';
import type { Service } from '../../local/services/service';
import { startStage } from '../../local/stage';
import { obtainMongo, obtainTemporal } from './backing';
import type { BackingOptions } from './backing';
import { planLine, roleEnvironment } from './environment';
import type { LineAddresses, LinePlan } from './environment';
import { fastConfig } from './fast-config';
import { choosePorts } from './local-ports';
import type { LocalPorts } from './local-ports';
import { keepRole, runAdmin } from './roles';
import type { Teardown } from './teardown';

export interface LineOptions {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly fast: boolean;
  readonly progress: Progress;
  readonly teardown: Teardown;
}

type Stage = Awaited<ReturnType<typeof startStage>>;

/** The line as it runs. */
export interface Line {
  readonly plan: LinePlan;
  readonly ports: LocalPorts;
  readonly stage: Stage;
  readonly temporal: Service;
  readonly mongo: Service;
  /** Resolves with the reason when a part that cannot be started again has ended. */
  readonly broken: Promise<string>;
}

/**
 * Brings up everything a report needs from the phone to the closed case, and registers with the
 * teardown whatever it starts.
 * @throws StartFailure, NoSourceError, AlreadyRunningError, each with a message for the user.
 */
export async function startLine(options: LineOptions): Promise<Line> {
  const { root, environment, progress, teardown } = options;
  const local = join(root, '.local');
  const lock = await takeLock(local, addressOf(environment));
  await teardown.add('notice', async () => lock.markStopping());
  await teardown.add('lock', async () => lock.release());
  const logFolder = freshLogs(local);
  const ports = await choosePorts(environment['PORT']);
  const plan = planLine(environment, ports.web, keepSecrets(local));

  const stage = await startStage(stageOptions(plan, ports, local));
  await teardown.add('stage', () => stage.stop());
  const wanted: LineAddresses = {
    temporal: `127.0.0.1:${ports.temporal}`,
    mongoUri: `mongodb://127.0.0.1:${ports.mongo}/paydaskent`,
    ...(plan.ownGraph ? { graphUrl: stage.graphUrl } : {}),
    ...(plan.ownMail ? { smtpUrl: stage.smtpUrl } : {}),
    ...(options.fast ? { configFolder: fastConfig(root, local, plan.given['CONFIG_DIR']) } : {}),
  };
  const environmentWith = (listening: Readonly<Record<string, number>>): NodeJS.ProcessEnv =>
    roleEnvironment(plan, wanted, listening);
  const admin = (command: string): Promise<void> =>
    progress.step(`Preparing (${command})`, note => runAdmin(root, environmentWith({}), command, note));
  const own = async (obtained: Promise<Service>): Promise<Service> => {
    const service = await obtained;
    if (service.pid !== undefined) lock.addChild(service.pid);
    await teardown.add('service', service.stop);
    return service;
  };
  const backing: BackingOptions = { root, local, logFolder, plan, ports, progress };
  const [temporal, mongo] = await Promise.all([
    own(obtainTemporal(backing)).then(async service => {
      await admin('temporal-sync');
      return service;
    }),
    own(obtainMongo(backing)).then(async service => {
      await admin('db-sync');
      return service;
    }),
  ]);

  const role = (
    name: 'web' | 'worker',
    readyPort: number,
    listening: Readonly<Record<string, number>>,
  ): ReturnType<typeof keepRole> =>
    progress.step(`Starting the ${name}`, async () => {
      const kept = await keepRole({
        name,
        root,
        logFolder,
        environment: environmentWith(listening),
        readyUrl: `http://127.0.0.1:${readyPort}/readyz`,
        onStarted: pid => lock.addChild(pid),
        say: progress.say,
      });
      await teardown.add('role', kept.stop);
      return kept;
    });
  const roles = await Promise.all([
    role('web', ports.web, { PORT: ports.web, METRICS_PORT: ports.metrics }),
    role('worker', ports.workerHealth, { HEALTH_PORT: ports.workerHealth }),
  ]);
  const broken = Promise.race([
    ...roles.map(({ givenUp }) => givenUp),
    ...ended('The Temporal server', temporal, join(logFolder, 'temporal.log')),
    ...ended('MongoDB', mongo, join(logFolder, 'mongodb.log')),
  ]);
  return { plan, ports, stage, temporal, mongo, broken };
}

function addressOf(environment: NodeJS.ProcessEnv): string {
  return environment['PUBLIC_BASE_URL'] || `http://localhost:${environment['PORT'] || '3000'}`;
}

function stageOptions(plan: LinePlan, ports: LocalPorts, local: string): Parameters<typeof startStage>[0] {
  return {
    port: ports.stage,
    smtpPort: ports.smtp,
    phoneNumberId: plan.agreed.WHATSAPP_PHONE_NUMBER_ID,
    accessToken: plan.agreed.WHATSAPP_ACCESS_TOKEN,
    appSecret: plan.agreed.WHATSAPP_APP_SECRET,
    verifyToken: plan.agreed.WHATSAPP_VERIFY_TOKEN,
    webhookUrl: `http://127.0.0.1:${ports.web}/webhooks/whatsapp`,
    graphVersion: plan.graphVersion,
    dataDir: join(local, 'stage'),
    graph: plan.ownGraph,
    mail: plan.ownMail,
  };
}

function ended(name: string, service: Service, log: string): Promise<string>[] {
  if (service.exited === undefined) return [];
  return [
    service.exited.then(
      end =>
        `${name} (${service.source}) ended by itself (${end}), and nothing works without it. ` +
        `Its log: ${log}. Start again with "npm start"; the data are kept.`,
    ),
  ];
}

/** Keeps the logs of one earlier run beside those of this one. */
function freshLogs(local: string): string {
  const folder = join(local, 'logs');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter(file => /^\w+\.log$/.test(file))) {
    renameSync(join(folder, name), join(folder, name.replace(/\.log$/, '.earlier.log')));
  }
  return folder;
}
