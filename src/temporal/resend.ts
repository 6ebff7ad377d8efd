import type { CaseProgress } from '../domain/case/case';
import { isCallOpen } from '../domain/case/citizen-call';
import type { Role } from '../domain/sla/sla';
import type { OpenedCase } from '../store/case-records';
import type { OtherLetter, OutboxRecord } from '../store/outbox-records';
import type { Store } from '../store/store';
import type { CaseGateway } from './case-gateway';

interface ResendDeps {
  store: Pick<Store, 'outbox' | 'tasks'>;
  gateway: Pick<CaseGateway, 'sendAgain'>;
}

export interface ResendOrder {
  key: string;
  /** Another recipient of a letter. */
  to?: Role;
  actor: string;
  reason: string;
}

/** Why a message or letter cannot be sent again. */
type ResendHindrance =
  | 'unknown'
  | 'erased'
  | 'notALetter'
  | 'notATask'
  | 'notStored'
  | 'taskMoved'
  | 'handOffEnded'
  | 'callEnded'
  | 'digest';

/** `isRepeated`: the same copy had been ordered before. `refused` has the reason of the other side. */
export type ResendResult =
  | { type: 'hindered'; why: ResendHindrance }
  | { type: 'sent' | 'pending'; copy: string; isRepeated: boolean }
  | { type: 'refused'; copy: string; isRepeated: boolean; reason: string };

/** Returns why a record cannot be sent again, or null. */
export function resendHindrance(
  { progress }: Pick<OpenedCase, 'progress'>,
  record: OutboxRecord,
  to?: Role,
): ResendHindrance | null {
  const { channel, order, about, content } = record;
  if (Object.keys(content as object).length === 0) return 'erased';
  if (channel === 'whatsapp') return to ? 'notALetter' : null;
  if (about) return to ? 'notATask' : otherHindrance(progress, about);
  if (!order) return 'notStored';
  // A former desk no longer sees the case.
  return order.department === progress.plan.desk.slug ? null : 'taskMoved';
}

function otherHindrance({ handOff, call }: CaseProgress, about: OtherLetter): ResendHindrance | null {
  switch (about.type) {
    case 'handOff':
      return handOff?.number === about.number && handOff.awaits !== null ? null : 'handOffEnded';
    case 'call':
      return call && isCallOpen(call.step) ? null : 'callEnded';
    case 'digest':
      return 'digest';
  }
}

/**
 * Records the order with actor and reason, and has the copy sent by the worker. A repeated order joins a copy that is
 * still on its way, so that a retry sends nothing twice.
 */
export async function resend(
  { store, gateway }: ResendDeps,
  opened: OpenedCase,
  { key, to, actor, reason }: ResendOrder,
): Promise<ResendResult> {
  const { caseNumber, progress } = opened;
  const record = await store.outbox.get(key);
  if (record?.caseNumber !== caseNumber) return { type: 'hindered', why: 'unknown' };
  const why = resendHindrance(opened, record, to);
  if (why !== null) return { type: 'hindered', why };
  const copy = await nextCopy(store, key);
  const isRepeated = !(await store.tasks.addAction({
    ...{ actionId: copy, caseNumber, task: progress.task, action: 'resend', words: reason, reason: null },
    ...{ department: record.order?.department ?? null, role: 'manager', actor, at: new Date() },
  }));
  const result = await gateway.sendAgain({ caseNumber, key, copy, ...(to && { to }) });
  if (result === 'pending') return { type: 'pending', copy, isRepeated };
  return result.refused === null
    ? { type: 'sent', copy, isRepeated }
    : { type: 'refused', copy, isRepeated, reason: result.refused };
}

const MOST_COPIES = 50;

/** Returns the key of the next copy, or of the last one if it has not ended. */
async function nextCopy(store: ResendDeps['store'], key: string): Promise<string> {
  const [original = key] = key.split(':again:');
  for (let copy = 1; copy <= MOST_COPIES; copy += 1) {
    const name = `${original}:again:${copy}`;
    if ((await store.tasks.action(name)) === null) return name;
    const state = (await store.outbox.get(name))?.state;
    if (state !== 'accepted' && state !== 'failed') return name;
  }
  throw new RangeError(`${key} was sent again ${MOST_COPIES} times`);
}
