import { InvalidArgumentError, type Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { createLog } from '../../logging';
import type { Store } from '../../store/store';
import { clientOf, lazyConnection, TASK_QUEUE } from '../../temporal/connection';
import { createCaseGateway } from '../../temporal/case-gateway';
import { createIntake } from '../../whatsapp/intake';
import { replayDeadLetter } from '../../whatsapp/dead-letters';
import { burstRules } from '../conversation-pace';
import { type Reader, readerOf, traced } from './arguments';
import { withStore } from './connections';

const USUALLY_SHOWN = 50;
const MOST_SHOWN = 1_000;

function shownCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST_SHOWN) {
    throw new InvalidArgumentError(`Allowed: 1 to ${MOST_SHOWN}.`);
  }
  return count;
}

export function registerDeadLetters(admin: Command): void {
  const letters = admin.command('dead-letters').description('webhook items that could not be parsed');

  letters
    .command('list', { isDefault: true })
    .description('list them, newest first')
    .option('--reason <reason>', 'only those with this reason')
    .option('--limit <count>', 'maximum number', shownCount, USUALLY_SHOWN)
    .action(async ({ reason, limit }: { reason?: string; limit: number }) => {
      const found = await withStore(store => store.deadLetters.latest(limit, reason));
      for (const { id, receivedAt, reason: why, payload, replayedAt } of found) {
        const state = replayedAt ? 'replayed' : `${payload.length} characters`;
        console.log([receivedAt.toISOString(), id, why.padEnd(14), state].join('  '));
      }
      console.log(`${found.length} dead letters${found.length === limit ? ' or more' : ''}`);
    });

  traced(letters.command('show'))
    .description('print one unchanged; it may contain personal data')
    .argument('<id>', 'its id in the list')
    .action(async (id: string, given: Reader) => {
      const by = readerOf(given);
      if (!by) return;
      const letter = await withStore(async store => {
        await store.trail.add({ ...by, what: 'deadLetter', detail: id });
        return store.deadLetters.get(id);
      });
      if (letter) console.log(letter.payload);
      else missing(id);
    });

  letters
    .command('replay')
    .description('process them again with the current version; stored messages are not duplicated')
    .argument('<id...>', 'their ids in the list')
    .action((ids: string[]) => withStore(store => replay(store, ids)));
}

async function replay(store: Store, ids: readonly string[]): Promise<void> {
  const env = readEnv('replay');
  const municipality = loadMunicipality(env.CONFIG_DIR);
  const connection = lazyConnection(env);
  const client = clientOf(connection, env.TEMPORAL_NAMESPACE);
  const gateway = createCaseGateway(client, TASK_QUEUE, burstRules(municipality));
  const intake = createIntake({
    store,
    phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID,
    gateway,
    log: createLog(env.LOG_LEVEL, 'admin'),
  });
  try {
    for (const id of ids) {
      const outcome = await replayDeadLetter({ store, intake }, id);
      if (outcome === 'missing') missing(id);
      else console.log(`${id}  ${outcomeLabels[outcome]}`);
    }
  } finally {
    await intake.drain();
    await connection.close();
  }
}

const outcomeLabels = {
  taken: 'taken in',
  unreadable: 'still cannot be read; it stays a dead letter',
  forPeople: 'is kept for people only and cannot be read again',
} as const;

function missing(id: string): void {
  console.error(`There is no dead letter ${id}.`);
  process.exitCode = 1;
}
