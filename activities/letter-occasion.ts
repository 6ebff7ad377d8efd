import type { CaseFact, LetterKind, LetterOrder } from '../src/domain/case/case-events';
import type { OpenedCase } from '../src/store/case-records';
import type { Deps } from './deps';

/** The facts that give rise to a kind of letter; the newest of them is the one that it speaks of. */
const occasions: Readonly<Partial<Record<LetterKind, readonly CaseFact['type'][]>>> = {
  task: ['rerouted', 'reassigned'],
  reopened: ['reopened', 'takenBack'],
  citizenAnswered: ['paused'],
  holdEnded: ['paused'],
  handOver: ['handedOver'],
  replanned: ['extended', 'prioritised'],
  decision: ['resolved'],
};

/** The fact behind a letter, and what was written in the act that made it. */
export async function occasionOf(
  { store }: Pick<Deps, 'store'>,
  { caseNumber, progress }: OpenedCase,
  { letter, task, actionId }: LetterOrder,
): Promise<{ occasion: CaseFact | null; said: string | null }> {
  const types = occasions[letter] ?? [];
  // The first task of a case comes from nobody.
  const isFirst = letter === 'task' && task === 1;
  if (types.length === 0 || isFirst) return { occasion: null, said: null };
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const isMeant = (fact: CaseFact): boolean =>
    types.includes(fact.type) &&
    (actionId === undefined || ('actionId' in fact && fact.actionId === actionId));
  const occasion = facts.findLast(isMeant) ?? null;
  const id = occasion && 'actionId' in occasion ? occasion.actionId : undefined;
  const action = id === undefined ? null : await store.tasks.action(id);
  return { occasion, said: action?.words ?? null };
}
