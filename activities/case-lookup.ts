import type { Municipality } from '../src/config/municipality';
import { placeOf, tellsAddress } from '../src/config/places';
import { peopleOnDuty } from '../src/config/duty';
import { objectionRefusal } from '../src/domain/case/acts';
import { standInFor } from '../src/domain/absence';
import { isEnded } from '../src/domain/case/case';
import { hearsAfterEnd } from '../src/domain/case/citizen-turns';
import { DAY_MS } from '../src/domain/durations';
import { streetName } from '../src/domain/place/place-words';
import type { Classification } from '../src/domain/routing/classify';
import {
  type CaseAtHand,
  type CaseMeant,
  followsEnded,
  stateAsked,
  type TieLimits,
} from '../src/domain/talk/case-meant';
import type { SurveyAnswer } from '../src/domain/talk/answer-words';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import { LOW_RATING } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { CaseIntake, CaseRecord, OpenedCase } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Store } from '../src/store/store';
import type { LinkRecipient } from '../src/store/task-records';
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

/** Whether somebody reads what its citizen writes about an ended case at `now`: for the days in which it can be reopened. */
export function isHeardAfterEnd(
  { feedback }: Pick<Municipality, 'feedback'>,
  { progress }: CaseRecord,
  now: Date,
): boolean {
  if (!progress || progress.endedAt === null || !hearsAfterEnd(progress.stage)) return false;
  return now.getTime() - progress.endedAt <= feedback.reopenDays * DAY_MS;
}

/** Returns the cases of which `isHeardAfterEnd` is true, the latest ended first. */
export function endedLately(
  municipality: Pick<Municipality, 'feedback'>,
  records: readonly CaseRecord[],
  now: Date,
): CaseRecord[] {
  const endOf = ({ progress }: CaseRecord): number => progress?.endedAt ?? 0;
  return records
    .filter(record => isHeardAfterEnd(municipality, record, now))
    .sort((one, other) => endOf(other) - endOf(one));
}

/**
 * Reads words about a case that ended lately ("dün geldiler ama yapmadan gittiler"); null for any other text. The case
 * is the named one, that of the subject, or for words without a clear subject the one that ended last.
 */
export function saidAfterEnd(
  municipality: Municipality,
  words: string,
  ended: readonly CaseRecord[],
  { guess, named }: { guess: Classification; named: readonly string[] },
): Pick<MessageFacts, 'recentCase' | 'follows' | 'matter'> | null {
  const own = ended.find(({ caseNumber }) => named.includes(caseNumber));
  if (own) return { recentCase: own.caseNumber, follows: 'addition', matter: true };
  const ofSubject =
    guess.matched.length === 0
      ? undefined
      : ended.find(({ intake }) => intake.category.slug === guess.ranked[0]?.category);
  const record = ofSubject ?? (guess.sure ? undefined : ended[0]);
  if (!record || isElsewhere(municipality, words, record.intake)) return null;
  const subject = ofSubject ? 'same' : 'none';
  const isAwaited = (record.progress?.handOff?.awaits ?? null) !== null;
  const beside = { subject, tellsPlace: tellsAddress(municipality, words) } as const;
  const { place, neighbourhood, location } = record.intake;
  const isUnplaced = place === null && neighbourhood === null && !location?.street;
  if (isUnplaced && beside.tellsPlace && guess.matched.length === 0)
    return { recentCase: record.caseNumber, follows: 'addition', matter: true };
  const follows = followsEnded(words, beside, isAwaited, municipality.language.followUp);
  return follows === 'new' ? null : { recentCase: record.caseNumber, follows, matter: true };
}

/**
 * Whether a location or picture sent at `at` belongs to the report of a case that our routing ended at once, without
 * waiting for it.
 */
export function lacksFromReport(
  { intake, progress }: CaseRecord,
  brings: 'attachment' | 'place',
  at: number,
  { openedMs }: TieLimits,
): boolean {
  if (progress?.stage !== 'handedOff' || progress.task > 0) return false;
  const isLacking = brings === 'place' ? intake.place === null : !intake.photographed;
  return isLacking && at - intake.receivedAt.getTime() <= openedMs;
}

/**
 * Returns the case whose outcome an answer in words disputes at `now` (epoch ms UTC): the named one, otherwise the one
 * that ended last. Null if it disputes none.
 */
export function disputedBy(
  citizen: Citizen,
  cases: readonly CaseRecord[],
  answer: SurveyAnswer | null,
  about: { named: readonly string[]; guess: Classification | null; meant: CaseMeant | null },
  now: number,
): string | null {
  const { named, guess, meant } = about;
  const objects = answer?.says === 'objection';
  if (!answer?.sure || (!objects && answer.says !== 'unsolved' && answer.says !== 'partly')) return null;
  const endOf = ({ progress }: CaseRecord): number => progress?.endedAt ?? progress?.resolvedAt ?? 0;
  const disputable = cases
    .filter(({ progress }) => progress !== null && objectionRefusal(progress, now) === null)
    .sort((one, other) => endOf(other) - endOf(one));
  const numbers = disputable.map(({ caseNumber }) => caseNumber);
  if (objects && numbers.length === 0) return undisputable(citizen, about);
  const own = named.find(number => numbers.includes(number));
  const record = disputable.find(({ caseNumber }) => caseNumber === (own ?? numbers[0]));
  if (!record) return null;
  // Such words reach an institution that has not answered yet.
  const isAwaited = record.progress?.stage === 'handedOff' && record.progress.handOff?.awaits;
  if (!objects && isAwaited) return null;
  // "Hâlâ duruyor" answers an open survey. After the end of a case it is an objection, unless it may refer
  // to an open case.
  const isEnd = record.progress !== null && isEnded(record.progress.stage);
  const isOfAnother = own === undefined && meant !== null && meant.caseNumber !== record.caseNumber;
  if (!objects && (!isEnd || isOfAnother)) return null;
  const isOther = guess?.sure === true && guess.ranked[0]?.category !== record.intake.category.slug;
  return own === undefined && isOther && !objects ? null : record.caseNumber;
}

/** Returns the case that explains why it cannot be disputed. A text with a separate subject is a report. */
function undisputable(
  { cases }: Citizen,
  { named, guess, meant }: Parameters<typeof disputedBy>[3],
): string | null {
  const own = named.find(number => cases.some(({ caseNumber }) => caseNumber === number));
  if (own !== undefined) return own;
  if (guess && guess.matched.length > 0) return null;
  return meant?.caseNumber ?? cases.at(-1)?.caseNumber ?? null;
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
 * `ended` are those that ended lately; an open one comes first.
 */
export function stateAskedOf(
  municipality: Municipality,
  words: string,
  cases: readonly CaseRecord[],
  ended: readonly CaseRecord[],
  { guess, meant, named }: { guess: Classification; meant: CaseMeant | null; named: readonly string[] },
): Pick<MessageFacts, 'says' | 'statusOf' | 'joins'> | null {
  const open = cases.filter(isOpenCase);
  const known = [...open, ...ended];
  const isNamed = guess.matched.length > 0;
  const ofSubject = known.filter(
    ({ intake }) => isNamed && guess.ranked[0]?.category === intake.category.slug,
  );
  const likely = known.filter(({ intake }) =>
    guess.ranked.some(({ category }) => isNamed && !guess.sure && category === intake.category.slug),
  );
  const [own] = [
    ...known.filter(({ caseNumber }) => named.includes(caseNumber)),
    ...ofSubject,
    ...likely,
    ...open.filter(({ caseNumber }) => !isNamed && (open.length === 1 || caseNumber === meant?.caseNumber)),
    ...(!isNamed && open.length === 0 && ended.length === 1 ? ended : []),
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

/** Whether a text names a place that cannot be the place of a report. */
export function isElsewhere(
  municipality: Municipality,
  words: string,
  {
    neighbourhood,
    location,
  }: Pick<CaseIntake, 'neighbourhood'> & { location?: { street: string | null } | undefined },
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
