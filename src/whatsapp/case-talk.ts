import { AppError } from '../errors';
import type { DeliveryStatus } from '../store/delivery-records';
import type { Message } from '../store/message-records';
import type { OutboxRecord } from '../store/outbox-records';
import type { Store } from '../store/store';

/** One line of the talk about a case; `words` are what was written or sent, for the eyes of staff only. */
export type TalkLine = { at: Date; kind: string; words: string } & (
  | { from: 'citizen' }
  | {
      from: 'municipality';
      state: MessageState;
      inWindow: boolean;
      /** Meta's error number, when the message failed. */
      errorCode: string | null;
    }
);

/** What the municipality sent about a case and will be charged for; Meta charges every delivered message. */
export interface MessageLedger {
  charged: number;
  inWindow: number;
  outsideWindow: number;
  byKind: Record<string, number>;
}

export interface CaseTalk {
  lines: TalkLine[];
  ledger: MessageLedger;
}

/** Replies in the talk before the case had a number name the message that they answer. */
const REPLY_KEY = /^([^:]+):/;
const SLACK_MS = 60_000;

/**
 * The talk about a case, oldest first: what the citizen sent for it, what was answered, and every later message with
 * the state it has reached. Rejects with `case-missing`.
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
  const answers = await Promise.all(own.map(message => sentLine(store, message)));
  const lines = [...messages.map(citizenLine), ...answers];
  return { lines: lines.sort((a, b) => a.at.getTime() - b.at.getTime()), ledger: ledgerOf(answers) };
}

function citizenLine({ sentAt, type, words, place, media }: Message): TalkLine {
  const pin = place && `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  const parts = [words, pin, media && `[${media.kind}]`];
  return { at: sentAt, from: 'citizen', kind: type, words: parts.filter(part => part).join(' ') };
}

async function sentLine(store: Store, message: OutboxRecord): Promise<TalkLine & { from: 'municipality' }> {
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
    // A message of which only the echo told that it was taken was free-form: templates say what they are.
    inWindow: sentAs?.inWindow ?? true,
    errorCode: errorCode ?? reports.find(({ status }) => status === 'failed')?.errorCode ?? null,
  };
}

function wordOf(content: unknown, part: 'type' | 'body'): string {
  const value = (content as Record<string, unknown>)[part];
  return typeof value === 'string' ? value : '';
}

const uncharged: readonly MessageState[] = ['pending', 'sending', 'failed'];

function ledgerOf(lines: readonly (TalkLine & { from: 'municipality' })[]): MessageLedger {
  const charged = lines.filter(({ state }) => !uncharged.includes(state));
  const byKind: Record<string, number> = {};
  for (const { kind } of charged) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const inWindow = charged.filter(line => line.inWindow).length;
  return { charged: charged.length, inWindow, outsideWindow: charged.length - inWindow, byKind };
}

/** How far a message to a citizen has come. */
export type MessageState = 'pending' | 'sending' | 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** Meta's reports from the least to the last; when a chat is open, `read` comes without `delivered`. */
const ranked: readonly (readonly [status: string, MessageState])[] = [
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
  ['failed', 'failed'],
];

/**
 * One state from what the line knows and what Meta reported, in whatever order and however often the reports came.
 * A report outranks what the line knows, since it may come before the answer to the send; unknown ones are ignored.
 */
export function messageState(
  { state }: Pick<OutboxRecord, 'state'>,
  reports: readonly Pick<DeliveryStatus, 'status'>[],
): MessageState {
  if (state === 'failed') return 'failed';
  const reported = ranked.findLast(([status]) => reports.some(report => report.status === status));
  return reported?.[1] ?? state;
}
