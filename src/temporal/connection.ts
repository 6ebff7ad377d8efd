import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { ConfigError, type Problem } from '../config/config-error';
import { type TemporalTls, usesTls } from '../config/temporal-tls';
import { AppError } from '../errors';

/** The task queue of all workers. */
export const TASK_QUEUE = 'paydaskent';

/** The variables that say how to reach Temporal. */
export interface TemporalAccess extends TemporalTls {
  readonly TEMPORAL_ADDRESS: string;
}

/** Marks a name whose addresses are all used in turn. Neither part of the SDK accepts it in an address. */
const ALL_ADDRESSES = 'dns:///';
const RESOLVED_EVERY_MS = 10_000;

function isBalanced({ TEMPORAL_ADDRESS }: TemporalAccess): boolean {
  return TEMPORAL_ADDRESS.startsWith(ALL_ADDRESSES);
}

function optionsOf(access: TemporalAccess) {
  const name = access.TEMPORAL_TLS_SERVER_NAME;
  const authority = access.TEMPORAL_TLS_SERVER_CA_CERT_PATH;
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: crt, TEMPORAL_TLS_CLIENT_KEY_PATH: key } = access;
  return {
    address: access.TEMPORAL_ADDRESS.replace(ALL_ADDRESSES, ''),
    tls: usesTls(access) && {
      ...(name !== undefined && { serverNameOverride: name }),
      ...(authority && { serverRootCACertificate: authority }),
      ...(crt && key && { clientCertPair: { crt, key } }),
    },
    ...(access.TEMPORAL_API_KEY !== undefined && { apiKey: access.TEMPORAL_API_KEY }),
  };
}

/** Returns a lazy connection, so that a role can start before Temporal. */
export function lazyConnection(access: TemporalAccess): Connection {
  const serviceConfig = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });
  return Connection.lazy({
    ...optionsOf(access),
    ...(isBalanced(access) && { channelArgs: { 'grpc.service_config': serviceConfig } }),
  });
}

/** Returns the options of a worker's own connection. */
export function workerConnectionOptions(access: TemporalAccess): NativeConnectionOptions {
  const dnsLoadBalancingConfig = isBalanced(access) ? { resolutionInterval: RESOLVED_EVERY_MS } : null;
  return { ...optionsOf(access), dnsLoadBalancingConfig };
}

export function clientOf(connection: Connection, namespace: string): Client {
  return new Client({ connection, namespace });
}

const CHECK_LIMIT_MS = 5_000;

/** By gRPC status: what the server refuses for good. */
const refusals: Readonly<Record<number, Problem>> = {
  5: {
    where: 'TEMPORAL_NAMESPACE',
    what: 'is unknown to the Temporal server',
    allowed: 'a namespace that exists; `admin temporal-sync` creates it',
  },
  7: { where: 'TEMPORAL_NAMESPACE', what: 'is not open to our API key or certificate' },
  16: { where: 'TEMPORAL_API_KEY', what: 'or the certificate is not accepted by the Temporal server' },
};

/**
 * Checks that the server lets us into the namespace. Rejects with a ConfigError if it never will, and with
 * `temporal-unavailable` and the reason of the connection if it does not answer within `limitMs`.
 */
export async function checkNamespace(
  connection: Connection,
  namespace: string,
  limitMs = CHECK_LIMIT_MS,
): Promise<void> {
  try {
    await connection.withDeadline(Date.now() + limitMs, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    const [code, reason] = isGrpcServiceError(error) ? [Number(error.code), error.details] : [];
    const problem = code === undefined ? undefined : refusals[code];
    if (problem) throw new ConfigError([problem]);
    throw new AppError('temporal-unavailable', { cause: error, ...(reason !== undefined && { reason }) });
  }
}
