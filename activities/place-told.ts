import { createHash } from 'node:crypto';
import { correctionOf, placeAfter, placeSaid } from '../src/config/correction';
import type { PlaceTold } from '../src/domain/case/case-events';
import { dangerIn } from '../src/domain/routing/danger';
import { wrongIn } from '../src/domain/talk/case-meant';
import { placeNow } from '../src/store/case-records';
import { askedIn, correctable, pinText } from '../src/store/corrections';
import { bringsFile, wordsOf } from '../src/store/message-records';
import type { Activities } from '../workflows/contract';
import { amongOthers, intakeOf, locationOf, noteWhere, similarTo } from './case-intake';
import { opened, ownOpenCase } from './case-lookup';
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
 * Corrects a case as its citizen says. The values stand in the record of the act, because the place is personal. What
 * cannot be corrected, such as a place outside the district, is added to the case for its department.
 */
export function correctCase(
  { store, municipality, gateway, now }: Pick<Deps, 'store' | 'municipality' | 'gateway' | 'now'>,
  addToCase: Activities['addToCase'],
): Activities['correctCase'] {
  return async ({ citizenId, caseNumber, messageIds, subject, place }) => {
    const citizen = await store.citizens.get(citizenId);
    const record = citizen && opened(await ownOpenCase(store, citizen, caseNumber));
    const add = (): ReturnType<Activities['addToCase']> => addToCase({ citizenId, caseNumber, messageIds });
    const [first] = messageIds;
    if (!record || first === undefined) return add();
    const { intake, progress } = record;
    const sent = await store.messages.several(messageIds);
    const about = correctable(record, await store.messages.several(progress.messageIds));
    const pin = sent.findLast(message => message.place !== null)?.place ?? null;
    const danger = dangerIn(wordsOf(sent), municipality.language.danger);
    const wrong = place ? wrongIn(wordsOf(sent), municipality.language.followUp) : null;
    const said = wrong && placeSaid(municipality, wrong, intake);
    const kept = {
      ...(subject !== undefined && { subject }),
      ...(place && pin && { pin: pinText(pin) }),
      ...(said?.neighbourhood && !pin && { neighbourhood: said.neighbourhood }),
      ...(danger?.to === 'passers' && progress.priority !== 'p1' && { priority: 'p1' as const }),
      ...(said?.street && { street: said.street }),
    };
    const found = correctionOf(municipality, about, askedIn(kept));
    if ('problem' in found) return add();
    // The id of a message is not kept with the act, because the erasure of a citizen removes it.
    const actionId = createHash('sha256').update(`${first}:correct`).digest('hex').slice(0, 32);
    await store.tasks.addAction({
      ...{ actionId, caseNumber, task: progress.task, action: 'correct', words: null, reason: null },
      ...{ department: null, ...kept, role: 'citizen', actor: null, at: now() },
    });
    const files = sent.filter(bringsFile).map(({ id }) => id);
    const correction = { messageIds, fileMessageIds: files, actionId, correction: found.correction };
    if (!(await gateway.correctCase(caseNumber, correction))) return add();
    await store.messages.handled(messageIds, now(), caseNumber);
    return true;
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
    location: locationOf(municipality, found, pin, progress.category.slug),
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
