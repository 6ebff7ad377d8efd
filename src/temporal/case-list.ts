import { type Client, isGrpcServiceError } from '@temporalio/client';
import { AppError } from '../errors';

const GRPC_INVALID_ARGUMENT = 3;

/**
 * Lists cases by visibility queries. Both functions return case numbers, unordered; visibility lags one or two seconds
 * behind. They reject with `bad-request` for an invalid query and with `temporal-unavailable` if the server is
 * unreachable.
 */
export interface CaseList {
  /** Returns all matching cases, including ended ones within their retention. */
  find(query: string): Promise<string[]>;
  /** Returns the matching cases whose workflow is running; all running ones without a query. */
  running(query?: string): Promise<string[]>;
}

const CASES = `WorkflowType = 'reportCase'`;
const RUNNING = `${CASES} AND ExecutionStatus = 'Running'`;

export function createCaseList(client: Client): CaseList {
  async function list(query: string): Promise<string[]> {
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
  }

  return {
    find: query => list(`${CASES} AND (${query})`),
    running: query => list(query === undefined ? RUNNING : `${RUNNING} AND (${query})`),
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
