import type { DeadLetter } from '../store/dead-letter-records';
import type { Store } from '../store/store';
import type { Intake } from './intake';
import { field } from './loose-json';
import { type OddReason, parseWebhook } from './payload';

export type ReplayOutcome = 'missing' | 'forPeople' | 'unreadable' | 'taken';

/**
 * Processes a dead letter as if Meta had just delivered it, and records success. Rejects like the intake if it was
 * parsed but could not be stored.
 */
export async function replayDeadLetter(
  {
    store,
    intake,
    now = () => new Date(),
  }: { store: Pick<Store, 'deadLetters'>; intake: Intake; now?: () => Date },
  id: string,
): Promise<ReplayOutcome> {
  const letter = await store.deadLetters.get(id);
  if (!letter) return 'missing';
  const body = deadLetterBody(letter);
  if (!body) return 'forPeople';
  if (parseWebhook(body).every(item => item.type === 'odd')) return 'unreadable';
  await intake(body);
  await store.deadLetters.replayed(id, now());
  return 'taken';
}

/**
 * Rebuilds a webhook body around a dead letter, for another attempt with newer code. Returns null for letters that
 * cannot be replayed: late messages, and reasons unknown to this version.
 */
export function deadLetterBody({ reason, payload }: Pick<DeadLetter, 'reason' | 'payload'>): Buffer | null {
  const wrap = wrapping[reason as OddReason];
  const part = wrap && parsed(payload);
  if (!wrap || part === undefined) return null;
  return Buffer.from(wrap === 'whole' ? payload : JSON.stringify(envelope(wrap, part)));
}

type Wrap = 'whole' | 'entry' | 'change' | 'member' | 'error';

const wrapping: Partial<Record<OddReason, Wrap>> = {
  'not-json': 'whole',
  'no-entries': 'whole',
  'no-changes': 'entry',
  'not-an-object': 'change',
  'unknown-field': 'change',
  'empty-value': 'change',
  'account-error': 'error',
  'too-deep': 'member',
  'no-id': 'member',
  'no-sender': 'member',
  'no-status': 'member',
};

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}

function envelope(wrap: Exclude<Wrap, 'whole'>, part: unknown): object {
  const entry = (entries: unknown): object => ({ object: 'whatsapp_business_account', entry: [entries] });
  switch (wrap) {
    case 'entry':
      return entry(part);
    case 'change':
      return entry({ changes: [part] });
    case 'error':
      return entry({ changes: [{ field: 'messages', value: { errors: [part] } }] });
    case 'member': {
      const name = field(part, 'status') === undefined ? 'messages' : 'statuses';
      return entry({ changes: [{ field: 'messages', value: { [name]: [part] } }] });
    }
  }
}
