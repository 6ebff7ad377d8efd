import type { Client } from '@temporalio/client';
import { AppError } from '../errors';

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
