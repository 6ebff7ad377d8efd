import { randomUUID } from 'node:crypto';
import { InvalidArgumentError, type Command } from 'commander';
import type { Municipality } from '../../config/municipality';
import { townMoment } from '../../config/calendars';
import type { ManagerAct, ManagerAction } from '../../domain/case/acts';
import type { Priority } from '../../domain/case/case';
import { readCaseNumber } from '../../domain/identifiers';
import { AppError } from '../../errors';
import { createCaseList, runningCases } from '../../temporal/case-list';
import { actorName, reasonWords } from './decision-words';
import type { ManagerOrder } from './manager-act';
import { carryOutRound, rehearse } from './manager-round';
import { noCaseNumber } from './with-case-number';
import { withLine, type OpenLine } from './with-line';

interface Asked {
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
}

const priorities: readonly string[] = ['p1', 'p2', 'p3', 'p4'] satisfies Priority[];

const commands: readonly ManagerCommand[] = [
  {
    name: 'extend',
    action: 'extend',
    description: 'give a task more time: a new resolve target',
    option: ['--until <time>', 'local time, YYYY-MM-DDTHH:MM'],
  },
  {
    name: 'reassign',
    action: 'reassign',
    description: 'give a case to another department',
    option: ['--department <slug>', 'the department that takes it'],
  },
  {
    name: 'priority',
    action: 'setPriority',
    description: 'raise or lower the priority; what is left is planned anew',
    option: ['--priority <priority>', priorities.join(', '), onePriority],
  },
  { name: 'escalate', action: 'escalate', description: 'tell the next level of the ladder now' },
  { name: 'reopen', action: 'reopen', description: 'take back a wrong closure' },
  { name: 'note', action: 'note', description: "write a manager's note into the case's story" },
];

function onePriority(value: string): string {
  if (!priorities.includes(value)) throw new InvalidArgumentError(`Allowed: ${priorities.join(', ')}.`);
  return value;
}

/** The managers' acts, each on cases by number, or on all that a filter of Temporal's list finds. */
export function registerManagerCommands(admin: Command): void {
  for (const { name, action, description, option } of commands) {
    const command = admin
      .command(name)
      .description(`manager: ${description}`)
      .argument('[numbers...]', 'case numbers, PK-XXXX-XXXX')
      .requiredOption('--actor <name>', 'who decides; kept with the act', actorName)
      .requiredOption('--reason <words>', 'why; kept with the act', reasonWords)
      .option('--query <filter>', "cases by a filter of Temporal's list; shows what would happen first")
      .option('--confirm', 'with --query: do it');
    if (option) {
      const [flags, words, read] = option;
      if (read) command.requiredOption(flags, words, read);
      else command.requiredOption(flags, words);
    }
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
          asked.query === undefined ? read(command, numbers) : await find(command, open, asked, action);
        if (asked.query !== undefined && !asked.confirm) await rehearse(open, found, order);
        else if ((await carryOutRound(open, found, order)) > 0) process.exitCode = 1;
      });
    });
  }
}

function read(command: Command, typed: readonly string[]): string[] {
  return typed.map(text => readCaseNumber(text) ?? command.error(noCaseNumber(text)));
}

/** Closed cases can only be reopened, and only they. */
async function find(
  command: Command,
  { client }: OpenLine,
  { query = '' }: Asked,
  action: ManagerAction,
): Promise<string[]> {
  const among = action === 'reopen' ? `WorkflowType = 'reportCase'` : runningCases;
  try {
    return (await createCaseList(client).find(`${among} AND (${query})`)).sort();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad-request') throw error;
    return command.error(
      `Temporal does not understand the filter: ${query}\nAn example: SlaState = 'breached'`,
    );
  }
}

function detailsOf(
  command: Command,
  { timeZone, departments }: Municipality,
  { until, department, priority }: Asked,
): Pick<ManagerAct, 'until' | 'department' | 'priority'> {
  if (department !== undefined && !(department in departments)) {
    command.error(`There is no department "${department}". Known: ${Object.keys(departments).join(', ')}.`);
  }
  const moment = until === undefined ? undefined : townMoment(timeZone, until);
  if (moment === null) command.error('A local time looks like 2026-12-01T17:00.');
  return {
    ...(moment !== undefined && { until: moment }),
    ...(department !== undefined && { department }),
    ...(priority !== undefined && { priority }),
  };
}
