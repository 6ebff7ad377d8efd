import { createHash } from 'node:crypto';
import { type Closure, isHazard, planAsked, planFor } from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { noticeVersion } from '../src/config/texts';
import { categoryOf, isAnswerOnly } from '../src/config/offices';
import { TRIAGE } from '../src/config/schemas/town';
import {
  type CaseKind,
  isHeldByIncident,
  type NewCase,
  type OpeningIncident,
  type Terms,
} from '../src/domain/case/case';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../src/domain/durations';
import type { CitizenSent } from '../src/domain/case/case-events';
import { caseNumberOf } from '../src/domain/identifiers';
import { AppError } from '../src/errors';
import type { CaseIntake, CaseRecord } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import { bringsFile, type Message, wordsOf } from '../src/store/message-records';
import type { Activities } from '../workflows/contract';
import { followCorrection, noteWhere, placeTold } from './place-told';
import { amongOthers, type Choice, incidentOf, intakeOf, nameDanger } from './case-intake';
import { isHeardAfterEnd, lowRatedAt, openCasesOf } from './case-lookup';
import type { Deps } from './deps';
import { noteEvents } from './send-again';

export type OpeningDeps = Pick<Deps, 'store' | 'municipality' | 'gateway' | 'now'>;

/** Opens a case from a burst of a citizen. See `openFrom`. */
export function openCase(deps: Deps): Activities['openCase'] {
  const open = openFrom(deps);
  return ({ citizenId, messageIds, chosenCategory, fromText, kind, second = false }) => {
    const choice = {
      ...(chosenCategory && { chosenCategory }),
      ...(fromText && { fromText }),
      ...(kind && { kind }),
    };
    return open(citizenId, messageIds, choice, second);
  };
}

/**
 * Returns a function that opens one case from stored messages and returns its number; null if the citizen has too
 * many open cases. Idempotent: the case number derives from the first message id, which nobody can guess, and is
 * unique in the store.
 */
export function openFrom(deps: OpeningDeps) {
  const { store, gateway, municipality, now } = deps;

  async function record(
    citizen: Citizen,
    messages: Message[],
    choice: Choice,
    isSecond: boolean,
  ): Promise<{ caseNumber: string; intake: CaseIntake } | null> {
    const [first] = messages;
    if (!first) throw new AppError('message-missing');
    const seed = isSecond ? `${first.id}:second` : first.id;
    const known = await openedBy(first.id, seed);
    if (known) return known;
    const isUnlimited = choice.entry !== undefined || messages.some(({ says }) => says === 'emergency');
    const open = await openCasesOf(store, citizen);
    if (!isUnlimited && open.length >= municipality.conversation.mostOpenCases) return null;
    const own = intakeOf(municipality, citizen, messages, choice);
    const incident = await incidentOf(deps, own, messages);
    const intake = incident === null ? await amongOthers(deps, own, messages) : { ...own, incident };
    for (let attempt = 0; ; attempt += 1) {
      const caseNumber = numberFor(municipality.casePrefix, seed, attempt);
      if (await store.cases.open(caseNumber, intake)) return { caseNumber, intake };
      const taken = await store.cases.get(caseNumber);
      if (taken?.intake.openedBy === first.id) return { caseNumber, intake: taken.intake };
    }
  }

  /** Returns the case that an earlier attempt opened from the same burst. */
  async function openedBy(
    messageId: string,
    seed: string,
  ): Promise<{ caseNumber: string; intake: CaseIntake } | null> {
    const found = await store.cases.get(numberFor(municipality.casePrefix, seed, 0));
    return found?.intake.openedBy === messageId ? found : null;
  }

  return async (
    citizenId: string,
    messageIds: string[],
    choice: Choice,
    second: boolean,
  ): Promise<string | null> => {
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    // Sort by sending time: messages can overtake one another in transit.
    const messages = (await store.messages.several(messageIds)).sort(bySending);
    const opened = await record(citizen, messages, choice, second);
    if (!opened) {
      await store.messages.handled(messageIds, now(), null);
      return null;
    }
    const { caseNumber, intake } = opened;
    await noteWhere(deps, caseNumber, intake, wordsOf(messages));
    const [closures, incident] = await Promise.all([
      store.closures.all(),
      openingIncident(deps, caseNumber, intake),
    ]);
    await gateway.openCase(openingOf(municipality, closures, caseNumber, intake, messages, incident));
    await Promise.all([
      store.messages.handled(messageIds, now(), caseNumber),
      store.citizens.caseOpened(
        citizenId,
        { caseNumber, openedAt: intake.receivedAt },
        intake.withNotice ? { noticeGivenAt: now(), noticeVersion: noticeVersion(municipality) } : null,
      ),
    ]);
    return caseNumber;
  };
}

function numberFor(prefix: string, seed: string, attempt: number): string {
  return caseNumberOf(createHash('sha256').update(`${seed}:${attempt}`).digest(), prefix);
}

/** Meta's timestamps are whole seconds. Within a second, the order of arrival counts. */
function bySending(a: Message, b: Message): number {
  const arrived = (a.receivedAt?.getTime() ?? 0) - (b.receivedAt?.getTime() ?? 0);
  return a.sentAt.getTime() - b.sentAt.getTime() || arrived;
}

/**
 * Returns the input of a new case's workflow, with deadlines planned from the calendar and these closures.
 */
export function openingOf(
  municipality: Municipality,
  closures: readonly Closure[],
  caseNumber: string,
  intake: CaseIntake,
  messages: Message[],
  incident: OpeningIncident | null = null,
): NewCase {
  const { citizenId, kind, category, priority, hazard, neighbourhood, desk } = intake;
  const receivedAt = intake.receivedAt.getTime();
  return {
    caseNumber,
    citizenId,
    kind,
    category,
    priority,
    ...(hazard !== undefined && { hazard }),
    neighbourhood,
    institution: intake.institution,
    receivedAt,
    messageIds: messages.map(message => message.id),
    fileMessageIds: messages.filter(bringsFile).map(message => message.id),
    plan: planFor(
      {
        municipality,
        closures,
        category: categoryOf(municipality, category.slug),
        kind,
        priority,
        ...(hazard !== undefined && { hazard }),
        department: desk,
      },
      receivedAt,
    ),
    closeAfterMs: municipality.feedback.closeAfterDays * DAY_MS,
    terms: termsOf(municipality, kind, messages),
    ...(incident ? { incident } : intake.similar?.same && { leader: intake.similar.leader }),
  };
}

/** Returns the incident of a report, with the case that has its task at the report's desk. */
async function openingIncident(
  { store, now }: Pick<Deps, 'store' | 'now'>,
  caseNumber: string,
  { incident, institution, desk }: CaseIntake,
): Promise<OpeningIncident | null> {
  const record = incident === undefined ? null : await store.incidents.get(incident);
  if (!record) return null;
  const { id, to } = record;
  const at = { id, until: to.getTime() };
  if (institution) return { ...at, leader: null };
  for (let tasks = 1; ; tasks += 1) {
    const leader = await store.incidents.leader(`${id}:${desk}:${tasks}`, caseNumber, now());
    if (leader === caseNumber) return { ...at, leader: null };
    // After its outcome, withdrawal or release, the desk needs another task.
    const progress = (await store.cases.get(leader))?.progress ?? null;
    if (progress === null || progress.incident?.id === id) return { ...at, leader };
  }
}

/** Returns the end of an incident by its record. */
export function readIncident({ store }: Deps): Activities['readIncident'] {
  return async ({ incident }) => ({ until: (await store.incidents.get(incident))?.to.getTime() ?? null });
}

function termsOf(municipality: Municipality, kind: CaseKind, messages: readonly Message[]): Terms {
  const { feedback, sla, routing, duty } = municipality;
  const { surveyReminderDays, reopenDays, reopenLimit } = feedback;
  const { everyMinutes, letters, slow } = duty.alarm;
  return {
    reopenLimit,
    surveyReminderAfterMs: surveyReminderDays === undefined ? null : surveyReminderDays * DAY_MS,
    takeBackWithinMs: reopenDays * DAY_MS,
    citizenWaitMs: sla.holds.citizenDays * DAY_MS,
    institutionWaitMs: sla.holds.institutionDays * DAY_MS,
    pingPong: { reroutes: routing.reroutesToChief, desk: TRIAGE },
    reportsToRaise: routing.reportsToRaise,
    ...(isAnswerOnly(municipality, kind) && { answerEnds: true }),
    objections: {
      withinMs: sla.objections.withinDays * DAY_MS,
      deciders: sla.objections.deciders.map(({ to }) => to),
    },
    longestPlanMs: sla.programme.longestDays * DAY_MS,
    tellsLateness: true,
    alarm: {
      everyMs: everyMinutes * MINUTE_MS,
      letters,
      slow: { afterTurns: slow.afterTurns, everyMs: slow.everyMinutes * MINUTE_MS },
    },
    ...(messages.some(({ says }) => says === 'emergency') && { emergency: true }),
  };
}

/** Whether an addition names a danger, and nobody has a task for its case. */
function isNewDanger(
  record: CaseRecord | null,
  messages: readonly Message[],
  municipality: Pick<Municipality, 'language'>,
): boolean {
  const progress = record?.progress;
  return progress ? isHeldByIncident(progress) && nameDanger(messages, municipality) : false;
}

/**
 * Adds messages to their case. If it ended lately with an outcome, they reach whoever gave it. If it ended otherwise,
 * words become a new report. A location or picture alone is no report: it stays with the ended case. A danger becomes a
 * new report if nobody has a task for the case.
 */
export function addToCase(deps: Deps): Activities['addToCase'] {
  const { store, gateway, now, municipality } = deps;
  const openAnother = openCase(deps);

  /** Whether the citizen sent these as part of the report, before the line could answer. */
  function isPartOfReport({ intake }: CaseRecord, messages: readonly Message[]): boolean {
    const until = intake.receivedAt.getTime() + municipality.conversation.longestSeconds * SECOND_MS;
    return messages.every(({ sentAt }) => sentAt.getTime() <= until);
  }

  return async ({ citizenId, caseNumber, messageIds, quietly }) => {
    const messages = await store.messages.several(messageIds);
    const placed = await placeTold(deps, { citizenId, caseNumber, messageIds });
    const sent = sentIn(messages);
    const record = await store.cases.get(caseNumber);
    if (record?.progress && (await lowRatedAt(store, record)) !== null) {
      await gateway.addToEnded(record.progress, sent, 'reasons');
      await store.messages.handled(messageIds, now(), caseNumber);
      return true;
    }
    if (isNewDanger(record, messages, municipality))
      return (await openAnother({ citizenId, messageIds })) !== null;
    const added = { ...sent, ...(quietly && { quietly }), ...(placed && { placed }) };
    if (await gateway.addToCase(caseNumber, added)) {
      await store.messages.handled(messageIds, now(), caseNumber);
      return true;
    }
    const isBare = messages.every(({ says }) => says === 'place' || says === 'attachment');
    if (
      !isBare &&
      record?.progress &&
      isHeardAfterEnd(municipality, record, now()) &&
      !nameDanger(messages, municipality)
    ) {
      await gateway.addToEnded(record.progress, { ...sent, ...(quietly && { quietly }) }, 'afterEnd');
      await store.messages.handled(messageIds, now(), caseNumber);
      return true;
    }
    if (!record || !isBare) return (await openAnother({ citizenId, messageIds })) !== null;
    await store.messages.handled(messageIds, now(), caseNumber);
    return isPartOfReport(record, messages) ? true : 'ended';
  };
}

/** Returns the ids of messages, and of those that bring a file. */
export function sentIn(messages: readonly Message[]): CitizenSent {
  const idsOf = (some: readonly Message[]): string[] => some.map(({ id }) => id);
  return { messageIds: idsOf(messages), fileMessageIds: idsOf(messages.filter(bringsFile)) };
}

/**
 * Restarts the workflow of an open case from its record after Temporal has lost it. Deadlines come from the
 * record, and messages are not repeated. Returns false if the workflow is running or the case has ended.
 * Idempotent.
 */
export async function restartCase(
  deps: OpeningDeps,
  { caseNumber, intake, progress }: CaseRecord,
): Promise<boolean> {
  const { store, municipality, gateway, now } = deps;
  if (!progress) {
    // The workflow has not written yet: start from the report.
    const messages = await store.messages.several([intake.openedBy]);
    const incident = await openingIncident(deps, caseNumber, intake);
    const closures = await store.closures.all();
    await gateway.openCase(openingOf(municipality, closures, caseNumber, intake, messages, incident));
    return true;
  }
  if (progress.planning === null) return gateway.resumeCase(progress);
  // A requested plan never arrived. Keep the task where it was, with the remaining steps.
  const steps = progress.plan.steps.filter(({ at }) => at > now().getTime());
  const back = progress.plan.triage ? ('triage' as const) : ('assigned' as const);
  const isBetween = progress.stage === 'received';
  const isNew = await gateway.resumeCase({
    ...progress,
    planning: null,
    ...(isBetween && { stage: back, steps }),
  });
  if (isNew) await gateway.changeCalendar(caseNumber);
  return isNew;
}

export function recordCase(deps: Deps): Activities['recordCase'] {
  return async ({ progress, facts }) => {
    await deps.store.cases.write(progress, facts);
    for (const fact of facts) {
      if (fact.type === 'corrected') await followCorrection(deps, progress.caseNumber, fact);
    }
    if (deps.events.length > 0) await noteEvents(deps, progress, facts);
    // A button of a case goes directly to the case: no conversation reads it.
    for (const fact of facts) {
      const isTap = fact.type === 'feedback' || fact.type === 'objected';
      if (isTap && fact.messageId !== null) deps.receipts.read({ id: fact.messageId }, true);
    }
  };
}

/** In cases of earlier versions the subject alone makes a hazard. */
function hazardOf({ intake, progress }: CaseRecord): boolean | undefined {
  return progress?.hazard ?? intake.hazard;
}

export function planTask({ store, municipality }: Deps): Activities['planTask'] {
  return async ({ caseNumber, ...asked }) => {
    const [record, closures] = await Promise.all([store.cases.get(caseNumber), store.closures.all()]);
    if (!record) throw new AppError('case-missing');
    const { category, kind, priority, receivedAt } = record.intake;
    const subject = categoryOf(municipality, category.slug);
    const about = {
      municipality,
      closures,
      category: subject,
      kind,
      priority,
      hazard: hazardOf(record) ?? isHazard(municipality, kind, subject.priority),
    };
    return planAsked(about, receivedAt.getTime(), asked);
  };
}

export function markHandled({ store, now }: Deps): Activities['noteMessages'] {
  return ({ messageIds }) => store.messages.handled(messageIds, now(), null);
}
