import type { Refusal } from '../../domain/case/acts';
import { stageWords } from '../../domain/case/case-labels';
import { actAsManager, wouldRefuse, type ManagerOrder, type ManagerResult } from './manager-act';
import type { OpenLine } from './with-line';

type Deps_2 = Pick<OpenLine, 'store' | 'line'>;

const PROGRESS_EVERY = 25;

const refusals: Readonly<Record<Refusal, string>> = {
  taskEnded: 'its task has ended',
  notInThisStage: 'not possible in this stage',
  departmentMissing: 'no department given',
  sameDepartment: 'it is with this department already',
  institutionMissing: 'no institution given',
  dateMissing: 'no time given',
  dateNotAhead: 'the time is not later than the target in force',
  waitTooLong: 'the wait is longer than allowed',
  deadlinePassed: 'its target was missed already; deadlines of the past do not change',
  priorityMissing: 'no priority given',
  samePriority: 'it has this priority already',
  leaderMissing: 'no case to follow given',
  sameCase: 'a case cannot follow itself',
  hasMembers: 'other cases follow it',
  tooLate: 'it ended too long ago to be taken back',
};

function refusalWords(refusal: string): string {
  return refusal in refusals ? refusals[refusal as Refusal] : refusal;
}

/** Shows what an order would do with each case, and does nothing. */
export async function rehearse(
  { store }: Deps_2,
  caseNumbers: readonly string[],
  order: () => ManagerOrder,
): Promise<void> {
  let refused = 0;
  for (const caseNumber of caseNumbers) {
    const progress = (await store.cases.get(caseNumber))?.progress;
    const refusal = progress ? wouldRefuse(progress, order().act, Date.now()) : null;
    if (!progress || refusal) refused += 1;
    const would = !progress ? 'no record' : refusal ? `refused: ${refusalWords(refusal)}` : 'would be done';
    const about = progress ? `${stageWords[progress.stage]}, ${progress.plan.desk.name}` : '';
    console.log(`${caseNumber}  ${would}  ${about}`.trimEnd());
  }
  console.log(
    `${caseNumbers.length - refused} of ${caseNumbers.length} cases would change. Nothing was done; add --confirm to do it.`,
  );
}

/** Does an order case by case, says how far it is, and returns how many it was not done for. */
export async function carryOutRound(
  deps: Deps_2,
  caseNumbers: readonly string[],
  order: () => ManagerOrder,
): Promise<number> {
  let done = 0;
  for (const [place, caseNumber] of caseNumbers.entries()) {
    const given = order();
    const result = await actAsManager(deps, caseNumber, given);
    if (result.type === 'done') done += 1;
    if (result.type !== 'done' || caseNumbers.length <= PROGRESS_EVERY) {
      console.log(`${caseNumber}  ${resultWords(result, given)}`);
    }
    const so = place + 1;
    if (caseNumbers.length > PROGRESS_EVERY && (so % PROGRESS_EVERY === 0 || so === caseNumbers.length)) {
      console.log(`${so} of ${caseNumbers.length}, ${done} done`);
    }
  }
  if (caseNumbers.length === 0) console.log('No case was found.');
  return caseNumbers.length - done;
}

function resultWords(result: ManagerResult, { act }: ManagerOrder): string {
  switch (result.type) {
    case 'done':
      return `done (${act.action})`;
    case 'missing':
      return 'there is no such case';
    case 'refused':
      return `refused: ${refusalWords(result.refusal)}`;
    case 'pending':
      return 'not confirmed: no worker answered in time; look at the case before repeating it';
  }
}
