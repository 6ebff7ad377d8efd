import type { PlaceTold } from '../src/domain/case/case-events';
import { placeAfter } from '../src/config/correction';
import { placeNow } from '../src/store/case-records';
import { askedIn, correctable } from '../src/store/corrections';
import { wordsOf } from '../src/store/message-records';
import { amongOthers, intakeOf, locationOf, noteWhere, similarTo } from './case-intake';
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
  await noteWhere(deps, caseNumber, anew, wordsOf(messages));
  const { neighbourhood, outside, institution, similar } = anew;
  const isOurs = !outside && institution === null;
  return {
    ...{ neighbourhood, outside, institution },
    department: isOurs ? anew.desk : null,
    similar: similar?.reports ?? 0,
  };
}

/**
 * Carries a correction into the record: the place, which only its act knows, and the open reports around it. The case
 * is found under its new subject and place from now on. Idempotent.
 */
export async function followCorrection(
  { store, municipality }: Pick<Deps, 'store' | 'municipality'>,
  caseNumber: string,
  actionId: string,
): Promise<void> {
  const [record, action] = await Promise.all([store.cases.get(caseNumber), store.tasks.action(actionId)]);
  if (!record?.progress || !action) return;
  const { intake, progress } = record;
  const messages = await store.messages.several(progress.messageIds);
  const words = wordsOf(messages);
  // A follower takes over the subject of its leading case, but not its place.
  const asked = askedIn(action.caseNumber === caseNumber ? action : {});
  const isPlaced = asked.pin !== null || asked.neighbourhood !== null || asked.street !== null;
  const { pin, found } = placeAfter(municipality, correctable({ intake, progress }, messages), asked);
  const before = placeNow(intake, messages);
  const isKept = pin?.latitude === before?.latitude && pin?.longitude === before?.longitude;
  const place = isPlaced && {
    place: isKept ? before : pin && { ...pin, name: null, address: null },
    neighbourhood: progress.neighbourhood,
    location: locationOf(municipality, found, pin),
    at: action.at,
  };
  const { category } = progress;
  const now = {
    ...{ ...intake, category },
    ...(place && {
      ...{ place: place.place, neighbourhood: place.neighbourhood, location: place.location },
      ...{ placedAt: place.at, outside: false },
    }),
  };
  const similar = await similarTo(store, municipality, now, words);
  await store.cases.correct(caseNumber, {
    category,
    ...(place && { place }),
    similar: similar?.leader === caseNumber ? null : similar,
  });
  await noteWhere({ store, municipality }, caseNumber, now, words);
}
