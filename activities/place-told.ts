import type { PlaceTold } from '../src/domain/case/case-events';
import { amongOthers, intakeOf, noteWhere } from './case-intake';
import type { Deps } from './deps';

/**
 * Returns the place given by a pin among later messages, or null without one: its neighbourhood, the owner of
 * the subject there, and open reports nearby. Only a case that waits for its citizen or has no pin accepts a
 * place. The recorded subject does not change.
 */
export async function placeTold(
  deps: Pick<Deps, 'store' | 'municipality'>,
  { citizenId, caseNumber, messageIds }: { citizenId: string; caseNumber: string; messageIds: string[] },
): Promise<PlaceTold | null> {
  const { store, municipality } = deps;
  const sent = await store.messages.several(messageIds);
  if (sent.every(({ place }) => place === null)) return null;
  const [record, citizen] = await Promise.all([store.cases.get(caseNumber), store.citizens.get(citizenId)]);
  if (!record?.progress || !citizen) return null;
  const { intake, progress } = record;
  if (progress.stage !== 'waitingCitizen' && intake.place !== null) return null;
  const messages = [...(await store.messages.several(progress.messageIds)), ...sent];
  const choice = { chosenCategory: intake.category.slug, kind: intake.kind };
  const anew = await amongOthers(deps, intakeOf(municipality, citizen, messages, choice), messages);
  await noteWhere(deps, caseNumber, anew, messages);
  const { neighbourhood, outside, institution, similar } = anew;
  const isOurs = !outside && institution === null;
  return {
    ...{ neighbourhood, outside, institution },
    department: isOurs ? anew.desk : null,
    similar: similar?.reports ?? 0,
  };
}
