import { AppError } from '../src/errors';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { ownOpenCase } from './own-cases';

/** Tells a case that its citizen takes it back; the case itself confirms it to the citizen. */
export function withdrawCase({ store, line, now }: Deps): Activities['withdrawCase'] {
  return async ({ citizenId, caseNumber, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    const [messageId] = messageIds;
    if (!citizen || messageId === undefined) throw new AppError('citizen-missing');
    const record = await ownOpenCase(store, citizen, caseNumber);
    // The case knows its citizen by the id of its first day.
    const isTaken =
      record !== null && (await line.withdraw(caseNumber, { messageId, citizenId: record.intake.citizenId }));
    if (isTaken) await store.messages.handled(messageIds, now(), caseNumber);
    return isTaken;
  };
}
