import type { Client } from '@temporalio/client';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { openStore, type Store } from '../../store/store';
import { type CaseGateway, createCaseGateway } from '../../temporal/case-gateway';
import { checkNamespace, clientOf, lazyConnection, TASK_QUEUE } from '../../temporal/connection';
import { burstRules } from '../conversation-pace';

const ANSWER_LIMIT_MS = 10_000;

/** Runs a command with the records open. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const env = readEnv('admin');
  const store = openStore(env.MONGODB_URI, {
    operationLimitMs: ANSWER_LIMIT_MS,
    erasureListFile: env.ERASURE_LIST,
    auditKeys: env.AUDIT_KEYS,
  });
  try {
    await store.ping(10_000);
    return await work(store);
  } finally {
    await store.close();
  }
}

export interface OpenLine {
  municipality: Municipality;
  store: Store;
  client: Client;
  gateway: CaseGateway;
}

/** Runs a command with records and workflow client open. */
export async function withLine<T>(work: (open: OpenLine) => Promise<T>): Promise<T> {
  const env = readEnv('admin');
  const municipality = loadMunicipality(env.CONFIG_DIR);
  const store = openStore(env.MONGODB_URI, {
    operationLimitMs: ANSWER_LIMIT_MS,
    erasureListFile: env.ERASURE_LIST,
    auditKeys: env.AUDIT_KEYS,
  });
  const connection = lazyConnection(env);
  try {
    await store.ping(ANSWER_LIMIT_MS);
    await checkNamespace(connection, env.TEMPORAL_NAMESPACE);
    const client = clientOf(connection, env.TEMPORAL_NAMESPACE);
    return await work({
      municipality,
      store,
      client,
      gateway: createCaseGateway(client, TASK_QUEUE, burstRules(municipality)),
    });
  } finally {
    await Promise.all([store.close(), connection.close()]);
  }
}
