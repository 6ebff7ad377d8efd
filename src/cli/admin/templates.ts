import type { Command } from 'commander';
import { templateSubmissions } from '../../config/approved-templates';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';

export function registerTemplates(admin: Command): void {
  admin
    .command('templates')
    .description(
      "print the message templates as JSON, each ready to be posted to Meta's /{WABA-ID}/message_templates, after " +
        'checking them against its limits',
    )
    .argument('[folder]', 'the folder to read; CONFIG_DIR when left out')
    .action((folder?: string) => {
      const municipality = loadMunicipality(folder ?? readEnv('checks').CONFIG_DIR);
      const submissions = templateSubmissions(municipality);
      console.log(JSON.stringify(submissions, null, 2));
      console.error(`${submissions.length} templates, all within Meta's limits.`);
    });
}
