import { createHash } from 'node:crypto';
import { caseNumberOf } from '../src/domain/identifiers';
import { AppError } from '../src/errors';
import type { CaseIntake } from '../src/store/case-records';
import type { Message } from '../src/store/message-records';
import type { Citizen } from '../src/store/citizen-records';
import { intakeOf, type Choice } from './case-intake';
import { openingOf } from './case-opening';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { openCasesOf } from './own-cases';
import { amongOthers, noteWhere } from './similar-reports';

/**
 * Makes one case of a burst, however often it is called: the case number derives from the first message, whose id
 * nobody can guess, and the record's unique number decides.
 */
export function openCase(deps: Deps): Activities['openCase'] {
  const { store, line, municipality, now } = deps;

  async function record(
    citizen: Citizen,
    messages: Message[],
    choice: Choice,
  ): Promise<{ caseNumber: string; intake: CaseIntake } | null> {
    const [first] = messages;
    if (!first) throw new AppError('message-missing');
    const known = await openedBy(first.id);
    if (known) return known;
    const isUrgent = messages.some(({ says }) => says === 'emergency');
    const open = await openCasesOf(store, citizen);
    if (!isUrgent && open.length >= municipality.conversation.mostOpenCases) return null;
    const intake = await amongOthers(deps, intakeOf(municipality, citizen, messages, choice), messages);
    for (let attempt = 0; ; attempt += 1) {
      const caseNumber = numberFor(first.id, attempt);
      if (await store.cases.open(caseNumber, intake)) return { caseNumber, intake };
      const taken = await store.cases.get(caseNumber);
      if (taken?.intake.openedBy === first.id) return { caseNumber, intake: taken.intake };
    }
  }

  /** The case that an earlier call made of the same burst. */
  async function openedBy(messageId: string): Promise<{ caseNumber: string; intake: CaseIntake } | null> {
    const found = await store.cases.get(numberFor(messageId, 0));
    return found?.intake.openedBy === messageId ? found : null;
  }

  return async ({ citizenId, messageIds, chosenCategory, kind }) => {
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    // Messages may overtake one another on their way: the report is the same whatever came first.
    const messages = (await store.messages.several(messageIds)).sort(bySending);
    const opened = await record(citizen, messages, {
      ...(chosenCategory && { chosenCategory }),
      ...(kind && { kind }),
    });
    if (!opened) {
      await store.messages.handled(messageIds, now(), null);
      return null;
    }
    const { caseNumber, intake } = opened;
    await noteWhere(deps, caseNumber, intake);
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

function numberFor(messageId: string, attempt: number): string {
  return caseNumberOf(createHash('sha256').update(`${messageId}:${attempt}`).digest());
}

/** Meta tells seconds only: within one, messages stay as they came. */
function bySending(a: Message, b: Message): number {
  return a.sentAt.getTime() - b.sentAt.getTime();
}
