import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { attributeTypes } from '../domain/case/temporal-ui';

/** All search attributes and their types, for the dev server, the test server and Compose. */
export const searchAttributes: Readonly<Record<string, 'Keyword' | 'Datetime' | 'Int' | 'Bool'>> =
  attributeTypes;

const RETENTION_DAYS = 90;
const GRPC_ALREADY_EXISTS = 6;

/** Temporal's enum values of the attribute types. */
const indexedValueTypes = { Keyword: 2, Int: 3, Bool: 5, Datetime: 6 } as const;

/**
 * Registers the namespace (retention 90 days) and the search attributes. Idempotent. Returns what was new. Rejects
 * with Temporal's errors if the server is unreachable.
 */
export async function setUpTemporal(connection: Connection, namespace: string): Promise<string[]> {
  const made: string[] = [];
  const { workflowService, operatorService } = connection;
  try {
    const seconds = RETENTION_DAYS * 86_400;
    await workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: seconds as never },
    });
    made.push(`namespace ${namespace}`);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
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
