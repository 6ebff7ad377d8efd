import type { Activities } from './contract';
import type { Deps } from './deps';
import { openCase } from './open-case';
import { bringsFile } from './message-parts';

/** Gives late photos and pins to the case they belong to; one that ended meanwhile makes way for a new case. */
export function addToCase(deps: Deps): Activities['addToCase'] {
  const { store, line, now } = deps;
  const openAnother = openCase(deps);
  return async ({ citizenId, caseNumber, messageIds }) => {
    const messages = await store.messages.several(messageIds);
    const photoMessageIds = messages.filter(bringsFile).map(message => message.id);
    if (await line.addToCase(caseNumber, { messageIds, photoMessageIds })) {
      await store.messages.handled(messageIds, now(), caseNumber);
      return true;
    }
    return (await openAnother({ citizenId, messageIds })) !== null;
  };
}
