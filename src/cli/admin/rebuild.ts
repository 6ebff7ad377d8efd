import type { Command } from 'commander';
import { restartCase } from '../../../activities/open-case';
import { withLine } from './with-line';

const PROGRESS_EVERY = 50;

export function registerRebuild(admin: Command): void {
  admin
    .command('rebuild')
    .description(
      'start the workflows of all open cases again from MongoDB, after Temporal was lost; safe to repeat',
    )
    .action(async () => {
      await withLine(async ({ store, municipality, line }) => {
        const now = (): Date => new Date();
        const numbers = await store.stories.underWay();
        let started = 0;
        for (const [place, caseNumber] of numbers.entries()) {
          const record = await store.cases.get(caseNumber);
          if (record && (await restartCase({ store, municipality, line, now }, record))) started += 1;
          if ((place + 1) % PROGRESS_EVERY === 0) console.log(`${place + 1} of ${numbers.length} open cases`);
        }
        let told = 0;
        for (const { citizenId, id } of await store.messages.unhandled()) {
          await line.tellConversation(citizenId, id);
          told += 1;
        }
        console.log(
          `${numbers.length} cases are open: ${started} were started again, ${numbers.length - started} run already. ` +
            `${told} messages of citizens were handed over again.`,
        );
      });
    });
}
