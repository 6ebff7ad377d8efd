import { isEnded } from '../src/domain/case/case';
import { objectionRefusal } from '../src/domain/case/objections';
import type { CaseAtHand } from '../src/domain/talk/case-meant';
import { AppError } from '../src/errors';
import type { CaseRecord, OpenedCase } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Store } from '../src/store/store';

/** The record of a case whose workflow has written it. Rejects with `case-missing` when there is none. */
export async function caseOf(store: Store, caseNumber: string): Promise<OpenedCase> {
  const record = await store.cases.get(caseNumber);
  if (!record?.progress) throw new AppError('case-missing');
  return { caseNumber, intake: record.intake, progress: record.progress };
}

/** A citizen with more open cases than these sees the newest ones. */
const MOST_LOOKED_AT = 50;

/** Whether something can still happen to a case; one whose workflow has not written yet has just begun. */
function isOpen({ progress }: CaseRecord): boolean {
  return progress === null || !isEnded(progress.stage);
}

/** The record of a case if it is the citizen's own, else null: a foreign case is as unknown as none. */
export async function ownCase(
  store: Store,
  citizen: Citizen,
  caseNumber: string,
): Promise<CaseRecord | null> {
  const isOwn = citizen.cases.some(own => own.caseNumber === caseNumber);
  return isOwn ? store.cases.get(caseNumber) : null;
}

/** The record of a case if it is the citizen's own and still open, else null. */
export async function ownOpenCase(
  store: Store,
  citizen: Citizen,
  caseNumber: string,
): Promise<CaseRecord | null> {
  const record = await ownCase(store, citizen, caseNumber);
  return record && isOpen(record) ? record : null;
}

/** The records of the citizen's latest cases, newest first. */
async function latestCasesOf(store: Store, citizen: Citizen): Promise<CaseRecord[]> {
  const latest = citizen.cases.slice(-MOST_LOOKED_AT).reverse();
  const records = await Promise.all(latest.map(({ caseNumber }) => store.cases.get(caseNumber)));
  return records.filter(record => record !== null);
}

/** The citizen's open cases, newest first. */
export async function openCasesOf(store: Store, citizen: Citizen): Promise<CaseRecord[]> {
  return (await latestCasesOf(store, citizen)).filter(isOpen);
}

/** Returns the citizen's cases whose outcome can be disputed at `now` (epoch ms UTC), the latest ended first. */
export async function disputableCasesOf(store: Store, citizen: Citizen, now: number): Promise<CaseRecord[]> {
  const endOf = ({ progress }: CaseRecord): number => progress?.endedAt ?? progress?.resolvedAt ?? 0;
  return (await latestCasesOf(store, citizen))
    .filter(({ progress }) => progress !== null && objectionRefusal(progress, now) === null)
    .sort((one, other) => endOf(other) - endOf(one));
}

/** Returns what the conversation needs to know of a citizen's open cases, in the same order. */
export async function casesAtHand(store: Store, records: readonly CaseRecord[]): Promise<CaseAtHand[]> {
  return Promise.all(
    records.map(async ({ caseNumber, intake, progress }) => ({
      caseNumber,
      stage: progress?.stage ?? 'received',
      subject: intake.category.slug,
      openedAt: intake.receivedAt.getTime(),
      toldAt: (await store.outbox.lastTold(caseNumber, progress?.effects ?? 0))?.getTime() ?? 0,
    })),
  );
}
