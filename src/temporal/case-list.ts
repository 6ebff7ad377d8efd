import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import { attributeTypes, type CaseAttributes } from '../domain/case/temporal-ui';
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
  /** Returns the search attributes that each running case shows, by case number. */
  shown(): Promise<Map<string, Partial<CaseAttributes>>>;
}

const CASES = `WorkflowType = 'reportCase'`;
const RUNNING = `${CASES} AND ExecutionStatus = 'Running'`;

export function createCaseList(client: Client): CaseList {
  async function list(query: string): Promise<Map<string, Partial<CaseAttributes>>> {
    const found = new Map<string, Partial<CaseAttributes>>();
    try {
      for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query }))
        found.set(workflowId, attributesIn(typedSearchAttributes));
    } catch (cause) {
      if (isGrpcServiceError(cause) && Number(cause.code) === GRPC_INVALID_ARGUMENT) {
        throw new AppError('bad-request', { status: 400, cause, reason: 'filter' });
      }
      throw new AppError('temporal-unavailable', { status: 503, cause });
    }
    return found;
  }
  const numbers = async (query: string): Promise<string[]> => [...(await list(query)).keys()];

  return {
    find: query => numbers(`${CASES} AND (${query})`),
    running: query => numbers(query === undefined ? RUNNING : `${RUNNING} AND (${query})`),
    shown: () => list(RUNNING),
  };
}

/** Returns the attributes of a case that are set. Datetimes become epoch ms UTC. */
function attributesIn(found: TypedSearchAttributes): Partial<CaseAttributes> {
  const pairs = found
    .getAll()
    .filter(({ key }) => key.name in attributeTypes)
    .map(({ key, value }) => [key.name, value instanceof Date ? value.getTime() : value] as const);
  return Object.fromEntries(pairs);
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
