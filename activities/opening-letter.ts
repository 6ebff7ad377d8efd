import { stageLabels } from '../src/domain/case/case-labels';
import { bindingDeadline } from '../src/domain/case/case-clocks';
import type { LetterOrder } from '../src/domain/case/case-events';
import { AppError } from '../src/errors';
import { loseLetter } from '../src/mail/letter-outbox';
import { composeOpening, gatheredText, type ListedCase } from '../src/mail/letters/digest';
import type { LinkRecipient } from '../src/store/task-records';
import type { Activities } from '../workflows/contract';
import { caseOf } from './case-lookup';
import type { Deps } from './deps';
import { issueLink, postLetter } from './mail-letter';

interface Gathered {
  caseNumber: string;
  key: string;
  order: LetterOrder;
  to: LinkRecipient;
  /** Whether it was not sent yet. */
  isWaiting: boolean;
}

/**
 * Mails what was gathered for one recipient, at an opening or later: a list with a link for each case, or a single letter
 * as it is. Whoever is on duty may have changed meanwhile: then each address gets its own.
 */
export function mailOpening(deps: Deps): Activities['mailOpening'] {
  const { store, municipality, letterOutbox, now } = deps;
  return async ({ letters, later = false }) => {
    const byAddress = new Map<string, Gathered[]>();
    for (const { caseNumber, key } of letters) {
      const record = await store.outbox.get(key);
      if (!record?.order) continue;
      const isWaiting = record.state !== 'accepted' && record.state !== 'failed';
      const { to } = record.content as { to?: LinkRecipient };
      if (!to && isWaiting) throw new AppError('mail-refused', { reason: 'erased' });
      if (!to) continue;
      const one = { caseNumber, key, order: record.order, to, isWaiting };
      byAddress.set(to.address, [...(byAddress.get(to.address) ?? []), one]);
    }
    for (const gathered of byAddress.values()) await mailTo(gathered, later);
  };

  async function mailTo(gathered: readonly Gathered[], later: boolean): Promise<void> {
    const waiting = gathered.filter(one => one.isWaiting);
    const [first, ...others] = waiting;
    if (!first) return;
    if (others.length === 0) {
      const { key, order, to } = first;
      await postLetter(deps, await caseOf(store, first.caseNumber), order, { key, role: order.to, to });
      return;
    }
    const byTask = new Map<string, Gathered[]>();
    for (const one of waiting) {
      const task = `${one.caseNumber} ${one.order.task} ${one.order.to}`;
      byTask.set(task, [...(byTask.get(task) ?? []), one]);
    }
    await letterOutbox.send({
      key: `opening:${gathered[0]?.key ?? first.key}`,
      recipient: `${first.order.to}:${first.order.department}`,
      caseNumber: null,
      to: first.to,
      gathers: waiting.map(({ key }) => key),
      letter: composeOpening({
        ...{ municipality, now: now().getTime(), recipient: first.to.name, letters: waiting.length, later },
        cases: await Promise.all([...byTask.values()].map(of => listed(deps, of))),
      }),
      thread: `opening:${first.order.to}:${first.order.department}`,
    });
    for (const { key } of waiting) await store.outbox.accepted(key, null);
  }
}

/** One line for all letters about a task to one role. */
async function listed(deps: Deps, of: readonly Gathered[]): Promise<ListedCase> {
  const [first] = of;
  if (!first) throw new AppError('message-missing');
  const { caseNumber, order, to } = first;
  const { intake, progress } = await caseOf(deps.store, caseNumber);
  return {
    caseNumber,
    subject: intake.category.name,
    neighbourhood: intake.neighbourhood?.name ?? null,
    department: progress.plan.desk.name,
    stage: stageLabels[progress.stage],
    dueAt: bindingDeadline(progress),
    urgent: progress.hazard === true,
    why: of.map(({ order }) => gatheredText(order)).join(', '),
    link: await issueLink(deps, caseNumber, order, { role: order.to, to }),
  };
}

/** Makes gathered letters that could not be sent failures of their cases, which find another way. */
export function loseOpening({ store, now }: Deps): Activities['loseOpening'] {
  return async ({ letters }) => {
    for (const { key } of letters) {
      const record = await store.outbox.get(key);
      if (record && record.state !== 'accepted') await loseLetter(store, record, 'opening', now());
    }
  };
}
