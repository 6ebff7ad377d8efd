import { setTimeout } from 'node:timers/promises';
import { calendarFor, calendarNamed } from '../src/config/calendars';
import { alarmLine } from '../src/config/duty';
import { categoryOf, departmentOf } from '../src/config/offices';
import { plannedText, seasonOf } from '../src/config/texts';
import type { Department } from '../src/config/schemas/town';
import { placeLine } from '../src/domain/place/address';
import { isEnded, isOnService, isWithDepartment } from '../src/domain/case/case';
import type { Role } from '../src/domain/sla/sla';
import type { CaseFact, LetterKind, LetterOrder } from '../src/domain/case/case-events';
import { standInFor } from '../src/domain/absence';
import { MINUTE_MS } from '../src/domain/durations';
import { isOpen, nextOpening } from '../src/domain/sla/business-calendar';
import { AppError, isMailRefusal } from '../src/errors';
import { laterPlaceNotes, maskedCaller, placeNotes, writtenIn } from '../src/mail/case-text';
import { composeLetter } from '../src/mail/letters/letters';
import type { LetterData, LetterPicture } from '../src/mail/letters/letter-data';
import { linkLife } from '../src/mail/task-link';
import { roughPlace } from '../src/store/case-erasure';
import { type OpenedCase, placeNow } from '../src/store/case-records';
import { isPhoto } from '../src/store/message-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { Activities } from '../workflows/contract';
import { actingFor, caseOf } from './case-lookup';
import type { Deps } from './deps';
import { sinceText } from './letter-since';
import { tellOperator } from './tell-staff';

/** The field of a department with the mailbox of each role. */
export const mailboxes = {
  department: 'mail',
  chief: 'chief',
  deputyMayor: 'deputyMayor',
} as const satisfies Record<Role, string>;

/** Somebody who gets a letter, with the role of the link. `key` is the idempotency key of the letter. */
interface Addressee {
  key: string;
  role: Role;
  to: LinkRecipient;
}

/**
 * Sends the letter of an effect to its recipients. If the mail server permanently refuses an address, the
 * letter goes to the fallback and the operator is notified immediately, before the refusal becomes a fact of
 * the case.
 */
export function mailLetter(deps: Deps): Activities['mailLetter'] {
  const { store, municipality } = deps;

  async function deliver(
    opened: OpenedCase,
    { effect, order }: { effect: number; order: LetterOrder },
    { key, role, to }: Addressee,
  ): Promise<void> {
    const record = await store.outbox.get(key);
    if (record?.state === 'accepted') return;
    const post = async (postKey: string, holder: LinkRecipient): Promise<void> =>
      postLetter(deps, opened, order, { key: postKey, role, to: await actingFor(deps, holder) });
    try {
      if (record?.state === 'failed') throw refusal(record.errorCode);
      await post(key, to);
    } catch (error) {
      if (!isMailRefusal(error)) throw error;
      const fallback = fallbackOf(deps, departmentOf(municipality, order.department), order);
      const fell = await outcomeOf(post(`${key}:fallback`, fallback));
      const { caseNumber } = opened;
      const [told] = await Promise.allSettled([
        tellOperator(deps, { caseNumber, undelivered: effect, recipient: role }),
      ]);
      // Retry only temporary errors. Steps that succeeded are not repeated.
      if (fell !== null && !isMailRefusal(fell)) throw fell;
      if (told.status === 'rejected' && !isMailRefusal(told.reason)) throw told.reason;
      throw error;
    }
  }

  return async ({ caseNumber, effect, order }) => {
    const opened = await caseOf(store, caseNumber);
    const addressees = await addresseesOf(deps, opened, order, `${caseNumber}:${effect}`);
    const gathering = await gatheringOf(deps, opened, order);
    const given = { effect, order };
    const sendOrGather = async (addressee: Addressee): Promise<void> => {
      if (gathering && (await gather(deps, gathering, order, { caseNumber, addressee }))) return;
      await deliver(opened, given, addressee);
    };
    const sent = await Promise.all(addressees.map(one => outcomeOf(sendOrGather(one))));
    const failures = sent.filter(failure => failure !== null);
    // A retry can only help where the refusal is not final.
    const failure = failures.find(one => !isMailRefusal(one)) ?? failures[0];
    if (failure) throw failure;
  };
}

/** A gathering of letters to one address. */
type Gathering = Parameters<Deps['gateway']['gatherLetter']>[1];

const LADDER: readonly LetterKind[] = ['reminder', 'breach', 'escalation', 'holdEnded'];
const SEASONAL: readonly LetterKind[] = [...LADDER, 'task', 'alarm'];

/**
 * Returns the gathering of the letters that this one joins: of its subject's season, of the recipient's opening, or of
 * these minutes. Returns null if it is sent alone: about a hazard out of season, or on the order of a manager.
 */
async function gatheringOf(
  { store, municipality, now }: Deps,
  opened: OpenedCase,
  { letter, to, department, actionId }: LetterOrder,
): Promise<Gathering | null> {
  const { officeCalendar, openingLetters } = municipality.sla;
  const withinMs = openingLetters.withinMinutes * MINUTE_MS;
  const laterMs = openingLetters.laterMinutes * MINUTE_MS;
  const season = seasonOf(municipality, opened.intake.category.slug, now().getTime());
  if (season && season.gatherMinutes > 0 && actionId === undefined && SEASONAL.includes(letter))
    return { until: nextMultiple(now().getTime(), season.gatherMinutes * MINUTE_MS), later: true };
  if (isUrgent(opened) || actionId !== undefined || !LADDER.includes(letter)) return null;
  const closures = await store.closures.all();
  const hours =
    to === 'department'
      ? calendarFor(municipality, department, closures)
      : calendarNamed(municipality, officeCalendar, closures);
  // The clock of this machine may be behind that of the server.
  const at = now().getTime() + MINUTE_MS;
  const opens = isOpen(hours, at - withinMs) ? null : nextOpening(hours, at - withinMs);
  if (opens !== null && opens <= at && at < opens + withinMs)
    return { until: opens + withinMs, later: false };
  return laterMs === 0 ? null : { until: nextMultiple(at, laterMs), later: true };
}

const nextMultiple = (at: number, ms: number): number => (Math.floor(at / ms) + 1) * ms;

/** Stores a letter for the one of its gathering. Returns false if it was sent, or refused, before. */
async function gather(
  deps: Deps,
  gathering: Gathering,
  order: LetterOrder,
  { caseNumber, addressee: { key, to } }: { caseNumber: string; addressee: Addressee },
): Promise<boolean> {
  const { store, municipality, letterOutbox, now, gateway } = deps;
  const state = (await store.outbox.get(key))?.state ?? 'pending';
  if (state !== 'pending') return false;
  const acting = await actingFor(deps, to);
  const recipient = `${order.to}:${order.department}`;
  await letterOutbox.reserve({ key, recipient, caseNumber, to: acting, order });
  const absences = await store.absences.since(now());
  const isTheirs = (holder: LinkRecipient): boolean =>
    standInFor(holder, absences, now()).address === acting.address;
  // The first role that this address answers for now, or whoever is on duty. It names nobody.
  const [first = `duty:${order.department}`] = (Object.keys(mailboxes) as Role[]).flatMap(role =>
    Object.values(municipality.departments)
      .filter(desk => isTheirs(desk[mailboxes[role]]))
      .map(({ slug }) => `${role}:${slug}`),
  );
  await gateway.gatherLetter(first, gathering, { caseNumber, key });
  return true;
}

const refusal = (code: string | null): AppError =>
  new AppError('mail-refused', { reason: code ?? 'unknown' });

/** Returns the error of an attempt, or null if it succeeded. */
export async function outcomeOf(attempt: Promise<void>): Promise<Error | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** Whether a hazard waits for help. */
function isUrgent({ progress }: OpenedCase): boolean {
  return progress.hazard === true && isOnService(progress.stage);
}

/**
 * Returns who gets a letter. What goes to the department of a hazard goes to whoever is on duty as well. For a
 * handed-over task, returns the colleague named in the act.
 */
export async function addresseesOf(
  deps: Deps,
  opened: OpenedCase,
  order: LetterOrder,
  key: string,
): Promise<Addressee[]> {
  const { store, municipality, now } = deps;
  const { letter, to: role, department, actionId, turn } = order;
  const desk = departmentOf(municipality, department);
  const holder = { key, role, to: desk[mailboxes[role]] };
  if (letter === 'handOver' && actionId !== undefined) {
    const action = await store.tasks.action(actionId);
    if (!action?.colleague) return [holder];
    return [{ ...holder, to: { name: `${desk.name} çalışanı`, address: action.colleague } }];
  }
  if (role !== 'department' || !(isUrgent(opened) || (opened.progress.hazard && letter === 'withdrawn')))
    return [holder];
  const line = alarmLine(municipality, department, await store.closures.all(), now().getTime());
  const { role: itsRole, ...next } = line[(turn ?? 0) % line.length] ?? line[0];
  if (letter === 'alarm') return [{ key, role: itsRole, to: next }];
  return next.address === desk.mail.address ? [holder] : [holder, { key: `${key}:duty`, role, to: next }];
}

/**
 * Returns the fallback recipient of a letter that was refused. A task that could not be handed over stays
 * with its desk.
 */
export function fallbackOf(
  { municipality }: Deps,
  desk: Department,
  { letter, to }: LetterOrder,
): LinkRecipient {
  if (letter === 'handOver') return desk.mail;
  if (desk.fallback) return desk.fallback;
  return to === 'department' ? desk.chief : municipality.operator;
}

/** Composes the letter of an order as the case stands now, and sends it with a new link. */
export async function postLetter(
  deps: Deps,
  opened: OpenedCase,
  order: LetterOrder,
  addressee: Addressee,
): Promise<void> {
  const { key, role, to } = addressee;
  const { caseNumber } = opened;
  const link = await issueLink(deps, caseNumber, order, addressee);
  await deps.letterOutbox.send({
    key,
    recipient: `${role}:${order.department}`,
    caseNumber,
    to,
    order,
    letter: composeLetter(order.letter, await letterContents(deps, opened, order, addressee, link)),
    thread: caseNumber,
  });
}

/** Issues a new link for every attempt, because only the hash of earlier links is stored. */
export async function issueLink(
  { store, municipality, taskLinks, now }: Deps,
  caseNumber: string,
  { task, department }: Pick<LetterOrder, 'task' | 'department'>,
  { role, to: recipient }: Pick<Addressee, 'role' | 'to'>,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue();
  await store.tasks.addLink({
    tokenHash,
    caseNumber,
    task,
    department,
    role,
    recipient,
    ...linkLife(municipality, now()),
  });
  return url;
}

const PICTURES_SHOWN = 3;
const PICTURE_BOX_PX = 120;
/** The photo is fetched in parallel. The letter waits briefly for it, to show the picture instead of "1 fotoğraf". */
const PHOTO_WAIT_MS = 3_000;
const PHOTO_POLL_MS = 300;

/** Returns the contents of a letter to a desk, with a separate link for its recipient. */
async function letterContents(
  deps: Deps,
  opened: OpenedCase,
  order: LetterOrder,
  { role, to: recipient }: Addressee,
  link: string,
): Promise<LetterData> {
  const { store, municipality, say, now } = deps;
  const { caseNumber, intake, progress } = opened;
  const { department, rung } = order;
  const category = categoryOf(municipality, intake.category.slug);
  const messages = await store.messages.shown(progress.messageIds);
  const shown = order.added ? messages.filter(({ id }) => order.added?.includes(id)) : messages;
  const photoIds = shown.filter(isPhoto).map(({ id }) => id);
  // The work is over, so nobody needs the exact place or the photos (Law 6698, article 4). A superior who decides about
  // an objection sees the photos on the page.
  const isOver = isEnded(progress.stage);
  const isDone = isOver || progress.stage === 'resolved';
  const embeds = isWithDepartment(progress.stage);
  return {
    municipality,
    now: now().getTime(),
    caseNumber,
    subject: category.name.tr,
    department: departmentOf(municipality, department).name,
    neighbourhood: progress.neighbourhood?.name ?? null,
    address: isOver ? null : placeLine(intake),
    place: isOver ? roughPlace(placeNow(intake, messages)) : placeNow(intake, messages),
    placeNotes: isOver ? [] : [...placeNotes(intake), ...(await laterNotesOf(deps, opened, order))],
    words: writtenIn(shown),
    photos: isDone ? 0 : photoIds.length,
    pictures: embeds ? await picturesOf(deps, photoIds) : [],
    others: progress.members.length,
    ...(await occasionOf(deps, opened, order)),
    callBack: category.callBack ? await callBackOf(deps, intake.citizenId) : null,
    stage: progress.stage,
    acceptBy: progress.plan.acceptBy,
    resolveBy: progress.plan.resolveBy,
    legalBy: progress.plan.legalBy,
    plannedFor: progress.plannedFor,
    programme: progress.programme && {
      words: plannedText({ municipality, say }, 'tr', progress.programme),
      by: progress.programme.by,
    },
    objection: objectionOf(deps, opened),
    pauseLimitAt: progress.pauseLimitAt,
    closeAt: progress.closeAt,
    ...(progress.plan.overall && { overallBy: progress.plan.overall.by }),
    ...(rung && { rung, since: await sinceText(deps, opened) }),
    recipient: { name: recipient.name, role },
    urgent: isUrgent(opened),
    link,
  };
}

/** The place is determined again when a pin is added, so only letters about additions look for it. */
async function laterNotesOf(
  { store, municipality }: Deps,
  { caseNumber, progress }: OpenedCase,
  { added, department }: LetterOrder,
): Promise<string[]> {
  if (!added) return [];
  return laterPlaceNotes(municipality, await store.cases.facts(caseNumber, progress.revision), department);
}

function objectionOf({ municipality }: Deps, { progress }: OpenedCase): LetterData['objection'] {
  const { objection, plan } = progress;
  if (objection === null) return null;
  const decider = departmentOf(municipality, plan.desk.slug)[objection.by].name;
  return { decider, decideBy: objection.decideBy ?? objection.since };
}

/** Mailboxes are shared, so letters mask name and number. The task page shows them. */
async function callBackOf({ store }: Deps, citizenId: string): Promise<LetterData['callBack']> {
  const citizen = await store.citizens.get(citizenId);
  return citizen?.phone ? maskedCaller(citizen.profileName, citizen.phone) : null;
}

/** Returns the first photos as thumbnails. Flagged photos are left out and shown only on the page. */
async function picturesOf({ store }: Deps, photoIds: readonly string[]): Promise<LetterPicture[]> {
  const wanted = photoIds.slice(0, PICTURES_SHOWN);
  const areKept = async (): Promise<boolean> =>
    (await Promise.all(wanted.map(id => store.photos.has(id)))).every(Boolean);
  for (let waited = 0; waited < PHOTO_WAIT_MS && !(await areKept()); waited += PHOTO_POLL_MS) {
    await setTimeout(PHOTO_POLL_MS);
  }
  const pictures = await Promise.all(wanted.map(id => pictureOf({ store }, id)));
  return pictures.filter(picture => picture !== null);
}

async function pictureOf({ store }: Pick<Deps, 'store'>, id: string): Promise<LetterPicture | null> {
  const [about, small] = await Promise.all([store.photos.about(id), store.photos.shown(id, 'thumbnail')]);
  if (!about || !small || about.flagged) return null;
  const scale = PICTURE_BOX_PX / Math.max(about.width, about.height, 1);
  const shown = (side: number): number => Math.max(1, Math.round(side * scale));
  return { id, jpeg: small.jpeg, width: shown(about.width), height: shown(about.height) };
}

/** The facts that cause each kind of letter. A letter refers to the newest one. */
const occasions: Readonly<Partial<Record<LetterKind, readonly CaseFact['type'][]>>> = {
  task: ['rerouted', 'reassigned'],
  reopened: ['reopened', 'takenBack', 'overturned', 'returned'],
  citizenAnswered: ['paused'],
  holdEnded: ['paused'],
  handOver: ['handedOver'],
  replanned: ['extended', 'prioritised'],
  corrected: ['corrected'],
  decision: ['resolved'],
  objection: ['resolved', 'rejected', 'handedOff', 'plannedAhead', 'planMoved'],
  confirmed: ['confirmed'],
  called: ['called'],
  instruction: ['instructed'],
};

/** Returns the fact that caused a letter, and the text of its act. */
async function occasionOf(
  { store }: Pick<Deps, 'store'>,
  { caseNumber, progress }: OpenedCase,
  { letter, task, actionId }: LetterOrder,
): Promise<{ occasion: CaseFact | null; said: string | null }> {
  const types = occasions[letter] ?? [];
  // The first task of a case was not sent by another desk.
  const isFirst = letter === 'task' && task === 1;
  if (types.length === 0 || isFirst) return { occasion: null, said: null };
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const isMeant = (fact: CaseFact): boolean =>
    types.includes(fact.type) &&
    (actionId === undefined || ('actionId' in fact && fact.actionId === actionId));
  const occasion = facts.findLast(isMeant) ?? null;
  const id = occasion && 'actionId' in occasion ? occasion.actionId : undefined;
  const action = id === undefined ? null : await store.tasks.action(id);
  return { occasion, said: action?.words ?? null };
}
