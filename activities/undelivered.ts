import { departmentOf } from '../src/config/offices';
import { isMailRefusal } from '../src/errors';
import { arrivalLetter } from '../src/mail/letters/staff-letters';
import type { Activities } from '../workflows/contract';
import { actingFor, caseOf } from './case-lookup';
import { reachOtherwise } from './citizen-call';
import type { Deps } from './deps';
import { fallbackOf, outcomeOf, postLetter } from './mail-letter';
import { tellOperator } from './tell-staff';

/** The operator is notified only of undelivered letters. Citizens are reached in another way. */
export function alertOperator(deps: Deps): Activities['alertOperator'] {
  return async input => {
    const { caseNumber, undelivered, recipient } = input;
    if (input.arrived) {
      await deps.gateway.cancelCall(caseNumber, undelivered);
      await takeAlarmBack(deps, caseNumber, undelivered);
    } else if (recipient === 'citizen') {
      await reachOtherwise(deps, caseNumber, undelivered);
    } else {
      await mailFallbacks(deps, caseNumber, undelivered);
      await tellOperator(deps, { caseNumber, undelivered, recipient });
    }
  };
}

/** Notifies the operator that a message was delivered later, if an earlier version reported its failure. */
async function takeAlarmBack(
  { store, municipality, letterOutbox }: Deps,
  caseNumber: string,
  undelivered: number,
): Promise<void> {
  const alarm = await store.outbox.get(`${caseNumber}:${undelivered}:undelivered`);
  if (alarm?.state !== 'accepted') return;
  await letterOutbox.send({
    key: `${caseNumber}:${undelivered}:arrived`,
    recipient: 'operator',
    caseNumber,
    to: municipality.operator,
    letter: arrivalLetter(municipality, caseNumber),
    thread: caseNumber,
  });
}

/**
 * Sends a letter that came back as mail to its fallback, unless it was sent there when the mail server refused it, or
 * its task has ended since.
 */
async function mailFallbacks(deps: Deps, caseNumber: string, effect: number): Promise<void> {
  const { store, municipality } = deps;
  const opened = await caseOf(store, caseNumber);
  for (const key of [`${caseNumber}:${effect}`, `${caseNumber}:${effect}:duty`]) {
    const record = await store.outbox.get(key);
    const order = record?.state === 'failed' ? record.order : undefined;
    if (order?.task !== opened.progress.task) continue;
    if ((await store.outbox.get(`${key}:fallback`))?.state === 'accepted') continue;
    const to = await actingFor(deps, fallbackOf(deps, departmentOf(municipality, order.department), order));
    const failure = await outcomeOf(
      postLetter(deps, opened, order, { key: `${key}:fallback`, role: order.to, to }),
    );
    if (failure !== null && !isMailRefusal(failure)) throw failure;
  }
}
