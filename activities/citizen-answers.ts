import type { CaseProgress } from '../src/domain/case/case';
import { AppError } from '../src/errors';
import type { Activities } from '../workflows/contract';
import { ownCase, ownOpenCase } from './case-lookup';
import type { Deps } from './deps';
import { sentIn } from './open-case';

/** Passes the citizen's survey answer to a case. Additional text is added to the case. */
export function giveFeedback({ store, gateway, now }: Deps): Activities['giveFeedback'] {
  return async ({ citizenId, caseNumber, answer, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    const messageId = messageIds.at(-1);
    if (!citizen || messageId === undefined) throw new AppError('citizen-missing');
    const record = await ownOpenCase(store, citizen, caseNumber);
    if (!record) return false;
    // The case knows its citizen by the id from its opening.
    const said = { messageId, citizenId: record.intake.citizenId, answer };
    const isTaken = await gateway.giveFeedback(caseNumber, {
      ...said,
      with: sentIn(await store.messages.several(messageIds)),
    });
    if (isTaken) await store.messages.handled(messageIds, now(), caseNumber);
    return isTaken;
  };
}

/** Passes a citizen's objection to a case. The case answers, also if no objection is possible. */
export function objectTo(deps: Deps): Activities['objectTo'] {
  return passTo(deps, (progress, said) => deps.gateway.object(progress, { ...said, inWords: true }));
}

/** Takes a citizen's answer to the survey back. The case answers, also if that is no longer possible. */
export function undoAnswer(deps: Deps): Activities['undoAnswer'] {
  return passTo(deps, deps.gateway.undoAnswer);
}

/** Passes a message on to a case that may have ended. Returns false if the case is not the citizen's. */
function passTo(
  { store, now }: Deps,
  pass: (progress: CaseProgress, said: { messageId: string; citizenId: string }) => Promise<void>,
): Activities['objectTo'] {
  return async ({ citizenId, caseNumber, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    const [messageId] = messageIds;
    if (!citizen || messageId === undefined) throw new AppError('citizen-missing');
    const record = await ownCase(store, citizen, caseNumber);
    if (!record?.progress) return false;
    // The case stores the citizen id of its first day.
    await pass(record.progress, { messageId, citizenId: record.intake.citizenId });
    await store.messages.handled(messageIds, now(), caseNumber);
    return true;
  };
}

/** Passes a withdrawal to a case. The case confirms it to the citizen. */
export function withdrawCase({ store, gateway, now }: Deps): Activities['withdrawCase'] {
  return async ({ citizenId, caseNumber, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    const [messageId] = messageIds;
    if (!citizen || messageId === undefined) throw new AppError('citizen-missing');
    const record = await ownOpenCase(store, citizen, caseNumber);
    // The case knows its citizen by the id from its opening.
    const isTaken =
      record !== null &&
      (await gateway.withdraw(caseNumber, { messageId, citizenId: record.intake.citizenId }));
    if (isTaken) await store.messages.handled(messageIds, now(), caseNumber);
    return isTaken;
  };
}
