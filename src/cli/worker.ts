import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { heartbeat, sleep } from '@temporalio/activity';
import type { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type LogLevel } from '@temporalio/worker';
import { createActivities } from '../../activities';
import type { Deps } from '../../activities/deps';
import { ConfigError } from '../config/config-error';
import { readEnv, type Settings } from '../config/env';
import { loadMunicipality, type Municipality } from '../config/municipality';
import { createTexts } from '../config/texts';
import { createLog, errorFields, type Log } from '../logging';
import { eventKinds } from '../domain/case/outgoing-events';
import { createWebhookClient } from '../events/webhook-client';
import { createLetterOutbox, createMailer, createSendingAlarm } from '../mail/letter-outbox';
import { startMailbox } from '../mail/mailbox';
import { createReturnedMail } from '../mail/returned-mail';
import { createTaskLinks } from '../mail/task-link';
import { openStore } from '../store/store';
import {
  checkNamespace,
  clientOf,
  lazyConnection,
  TASK_QUEUE,
  workerConnectionOptions,
} from '../temporal/connection';
import { createCaseList } from '../temporal/case-list';
import { createCaseGateway } from '../temporal/case-gateway';
import { clockWatch } from '../temporal/clock-watch';
import { cachedWorkflowsIn, failingTasksCheck, workerTelemetry } from '../temporal/worker-health';
import { createHealthServer } from '../web/http';
import { SECOND_MS } from '../domain/durations';
import { createSpeechClient, type SpeechClient } from '../whatsapp/speech-client';
import { createCitizenOutbox } from '../whatsapp/citizen-outbox';
import { createGraphClient, createReadReceipts } from '../whatsapp/graph-client';
import { createSendingGate } from '../whatsapp/sending-gate';
import { traceConfiguration } from './configuration-trace';
import { burstRules } from './conversation-pace';
import { projectRoot } from './start/project-root';
import { stopSignal } from './stop-signal';

const CHECK_LIMIT_MS = 1_000;
const RETRY_MS = 2_000;

/** Runs the role until a stop signal. Rejects with a ConfigError that lists every mistake. */
export async function runWorker(): Promise<void> {
  const env = readEnv('worker');
  const municipality = loadMunicipality(env.CONFIG_DIR);
  const log = createLog(env.LOG_LEVEL, 'worker');
  installRuntime(log, env.METRICS_PORT);

  const store = openStore(env.MONGODB_URI, {
    operationLimitMs: 5_000,
    poolSize: env.MONGODB_POOL_SIZE,
    erasureListFile: env.ERASURE_LIST,
    auditKeys: env.AUDIT_KEYS,
  });
  void traceConfiguration(
    store,
    {
      ...{ role: 'worker', folder: env.CONFIG_DIR, municipality },
      ...{ linkKeys: env.LINK_KEYS, auditKeys: env.AUDIT_KEYS ?? [] },
    },
    log,
  );
  const connection = lazyConnection(env);
  const client = clientOf(connection, env.TEMPORAL_NAMESPACE);
  const gateway = createCaseGateway(client, TASK_QUEUE, burstRules(municipality));
  const mailer = createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM });
  const graph = createGraphClient({
    url: env.WHATSAPP_GRAPH_URL,
    version: env.WHATSAPP_GRAPH_VERSION,
    accessToken: env.WHATSAPP_ACCESS_TOKEN,
    phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID,
  });
  const letterOutbox = createLetterOutbox({ store, mailer, pause: pauseOfActivity });
  const alarm = createSendingAlarm({ municipality, letterOutbox });
  const gate = createSendingGate({ pauses: store.sendingPauses, alarm, log });
  const activities = createActivities(
    {
      municipality,
      say: createTexts(municipality, env.PUBLIC_BASE_URL),
      store,
      gateway,
      caseList: createCaseList(client),
      graph,
      speech: speechOf(env, municipality),
      events: eventsOf(env),
      citizenOutbox: createCitizenOutbox({ store, graph, gate }),
      receipts: createReadReceipts({ store, graph, log }),
      letterOutbox,
      taskLinks: createTaskLinks({ keys: env.LINK_KEYS, publicBaseUrl: env.PUBLIC_BASE_URL }),
      now: () => new Date(),
    },
    log,
  );

  const mailbox = env.IMAP_URL
    ? startMailbox({
        url: env.IMAP_URL,
        take: createReturnedMail({
          ...{ store, gateway, municipality, ownAddress: env.MAIL_FROM.address },
          letterOutbox: createLetterOutbox({ store, mailer }),
        }),
        log,
        everyMs: env.IMAP_EVERY_SECONDS * SECOND_MS,
      })
    : null;

  let running = false;
  const health =
    env.HEALTH_PORT > 0
      ? await createHealthServer({
          port: env.HEALTH_PORT,
          log,
          parts: [
            { name: 'store', isVital: true, check: () => store.ping(CHECK_LIMIT_MS) },
            {
              name: 'temporal',
              isVital: true,
              check: async () => {
                if (!running) throw new Error('The worker is not polling yet');
                await gateway.ping(CHECK_LIMIT_MS);
              },
            },
            ...(env.METRICS_PORT > 0
              ? [{ name: 'tasks', isVital: true, check: failingTasksCheck(env.METRICS_PORT) } as const]
              : []),
            ...(mailbox
              ? [{ name: 'mailbox', isVital: false, check: async () => mailbox.check() } as const]
              : []),
            {
              name: 'whatsapp',
              isVital: false,
              check: async () => {
                if (await store.sendingPauses.current()) throw new Error('Sending is paused');
              },
            },
          ],
        })
      : null;

  const stopping = stopSignal();
  const native = await connectNative(env, connection, log, stopping);
  if (native) {
    const worker = await Worker.create({
      connection: native,
      namespace: env.TEMPORAL_NAMESPACE,
      taskQueue: TASK_QUEUE,
      workflowBundle: { codePath: resolve(projectRoot(), 'dist/workflow-bundle.js') },
      activities,
      interceptors: { activity: [clockWatch(log)] },
      shutdownGraceTime: '15s',
      maxCachedWorkflows: env.MAX_CACHED_WORKFLOWS ?? cachedWorkflowsIn(memoryLimit()),
      maxConcurrentWorkflowTaskExecutions: env.WORKFLOW_TASK_SLOTS,
      maxConcurrentActivityTaskExecutions: env.ACTIVITY_SLOTS,
      maxConcurrentLocalActivityExecutions: env.ACTIVITY_SLOTS,
      maxConcurrentWorkflowTaskPolls: env.TASK_POLLERS,
      maxConcurrentActivityTaskPolls: env.TASK_POLLERS,
    });
    running = true;
    log.info({ taskQueue: TASK_QUEUE }, 'worker started');
    await worker.runUntil(stopping);
    await native.close();
  }
  await mailbox?.stop();
  await Promise.all([health?.stop(), store.close(), connection.close()]);
  mailer.close();
  log.info('worker stopped');
}

/** The memory of the container or machine in bytes. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function speechOf(env: Settings<'worker'>, { speech }: Municipality): SpeechClient | null {
  if (env.SPEECH_URL === undefined) return null;
  return createSpeechClient({
    url: env.SPEECH_URL,
    model: env.SPEECH_MODEL,
    apiKey: env.SPEECH_API_KEY,
    limitMs: speech.mostSeconds * SECOND_MS,
    longest: speech.mostCharacters,
  });
}

function eventsOf(env: Settings<'worker'>): Deps['events'] {
  const { EVENTS_URL: url, EVENTS_SECRETS: secrets = [], EVENTS_KINDS: kinds } = env;
  const first = { name: null, url, secrets, kinds, privateHosts: env.EVENTS_PRIVATE_HOSTS ?? [] };
  return [...(url === undefined ? [] : [{ ...first, url }]), ...(env.EVENTS_RECEIVERS ?? [])].map(
    ({ name, kinds: some, ...target }) => ({
      ...{ name, kinds: some ?? eventKinds, client: createWebhookClient(target) },
    }),
  );
}

/** Sends a heartbeat of the running activity and waits. Rejects if the activity is cancelled. */
function pauseOfActivity(ms: number): Promise<void> {
  heartbeat();
  return sleep(ms);
}

/**
 * Waits for the Temporal server; returns null on a stop signal. Rejects with a ConfigError if the server refuses us.
 */
async function connectNative(
  env: Settings<'worker'>,
  connection: Connection,
  log: Log,
  stopping: Promise<void>,
): Promise<NativeConnection | null> {
  let stopped = false;
  void stopping.then(() => (stopped = true));
  while (!stopped) {
    try {
      await checkNamespace(connection, env.TEMPORAL_NAMESPACE);
      return await NativeConnection.connect(workerConnectionOptions(env));
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      log.warn(errorFields(error), 'Temporal is unreachable, retrying');
      await Promise.race([stopping, new Promise(again => setTimeout(again, RETRY_MS))]);
    }
  }
  return null;
}

/** Forwards the SDK's log to ours: messages and ids, but not errors thrown by activities. */
function installRuntime(log: Log, metricsPort: number): void {
  const levels: Record<LogLevel, 'debug' | 'info' | 'warn' | 'error'> = {
    TRACE: 'debug',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  };
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    const { workflowId, workflowType, activityType } = meta ?? {};
    log[levels[level]]({ workflowId, workflowType, activityType }, message);
  });
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: workerTelemetry(metricsPort) });
}
