import type { Command } from 'commander';
import { withStore } from './with-store';

export function registerSending(admin: Command): void {
  admin
    .command('sending')
    .description('tell whether messages go out, or wait because of the token or the account')
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
