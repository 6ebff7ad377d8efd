import { createHash } from 'node:crypto';
import { correctionOf, placeAfter, placeSaid } from '../src/config/correction';
import { categoryOf } from '../src/config/offices';
import { placeOf } from '../src/config/places';
import type { CaseFact, PlaceTold } from '../src/domain/case/case-events';
import { dangerIn } from '../src/domain/routing/danger';
import {
  type CaseMeant,
  caseMeant,
  type TieLimits,
  type Wrong,
  wrongIn,
} from '../src/domain/talk/case-meant';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import { withdrawnIn } from '../src/domain/talk/message-meaning';
import type { Municipality } from '../src/config/municipality';
import { OTHER_CATEGORY } from '../src/domain/routing/category';
import { LIKELY_FROM } from '../src/domain/routing/classify';
import { type CaseIntake, type CaseRecord, placeNow } from '../src/store/case-records';
import { askedIn, correctable, pinText } from '../src/store/corrections';
import { bringsFile, wordsOf } from '../src/store/message-records';
import type { Activities } from '../workflows/contract';
import { amongOthers, intakeOf, locationOf, similarTo, spotOf, subjectOf } from './case-intake';
import {
  casesAtHand,
  endedLately,
  isElsewhere,
  isHeardAfterEnd,
  isOpenCase,
  opened,
  ownCase,
} from './case-lookup';
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

/** Indexes a report by its place for later comparison, unless no department of ours handles it. */
export async function noteWhere(
  { store, municipality }: Pick<Deps, 'store' | 'municipality'>,
  caseNumber: string,
  intake: CaseIntake,
  words: string,
): Promise<void> {
  const { place, outside, category, institution, receivedAt } = intake;
  if (outside || institution) return;
  const nearness = categoryOf(municipality, category.slug).duplicates;
  const report = { caseNumber, at: receivedAt.getTime() };
  const spot = spotOf(municipality, intake, words);
  if (place) {
    const { latitude, longitude } = place;
    await store.reportCells.add(category.slug, { ...report, latitude, longitude }, nearness);
  }
  if (spot)
    await store.reportCells.addOnStreet(category.slug, spot, { ...report, pinned: place !== null }, nearness);
}

/**
 * Reads that subject or place of a case of the citizen are wrong ("konu yanlış olmuş, aslında kaldırım taşı"); null for
 * any other text. Without a case number it is about the case whose subject the text denies, otherwise about those of
 * which we wrote lately, or the one that ended last. It is unsure if the text only contrasts two things.
 */
export async function correctionSaid(
  { store, municipality, now }: Pick<Deps, 'store' | 'municipality' | 'now'>,
  text: string,
  cases: readonly CaseRecord[],
  { named, meant, limits }: { named: readonly string[]; meant: CaseMeant | null; limits: TieLimits },
): Promise<Pick<MessageFacts, 'says' | 'recentCase' | 'alike' | 'corrects' | 'follows' | 'matter'> | null> {
  const wrong = wrongIn(text, municipality.language.followUp);
  if (!wrong) return null;
  const ended = endedLately(municipality, cases, now());
  const open = [...cases.filter(isOpenCase), ...ended];
  const denied = wrong.denied === null ? null : subjectIn(municipality, wrong.denied);
  const own = open.filter(({ caseNumber }) => named.includes(caseNumber));
  const ofDenied = open.filter(({ intake }) => intake.category.slug === denied?.slug);
  const lately = (await casesAtHand(store, open)).filter(
    each => caseMeant({ named: [], subject: null }, [each], limits, now().getTime()) !== null,
  );
  const isLate = ({ caseNumber }: CaseRecord): boolean => lately.some(each => each.caseNumber === caseNumber);
  const isNamed = own.length > 0 || ofDenied.length === 1;
  const late = open.filter(isLate);
  const others = [...cases.filter(isOpenCase), ...ended.slice(0, 1)];
  const likely = isNamed ? [...own, ...ofDenied] : late.length > 0 ? late : others;
  const record = likely.find(({ caseNumber }) => caseNumber === meant?.caseNumber) ?? likely[0];
  if (!record || (named.length > 0 && own.length === 0)) return null;
  const { category } = record.intake;
  const isDenied = denied?.slug === category.slug;
  const subject = wrong.of === 'place' ? null : rightSubject(municipality, wrong, category.slug);
  const place = wrong.of === 'subject' ? null : placeSaid(municipality, wrong, record.intake);
  const isPlaceDenied =
    wrong.denied !== null && tellsPlaceOf(municipality, wrong.denied, record.intake) && place !== null;
  const isReplaced = (wrong.isReplaced && place !== null) || isPlaceDenied;
  const isContrasted = isDenied && !isElsewhere(municipality, text, record.intake);
  const added = { recentCase: record.caseNumber, follows: 'addition', matter: true } as const;
  if (!wrong.isSaid && !isReplaced && !isContrasted)
    return wrong.isOfNumber ? { says: 'report', ...added } : null;
  // Without the right value, the words are an answer to the question whether the problem is solved.
  if (record.progress?.stage === 'resolved' && !subject && !place) return null;
  // "Sokak tabelası yanlış asılmış" is a matter of its own.
  const whole = subjectIn(municipality, text);
  const isAnother = whole?.isSure === true && whole.slug !== category.slug;
  const isOwnPlace = place !== null && !isElsewhere(municipality, text, record.intake);
  const isWritten = wrong.isWritten && place !== null;
  if (
    isAnother &&
    !isDenied &&
    !isOwnPlace &&
    !isWritten &&
    wrong.of !== 'subject' &&
    wrong.parts.length === 1
  )
    return null;
  const alike = isNamed ? [] : likely.filter(each => each !== record);
  return {
    says: 'corrects',
    ...added,
    ...(alike.length > 0 && { alike: alike.map(({ caseNumber }) => caseNumber) }),
    corrects: {
      ...(subject && { subject: subject.slug }),
      ...(place && { place: true as const }),
      sure:
        isReplaced ||
        (wrong.isSaid && (wrong.of !== null || isDenied) && (subject === null || subject.isSure)),
    },
  };
}

/**
 * Whether a text names the road of a case that only counts as a street of the municipality: an answer to the question in
 * its acknowledgement.
 */
export function roadSaid(
  municipality: Municipality,
  words: string,
  { intake, progress }: CaseRecord,
): boolean {
  if (!intake.location?.roadGuessed || progress?.stage === 'resolved') return false;
  const { road, street } = placeOf(municipality, null, words);
  return street !== null || road.road !== null;
}

/**
 * Reads that a report is withdrawn by its subject ("çukuru iptal edin"): an open case, or the report whose words came
 * before; null for any other text.
 */
export function withdrawalSaid(
  municipality: Municipality,
  words: string,
  before: string,
  open: readonly CaseRecord[],
): Pick<MessageFacts, 'says' | 'about'> | null {
  const what = withdrawnIn(words, municipality.language.meaning);
  const subject = what === null ? null : subjectIn(municipality, what);
  if (!subject) return null;
  const record = open.find(({ intake }) => intake.category.slug === subject.slug);
  if (record) return { says: 'withdraw', about: record.caseNumber };
  return subjectIn(municipality, before)?.slug === subject.slug ? { says: 'withdraw' } : null;
}

/** Whether a text names the recorded neighbourhood or street. */
function tellsPlaceOf(
  municipality: Municipality,
  text: string,
  intake: Pick<CaseIntake, 'neighbourhood' | 'location'>,
): boolean {
  const { neighbourhood, street } = placeOf(municipality, null, text);
  const isNamed = neighbourhood !== null || street !== null;
  return isNamed && !isElsewhere(municipality, text, intake);
}

/** Returns the subject that a text names, and whether it is likely enough to be recorded without a question. */
function subjectIn(municipality: Municipality, text: string): { slug: string; isSure: boolean } | null {
  const { ranked, matched, sure } = subjectOf(text, municipality);
  const [best] = ranked;
  if (!best || matched.length === 0 || best.category === OTHER_CATEGORY) return null;
  return { slug: best.category, isSure: sure || best.confidence >= LIKELY_FROM };
}

function rightSubject(
  municipality: Municipality,
  { parts }: Wrong,
  recorded: string,
): ReturnType<typeof subjectIn> {
  const found = parts.map(part => subjectIn(municipality, part));
  return found.find(each => each !== null && each.slug !== recorded) ?? null;
}

/**
 * Corrects a case as its citizen says. The values stand in the record of the act, because the place is personal. What
 * cannot be corrected is added to the case for its department; a pin outside the district changes nothing.
 */
export function correctCase(
  { store, municipality, gateway, now }: Pick<Deps, 'store' | 'municipality' | 'gateway' | 'now'>,
  addToCase: Activities['addToCase'],
): Activities['correctCase'] {
  return async ({ citizenId, caseNumber, messageIds, subject, place }) => {
    const citizen = await store.citizens.get(citizenId);
    const known = citizen && (await ownCase(store, citizen, caseNumber));
    const isEnd = known !== null && isHeardAfterEnd(municipality, known, now());
    const record = known && (isEnd || isOpenCase(known)) ? opened(known) : null;
    const add = (): ReturnType<Activities['addToCase']> => addToCase({ citizenId, caseNumber, messageIds });
    const [first] = messageIds;
    if (!record || first === undefined) return add();
    const { intake, progress } = record;
    const sent = await store.messages.several(messageIds);
    const about = correctable(record, await store.messages.several(progress.messageIds));
    const pin = sent.findLast(message => message.place !== null)?.place ?? null;
    const words = wordsOf(sent);
    const danger = dangerIn(words, municipality.language.danger);
    const wrong = wrongIn(words, municipality.language.followUp) ?? { parts: [words], denied: null };
    const said = place ? placeSaid(municipality, wrong, intake) : null;
    const kept = {
      ...(subject !== undefined && { subject }),
      ...(place && pin && { pin: pinText(pin) }),
      ...(said?.neighbourhood && !pin && { neighbourhood: said.neighbourhood }),
      ...(danger?.to === 'passers' && progress.priority !== 'p1' && { priority: 'p1' as const }),
      ...(said?.street && { street: said.street }),
    };
    const found = correctionOf(municipality, about, askedIn(kept));
    if ('problem' in found && found.problem === 'outside') {
      await store.messages.handled(messageIds, now(), caseNumber);
      return 'outside';
    }
    if ('problem' in found) return add();
    // The id of a message is not kept with the act, because the erasure of a citizen removes it.
    const actionId = createHash('sha256').update(`${first}:correct`).digest('hex').slice(0, 32);
    await store.tasks.addAction({
      ...{ actionId, caseNumber, task: progress.task, action: 'correct', words: null, reason: null },
      ...{ department: null, ...kept, role: 'citizen', actor: null, at: now() },
    });
    const files = sent.filter(bringsFile).map(({ id }) => id);
    const correction = { messageIds, fileMessageIds: files, actionId, correction: found.correction };
    if (isEnd) await gateway.correctAfterEnd(progress, correction);
    else if (!(await gateway.correctCase(caseNumber, correction))) return add();
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
  { actionId, place: moved }: Extract<CaseFact, { type: 'corrected' }>,
): Promise<void> {
  const [record, action] = await Promise.all([store.cases.get(caseNumber), store.tasks.action(actionId)]);
  if (!record?.progress || !action) return;
  const { intake, progress } = record;
  const messages = await store.messages.several(progress.messageIds);
  const words = wordsOf(messages);
  // A follower takes over the subject of its leading case, and its place where they shared it.
  const asked = askedIn(action.caseNumber === caseNumber || moved ? action : {});
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
