import { describeProblems } from '../config/config-error';
import { readEnv, type Settings } from '../config/env';
import { loadMunicipality } from '../config/municipality';
import { createTexts } from '../config/texts';
import { createLog, errorFields } from '../logging';
import { createTaskLinks } from '../mail/task-link';
import { openStore } from '../store/store';
import { checkNamespace, clientOf, lazyConnection, TASK_QUEUE } from '../temporal/connection';
import { createCaseCounts, createCaseList } from '../temporal/case-list';
import { createCaseGateway } from '../temporal/case-gateway';
import { enterReport } from '../../activities/staff-report';
import { createWebApp } from '../web/app';
import { createStaffProvider, type StaffProvider } from '../web/desk/staff-provider';
import { bodyTime } from '../web/limits';
import { startHttpServer, startMetricsServer } from '../web/http';
import { createMetrics, watchSending } from '../web/metrics';
import { startSweeper } from '../web/sweeper';
import { webhookRoutes } from '../web/webhook-routes';
import {
  createEventReport,
  createFailureReport,
  createHandOver,
  createMergeReport,
  createNoticeReport,
} from '../whatsapp/hand-over';
import { createIntake } from '../whatsapp/intake';
import { traceConfiguration } from './configuration-trace';
import { burstRules } from './conversation-pace';
import { stopSignal } from './stop-signal';

const SWEEP_EVERY_MS = 5_000;

/** Returns the OpenID provider of the environment; null without one. */
function providerOf({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: clientId,
  OIDC_CLIENT_SECRET: clientSecret,
  OIDC_GROUPS_CLAIM: groupsClaim,
  PUBLIC_BASE_URL: publicBaseUrl,
}: Settings<'web'>): StaffProvider | null {
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return createStaffProvider({ issuer, clientId, clientSecret, groupsClaim, publicBaseUrl });
}

/** Runs the role until a stop signal. Rejects with a ConfigError that lists every mistake. */
export async function runWeb(): Promise<void> {
  const env = readEnv('web');
  const municipality = loadMunicipality(env.CONFIG_DIR);
  const log = createLog(env.LOG_LEVEL, 'web');
  const metrics = createMetrics();
  const store = openStore(env.MONGODB_URI, {
    poolSize: env.MONGODB_POOL_SIZE,
    auditKeys: env.AUDIT_KEYS,
  });
  watchSending(metrics.registry, store.sendingPauses);
  const connection = lazyConnection(env);
  const client = clientOf(connection, env.TEMPORAL_NAMESPACE);
  const gateway = createCaseGateway(client, TASK_QUEUE, burstRules(municipality));

  // A web role takes and keeps messages without Temporal, so it reports a refusal and goes on.
  void checkNamespace(connection, env.TEMPORAL_NAMESPACE).catch((error: unknown) => {
    log.error(errorFields(error), describeProblems(error) ?? 'Temporal is unreachable');
  });

  void traceConfiguration(
    store,
    {
      ...{ role: 'web', folder: env.CONFIG_DIR, municipality },
      ...{ linkKeys: env.LINK_KEYS, auditKeys: env.AUDIT_KEYS ?? [] },
    },
    log,
  );

  const intake = createIntake({ store, phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID, gateway, log, metrics });
  let isStopping = false;
  const app = createWebApp({
    isStopping: () => isStopping,
    municipality,
    say: createTexts(municipality, env.PUBLIC_BASE_URL),
    store,
    gateway,
    links: createTaskLinks({ keys: env.LINK_KEYS, publicBaseUrl: env.PUBLIC_BASE_URL }),
    webhook: webhookRoutes({
      intake,
      appSecrets: env.WHATSAPP_APP_SECRET,
      verifyToken: env.WHATSAPP_VERIFY_TOKEN,
      log,
    }),
    metrics,
    log,
    publicBaseUrl: env.PUBLIC_BASE_URL,
    counts: createCaseCounts(client),
    caseList: createCaseList(client),
    enterReport: report => enterReport({ municipality, store, gateway, now: () => new Date() }, report),
    provider: providerOf(env),
    temporalUi: { url: env.TEMPORAL_UI_URL, namespace: env.TEMPORAL_NAMESPACE },
  });
  const handle = app.callback();
  const server = await startHttpServer((request, response) => void handle(request, response), {
    port: env.PORT,
    // The routes enforce their own body time-outs, with an error page.
    requestLimitMs: bodyTime.uploadMs + 10_000,
  });
  const metricsServer =
    env.METRICS_PORT > 0
      ? await startMetricsServer({ registry: metrics.registry, port: env.METRICS_PORT })
      : null;
  const sweeper = startSweeper({
    store,
    handOver: createHandOver({ store, gateway }),
    reportMerge: createMergeReport({ store, gateway }),
    reportFailure: createFailureReport({ store, gateway }),
    reportNotice: createNoticeReport({ store, gateway }),
    reportEvent: createEventReport({ store, gateway }),
    log,
    everyMs: SWEEP_EVERY_MS,
  });
  log.info({ port: server.port }, 'web started');

  await stopSignal();
  isStopping = true;
  await server.stop(env.DRAIN_SECONDS * 1_000);
  await Promise.all([intake.drain(), sweeper.stop(), metricsServer?.stop()]);
  await Promise.all([store.close(), connection.close()]);
  log.info('web stopped');
}
