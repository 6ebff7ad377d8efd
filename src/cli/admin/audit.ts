import type { Command } from 'commander';
import type { Store } from '../../store/store';
import { withCaseNumber } from './with-case-number';

/** One thing that somebody did with a link, or a manager by command. */
interface Trace {
  at: Date;
  /** The person a link was made for, or the name that a manager gave. */
  who: string;
  what: string;
}

const MOST_VIEWS = 1_000;

/** Adds `audit`: who opened a case by which link, and who acted on it. */
export function registerAudit(admin: Command): void {
  admin
    .command('audit')
    .description('list who opened a case by a link and who acted on it, oldest first, at most 1,000 views')
    .argument('<number>', 'the case number, PK-XXXX-XXXX')
    .option('--json', 'as JSON, one trace a line')
    .action(async (typed: string, { json }: { json?: boolean }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        const traces = await tracesOf(store, caseNumber);
        for (const { at, who, what } of traces) {
          const time = at.toISOString();
          console.log(json ? JSON.stringify({ at: time, who, what }) : `${time}  ${what.padEnd(16)}  ${who}`);
        }
        if (!json) console.log(`${traces.length} traces`);
      });
    });
}

async function tracesOf(store: Store, caseNumber: string): Promise<Trace[]> {
  const [views, actions] = await Promise.all([
    store.linkViews.ofCase(caseNumber, MOST_VIEWS),
    store.tasks.actionsOf(caseNumber),
  ]);
  const traces = [
    ...views.map(({ at, what, recipient: { name, address } }) => ({
      at,
      what: `opened ${what}`,
      who: `${name} <${address}>`,
    })),
    ...actions.map(({ at, action, actor, role }) => ({ at, what: action, who: actor ?? role })),
  ];
  return traces.sort((a, b) => a.at.getTime() - b.at.getTime());
}
