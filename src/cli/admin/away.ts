import { type Command, InvalidArgumentError } from 'commander';
import { dayStart } from '../../config/calendars';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { roleHolder } from '../../config/offices';
import { mailAddress } from '../../config/schemas/fields';
import { absenceRefusal, overlapping } from '../../domain/absence';
import type { AbsenceRecord } from '../../store/calendar-records';
import type { Store } from '../../store/store';
import { actorName, readInstant, writeInstant } from './arguments';
import { withStore } from './connections';

type Holder = AbsenceRecord['away'];

let loaded: Municipality | null = null;
/** Several options need the municipality, whose files take a second to read. */
const town = (): Municipality => (loaded ??= loadMunicipality(readEnv('admin').CONFIG_DIR));

const roleForm =
  'chief:DEPARTMENT, deputyMayor:DEPARTMENT, department:DEPARTMENT or duty:PERSON, like chief:fen-isleri';

function role(typed: string): string {
  if (!roleHolder(town(), typed)) {
    const { departments, duty } = town();
    const known = `departments: ${Object.keys(departments).join(', ')}; people: ${Object.keys(duty.people).join(', ')}`;
    throw new InvalidArgumentError(`Allowed: ${roleForm} (${known}).`);
  }
  return typed;
}

/** Parses a substitute: a role, or a name with an address. */
function substitute(typed: string): Holder {
  const known = roleHolder(town(), typed);
  if (known) return { name: known.name, address: known.address };
  const [, name = '', written = ''] = /^\s*([^<>]{1,120}?)\s*<([^<>]+)>\s*$/.exec(typed) ?? [];
  const address = mailAddress.safeParse(written);
  if (name === '' || !address.success) {
    throw new InvalidArgumentError(`Allowed: "Ad Soyad <ad.soyad@example.org>", or a role: ${roleForm}.`);
  }
  return { name, address: address.data };
}

function instant(typed: string): Date {
  try {
    return new Date(readInstant(typed, town().timeZone));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError(error.message);
  }
}

/** A day as the end includes that day. */
function end(typed: string): Date {
  const midnight = dayStart(town().timeZone, typed, 1);
  return midnight === null ? instant(typed) : new Date(midnight);
}

interface Added {
  role: string;
  from: Date;
  to: Date;
  instead: Holder;
  actor: string;
}

const refusals = {
  endsBefore: 'The absence ends before it begins.',
  past: 'The absence is in the past.',
  circle: 'The substitutes would stand in for each other.',
} as const;

function lineOf({ id, role: of, away, instead, from, to, addedBy, endedBy }: AbsenceRecord): string {
  const { timeZone } = town();
  const span = [from, to].map(at => writeInstant(at.getTime(), timeZone)).join(' – ');
  const by = `${addedBy}${endedBy === null ? '' : `, ended by ${endedBy}`}`;
  return [id, of, span, `${instead.name} <${instead.address}> instead of ${away.name}`, by].join('  ');
}

async function add(store: Store, command: Command, given: Added): Promise<void> {
  const away = roleHolder(town(), given.role);
  if (!away) return;
  const now = new Date();
  const known = await store.absences.since(now);
  const refusal = absenceRefusal({ ...given, away }, known, now);
  if (refusal === 'overlap') {
    const other = overlapping({ ...given, away }, known)?.id;
    command.error(`${given.role} is away then already: ${other}. End that absence first.`);
  }
  if (refusal !== null) command.error(refusals[refusal]);
  const record: AbsenceRecord = {
    id: `${given.role}:${given.from.toISOString()}`,
    role: given.role,
    away: { name: away.name, address: away.address },
    instead: given.instead,
    from: given.from,
    to: given.to,
    addedBy: given.actor,
    addedAt: now,
    endedBy: null,
    endedAt: null,
  };
  if (!(await store.absences.add(record))) command.error(`There is an absence ${record.id} already.`);
  console.log(lineOf(record));
}

/** Adds `away`: dated substitutes for chiefs, deputy mayors, mailboxes and people on duty. */
export function registerAway(admin: Command): void {
  const away = admin.command('away').description('who is away, and who acts instead (vekâlet)');

  away
    .command('add')
    .description('add a substitute; letters go there from the next one on')
    .requiredOption('--role <role>', `who is away: ${roleForm}`, role)
    .requiredOption('--from <time>', 'ISO time or day, local without an offset', instant)
    .requiredOption('--to <time>', 'ISO time, or the last day', end)
    .requiredOption('--instead <person>', '"Ad Soyad <ad.soyad@example.org>", or a role', substitute)
    .requiredOption('--actor <name>', 'who decided, for the record', actorName)
    .action((given: Added, command: Command) => withStore(store => add(store, command, given)));

  away
    .command('list')
    .description('list the absences that have not ended')
    .option('--all', 'those that have ended as well')
    .option('--json', 'as JSON, times in UTC')
    .action(async ({ all, json }: { all?: boolean; json?: boolean }) => {
      const found = await withStore(store => store.absences.since(all ? new Date(0) : new Date()));
      if (json) console.log(JSON.stringify(found, null, 2));
      else if (found.length === 0) console.log('Nobody is away.');
      else for (const absence of found) console.log(lineOf(absence));
    });

  away
    .command('end')
    .description('end the current absence of a role now, or drop its next one')
    .requiredOption('--role <role>', `who is back: ${roleForm}`, role)
    .requiredOption('--actor <name>', 'who decided, for the record', actorName)
    .action(async ({ role: of, actor }: { role: string; actor: string }, command: Command) => {
      await withStore(async store => {
        const at = new Date();
        const next = (await store.absences.since(at)).find(absence => absence.role === of);
        if (!next) return command.error(`${of} is not away.`);
        await store.absences.end(next.id, { at, by: actor });
        console.log(`${next.id} has ended.`);
      });
    });
}
