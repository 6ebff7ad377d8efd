import { type Command, InvalidArgumentError } from 'commander';
import { localTime } from '../../domain/case/temporal-ui';
import type { CaseProgress } from '../../domain/case/case';
import { roleLabels } from '../../domain/case/case-labels';
import { isCallOpen } from '../../domain/case/citizen-call';
import type { Role } from '../../domain/sla/sla';
import type { OpenedCase } from '../../store/case-records';
import type { OtherLetter, OutboxRecord } from '../../store/outbox-records';
import type { Store } from '../../store/store';
import { readCaseNumber } from '../../domain/identifiers';
import { actorName, noCaseNumber, reasonText } from './arguments';
import { type OpenLine, withLine } from './connections';

const roles = Object.keys(roleLabels) as Role[];

interface Asked {
  key: string;
  to?: Role;
  actor: string;
  reason: string;
}

function oneRole(value: string): Role {
  const role = roles.find(each => each === value);
  if (!role) throw new InvalidArgumentError(`Allowed: ${roles.join(', ')}.`);
  return role;
}

export function registerResend(admin: Command): void {
  const resend = admin
    .command('resend')
    .description('send a letter or message of a case again; without --key, list what was sent')
    .argument('<number>', 'the case number')
    .option('--key <key>', 'which one, from the list')
    .option('--to <role>', `of a letter: another recipient of its department (${roles.join(', ')})`, oneRole)
    .option('--actor <name>', 'the actor, stored with the act', actorName)
    .option('--reason <words>', 'the reason, stored with the act', reasonText)
    .action(async (typed: string, asked: Partial<Asked>) => {
      const caseNumber = readCaseNumber(typed) ?? resend.error(noCaseNumber(typed));
      await withLine(async open => {
        const record = await open.store.cases.get(caseNumber);
        if (!record?.progress) return resend.error(`There is no case ${caseNumber}.`);
        const opened = { ...record, progress: record.progress };
        const { key, actor, reason } = asked;
        if (key === undefined) return list(open.store, opened);
        if (actor === undefined || reason === undefined) return resend.error('Give --actor and --reason.');
        const result = await resendOne(open, opened, { ...asked, key, actor, reason });
        console.log(result.text);
        if (!result.isSent) process.exitCode = 1;
      });
    });
}

async function list(store: Store, { caseNumber, progress }: OpenedCase): Promise<void> {
  const sent = await store.outbox.ofCase(caseNumber);
  for (const record of sent) {
    const time = localTime(record.createdAt.getTime(), progress.plan.utcOffsetMinutes);
    console.log([record.key.padEnd(24), time, record.state.padEnd(8), whatIs(record)].join('  '));
  }
  console.log(`${sent.length} messages and letters`);
}

/** "letter task to department:fen-isleri", or the first words of a message to the citizen. */
function whatIs({ channel, recipient, content, order, about }: OutboxRecord): string {
  const { subject, body } = content as { subject?: string; body?: string };
  if (channel === 'mail')
    return `letter ${order?.letter ?? about?.type ?? ''} to ${recipient}: ${subject ?? ''}`;
  return `message: ${Array.from((body ?? '').replace(/\s+/g, ' '))
    .slice(0, 60)
    .join('')}`;
}

/** Returns why a record cannot be sent again, or null. */
function hindrance({ progress }: OpenedCase, record: OutboxRecord, to: Role | undefined): string | null {
  const { channel, order, about, content } = record;
  const isErased = Object.keys(content as object).length === 0;
  if (isErased) return 'its content has been erased';
  if (channel === 'whatsapp') return to ? '--to is for letters only' : null;
  if (about) return to ? '--to is for letters about a task' : otherHindrance(progress, about);
  if (!order) return 'only letters about a task, a hand-off or a call can be sent again';
  // A former desk no longer sees the case.
  return order.department === progress.plan.desk.slug
    ? null
    : `the task has moved to ${progress.plan.desk.slug}; the list shows its letters`;
}

function otherHindrance({ handOff, call }: CaseProgress, about: OtherLetter): string | null {
  switch (about.type) {
    case 'handOff':
      return handOff?.number === about.number && handOff.awaits !== null ? null : 'the hand-off has ended';
    case 'call':
      return call && isCallOpen(call.step) ? null : 'the call has ended';
    case 'digest':
      return 'a list of a day is not sent again';
  }
}

type Line = Pick<OpenLine, 'store' | 'gateway'>;

/**
 * Records the order with actor and reason, and has the copy sent by the worker. A repeated command joins a copy that is
 * still on its way, so that a retry sends nothing twice.
 */
async function resendOne(
  { store, gateway }: Line,
  opened: OpenedCase,
  { key, to, actor, reason }: Asked,
): Promise<{ isSent: boolean; text: string }> {
  const { caseNumber, progress } = opened;
  const record = await store.outbox.get(key);
  if (record?.caseNumber !== caseNumber)
    return { isSent: false, text: `${caseNumber} has no message ${key}.` };
  const why = hindrance(opened, record, to);
  if (why !== null) return { isSent: false, text: `${key} cannot be sent again: ${why}.` };
  const copy = await nextCopy(store, key);
  const isNew = await store.tasks.addAction({
    ...{ actionId: copy, caseNumber, task: progress.task, action: 'resend', words: reason, reason: null },
    ...{ department: record.order?.department ?? null, role: 'manager', actor, at: new Date() },
  });
  if (!isNew) console.log(`${copy} was ordered before and is on its way.`);
  const result = await gateway.sendAgain({ caseNumber, key, copy, ...(to && { to }) });
  if (result === 'pending') {
    return {
      isSent: true,
      text: `${copy} goes on: no worker or server answered in time; see resend ${caseNumber}.`,
    };
  }
  if (result.refused !== null) {
    return { isSent: false, text: `${copy} was refused: ${refusalText(result.refused)}` };
  }
  return { isSent: true, text: `${copy} sent to ${await recipientOf(store, copy)}` };
}

const MOST_COPIES = 50;

/** Returns the key of the next copy, or of the last one if it has not ended. */
async function nextCopy(store: Store, key: string): Promise<string> {
  const [original = key] = key.split(':again:');
  for (let copy = 1; copy <= MOST_COPIES; copy += 1) {
    const name = `${original}:again:${copy}`;
    if ((await store.tasks.action(name)) === null) return name;
    const state = (await store.outbox.get(name))?.state;
    if (state !== 'accepted' && state !== 'failed') return name;
  }
  throw new RangeError(`${key} was sent again ${MOST_COPIES} times`);
}

async function recipientOf(store: Store, copy: string): Promise<string> {
  const record = await store.outbox.get(copy);
  const { to } = (record?.content ?? {}) as { to?: { name: string; address: string } };
  if (to) return `${to.name} <${to.address}>`;
  return record?.sentAs?.kind === 'template' ? 'the citizen, as a template' : 'the citizen';
}

const refusalTexts: Readonly<Record<string, string>> = {
  'window-closed': 'the citizen has not written for 24 hours, and the message has no template',
  stopped: 'the citizen has opted out, and need not hear this',
  'number-wrong': 'the number belongs to somebody else',
  exhausted: 'no attempt succeeded',
};

function refusalText(reason: string): string {
  return refusalTexts[reason] ?? `by the other side with ${reason}`;
}
