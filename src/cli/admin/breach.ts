import { type Command, Option } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { HOUR_MS } from '../../domain/durations';
import type { BreachScope, Touched } from '../../store/breach';
import type { Store } from '../../store/store';
import {
  type DaysAsked,
  daysOf,
  firstDay,
  lastDay,
  type Reader,
  readerOf,
  readInstant,
  traced,
  writeInstant,
} from './arguments';
import { withStore } from './connections';

interface Asked extends DaysAsked, Reader {
  key?: string;
  token?: boolean;
  mailbox?: string;
  period?: boolean;
  learnedAt?: string;
  list?: boolean;
}

/** The Board's reading of "as soon as possible" in Law 6698, article 12/5 (decision 2019/10 of 24 January 2019). */
const NOTIFY_WITHIN_MS = 72 * HOUR_MS;

/** Adds `breach`: which cases and people a lost link key, secret, mailbox or copy touches. */
export function registerBreach(admin: Command): void {
  const kinds = ['key', 'token', 'mailbox', 'period'];
  const one = (flags: string, words: string, name: string): Option =>
    new Option(flags, words).conflicts(kinds.filter(kind => kind !== name));
  traced(admin.command('breach'))
    .description('count the cases and people that a loss touches; --list gives their ids')
    .addOption(one('--key <id>', 'a link key: every link made while it signed', 'key'))
    .addOption(one('--token', 'the app secret or access token: who wrote or was written to', 'token'))
    .addOption(one('--mailbox <address>', 'a mailbox: its letters and their links', 'mailbox'))
    .addOption(one('--period', 'a copy of the records from this period', 'period'))
    .addOption(firstDay())
    .addOption(lastDay())
    .option('--learned-at <time>', 'when you learned of it: prints the limit of 72 hours')
    .option('--list', 'list case numbers and ids of citizens; recorded as a read')
    .action((asked: Asked, command: Command) => showBreach(asked, command));
}

async function showBreach(asked: Asked, command: Command): Promise<void> {
  const { key, token, mailbox, period, learnedAt, list } = asked;
  if (key === undefined && mailbox === undefined && !token && !period) {
    command.error('Give one of --key, --token, --mailbox and --period.');
  }
  const by = list ? readerOf(asked) : null;
  if (list && !by) return;
  const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
  const { timeZone } = municipality;
  const days = daysOf(command, municipality, asked);
  const limit = learnedAt === undefined ? null : readInstant(learnedAt, timeZone) + NOTIFY_WITHIN_MS;
  await withStore(async store => {
    if (by) await store.trail.add({ ...by, what: 'breach', detail: `${days.first} to ${days.last}` });
    const scope = key === undefined ? days.period : await signedWith(store, key, days.period);
    const touched =
      key !== undefined
        ? await store.breach.byLinks(scope)
        : mailbox !== undefined
          ? await store.breach.byMailbox({ ...scope, address: mailbox.trim().toLowerCase() })
          : await store.breach.byPeriod(scope);
    const day = (at: number): string => writeInstant(at, timeZone).slice(0, 16);
    console.log(`From ${day(scope.from)} to ${day(scope.to)}`);
    console.log(countsOf(touched));
    if (limit !== null) console.log(`The Board must be notified until ${writeInstant(limit, timeZone)}.`);
    if (!by) return;
    for (const caseNumber of touched.caseNumbers) console.log(caseNumber);
    for (const id of touched.citizenIds) console.log(`citizen ${id}`);
  });
}

function countsOf({ caseNumbers, open, citizenIds, records, links, validLinks }: Touched): string {
  const { messages, photos, files, letters } = records;
  return [
    `${caseNumbers.length} cases (${open} open), ${citizenIds.length} people`,
    `${messages} messages, ${photos} photos, ${files} files, ${letters} answers and letters of these cases`,
    `${links} links, ${validLinks} of them still valid`,
  ].join('\n');
}

/** Returns when a key signed, as the roles recorded at their starts; the asked days if they do not say. */
async function signedWith(store: Store, key: string, asked: BreachScope): Promise<BreachScope> {
  const starts = (await store.trail.between(0, Date.now() + 1))
    .filter(({ what }) => what === 'configuration')
    .map(({ at, detail = '' }) => ({
      at: at.getTime(),
      signing: /link keys ([^ ,]+)/.exec(detail)?.[1],
    }));
  const first = starts.find(({ signing }) => signing === key);
  if (!first) {
    console.log(
      `The audit trail does not say when key "${key}" signed: links of the asked days are counted.`,
    );
    return asked;
  }
  const last = starts.findLast(({ signing }) => signing === key)?.at ?? first.at;
  const next = starts.find(({ at, signing }) => at > last && signing !== key);
  return { from: first.at, to: next?.at ?? Date.now() };
}
