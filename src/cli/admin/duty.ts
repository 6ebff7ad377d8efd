import { type Command, InvalidArgumentError } from 'commander';
import { alarmLine } from '../../config/duty';
import { standInFor } from '../../domain/absence';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { readInstant, writeInstant } from './arguments';
import { withStore } from './connections';

interface Options {
  at?: number;
  department?: string;
}

/** Adds `duty show`: who is alarmed for a hazard at a given time. */
export function registerDuty(admin: Command): void {
  const municipality = () => loadMunicipality(readEnv('admin').CONFIG_DIR);

  function instant(typed: string): number {
    try {
      return readInstant(typed, municipality().timeZone);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InvalidArgumentError(error.message);
    }
  }

  admin
    .command('duty')
    .description('who is on duty for hazards')
    .command('show')
    .description('list whom a hazard alarms, in order, for each department')
    .option('--at <time>', 'ISO time, local without an offset; now when left out', instant)
    .option('--department <slug>', 'only this department')
    .action(async ({ at = Date.now(), department }: Options, command: Command) => {
      const town = municipality();
      const known = Object.keys(town.departments);
      if (department !== undefined && !known.includes(department)) {
        command.error(`There is no department "${department}"; allowed: ${known.join(', ')}.`);
      }
      const [closures, absences] = await withStore(store =>
        Promise.all([store.closures.all(), store.absences.since(new Date(at))]),
      );
      console.log(writeInstant(at, town.timeZone));
      for (const slug of department === undefined ? known : [department]) {
        console.log(slug);
        alarmLine(town, slug, closures, at).forEach((holder, place) => {
          const { name, address, insteadOf } = standInFor(holder, absences, new Date(at));
          const away = insteadOf === undefined ? '' : ` instead of ${insteadOf}`;
          console.log(`  ${place + 1}. ${name} <${address}>${away}`);
        });
      }
    });
}
