import { type Command, InvalidArgumentError } from 'commander';
import { randomUUID } from 'node:crypto';
import { townMoment } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { offered } from '../../config/offices';
import {
  type ManagerAct,
  type ManagerAction,
  type Refusal,
  type Verdict,
  verdicts,
} from '../../domain/case/acts';
import { priorities, type Priority } from '../../domain/sla/sla';
import { stageLabels } from '../../domain/case/case-labels';
import { readCaseNumber } from '../../domain/identifiers';
import { AppError } from '../../errors';
import { createCaseList } from '../../temporal/case-list';
import {
  actAsManager,
  type ManagerOrder,
  type ManagerResult,
  wouldRefuse,
} from '../../temporal/manager-acts';
import { actorName, mustBeKnown, noCaseNumber, reasonText } from './arguments';
import { type OpenLine, withLine } from './connections';

interface Asked {
  verdict?: Verdict;
  actor: string;
  reason: string;
  query?: string;
  confirm?: boolean;
  until?: string;
  department?: string;
  priority?: Priority;
}

interface ManagerCommand {
  name: string;
  action: ManagerAction;
  description: string;
  option?: [flags: string, description: string, read?: (value: string) => string];
  /** An additional, optional option. */
  also?: [flags: string, description: string];
}

const commands: readonly ManagerCommand[] = [
  {
    name: 'extend',
    action: 'extend',
    description: 'extend the resolve target of a task',
    option: ['--until <time>', 'local time, YYYY-MM-DDTHH:MM'],
  },
  {
    name: 'reassign',
    action: 'reassign',
    description: 'give a case to another department',
    option: ['--department <slug>', 'the new department'],
  },
  {
    name: 'priority',
    action: 'setPriority',
    description: 'change the priority and re-plan the remaining time',
    option: ['--priority <priority>', priorities.join(', '), onePriority],
  },
  { name: 'escalate', action: 'escalate', description: 'notify the next level of the ladder now' },
  { name: 'reopen', action: 'reopen', description: 'reopen a case that was closed by mistake' },
  {
    name: 'confirm',
    action: 'confirm',
    description: 'close a resolved case whose citizen told somebody that it is solved',
  },
  {
    name: 'decide',
    action: 'decide',
    description: "decide a citizen's objection; the citizen receives the reason",
    option: ['--verdict <verdict>', verdicts.join(' or '), oneVerdict],
    also: ['--department <slug>', 'with --verdict reopen: the new department'],
  },
  { name: 'note', action: 'note', description: 'add a note to the audit trail of a case' },
  { name: 'instruct', action: 'instruct', description: 'mail the department a note on its task' },
];

export function onePriority(value: string): string {
  if (!priorities.some(priority => priority === value))
    throw new InvalidArgumentError(`Allowed: ${priorities.join(', ')}.`);
  return value;
}

function oneVerdict(value: string): string {
  if (!verdicts.some(verdict => verdict === value)) {
    throw new InvalidArgumentError(`Allowed: ${verdicts.join(', ')}.`);
  }
  return value;
}

/** Adds the managers' acts, on cases by number or on all cases of a visibility query. */
export function registerManagerCommands(admin: Command): void {
  for (const { name, action, description, option, also } of commands) {
    const command = admin
      .command(name)
      .description(`manager: ${description}`)
      .argument('[numbers...]', 'case numbers')
      .requiredOption('--actor <name>', 'the actor, stored with the act', actorName)
      .requiredOption('--reason <words>', 'the reason, stored with the act', reasonText)
      .option(
        '--query <filter>',
        'all cases of a visibility query; without --confirm only shows what would happen',
      )
      .option('--confirm', 'with --query: apply the act');
    if (option) {
      const [flags, words, read] = option;
      if (read) command.requiredOption(flags, words, read);
      else command.requiredOption(flags, words);
    }
    if (also) command.option(...also);
    command.action(async (numbers: string[], asked: Asked) => {
      if (numbers.length > 0 === (asked.query !== undefined)) {
        command.error('Give either case numbers or --query.');
      }
      await withLine(async open => {
        const details = detailsOf(command, open.municipality, asked);
        const order = (): ManagerOrder => ({
          act: { actionId: randomUUID(), by: 'manager', action, ...details },
          actor: asked.actor,
          reason: asked.reason,
        });
        const found =
          asked.query === undefined
            ? readNumbers(command, numbers)
            : await find(command, open, asked, action);
        if (asked.query !== undefined && !asked.confirm) await rehearse(open, found, order);
        else if ((await carryOutRound(open, found, order)) > 0) process.exitCode = 1;
      });
    });
  }
}

/** Parses case numbers. Ends the command at an invalid one. */
export function readNumbers(command: Command, typed: readonly string[]): string[] {
  return typed.map(text => readCaseNumber(text) ?? command.error(noCaseNumber(text)));
}

/** Only closed cases can be reopened, and they accept no other act. */
async function find(
  command: Command,
  { client }: OpenLine,
  { query = '' }: Asked,
  action: ManagerAction,
): Promise<string[]> {
  const list = createCaseList(client);
  try {
    return (await (action === 'reopen' ? list.find(query) : list.running(query))).sort();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad-request') throw error;
    return command.error(`Temporal rejects the filter: ${query}\nExample: SlaState = 'breached'`);
  }
}

function detailsOf(
  command: Command,
  { timeZone, departments }: Municipality,
  { until, department, priority, verdict }: Asked,
): Pick<ManagerAct, 'until' | 'department' | 'priority' | 'verdict'> {
  const slugs = offered(Object.values(departments)).map(({ slug }) => slug);
  mustBeKnown(command, 'department', department, slugs);
  const moment = until === undefined ? undefined : townMoment(timeZone, until);
  if (moment === null) command.error('A local time looks like 2026-12-01T17:00.');
  return {
    ...(moment !== undefined && { until: moment }),
    ...(department !== undefined && { department }),
    ...(priority !== undefined && { priority }),
    ...(verdict !== undefined && { verdict }),
  };
}

const PROGRESS_EVERY = 25;

const refusals: Readonly<Record<Refusal, string>> = {
  taskEnded: 'its task has ended',
  notInThisStage: 'not possible in this stage',
  departmentMissing: 'no department given',
  sameDepartment: 'it is already with this department',
  institutionMissing: 'no institution given',
  dateMissing: 'no date given',
  dateNotAhead: 'the date is not later than the current target',
  waitTooLong: 'the wait is longer than allowed',
  notTheDecider: 'somebody else decides this objection',
  planTooFar: 'the date is later than the latest promised date',
  verdictMissing: 'no verdict given',
  deadlinePassed: 'its target has been missed; past deadlines do not change',
  priorityMissing: 'no priority given',
  samePriority: 'it already has this priority',
  nothingToCorrect: 'it already has these values',
  moved: 'it has changed since you looked; look at it again with `admin case`',
  leaderMissing: 'no leading case given',
  sameCase: 'a case cannot follow itself',
  hasMembers: 'other cases follow it',
  noIncident: 'it belongs to no incident that lasts',
  tooLate: 'it ended too long ago to be taken back',
};

function refusalText(refusal: string): string {
  return refusal in refusals ? refusals[refusal as Refusal] : refusal;
}

/** Prints what an act would do with each case, without doing it. */
async function rehearse(
  { store }: Pick<OpenLine, 'store'>,
  caseNumbers: readonly string[],
  order: () => ManagerOrder,
): Promise<void> {
  let refused = 0;
  for (const caseNumber of caseNumbers) {
    const progress = (await store.cases.get(caseNumber))?.progress;
    const refusal = progress ? wouldRefuse(progress, order().act, Date.now()) : null;
    if (!progress || refusal) refused += 1;
    const would = !progress ? 'no record' : refusal ? `refused: ${refusalText(refusal)}` : 'would be done';
    const about = progress ? `${stageLabels[progress.stage]}, ${progress.plan.desk.name}` : '';
    console.log(`${caseNumber}  ${would}  ${about}`.trimEnd());
  }
  console.log(
    `${caseNumbers.length - refused} of ${caseNumbers.length} cases would change. Nothing was done; add --confirm to do it.`,
  );
}

/** Executes an act case by case with progress output, for every command that acts on cases. Returns the number of cases it failed for. */
export async function carryOutRound(
  deps: Pick<OpenLine, 'store' | 'gateway'>,
  caseNumbers: readonly string[],
  order: () => ManagerOrder,
): Promise<number> {
  let done = 0;
  for (const [place, caseNumber] of caseNumbers.entries()) {
    const given = order();
    const result = await actAsManager(deps, caseNumber, given);
    if (result.type === 'done') done += 1;
    if (result.type !== 'done' || caseNumbers.length <= PROGRESS_EVERY) {
      console.log(`${caseNumber}  ${resultText(result, given)}`);
    }
    const so = place + 1;
    if (caseNumbers.length > PROGRESS_EVERY && (so % PROGRESS_EVERY === 0 || so === caseNumbers.length)) {
      console.log(`${so} of ${caseNumbers.length}, ${done} done`);
    }
  }
  if (caseNumbers.length === 0) console.log('No case was found.');
  return caseNumbers.length - done;
}

/** Describes the result of an act. */
export function resultText(result: ManagerResult, { act }: Pick<ManagerOrder, 'act'>): string {
  switch (result.type) {
    case 'done':
      return `done (${act.action})`;
    case 'missing':
      return 'there is no such case';
    case 'refused':
      return `refused: ${refusalText(result.refusal)}`;
    case 'pending':
      return 'not confirmed: no worker answered in time; check the case before repeating it';
  }
}
