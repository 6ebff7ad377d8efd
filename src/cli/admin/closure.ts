import { InvalidArgumentError, type Command } from 'commander';
import { dayStart } from '../../config/calendars';
import { tellCalendarChange } from '../../temporal/calendar-change';
import { createCaseList } from '../../temporal/case-list';
import { actorOf, mustBeKnown, type Reader, traced } from './arguments';
import { type OpenLine, withLine, withStore } from './connections';

interface Added {
  reason: string;
  actor: string;
  from?: string;
  calendars?: string[];
}

/** Cases between two lines of progress. */
const PROGRESS_EVERY = 100;

/**
 * Adds `closure`: extra closures of the calendars, decreed while cases run. Every open case re-plans its
 * deadlines.
 */
export function registerClosure(admin: Command): void {
  const closure = admin.command('closure').description('extra closures of the calendars');

  closure
    .command('add')
    .description('close a day or the rest of it; open cases re-plan their remaining time')
    .argument('<date>', 'local date, YYYY-MM-DD', date)
    .requiredOption('--reason <words>', 'the reason, for the record')
    .requiredOption('--actor <name>', 'who decided')
    .option('--from <time>', 'local time from which it is closed, HH:MM (default: the whole day)', time)
    .option('--calendars <names>', 'comma-separated (default: all that observe holidays)', names)
    .action(async (day: string, { reason, actor, from, calendars }: Added) => {
      await withLine(async open => {
        const known = Object.keys(open.municipality.calendars.calendars);
        mustBeKnown(closure, 'calendar', calendars, known);
        const isNew = await open.store.closures.add({
          date: day,
          reason,
          closedFrom: from ?? null,
          calendars: calendars ?? null,
          addedAt: new Date(),
        });
        if (!isNew) closure.error(`${day} is closed already; remove that closure first to change it.`);
        await open.store.trail.add({ at: new Date(), actor, reason, what: 'closureAdded', detail: day });
        console.log(`${day} is closed${from === undefined ? '' : ` from ${from}`}: ${reason}`);
        await tellCases(open);
      });
    });

  traced(closure.command('remove'))
    .description('remove a closure; open cases re-plan their remaining time')
    .argument('<date>', 'local date, YYYY-MM-DD', date)
    .action(async (day: string, given: Reader) => {
      await withLine(async open => {
        if (!(await open.store.closures.remove(day))) closure.error(`${day} has no extra closure.`);
        await open.store.trail.add({ ...actorOf(given), what: 'closureRemoved', detail: day });
        console.log(`The closure of ${day} was removed.`);
        await tellCases(open);
      });
    });

  closure
    .command('list')
    .description('list all extra closures by date')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const all = await withStore(store => store.closures.all());
      if (json) console.log(JSON.stringify(all, null, 2));
      else if (all.length === 0) console.log('There are no extra closures.');
      else
        for (const { date: day, closedFrom, calendars, reason } of all) {
          const hours = closedFrom === null ? 'whole day' : `from ${closedFrom}`;
          const which = calendars === null ? 'all that observe holidays' : calendars.join(', ');
          console.log(`${day}  ${hours}  ${which}  ${reason}`);
        }
    });
}

async function tellCases({ client, gateway }: OpenLine): Promise<void> {
  let next = PROGRESS_EVERY;
  const told = await tellCalendarChange({ caseList: createCaseList(client), gateway }, (so, of) => {
    if (so < next) return;
    console.log(`${so} of ${of} open cases signalled`);
    next += PROGRESS_EVERY;
  });
  console.log(`${told} open cases re-plan their remaining time.`);
}

function date(value: string): string {
  if (dayStart('UTC', value) === null) throw new InvalidArgumentError('A date looks like 2027-03-12.');
  return value;
}

function time(value: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(value)) throw new InvalidArgumentError('A time looks like 13:00.');
  return value;
}

function names(value: string): string[] {
  return value.split(',').map(name => name.trim());
}
