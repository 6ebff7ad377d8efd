import type { Command } from 'commander';
import { localDate } from '../../config/calendars';
import { isCaseNumber, readCaseNumber } from '../../domain/identifiers';
import type { Store } from '../../store/store';
import { actorName, endOfLaterDay, lastDayBefore, reasonText, townZone } from './arguments';
import { withStore } from './connections';

/** Resolves a citizen id or case number to a citizen id, or ends the command with an error. */
async function citizenNamed(store: Store, typed: string): Promise<string | null> {
  const caseNumber = readCaseNumber(typed);
  const id = caseNumber ? (await store.cases.get(caseNumber))?.intake.citizenId : typed;
  const citizen = id === undefined ? null : await store.citizens.get(id);
  if (citizen) return citizen.id;
  console.error(
    caseNumber && isCaseNumber(caseNumber)
      ? `There is no case ${caseNumber}.`
      : `There is no citizen "${typed}". Give a citizen's id or the number of one of their cases.`,
  );
  process.exitCode = 1;
  return null;
}

const day = (at: Date): string => localDate(townZone(), at.getTime());
const lastDay = (until: Date): string => lastDayBefore(until, townZone());

interface Decision {
  reason: string;
  actor: string;
}

export function registerBlock(admin: Command): void {
  admin
    .command('block')
    .description('stop answering a citizen until a day; messages are still stored')
    .argument('<citizen>', "the citizen's id or the number of one of their cases")
    .requiredOption('--reason <words>', 'the reason, for the record', reasonText)
    .requiredOption('--actor <name>', 'the actor, stored with the act', actorName)
    .requiredOption('--until <day>', 'the last day, for example 2026-12-31', endOfLaterDay)
    .action(async (typed: string, { reason, actor, until }: Decision & { until: Date }) => {
      await withStore(async store => {
        const citizenId = await citizenNamed(store, typed);
        if (citizenId === null) return;
        const at = new Date();
        await store.blocks.block({ citizenId, at, actor, reason, until });
        console.log(`Citizen ${citizenId} is blocked until ${lastDay(until)}.`);
      });
    });

  admin
    .command('unblock')
    .description('end the block of a citizen now')
    .argument('<citizen>', "the citizen's id or the number of one of their cases")
    .requiredOption('--reason <words>', 'why it ends', reasonText)
    .requiredOption('--actor <name>', 'the actor, stored with the act', actorName)
    .action(async (typed: string, { reason, actor }: Decision) => {
      await withStore(async store => {
        const citizenId = await citizenNamed(store, typed);
        if (citizenId === null) return;
        const at = new Date();
        const wasBlocked = await store.blocks.unblock({ citizenId, at, actor, reason });
        console.log(`Citizen ${citizenId} ${wasBlocked ? 'is no longer blocked' : 'was not blocked'}.`);
      });
    });

  admin
    .command('blocked')
    .description('list current blocks and warned citizens')
    .argument('[citizen]', 'list all decisions about this citizen, or the citizen of this case')
    .action(async (typed?: string) => {
      await withStore(async store => {
        if (typed !== undefined) {
          const citizenId = await citizenNamed(store, typed);
          const acts = citizenId === null ? [] : await store.blocks.actsOf(citizenId);
          for (const { at, until, actor, reason } of acts) {
            const what = until ? `blocked until ${lastDay(until)}` : 'unblocked';
            console.log([at.toISOString(), what, actor, reason].join('  '));
          }
          return;
        }
        const blocks = await store.blocks.inForce(new Date());
        for (const { citizenId, since, until, reason } of blocks) {
          console.log([citizenId, `${day(since)} – ${lastDay(until)}`, reason].join('  '));
        }
        console.log(`${blocks.length} blocked`);
        const warned = await store.citizens.warned();
        for (const { id, strikes } of warned) console.log([id, `${strikes} insults`].join('  '));
        console.log(`${warned.length} warned`);
      });
    });
}
