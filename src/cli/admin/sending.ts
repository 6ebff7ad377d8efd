import type { Command } from 'commander';
import { templateSubmissions } from '../../config/approved-templates';
import { pageUrl } from '../../mail/task-link';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
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
