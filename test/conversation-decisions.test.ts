import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { ConversationActivities } from '../workflows/contract';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import { conversation } from '../workflows';
import { inbound } from '../workflows/messages';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';
import { builtWorkflows } from './support/time-skipping';
import { until } from './support/until';

const pace = { quietMs: 50, longestMs: 500, answerWaitMs: 60_000 };

let connection: Connection;
let native: NativeConnection;
const bundle = builtWorkflows();
beforeAll(async () => {
  const address = temporalAddress();
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
}, 60_000);
afterAll(() => Promise.all([connection.close(), native.close()]));

const report = (messageId: string): MessageFacts => ({
  messageId,
  at: 0,
  says: 'report',
  tellsPlace: true,
  photo: false,
  recentCase: null,
  alreadyHandled: false,
  subject: 'sure',
});

test('a report that arrives while the previous one is being opened becomes a separate case', async () => {
  const taskQueue = freshTaskQueue('decisions');
  const citizenId = randomUUID();
  const client = new Client({ connection, namespace: temporalNamespace });
  const say = (messageId: string) =>
    client.workflow.signalWithStart(conversation, {
      workflowId: citizenId,
      taskQueue,
      args: [{ citizenId, pace, decidesFirst: true }],
      signal: inbound,
      signalArgs: [{ messageId }],
    });
  const opened: string[][] = [];
  const activities: Pick<ConversationActivities, 'readMessage' | 'openCase'> = {
    readMessage: async ({ messageId }) => report(messageId),
    openCase: async ({ messageIds }) => {
      opened.push(messageIds);
      if (messageIds.includes('m-1')) await say('m-2');
      return 'PK-0000-0001';
    },
  };
  const worker = await Worker.create({
    connection: native,
    namespace: temporalNamespace,
    taskQueue,
    workflowBundle: bundle,
    activities,
  });
  await worker.runUntil(async () => {
    const talk = await say('m-1');
    await until(async () => (await talk.describe()).status.name === 'COMPLETED', 'the end of the talk');
  });
  expect(opened).toEqual([['m-1'], ['m-2']]);
}, 60_000);
