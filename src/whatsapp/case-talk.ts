import { MINUTE_MS } from '../domain/durations';
import type { CaseFact } from '../domain/case/case-events';
import { AppError } from '../errors';
import type { DeliveryStatus, OutboxRecord } from '../store/outbox-records';
import type { Message } from '../store/message-records';
import type { Store } from '../store/store';

/** One message about a case. `words` is its text, visible to staff only. */
export type TalkEntry = { at: Date; kind: string; words: string } & (
  | { from: 'citizen' }
  | {
      from: 'municipality';
      state: MessageState;
      inWindow: boolean;
      /** Meta's error number if the message failed. */
      errorCode: string | null;
    }
);

/**
 * Returns the effects whose messages neither WhatsApp nor a call has brought to the citizen, in the order in which
 * they failed.
 */
export function untoldEffects(facts: readonly CaseFact[]): number[] {
  const untold = new Set<number>();
  for (const fact of facts) {
    if (fact.type === 'notDelivered' && fact.recipient === 'citizen') untold.add(fact.undelivered);
    else if (fact.type === 'arrivedLate') untold.delete(fact.undelivered);
    else if (fact.type === 'called') fact.told?.forEach(effect => untold.delete(effect));
  }
  return [...untold];
}

/** Returns the effects whose texts were read out to the citizen in a call. */
export function effectsByPhone(facts: readonly CaseFact[]): Set<number> {
  return new Set(facts.flatMap(fact => (fact.type === 'called' ? (fact.told ?? []) : [])));
}

/** The charged messages of a case. Meta charges every delivered message. */
interface MessageLedger {
  charged: number;
  inWindow: number;
  outsideWindow: number;
  byKind: Record<string, number>;
}

export interface CaseTalk {
  lines: TalkEntry[];
  ledger: MessageLedger;
}

/** Replies sent before the case had a number are found by the message they answer. */
const REPLY_KEY = /^([^:]+):/;
const SLACK_MS = MINUTE_MS;

/**
 * Returns all messages about a case, oldest first: the citizen's messages, the replies and later notifications, each
 * with its delivery state. Rejects with `case-missing`.
 */
export async function caseTalk(store: Store, caseNumber: string): Promise<CaseTalk> {
  const record = await store.cases.get(caseNumber);
  if (!record) throw new AppError('case-missing');
  const { openedBy, citizenId, receivedAt } = record.intake;
  const messages = await store.messages.several(record.progress?.messageIds ?? [openedBy]);
  const ids = new Set(messages.map(({ id }) => id));
  const citizens = new Set([citizenId, ...messages.map(message => message.citizenId)]);
  const first = Math.min(receivedAt.getTime(), ...messages.map(({ sentAt }) => sentAt.getTime()));
  const from = new Date(first - SLACK_MS);
  const sent = await Promise.all([...citizens].map(id => store.outbox.sentTo(id, 'whatsapp', from)));
  const own = sent
    .flat()
    .filter(message => message.caseNumber === caseNumber || ids.has(REPLY_KEY.exec(message.key)?.[1] ?? ''));
  const sentOnes = await Promise.all(own.map(message => sentEntry(store, message)));
  const byPhone = effectsByPhone(await store.cases.facts(caseNumber, record.progress?.revision ?? 0));
  const answers = sentOnes.map((entry, place) => {
    const [number, effect] = own[place]?.key.split(':') ?? [];
    const isTold = number === caseNumber && byPhone.has(Number(effect));
    return isTold ? { ...entry, state: 'toldByPhone' as const } : entry;
  });
  const lines = [...messages.map(citizenEntry), ...answers];
  return { lines: lines.sort((a, b) => a.at.getTime() - b.at.getTime()), ledger: ledgerOf(answers) };
}

function citizenEntry({ sentAt, type, words, place, media }: Message): TalkEntry {
  const pin = place && `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  const parts = [words, pin, media && `[${media.kind}]`];
  return { at: sentAt, from: 'citizen', kind: type, words: parts.filter(part => part).join(' ') };
}

async function sentEntry(store: Store, message: OutboxRecord): Promise<TalkEntry & { from: 'municipality' }> {
  const { key, createdAt, lastAttemptAt, content, sentAs, providerId, errorCode } = message;
  const keys = [key];
  if (providerId !== null) {
    const hashId = await store.hashId();
    keys.push(`provider:${hashId(providerId)}`);
  }
  const reports = (await Promise.all(keys.map(name => store.deliveryStatuses.all(name)))).flat();
  return {
    at: lastAttemptAt ?? createdAt,
    from: 'municipality',
    kind: sentAs?.kind ?? wordOf(content, 'type'),
    words: wordOf(content, 'body'),
    state: messageState(message, reports),
    // If only the status webhook confirmed the message, it was free-form: templates are recorded as such.
    inWindow: sentAs?.inWindow ?? true,
    errorCode: reachedPhone(reports)
      ? null
      : (errorCode ?? reports.find(({ status }) => status === 'failed')?.errorCode ?? null),
  };
}

function wordOf(content: unknown, part: 'type' | 'body'): string {
  const value = (content as Record<string, unknown>)[part];
  return typeof value === 'string' ? value : '';
}

const uncharged: readonly MessageState[] = ['pending', 'sending', 'failed', 'toldByPhone'];

function ledgerOf(lines: readonly (TalkEntry & { from: 'municipality' })[]): MessageLedger {
  const charged = lines.filter(({ state }) => !uncharged.includes(state));
  const byKind: Record<string, number> = {};
  for (const { kind } of charged) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const inWindow = charged.filter(line => line.inWindow).length;
  return { charged: charged.length, inWindow, outsideWindow: charged.length - inWindow, byKind };
}

const arrivals: readonly string[] = ['delivered', 'read', 'played'];

/** Whether Meta reported that a message arrived on the citizen's phone. */
export function reachedPhone(reports: readonly Pick<DeliveryStatus, 'status'>[]): boolean {
  return reports.some(({ status }) => arrivals.includes(status));
}

/** The delivery state of a message to a citizen. `toldByPhone`: it failed, and its text was read out in a call. */
export type MessageState =
  'pending' | 'sending' | 'accepted' | 'sent' | 'delivered' | 'read' | 'failed' | 'toldByPhone';

/**
 * Meta's statuses in ascending order; with an open chat `read` comes without `delivered`. Meta retries for days, so
 * proof of arrival outranks a failure, in any order of the reports.
 */
const ranked: readonly (readonly [status: string, MessageState])[] = [
  ['sent', 'sent'],
  ['failed', 'failed'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
];

/**
 * Derives one state from the outbox record and Meta's statuses, independent of their order and repetition. A status
 * outranks the record, because it can arrive before the response to the send. Ignores unknown statuses.
 */
export function messageState(
  { state }: Pick<OutboxRecord, 'state'>,
  reports: readonly Pick<DeliveryStatus, 'status'>[],
): MessageState {
  const reported = ranked.findLast(([status]) => reports.some(report => report.status === status));
  return state === 'failed' && reported?.[1] === 'sent' ? 'failed' : (reported?.[1] ?? state);
}
