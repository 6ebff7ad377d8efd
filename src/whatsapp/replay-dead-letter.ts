import type { Store } from '../store/store';
import { deadLetterBody } from './dead-letter-body';
import type { Intake } from './intake';
import { parseWebhook } from './payload';

export type ReplayOutcome = 'missing' | 'forPeople' | 'unreadable' | 'taken';

/**
 * Reads a dead letter again as if Meta had just delivered it, and notes when it could be read. Rejects as the intake
 * does when it could be read but not stored.
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
