import { type Command, InvalidArgumentError } from 'commander';
import { localTime } from '../../domain/case/temporal-ui';
import { roleLabels } from '../../domain/case/case-labels';
import type { Role } from '../../domain/sla/sla';
import type { OpenedCase } from '../../store/case-records';
import type { OutboxRecord } from '../../store/outbox-records';
import type { Store } from '../../store/store';
import { readCaseNumber } from '../../domain/identifiers';
import { resend, type ResendResult } from '../../temporal/resend';
import { actorName, noCaseNumber, reasonText } from './arguments';
import { withLine } from './connections';

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
  const command = admin
    .command('resend')
    .description('send a letter or message of a case again; without --key, list what was sent')
    .argument('<number>', 'the case number')
    .option('--key <key>', 'which one, from the list')
    .option('--to <role>', `of a letter: another recipient of its department (${roles.join(', ')})`, oneRole)
    .option('--actor <name>', 'the actor, stored with the act', actorName)
    .option('--reason <words>', 'the reason, stored with the act', reasonText)
    .action(async (typed: string, asked: Partial<Asked>) => {
      const caseNumber = readCaseNumber(typed) ?? command.error(noCaseNumber(typed));
      await withLine(async open => {
        const record = await open.store.cases.get(caseNumber);
        if (!record?.progress) return command.error(`There is no case ${caseNumber}.`);
        const opened = { ...record, progress: record.progress };
        const { key, actor, reason } = asked;
        if (key === undefined) return list(open.store, opened);
        if (actor === undefined || reason === undefined) return command.error('Give --actor and --reason.');
        const result = await resend(open, opened, { ...asked, key, actor, reason });
        if ('isRepeated' in result && result.isRepeated)
          console.log(`${result.copy} was ordered before and is on its way.`);
        console.log(await textOf(open.store, opened, key, result));
        if (result.type === 'hindered' || result.type === 'refused') process.exitCode = 1;
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

type Hindrance = Extract<ResendResult, { type: 'hindered' }>['why'];

const hindrances: Readonly<Record<Exclude<Hindrance, 'unknown' | 'taskMoved'>, string>> = {
  erased: 'its content has been erased',
  notALetter: '--to is for letters only',
  notATask: '--to is for letters about a task',
  notStored: 'only letters about a task, a hand-off or a call can be sent again',
  handOffEnded: 'the hand-off has ended',
  callEnded: 'the call has ended',
  digest: 'a list of a day is not sent again',
};

async function textOf(
  store: Store,
  { caseNumber, progress }: OpenedCase,
  key: string,
  result: ResendResult,
): Promise<string> {
  switch (result.type) {
    case 'hindered':
      if (result.why === 'unknown') return `${caseNumber} has no message ${key}.`;
      return `${key} cannot be sent again: ${
        result.why === 'taskMoved'
          ? `the task has moved to ${progress.plan.desk.slug}; the list shows its letters`
          : hindrances[result.why]
      }.`;
    case 'pending':
      return `${result.copy} goes on: no worker or server answered in time; see resend ${caseNumber}.`;
    case 'refused':
      return `${result.copy} was refused: ${refusalText(result.reason)}`;
    case 'sent':
      return `${result.copy} sent to ${await recipientOf(store, result.copy)}`;
  }
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
