import { type Command, Option } from 'commander';
import { templateSubmissions } from '../../config/approved-templates';
import { pageUrl } from '../../mail/task-link';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import type { EventRecord } from '../../store/sending-records';
import type { Store } from '../../store/store';
import { withStore } from './connections';

export function registerSending(admin: Command): void {
  admin
    .command('sending')
    .description(
      'show whether messages are sent or wait, and the latest notices of Meta about templates, number and account',
    )
    .action(() => withStore(printSending));
}

const MOST_NOTICES = 500;

async function printSending(store: Store): Promise<void> {
  const [pause, notices] = await Promise.all([
    store.sendingPauses.current(),
    store.accountNotices.latest(MOST_NOTICES),
  ]);
  if (pause) {
    const { since, reason, probes, probeAt } = pause;
    console.log(
      `Paused since ${since.toISOString()}: Meta rejects the token or the account (error ${reason}).`,
    );
    console.log(
      `${probes} attempts since; the next one is due at ${probeAt.toISOString()}. No message is lost.`,
    );
  } else {
    console.log('Messages are sent.');
  }
  // The latest notice about a template or number determines its current state.
  const latest = new Map(
    notices.toReversed().map(notice => [`${notice.field} ${notice.about ?? ''}`, notice]),
  );
  for (const { receivedAt, severity, field, about, event, details } of latest.values()) {
    const parts = [receivedAt.toISOString(), severity.padEnd(7), field, about, event, details];
    console.log(parts.filter(part => part !== null).join('  '));
  }
}

export function registerTemplates(admin: Command): void {
  admin
    .command('templates')
    .description(
      "print the message templates as JSON, each ready to be posted to Meta's /{WABA-ID}/message_templates, after " +
        'checking them against its limits',
    )
    .argument('[folder]', 'the folder to read (default: CONFIG_DIR)')
    .action((folder?: string) => {
      const env = readEnv('templates');
      const municipality = loadMunicipality(folder ?? env.CONFIG_DIR);
      const submissions = templateSubmissions(municipality, pageUrl(env.PUBLIC_BASE_URL, 'status', '{{1}}'));
      console.log(JSON.stringify(submissions, null, 2));
      console.error(`${submissions.length} templates, all within Meta's limits.`);
    });
}

const MOST_EVENTS = 200;
const states = ['pending', 'delivered', 'dead'] as const satisfies EventRecord['state'][];

export function registerEvents(admin: Command): void {
  const events = admin.command('events').description("events for the municipality's own systems");

  events
    .command('list', { isDefault: true })
    .description(`list them, newest first, at most ${MOST_EVENTS}`)
    .addOption(new Option('--state <state>', 'only those in this state').choices(states))
    .option('--receiver <name>', 'only those for a receiver of EVENTS_RECEIVERS')
    .action(async (only: { state?: EventRecord['state']; receiver?: string }) => {
      const found = await withStore(store => store.events.latest(MOST_EVENTS, only));
      for (const each of found) {
        const tries = [each.replays > 0 ? `replayed ×${each.replays}` : null, each.reason];
        const parts = [each.createdAt.toISOString(), each.id.padEnd(18), each.kind.padEnd(16), each.state];
        console.log([...parts, ...tries.filter(part => part !== null)].join('  '));
      }
      console.log(`${found.length} events${found.length === MOST_EVENTS ? ' or more' : ''}`);
    });

  events
    .command('replay')
    .description('send them again with the same webhook-id, whatever became of them')
    .argument('[id...]', 'their ids in the list')
    .option('--dead', `all dead ones, at most ${MOST_EVENTS}`)
    .option('--receiver <name>', 'with --dead: only those for a receiver of EVENTS_RECEIVERS')
    .action(async (ids: string[], { dead = false, receiver }: { dead?: boolean; receiver?: string }) => {
      if (ids.length > 0 === dead) return events.error('Give either ids or --dead.');
      await withStore(store => replay(store, ids, receiver));
    });
}

async function replay(store: Store, given: readonly string[], receiver?: string): Promise<void> {
  const dead = given.length > 0 ? [] : await store.events.latest(MOST_EVENTS, { state: 'dead', receiver });
  const ids = given.length > 0 ? given : dead.map(({ id }) => id);
  for (const id of ids) {
    if ((await store.events.get(id)) === null) {
      console.error(`There is no event ${id}.`);
      process.exitCode = 1;
      continue;
    }
    await store.events.replay(id);
    console.log(`${id}  will be sent again within seconds`);
  }
  if (ids.length === 0) console.log('No event is dead.');
}
