import type { Closure } from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { categoryOf, isAnswerOnly } from '../src/config/offices';
import { TRIAGE } from '../src/config/schemas/departments';
import type { CaseKind, NewCase, Terms } from '../src/domain/case/case';
import type { CaseIntake } from '../src/store/case-records';
import type { Message } from '../src/store/message-records';
import { planFor } from '../src/config/planning';
import { bringsFile } from './message-parts';

const DAY_MS = 86_400_000;

/** What the workflow of a new case begins with; times are planned by the calendar with these closures. */
export function openingOf(
  municipality: Municipality,
  closures: readonly Closure[],
  caseNumber: string,
  intake: CaseIntake,
  messages: Message[],
): NewCase {
  const { citizenId, kind, category, priority, neighbourhood, desk } = intake;
  const receivedAt = intake.receivedAt.getTime();
  return {
    caseNumber,
    citizenId,
    kind,
    category,
    priority,
    neighbourhood,
    institution: intake.institution,
    receivedAt,
    messageIds: messages.map(message => message.id),
    photoMessageIds: messages.filter(bringsFile).map(message => message.id),
    plan: planFor(
      {
        municipality,
        closures,
        category: categoryOf(municipality, category.slug),
        kind,
        priority,
        department: desk,
      },
      receivedAt,
    ),
    closeAfterMs: municipality.feedback.closeAfterDays * DAY_MS,
    terms: termsOf(municipality, kind),
    ...(intake.similar?.same && { leader: intake.similar.leader }),
  };
}

function termsOf(municipality: Municipality, kind: CaseKind): Terms {
  const { feedback, sla, routing } = municipality;
  const { surveyReminderDays, reopenDays, reopenLimit } = feedback;
  return {
    reopenLimit,
    surveyReminderAfterMs: surveyReminderDays === undefined ? null : surveyReminderDays * DAY_MS,
    takeBackWithinMs: reopenDays * DAY_MS,
    citizenWaitMs: sla.holds.citizenDays * DAY_MS,
    institutionWaitMs: sla.holds.institutionDays * DAY_MS,
    pingPong: { reroutes: routing.reroutesToChief, desk: TRIAGE },
    reportsToRaise: routing.reportsToRaise,
    ...(isAnswerOnly(municipality, kind) && { answerEnds: true }),
  };
}
