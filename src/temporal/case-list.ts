import { type Client, isGrpcServiceError } from '@temporalio/client';
import { AppError } from '../errors';

const GRPC_INVALID_ARGUMENT = 3;

/** Lists cases by visibility queries. */
export interface CaseList {
  /**
   * Returns the numbers of the matching cases, unordered. Visibility lags one or two seconds behind. Rejects with
   * `bad-request` for an invalid query and with `temporal-unavailable` if the server is unreachable.
   */
  find(query: string): Promise<string[]>;
}

/** Returns all cases with a running workflow. */
export const runningCases = `WorkflowType = 'reportCase' AND ExecutionStatus = 'Running'`;

export function createCaseList(client: Client): CaseList {
  return {
    async find(query) {
      const found = new Set<string>();
      try {
        for await (const { workflowId } of client.workflow.list({ query })) found.add(workflowId);
      } catch (cause) {
        if (isGrpcServiceError(cause) && Number(cause.code) === GRPC_INVALID_ARGUMENT) {
          throw new AppError('bad-request', { status: 400, cause, reason: 'filter' });
        }
        throw new AppError('temporal-unavailable', { status: 503, cause });
      }
      return [...found];
    },
  };
}

/** Counts cases by visibility queries. */
export interface CaseCounts {
  /**
   * Returns the number of matching workflows for each query, in order. Visibility lags one or two seconds behind.
   * Rejects with `temporal-unavailable` if not all counts arrive within `limitMs`.
   */
  of(queries: readonly string[], limitMs: number): Promise<number[]>;
}

export function createCaseCounts(client: Client): CaseCounts {
  return {
    async of(queries, limitMs) {
      try {
        return await client.withDeadline(Date.now() + limitMs, () =>
          Promise.all(queries.map(async query => (await client.workflow.count(query)).count)),
        );
      } catch (cause) {
        throw new AppError('temporal-unavailable', { status: 503, cause });
      }
    },
  };
}
