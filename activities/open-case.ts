import { createHash } from 'node:crypto';
import type { Closure } from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import type { NewCase, Terms } from '../src/domain/case';
import { caseNumberOf } from '../src/domain/identifiers';
import { AppError } from '../src/errors';
import type { CaseIntake } from '../src/store/case-records';
import type { Message } from '../src/store/message-records';
import { intakeOf } from './case-intake';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { planFor } from './plan-task';
import { bringsFile } from './read-message';

const DAY_MS = 86_400_000;

/**
 * Makes one case of a burst, however often it is called: the case number derives from the first message, whose id
 * nobody can guess, and the record's unique number decides.
 */
export function openCase(deps: Deps): Activities['openCase'] {
  const { store, line, municipality, now } = deps;

  async function record(
    citizenId: string,
    messages: Message[],
  ): Promise<{ caseNumber: string; intake: CaseIntake }> {
    const [first] = messages;
    if (!first) throw new AppError('message-missing');
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const intake = intakeOf(municipality, citizen, messages);
    for (let attempt = 0; ; attempt += 1) {
      const caseNumber = caseNumberOf(createHash('sha256').update(`${first.id}:${attempt}`).digest());
      if (await store.cases.open(caseNumber, intake)) return { caseNumber, intake };
      const taken = await store.cases.get(caseNumber);
      if (taken?.intake.openedBy === first.id) return { caseNumber, intake: taken.intake };
    }
  }

  return async ({ citizenId, messageIds }) => {
    const messages = await store.messages.several(messageIds);
    const { caseNumber, intake } = await record(citizenId, messages);
    await line.openCase(openingOf(municipality, await store.closures.all(), caseNumber, intake, messages));
    await Promise.all([
      store.messages.handled(messageIds, now(), caseNumber),
      store.citizens.caseOpened(
        citizenId,
        { caseNumber, openedAt: intake.receivedAt },
        intake.withNotice ? now() : null,
      ),
    ]);
    return caseNumber;
  };
}

function openingOf(
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
        priority,
        department: desk,
      },
      receivedAt,
    ),
    closeAfterMs: municipality.feedback.closeAfterDays * DAY_MS,
    terms: termsOf(municipality),
  };
}

function termsOf({ feedback, sla }: Municipality): Terms {
  const { surveyReminderDays, reopenDays, reopenLimit } = feedback;
  return {
    reopenLimit,
    surveyReminderAfterMs: surveyReminderDays === undefined ? null : surveyReminderDays * DAY_MS,
    takeBackWithinMs: reopenDays * DAY_MS,
    citizenWaitMs: sla.holds.citizenDays * DAY_MS,
    institutionWaitMs: sla.holds.institutionDays * DAY_MS,
  };
}
