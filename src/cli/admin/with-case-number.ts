import { readCaseNumber } from '../../domain/identifiers';
import type { Store } from '../../store/store';
import { withStore } from './with-store';

/** What a person is told who typed something else than a case number. */
export function noCaseNumber(typed: string): string {
  return `"${typed}" is not a case number. A case number looks like PK-7F3K-92QX.`;
}

/** Opens the records for a command about one case; what is no case number is refused before. */
export async function withCaseNumber(
  typed: string,
  work: (store: Store, caseNumber: string) => Promise<void>,
): Promise<void> {
  const caseNumber = readCaseNumber(typed);
  if (!caseNumber) {
    console.error(noCaseNumber(typed));
    process.exitCode = 1;
    return;
  }
  await withStore(store => work(store, caseNumber));
}
