import { departmentOf } from '../src/config/offices';
import { type CaseProgress, isWithDepartment } from '../src/domain/case/case';
import type { CaseFact, LetterOrder } from '../src/domain/case/case-events';
import { outgoingEvents } from '../src/domain/case/outgoing-events';
import type { Role } from '../src/domain/sla/sla';
import { AppError } from '../src/errors';
import { taskGoneLetter } from '../src/mail/letters/staff-letters';
import type { OpenedCase } from '../src/store/case-records';
import type { OutboxRecord } from '../src/store/outbox-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { OutgoingContent, TemplateContent } from '../src/whatsapp/outgoing';
import type { Activities } from '../workflows/contract';
import { actingFor, caseOf } from './case-lookup';
import type { Deps } from './deps';
import { callAgain } from './citizen-call';
import { handOffAgain } from './hand-off';
import { addresseesOf, fallbackOf, mailboxes, postLetter } from './mail-letter';

/**
 * Sends a stored message or letter of a case again, under the key of the copy. A letter is composed from the case as it
 * stands now, for the address that the configuration names now.
 */
export function sendCopy(deps: Deps): Activities['sendCopy'] {
  return async ({ caseNumber, key, copy, to }) => {
    const record = await deps.store.outbox.get(key);
    if (record?.caseNumber !== caseNumber) throw new AppError('message-missing');
    const opened = await caseOf(deps.store, caseNumber);
    try {
      if (record.channel === 'mail') await letterAgain(deps, opened, { record, copy, to });
      else await messageAgain(deps, opened, record, copy);
      return { refused: null };
    } catch (error) {
      const refused = refusalIn(error);
      if (refused === null) throw error;
      return { refused };
    }
  };
}

/** Returns the reason of a final refusal; null for errors that a retry may fix. */
function refusalIn(error: unknown): string | null {
  if (!(error instanceof AppError)) return null;
  const isFinal = error.code === 'mail-refused' || error.code === 'whatsapp-refused';
  return isFinal ? (error.reason ?? 'unknown') : null;
}

async function letterAgain(
  deps: Deps,
  opened: OpenedCase,
  { record, copy, to }: { record: OutboxRecord; copy: string; to: Role | undefined },
): Promise<void> {
  const { about } = record;
  if (about?.type === 'handOff') return handOffAgain(deps, opened, about, copy);
  if (about?.type === 'call') return callAgain(deps, opened.caseNumber, about, copy);
  if (!record.order) throw new AppError('mail-refused', { reason: 'notStored' });
  // A link of an earlier task of the same desk could no longer act.
  const order = { ...record.order, task: opened.progress.task };
  const holder = await holderOf(deps, opened, { key: record.key, order, to });
  const role = to ?? order.to;
  await postLetter(deps, opened, order, { key: copy, role, to: await actingFor(deps, holder) });
}

/** Returns who gets the copy: the same person as before, or the holder of the given role. */
async function holderOf(
  deps: Deps,
  opened: OpenedCase,
  { key, order, to }: { key: string; order: LetterOrder; to: Role | undefined },
): Promise<LinkRecipient> {
  const desk = departmentOf(deps.municipality, order.department);
  if (to) return desk[mailboxes[to]];
  if (key.endsWith(':fallback')) return fallbackOf(deps, desk, order);
  const addressees = await addresseesOf(deps, opened, order, key);
  const onDuty = key.endsWith(':duty') ? addressees[1] : undefined;
  return (onDuty ?? addressees[0])?.to ?? desk[mailboxes[order.to]];
}

/** After an opt-out, only what the citizen must hear is repeated. */
async function messageAgain(
  { store, citizenOutbox }: Deps,
  { caseNumber, intake }: OpenedCase,
  { content, outsideWindow, byPhone }: OutboxRecord,
  copy: string,
): Promise<void> {
  const citizen = await store.citizens.get(intake.citizenId);
  if (citizen?.stoppedAt && byPhone !== true) throw new AppError('whatsapp-refused', { reason: 'stopped' });
  await citizenOutbox.send({
    key: copy,
    citizenId: intake.citizenId,
    caseNumber,
    content: content as OutgoingContent,
    outsideWindow: outsideWindow as TemplateContent[],
    ...(byPhone !== undefined && { byPhone }),
  });
}

/**
 * Answers the wish for a new task link, once an hour for each case and department: with a letter to the mailbox that the
 * configuration names, because whoever holds an old link may be anybody. Tells the department if the task has gone.
 */
export function mailNewLink(deps: Deps): Activities['mailNewLink'] {
  const { store, municipality, letterOutbox, now } = deps;
  return async ({ caseNumber, department, hour }) => {
    const opened = await caseOf(store, caseNumber);
    const { mail: to, name } = departmentOf(municipality, department);
    const { stage, plan, task } = opened.progress;
    const key = `${caseNumber}:link:${department}:${hour}`;
    await store.tasks.addAction({
      ...{ actionId: key, caseNumber, task, action: 'newLink', words: null, reason: null, department },
      ...{ role: 'department', actor: null, at: now() },
    });
    const isOpen = isWithDepartment(stage) || stage === 'objected';
    try {
      if (isOpen && plan.desk.slug === department) {
        const order: LetterOrder = { letter: 'newLink', to: 'department', department, task };
        await postLetter(deps, opened, order, { key, role: 'department', to });
        return;
      }
      await letterOutbox.send({
        ...{ key, to, caseNumber, recipient: `department:${department}`, thread: caseNumber },
        letter: taskGoneLetter(municipality, { caseNumber, department: name, ended: !isOpen }),
      });
    } catch (error) {
      // The refusal is in the record of the letter; the mailbox that refuses it cannot be told.
      if (refusalIn(error) === null) throw error;
    }
  };
}

/** Stores the events of the facts of a turn, one for each receiver of its kind. The web role starts their delivery. */
export async function noteEvents(
  { store, events, now }: Pick<Deps, 'store' | 'events' | 'now'>,
  progress: CaseProgress,
  facts: readonly CaseFact[],
): Promise<void> {
  for (const event of outgoingEvents(progress, facts)) {
    for (const { name, kinds } of events)
      if (kinds.includes(event.kind)) await store.events.add(progress.caseNumber, event, name, now());
  }
}

/** Posts an event to its receiver in the configuration. An event that is gone, or has no receiver any more, is final. */
export function sendEvent({ store, events }: Deps): Activities['sendEvent'] {
  return async ({ eventId }) => {
    const event = await store.events.get(eventId);
    const receiver = events.find(({ name }) => name === (event?.receiver ?? null));
    if (!event || !receiver) throw new AppError('event-refused', { reason: 'noReceiver' });
    await receiver.client.send(event);
    await store.events.ended(eventId, 'delivered', null);
  };
}

/** Records that no attempt to post an event succeeded. */
export function buryEvent({ store }: Deps): Activities['buryEvent'] {
  return ({ eventId, reason }) => store.events.ended(eventId, 'dead', reason);
}
