import { type Command, Option } from 'commander';
import { restoreRecord } from '../../../activities/reconcile';
import { stageLabels } from '../../domain/case/case-labels';
import { DAY_MS } from '../../domain/durations';
import { caseWorkflowId, readCaseNumber } from '../../domain/identifiers';
import { createCaseList } from '../../temporal/case-list';
import { mapConcurrently } from '../../whatsapp/hand-over';
import { noCaseNumber } from './arguments';
import { type OpenLine, withLine } from './connections';

interface Choice {
  record?: true;
  end?: true;
}

/** Younger files may still be in progress. */
const FILES_SETTLED_MS = DAY_MS;

/** Adds `reconcile`: the comparison of the schedule at once, and files that no record names. */
export function registerReconcile(admin: Command): void {
  admin
    .command('reconcile')
    .description(
      'compare records and workflows now, as the schedule does every hour, and look for files without a record',
    )
    .option('--clear', 'delete the files without a record')
    .action(async ({ clear = false }: { clear?: boolean }) => {
      await withLine(async ({ store, client }) => {
        await client.schedule.getHandle('reconcile').trigger();
        const before = new Date(Date.now() - FILES_SETTLED_MS);
        const { files, uploads } = await store.attachments.orphans(before, { clear });
        console.log('The comparison has started; the operator gets a letter if it finds something.');
        console.log(
          `${files} files without a record, ${uploads} broken uploads${clear ? ': deleted' : '; delete them with --clear'}.`,
        );
      });
    });
}

/** Adds `orphan`: cases that run in Temporal but have no record, for example after a backup was restored. */
export function registerOrphan(admin: Command): void {
  admin
    .command('orphan')
    .description(
      'list the running cases without a record and a known citizen; with a number, record or end one of them',
    )
    .argument('[number]', 'the case number')
    .addOption(
      new Option('--record', 'write its record from its workflow; its citizen gets no messages').conflicts(
        'end',
      ),
    )
    .option('--end', 'end its workflow; nothing is left of the case')
    .action(async (typed: string | undefined, choice: Choice) => {
      if (typed === undefined) {
        await withLine(listOrphans);
        return;
      }
      const caseNumber = readCaseNumber(typed);
      const told = caseNumber
        ? await withLine(line => settle(line, caseNumber, choice))
        : noCaseNumber(typed);
      if (told === null) return;
      console.error(told);
      process.exitCode = 1;
    });
}

const AT_ONCE = 16;

async function listOrphans({ store, client, gateway }: OpenLine): Promise<void> {
  async function lineAbout(caseNumber: string): Promise<string | null> {
    if (await store.cases.get(caseNumber)) return null;
    const state = await gateway.stateOf(caseNumber).catch(() => 'no answer' as const);
    if (state === null || state === 'no answer') return `${caseNumber}  ${state ?? 'just ended'}`;
    const received = new Date(state.receivedAt).toISOString();
    return [caseNumber, received, stageLabels[state.stage], state.plan.desk.name].join('  ');
  }

  const running = await createCaseList(client).running();
  const lines = (await mapConcurrently(running, AT_ONCE, lineAbout)).filter(line => line !== null);
  for (const line of lines) console.log(line);
  console.log(`${lines.length} running cases without a record`);
}

/** Records or ends an orphan. Returns why that is not possible, or null. */
async function settle(
  { store, municipality, client, gateway }: OpenLine,
  caseNumber: string,
  { record, end }: Choice,
): Promise<string | null> {
  if (await store.cases.get(caseNumber)) return `${caseNumber} has a record. Use the commands for cases.`;
  if (!(await gateway.stateOf(caseNumber)))
    return `There is no case ${caseNumber}, neither here nor in Temporal.`;
  if (record) {
    await restoreRecord({ store, municipality, gateway }, caseNumber, { evenWithoutCitizen: true });
    console.log(
      `${caseNumber}: recorded. If its task is not accepted yet, the department gets a letter within the hour.`,
    );
  } else if (end) {
    await client.workflow.getHandle(caseWorkflowId(caseNumber)).terminate('no record');
    console.log(`${caseNumber}: ended.`);
  } else {
    return `Choose --record or --end for ${caseNumber}.`;
  }
  return null;
}
