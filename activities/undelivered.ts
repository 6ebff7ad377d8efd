import { arrivalLetter } from '../src/mail/letters/staff-letters';
import type { Activities } from '../workflows/contract';
import { reachOtherwise } from './citizen-call';
import type { Deps } from './deps';
import { mailFallbacks } from './mail-letter';
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
