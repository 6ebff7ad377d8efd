import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { attributeTypes } from '../domain/case/temporal-ui';

/** All search attributes and their types, for the dev server, the test server and Compose. */
export const searchAttributes: Readonly<Record<string, 'Keyword' | 'Datetime' | 'Int' | 'Bool'>> =
  attributeTypes;

const DAY_SECONDS = 86_400;
const GRPC_ALREADY_EXISTS = 6;

/** Temporal's enum values of the attribute types. */
const indexedValueTypes = { Keyword: 2, Int: 3, Bool: 5, Datetime: 6 } as const;

/**
 * Registers the namespace, sets how many days it keeps ended workflows, and registers the search attributes.
 * Idempotent. Returns what was new. Rejects with Temporal's errors if the server is unreachable.
 */
export async function setUpTemporal(
  connection: Connection,
  namespace: string,
  keptDays: number,
): Promise<string[]> {
  const made: string[] = [];
  const { workflowService, operatorService } = connection;
  const kept = { seconds: (keptDays * DAY_SECONDS) as never };
  try {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: kept });
    made.push(`namespace ${namespace}`);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
    const { config } = await workflowService.describeNamespace({ namespace });
    if (Number(config?.workflowExecutionRetentionTtl?.seconds) !== keptDays * DAY_SECONDS) {
      await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: kept } });
      made.push(`${keptDays} days for ended workflows`);
    }
  }
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(searchAttributes).filter(([name]) => !(name in (customAttributes ?? {})));
  if (missing.length > 0) {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, indexedValueTypes[type]])),
    });
    made.push(...missing.map(([name]) => name));
  }
  return made;
}

function isAlreadyThere(error: unknown): boolean {
  return isGrpcServiceError(error) && Number(error.code) === GRPC_ALREADY_EXISTS;
}
