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

/** A case in a list, with what its order depends on. */
export interface FoundCase {
  caseNumber: string;
  /** Null while no clock runs. Epoch ms UTC. */
  dueAt: number | null;
  /** When its workflow began, epoch ms UTC: at the opening, or at the last reopening of an ended case. */
  startedAt: number;
}

/** Counts and lists cases by visibility queries. */
export interface CaseCounts {
  /**
   * Returns the cases of matching workflows, unordered and each once, at most `most` of them. Calls and hand-offs count as
   * their case. Rejects with `temporal-unavailable` after `limitMs`.
   */
  list(query: string, most: number, limitMs: number): Promise<{ cases: FoundCase[]; isCut: boolean }>;
  /**
   * Returns the number of matching workflows for each query, in order. Visibility lags one or two seconds behind.
   * Rejects with `temporal-unavailable` if not all counts arrive within `limitMs`.
   */
  of(queries: readonly string[], limitMs: number): Promise<number[]>;
}

const PAGE = 1_000;
/** The workflow ids of a case, its call and its hand-offs contain the number. */
const CASE_IN_ID = /[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{4}/;

export function createCaseCounts(client: Client): CaseCounts {
  return {
    async list(query, most, limitMs) {
      const found = new Map<string, FoundCase>();
      try {
        return await client.withDeadline(Date.now() + limitMs, async () => {
          for await (const listed of client.workflow.list({ query, pageSize: PAGE })) {
            const [caseNumber] = CASE_IN_ID.exec(listed.workflowId) ?? [];
            if (caseNumber === undefined || found.has(caseNumber)) continue;
            if (found.size === most) return { cases: [...found.values()], isCut: true };
            const { SlaDueAt = null, SlaState } = attributesIn(listed.typedSearchAttributes);
            const dueAt = SlaState === 'paused' ? null : SlaDueAt;
            found.set(caseNumber, { caseNumber, dueAt, startedAt: listed.startTime.getTime() });
          }
          return { cases: [...found.values()], isCut: false };
        });
      } catch (cause) {
        throw new AppError('temporal-unavailable', { status: 503, cause });
      }
    },

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
