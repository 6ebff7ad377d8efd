import type { Command } from 'commander';
import { localDate } from '../../config/calendars';
import type { ErasureRequest } from '../../store/erasure-records';
import { approveRequest, refuseRequest } from '../../temporal/erasure-decisions';
import { actorName, reasonText } from './arguments';
import { type OpenLine, withLine } from './connections';
import { showPlan } from './erase';

interface Decision {
  actor: string;
  reason: string;
}

type Decide = (open: OpenLine, request: ErasureRequest, decision: Decision) => Promise<void>;

/** Adds `requests`: the citizens' requests for erasure from the chat, for the data protection officer. */
export function registerRequests(admin: Command): void {
  const command = admin
    .command('requests')
    .description("list the citizens' open requests for erasure, or decide one")
    .action(() => withLine(list));

  command
    .command('show')
    .description('show what would be erased, and what must stay, why and until when')
    .argument('<id>')
    .action((id: string) =>
      withRequest(id, ({ store, municipality }, request) => showPlan(store, request, municipality.timeZone)),
    );

  const deciding = (name: string, description: string, decide: Decide): Command =>
    command
      .command(name)
      .description(description)
      .argument('<id>')
      .requiredOption('--reason <words>', 'the reason, for the record; without personal data', reasonText)
      .requiredOption('--actor <name>', 'the actor, for the record', actorName)
      .action((id: string, decision: Decision) =>
        withRequest(id, (open, request) => decide(open, request, decision)),
      );
  deciding('approve', 'approve a request; with the last approval the citizen is told and erased', approve);
  deciding('refuse', 'refuse a request; the citizen is told the reason, so write it in Turkish', refuse);
}

async function withRequest(
  id: string,
  work: (open: OpenLine, request: ErasureRequest) => Promise<void>,
): Promise<void> {
  await withLine(async open => {
    const request = await open.store.erasureRequests.get(id);
    if (request) await work(open, request);
    else fail(`There is no request "${id}".`);
  });
}

async function list({ store, municipality }: OpenLine): Promise<void> {
  const found = await store.erasureRequests.open();
  for (const { id, requestedAt, dueBy, state, approvals = [], actor } of found) {
    const day = (date: Date): string => localDate(municipality.timeZone, date.getTime());
    const by = approvals.length > 0 ? `approved by ${approvals.map(each => each.actor).join(', ')}` : actor;
    const late = dueBy < new Date() ? ' OVERDUE' : '';
    console.log([id, state, `since ${day(requestedAt)}`, `due ${day(dueBy)}${late}`, by].join('  '));
  }
  console.log(`${found.length} open requests`);
}

/** Approves a request by command, and prints what follows. */
export async function approve(
  { store, municipality, gateway }: Pick<OpenLine, 'store' | 'municipality' | 'gateway'>,
  request: ErasureRequest,
  { actor, reason }: Decision,
): Promise<void> {
  const { id } = request;
  const decision = { actor, reason, at: new Date() };
  const { approvals } = municipality.privacy;
  if (request.state === 'asked') await showPlan(store, request, municipality.timeZone);
  switch (await approveRequest({ store, gateway }, request, decision, approvals)) {
    case 'decided':
      fail(`Request ${id} has been decided already.`);
      return;
    case 'sameActor':
      fail(`${actor} has approved request ${id} already. Another person must approve it as well.`);
      return;
    case 'more':
      console.log(`Request ${id} is approved by ${actor}. One more person must approve it.`);
      return;
    case 'done':
      console.log(`Request ${id} is approved. The citizen is told, then the erasure runs.`);
  }
}

/** Refuses a request by command, and prints what follows. */
export async function refuse(
  open: Pick<OpenLine, 'store' | 'gateway'>,
  request: ErasureRequest,
  decision: Decision,
): Promise<void> {
  if ((await refuseRequest(open, request, decision)) === 'decided')
    fail(`Request ${request.id} has been decided already.`);
  else console.log(`Request ${request.id} is refused. The citizen is told the reason.`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
