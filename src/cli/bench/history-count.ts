import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { caseWorkflowId, conversationWorkflowId } from '../../domain/identifiers';
import type { BenchGround } from './grounds';

const Type = temporal.api.enums.v1.EventType;

/** Events that Temporal Cloud counts as an action; local activities count once for each workflow task. */
const actions: readonly (number | null | undefined)[] = [
  Type.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  Type.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  Type.EVENT_TYPE_TIMER_STARTED,
  Type.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  Type.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
  Type.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
  Type.EVENT_TYPE_MARKER_RECORDED,
];

/** What one happy case left in Temporal: events and actions of its own history and of the conversation before it. */
export async function countHistory(
  client: Client,
  { store }: BenchGround,
  caseNumber: string,
): Promise<{ caseEvents: number; conversationEvents: number; actions: number }> {
  const record = await store.cases.get(caseNumber);
  const citizenId = record?.intake.citizenId ?? '';
  const [ofCase, ofConversation] = await Promise.all(
    [caseWorkflowId(caseNumber), conversationWorkflowId(citizenId)].map(async workflowId => {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return events ?? [];
    }),
  );
  const all = [...(ofCase ?? []), ...(ofConversation ?? [])];
  return {
    caseEvents: ofCase?.length ?? 0,
    conversationEvents: ofConversation?.length ?? 0,
    actions: all.filter(({ eventType }) => actions.includes(eventType)).length,
  };
}
