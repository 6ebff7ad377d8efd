import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';

/** Empty activities, except `open`, which starts the next workflow as the line does. */
export interface BareActivities {
  nothing: () => Promise<void>;
  open: (workflowId: string) => Promise<void>;
}

const local = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '10s' });
const remote = proxyActivities<BareActivities>({ startToCloseTimeout: '10s' });
const stage = defineSearchAttributeKey('CaseStage', SearchAttributeType.KEYWORD);

export const poke = defineSignal('poke');
export const step = defineUpdate<void, [string]>('step');

/** A workflow that only receives a signal: the cost of one hand-over in Temporal. */
export async function bareTaker(): Promise<void> {
  let poked = false;
  setHandler(poke, () => void (poked = true));
  await condition(() => poked);
}

/** The activities and timers of a conversation with one message, followed by the case. */
export async function bareConversation({
  quietMs,
  caseId,
}: {
  quietMs: number;
  caseId: string;
}): Promise<void> {
  setHandler(poke, () => undefined);
  await local.nothing();
  await condition(() => false, quietMs);
  await remote.open(caseId);
}

/**
 * The activities, timers, updates, signals and upserts of a case that is accepted, resolved and confirmed.
 */
export async function bareCase(): Promise<void> {
  let at = 'opened';
  setHandler(step, async next => {
    at = next;
    upsertSearchAttributes([{ key: stage, value: next }]);
    await local.nothing();
  });
  setHandler(poke, () => void (at = 'closed'));
  await local.nothing();
  const opening = [remote.nothing(), remote.nothing()];
  await condition(() => at === 'accepted', '1 day');
  await condition(() => at === 'resolved', '1 day');
  const telling = remote.nothing();
  await condition(() => at === 'closed', '1 day');
  upsertSearchAttributes([{ key: stage, value: 'closed' }]);
  await local.nothing();
  await Promise.all([...opening, telling, remote.nothing()]);
}
