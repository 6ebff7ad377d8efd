import { type Client, isGrpcServiceError } from '@temporalio/client';
import { AppError } from '../errors';

const GRPC_INVALID_ARGUMENT = 3;

/** Lists cases by filters of Temporal's list. */
export interface CaseList {
  /**
   * The numbers of the cases that a filter finds, in no particular order; a case that changed in the last second or two
   * may be listed as it was before. Rejects with `bad-request` for a filter that Temporal does not understand, with
   * `temporal-unavailable` when the server is out of reach.
   */
  find(query: string): Promise<string[]>;
}

/** All cases whose workflow runs. */
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

/** Counts cases by list filters of Temporal. */
export interface CaseCounts {
  /**
   * How many workflows each filter finds, in the order of the filters; a filter's count lags a second or two behind
   * the cases. Rejects with `temporal-unavailable` when they are not all there within `limitMs`.
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
