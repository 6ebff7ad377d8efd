import type { Command } from 'commander';
import { templateSubmissions } from '../../config/approved-templates';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { withStore } from './connections';

export function registerSending(admin: Command): void {
  admin
    .command('sending')
    .description('show whether messages are sent, or wait because of the token or the account')
    .action(async () => {
      const pause = await withStore(store => store.sendingPauses.current());
      if (!pause) {
        console.log('Messages go out.');
        return;
      }
      const { since, reason, probes, probeAt } = pause;
      console.log(
        `Paused since ${since.toISOString()}: Meta answers ${reason} because of the token or the account.`,
      );
      console.log(
        `${probes} tries since; the next one is due at ${probeAt.toISOString()}. No message is lost.`,
      );
    });
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
      const municipality = loadMunicipality(folder ?? readEnv('checks').CONFIG_DIR);
      const submissions = templateSubmissions(municipality);
      console.log(JSON.stringify(submissions, null, 2));
      console.error(`${submissions.length} templates, all within Meta's limits.`);
    });
}
