import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { conversation } from '../../workflows/index';
import { type ConversationInput, personActs, talkHolder } from '../../workflows/messages';
import { conversationWorkflowId } from '../domain/identifiers';
import type { PersonAct, TakenTalk } from '../domain/talk/taken-talk';

/** Who holds a talk, and about which case. */
export type TalkHolder = Pick<TakenTalk, 'person' | 'caseNumber'>;

/** The client of talks that a member of staff takes over. */
export interface TalkGateway {
  /**
   * Takes a talk over, announces a text in it, or gives it back. Taking over starts the talk if needed. Rejects with
   * `act-refused` if somebody else holds it, or nobody does, and with `act-pending` if no worker answered in time; the
   * act may then be sent again.
   */
  actInTalk(citizenId: string, act: PersonAct): Promise<void>;
  /** Returns who holds a talk; null while the line answers. */
  talkHolder(citizenId: string): Promise<TalkHolder | null>;
}

interface Calls {
  within: <T>(limitMs: number, call: () => Promise<T>) => Promise<T>;
  updated: <T>(send: () => Promise<T>) => Promise<T>;
  talkOf: (citizenId: string) => {
    workflowId: string;
    taskQueue: string;
    args: [ConversationInput];
    staticSummary: string;
  };
}

const QUERY_LIMIT_MS = 5_000;

export function createTalkGateway(client: Client, { within, updated, talkOf }: Calls): TalkGateway {
  const talk = (citizenId: string) =>
    client.workflow.getHandle<typeof conversation>(conversationWorkflowId(citizenId));
  return {
    async actInTalk(citizenId, act) {
      const order = { args: [act] as [PersonAct], updateId: act.actionId };
      if (act.type !== 'takes') {
        await updated(() => talk(citizenId).executeUpdate(personActs, order));
        return;
      }
      await updated(() =>
        client.workflow.executeUpdateWithStart(personActs, {
          ...order,
          startWorkflowOperation: new WithStartWorkflowOperation<typeof conversation>('conversation', {
            ...talkOf(citizenId),
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        }),
      );
    },

    async talkHolder(citizenId) {
      try {
        const handle = talk(citizenId);
        return await within(QUERY_LIMIT_MS, async () => {
          const { status } = await handle.describe();
          return status.name === 'RUNNING' ? handle.query(talkHolder) : null;
        });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}
