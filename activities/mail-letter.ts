import { categoryOf, departmentOf } from '../src/config/offices';
import type { Role } from '../src/domain/case';
import type { LetterOrder } from '../src/domain/case-events';
import { composeLetter, type Letter } from '../src/mail/letters/compose-letter';
import type { MailAddress } from '../src/mail/transport';
import { caseOf, type OpenedCase } from './case-of';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { isPhoto } from './read-message';

const DAY_MS = 86_400_000;

export function mailLetter(deps: Deps): Activities['mailLetter'] {
  const { store, letterOutbox } = deps;
  return async ({ caseNumber, effect, order }) => {
    const key = `${caseNumber}:${effect}`;
    if ((await store.outbox.get(key))?.state === 'accepted') return;
    const { to, department } = order;
    await letterOutbox.send({
      key,
      recipient: `${to}:${department}`,
      caseNumber,
      to: await addresseeOf(deps, order),
      letter: await compose(deps, await caseOf(store, caseNumber), order),
      thread: caseNumber,
    });
  };
}

const mailboxes = {
  department: 'mail',
  chief: 'chief',
  deputyMayor: 'deputyMayor',
} as const satisfies Record<Role, string>;

/** The holder of the role; a task that is handed over goes to the colleague whom the act names. */
async function addresseeOf(
  { store, municipality }: Deps,
  { letter, to, department, actionId }: LetterOrder,
): Promise<MailAddress> {
  const holder = departmentOf(municipality, department)[mailboxes[to]];
  if (letter !== 'handOver' || actionId === undefined) return holder;
  const action = await store.tasks.action(actionId);
  return action?.colleague ? { name: holder.name, address: action.colleague } : holder;
}

async function compose(deps: Deps, opened: OpenedCase, order: LetterOrder): Promise<Letter> {
  const { store, municipality, now } = deps;
  const { caseNumber, intake, progress } = opened;
  const { to, department, rung } = order;
  const desk = departmentOf(municipality, department);
  const addressee = await addresseeOf(deps, order);
  const messages = await store.messages.several(progress.messageIds);
  const shown = order.added ? messages.filter(({ id }) => order.added?.includes(id)) : messages;
  return composeLetter(order.letter, {
    municipality,
    now: now().getTime(),
    caseNumber,
    subject: categoryOf(municipality, intake.category.slug).name.tr,
    department: desk.name,
    neighbourhood: intake.neighbourhood?.name ?? null,
    place: messages.findLast(({ place }) => place !== null)?.place ?? null,
    words: shown.flatMap(({ words }) => words ?? []),
    photos: shown.filter(isPhoto).length,
    stage: progress.stage,
    acceptBy: progress.plan.acceptBy,
    resolveBy: progress.plan.resolveBy,
    legalBy: progress.plan.legalBy,
    ...(progress.plan.overall && { overallBy: progress.plan.overall.by }),
    ...(rung && { rung }),
    recipient: { name: addressee.name, role: to },
    link: await issueLink(deps, caseNumber, order),
  });
}

/** A fresh link for every attempt: only its hash is kept, so the one of an earlier attempt cannot be repeated. */
async function issueLink(
  { store, municipality, taskLinks, now }: Deps,
  caseNumber: string,
  { task, department, to }: LetterOrder,
): Promise<string> {
  const recipient = { ...departmentOf(municipality, department)[mailboxes[to]] };
  const { tokenHash, url } = taskLinks.issue();
  const createdAt = now();
  const expiresAt = new Date(createdAt.getTime() + municipality.taskLinks.longestDays * DAY_MS);
  await store.tasks.addLink({
    tokenHash,
    caseNumber,
    task,
    department,
    role: to,
    recipient,
    createdAt,
    expiresAt,
  });
  return url;
}

export function alertOperator({ municipality, letterOutbox, now }: Deps): Activities['alertOperator'] {
  return async ({ caseNumber, undelivered, recipient }) => {
    const alert = { municipality, now: now().getTime(), caseNumber, undelivered, to: recipient };
    await letterOutbox.send({
      key: `${caseNumber}:${undelivered}:undelivered`,
      recipient: 'operator',
      caseNumber,
      to: municipality.operator,
      letter: composeLetter('operatorAlert', alert),
      thread: caseNumber,
    });
  };
}
