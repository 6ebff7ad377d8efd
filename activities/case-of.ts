import { AppError } from '../src/errors';
import type { Store } from '../src/store/store';
import type { OpenedCase } from '../src/store/case-records';

/** The record of a case whose workflow has written it. Rejects with `case-missing` when there is none. */
export async function caseOf(store: Store, caseNumber: string): Promise<OpenedCase> {
  const record = await store.cases.get(caseNumber);
  if (!record?.progress) throw new AppError('case-missing');
  return { caseNumber, intake: record.intake, progress: record.progress };
}
