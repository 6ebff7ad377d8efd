import type { ErasureRequest } from '../store/erasure-records';
import type { Store } from '../store/store';
import type { CaseGateway } from './case-gateway';

interface DecisionDeps {
  store: Pick<Store, 'erasureRequests'>;
  gateway: Pick<CaseGateway, 'carryOutRequest'>;
}

/** Who decides, and why. */
interface RequestDecision {
  actor: string;
  reason: string;
  at: Date;
}

/** `decided`: somebody has decided it already. `sameActor`: another person must approve it as well. `more`: one more must. */
type DecisionResult = 'done' | 'more' | 'decided' | 'sameActor';

/**
 * Records an approval. With the last one of `approvals`, starts the workflow that tells the citizen and erases. Rejects
 * with `temporal-unavailable`; it may then be repeated.
 */
export async function approveRequest(
  { store, gateway }: DecisionDeps,
  { id, state, approvals: earlier = [] }: ErasureRequest,
  decision: RequestDecision,
  approvals: number,
): Promise<DecisionResult> {
  if (state !== 'asked' && state !== 'approved') return 'decided';
  if (state === 'asked' && earlier.some(each => each.actor === decision.actor)) return 'sameActor';
  // An approved request whose workflow did not start is started again.
  const isLast = state === 'approved' || earlier.length + 1 >= approvals;
  if (state === 'asked') await store.erasureRequests.approve(id, decision, isLast);
  if (!isLast) return 'more';
  await gateway.carryOutRequest(id);
  return 'done';
}

/** Refuses a request that nobody has decided, and starts the workflow that tells the citizen the reason. Rejects alike. */
export async function refuseRequest(
  { store, gateway }: DecisionDeps,
  { id, state }: ErasureRequest,
  decision: Pick<RequestDecision, 'actor' | 'reason'>,
): Promise<DecisionResult> {
  if (state !== 'asked' && state !== 'refused') return 'decided';
  if (state === 'asked') await store.erasureRequests.refuse(id, decision);
  await gateway.carryOutRequest(id);
  return 'done';
}
