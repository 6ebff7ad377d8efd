import { placeSaid } from '../src/config/correction';
import type { Municipality } from '../src/config/municipality';
import { placeOf } from '../src/config/places';
import { peopleOnDuty } from '../src/config/duty';
import { objectionRefusal } from '../src/domain/case/acts';
import { standInFor } from '../src/domain/absence';
import { isEnded } from '../src/domain/case/case';
import { streetName } from '../src/domain/place/place-words';
import { OTHER_CATEGORY } from '../src/domain/routing/category';
import { type Classification, LIKELY_FROM } from '../src/domain/routing/classify';
import {
  type CaseAtHand,
  type CaseMeant,
  caseMeant,
  stateAsked,
  type TieLimits,
  type Wrong,
  wrongIn,
} from '../src/domain/talk/case-meant';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import { LOW_RATING } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { CaseIntake, CaseRecord, OpenedCase } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Store } from '../src/store/store';
import type { LinkRecipient } from '../src/store/task-records';
import { subjectOf } from './case-intake';
import type { Deps } from './deps';

/**
 * Returns the record of a case after its workflow has written it. Rejects with `case-missing` if there is
 * none.
 */
export async function caseOf(store: Store, caseNumber: string): Promise<OpenedCase> {
  const found = opened(await store.cases.get(caseNumber));
  if (!found) throw new AppError('case-missing');
  return found;
}

/** Returns a case record whose workflow has written it; null before. */
export function opened(record: CaseRecord | null): OpenedCase | null {
  if (!record?.progress) return null;
  const { caseNumber, intake, progress } = record;
  return { caseNumber, intake, progress };
}

/** Citizens with more open cases see only the newest ones. */
const MOST_LOOKED_AT = 50;

/** Whether a case is open. If its workflow has not written yet, it has just been opened. */
export function isOpenCase({ progress }: CaseRecord): boolean {
  return progress === null || !isEnded(progress.stage);
}

/**
 * Returns the record of a case if it belongs to the citizen, otherwise null. The caller cannot distinguish
 * other citizens' cases from unknown ones.
 */
export async function ownCase(
  store: Store,
  citizen: Citizen,
  caseNumber: string,
): Promise<CaseRecord | null> {
  const isOwn = citizen.cases.some(own => own.caseNumber === caseNumber);
  return isOwn ? store.cases.get(caseNumber) : null;
}

/** Returns the record of a case if it belongs to the citizen and is open, otherwise null. */
export async function ownOpenCase(
  store: Store,
  citizen: Citizen,
  caseNumber: string,
): Promise<CaseRecord | null> {
  const record = await ownCase(store, citizen, caseNumber);
  return record && isOpenCase(record) ? record : null;
}

/** Returns the records of the citizen's latest cases, newest first. */
export async function latestCasesOf(store: Store, citizen: Citizen): Promise<CaseRecord[]> {
  const latest = citizen.cases.slice(-MOST_LOOKED_AT).reverse();
  const records = await Promise.all(latest.map(({ caseNumber }) => store.cases.get(caseNumber)));
  return records.filter(record => record !== null);
}

/** Returns the citizen's open cases, newest first. */
export async function openCasesOf(store: Store, citizen: Citizen): Promise<CaseRecord[]> {
  return (await latestCasesOf(store, citizen)).filter(isOpenCase);
}

/** Returns the cases whose outcome can be disputed at `now` (epoch ms UTC), the latest ended first. */
export function disputableAmong(records: readonly CaseRecord[], now: number): CaseRecord[] {
  const endOf = ({ progress }: CaseRecord): number => progress?.endedAt ?? progress?.resolvedAt ?? 0;
  return records
    .filter(({ progress }) => progress !== null && objectionRefusal(progress, now) === null)
    .sort((one, other) => endOf(other) - endOf(one));
}

/**
 * Returns the facts of a citizen's cases that the conversation needs, in the same order. Of the ended cases,
 * only those whose low rating needs reasons are included.
 */
export async function casesAtHand(store: Store, records: readonly CaseRecord[]): Promise<CaseAtHand[]> {
  const found = await Promise.all(
    records.map(async (record): Promise<CaseAtHand | null> => {
      const { caseNumber, intake, progress } = record;
      const isOpen = isOpenCase(record);
      const ratedAt = isOpen ? null : await lowRatedAt(store, record);
      if (!isOpen && ratedAt === null) return null;
      return {
        caseNumber,
        stage: progress?.stage ?? 'received',
        subject: intake.category.slug,
        openedAt: intake.receivedAt.getTime(),
        reasonsAskedAt: isOpen ? (progress?.objection?.since ?? progress?.answered?.at ?? null) : ratedAt,
        toldAt: (await store.outbox.lastTold(caseNumber, progress?.effects ?? 0))?.getTime() ?? 0,
      };
    }),
  );
  return found.filter(each => each !== null);
}

/** The case that a small question names. */
export function aboutOf(meant: CaseMeant | null): { about?: string } {
  return meant?.tie === 'named' ? { about: meant.caseNumber } : {};
}

/** Returns the case that a message refers to, as the conversation needs it. */
export function bondOf({
  caseNumber,
  tie,
  alike,
}: CaseMeant): Partial<Pick<MessageFacts, 'about' | 'recentCase' | 'alike'>> {
  if (tie === 'named') return { about: caseNumber };
  return { recentCase: caseNumber, ...(alike.length > 0 && { alike }) };
}

/** Returns when the citizen gave a closed case a low rating, epoch ms UTC; null without one. */
export async function lowRatedAt(
  { ratings }: Pick<Store, 'ratings'>,
  { caseNumber, progress }: Pick<CaseRecord, 'caseNumber' | 'progress'>,
): Promise<number | null> {
  if (progress?.stage !== 'closed') return null;
  const given = await ratings.get(caseNumber);
  return given && given.rating <= LOW_RATING ? given.at.getTime() : null;
}

/**
 * Reads an everyday question about the state of the citizen's own case ("bizim çukur işi ne oldu"), or a complaint
 * about its delay; null for any other text. The case is the named one, that of the subject, or the only open one.
 */
export function stateAskedOf(
  municipality: Municipality,
  words: string,
  cases: readonly CaseRecord[],
  { guess, meant, named }: { guess: Classification; meant: CaseMeant | null; named: readonly string[] },
): Pick<MessageFacts, 'says' | 'statusOf' | 'joins'> | null {
  const open = cases.filter(isOpenCase);
  const isNamed = guess.matched.length > 0;
  const ofSubject = open.filter(
    ({ intake }) => isNamed && guess.ranked[0]?.category === intake.category.slug,
  );
  const likely = open.filter(({ intake }) =>
    guess.ranked.some(({ category }) => isNamed && !guess.sure && category === intake.category.slug),
  );
  const [own] = [
    ...open.filter(({ caseNumber }) => named.includes(caseNumber)),
    ...ofSubject,
    ...likely,
    ...open.filter(({ caseNumber }) => !isNamed && (open.length === 1 || caseNumber === meant?.caseNumber)),
  ];
  if (!own && (isNamed || cases.length === 0)) return null;
  const subject = !isNamed ? 'none' : own && [...ofSubject, ...likely].includes(own) ? 'same' : 'other';
  const otherPlace = own !== undefined && isElsewhere(municipality, words, own.intake);
  const says = stateAsked(words, { subject, sure: guess.sure, otherPlace }, municipality.language.followUp);
  if (says === null) return null;
  const stage = own?.progress?.stage;
  const joins = says === 'delayed' && own !== undefined && stage !== 'waitingCitizen';
  return {
    says: 'status',
    ...(own && { statusOf: own.caseNumber }),
    ...(joins && { joins: true as const }),
  };
}

/** Whether a citizen can correct a case: it is open and its work has no result yet. */
function isCorrectable(record: CaseRecord): boolean {
  const stage = record.progress?.stage;
  return isOpenCase(record) && stage !== 'resolved' && stage !== 'objected';
}

/**
 * Reads that subject or place of a case of the citizen are wrong ("konu yanlış olmuş, aslında kaldırım taşı"); null for
 * any other text. Without a case number it is about the case whose subject the text denies, otherwise about those of
 * which we wrote lately. It is unsure if the text only contrasts two things.
 */
export async function correctionSaid(
  { store, municipality, now }: Pick<Deps, 'store' | 'municipality' | 'now'>,
  text: string,
  cases: readonly CaseRecord[],
  { named, meant, limits }: { named: readonly string[]; meant: CaseMeant | null; limits: TieLimits },
): Promise<Pick<MessageFacts, 'says' | 'recentCase' | 'alike' | 'corrects' | 'follows' | 'matter'> | null> {
  const wrong = wrongIn(text, municipality.language.followUp);
  const open = wrong ? cases.filter(isCorrectable) : [];
  if (!wrong || open.length === 0) return null;
  const denied = wrong.denied === null ? null : subjectIn(municipality, wrong.denied);
  const own = open.filter(({ caseNumber }) => named.includes(caseNumber));
  const ofDenied = open.filter(({ intake }) => intake.category.slug === denied?.slug);
  const lately = (await casesAtHand(store, open)).filter(
    each => caseMeant({ named: [], subject: null }, [each], limits, now().getTime()) !== null,
  );
  const isLate = ({ caseNumber }: CaseRecord): boolean => lately.some(each => each.caseNumber === caseNumber);
  const isNamed = own.length > 0 || ofDenied.length === 1;
  const likely = isNamed ? [...own, ...ofDenied] : open.some(isLate) ? open.filter(isLate) : open;
  const record = likely.find(({ caseNumber }) => caseNumber === meant?.caseNumber) ?? likely[0];
  if (!record || (named.length > 0 && own.length === 0)) return null;
  const { category } = record.intake;
  const isDenied = denied?.slug === category.slug;
  if (!wrong.isSaid && (!isDenied || isElsewhere(municipality, text, record.intake))) return null;
  const subject = wrong.of === 'place' ? null : rightSubject(municipality, wrong, category.slug);
  const place = wrong.of === 'subject' ? null : placeSaid(municipality, wrong, record.intake);
  // "Sokak tabelası yanlış asılmış" is a matter of its own.
  const whole = subjectIn(municipality, text);
  const isAnother = whole?.isSure === true && whole.slug !== category.slug;
  if (isAnother && !isDenied && wrong.of !== 'subject' && wrong.parts.length === 1) return null;
  const others = isNamed ? [] : likely.filter(each => each !== record);
  return {
    says: 'corrects',
    follows: 'addition',
    matter: true,
    recentCase: record.caseNumber,
    ...(others.length > 0 && { alike: others.map(({ caseNumber }) => caseNumber) }),
    corrects: {
      ...(subject && { subject: subject.slug }),
      ...(place && { place: true as const }),
      sure: wrong.isSaid && (wrong.of !== null || isDenied) && (subject === null || subject.isSure),
    },
  };
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

/** Whether a text names a place that cannot be the place of a report. */
export function isElsewhere(
  municipality: Municipality,
  words: string,
  { neighbourhood, location }: CaseIntake,
): boolean {
  const told = placeOf(municipality, null, words);
  if (told.neighbourhood && neighbourhood && told.neighbourhood.slug !== neighbourhood.slug) return true;
  const street = location?.street ?? null;
  if (told.street === null || street === null) return false;
  // Older records keep the street as the citizen wrote it.
  const known = placeOf(municipality, null, street).street ?? street;
  return streetName(told.street) !== streetName(known);
}

/**
 * Returns who acts for a holder of a role now: the holder, or the substitute while the holder is away. The name then
 * tells for whom.
 */
export async function actingFor(
  { store, now }: Pick<Deps, 'store' | 'now'>,
  holder: LinkRecipient,
): Promise<LinkRecipient> {
  const at = now();
  const absences = await store.absences.since(at);
  const { name, address } = holder;
  if (absences.length === 0) return { name, address };
  const acting = standInFor(holder, absences, at);
  return acting.insteadOf === undefined
    ? acting
    : { ...acting, name: `${acting.name} (${acting.insteadOf} yerine)` };
}

/** Returns the first person on duty for a department now, or null while it works as usual. */
export async function firstOnDuty(
  deps: Pick<Deps, 'store' | 'municipality' | 'now'>,
  department: string,
): Promise<LinkRecipient | null> {
  const { municipality, store, now } = deps;
  const people = peopleOnDuty(municipality, department, await store.closures.all(), now().getTime());
  return people[0] ? actingFor(deps, people[0]) : null;
}
