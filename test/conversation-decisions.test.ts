import { randomUUID } from 'node:crypto';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { ConversationActivities } from '../workflows/contract';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import { conversation } from '../workflows';
import { inbound, personActs, talkHolder } from '../workflows/messages';
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

test('a talk in which nothing is pending starts when a person takes it over, and lasts until it is given back', async () => {
  const taskQueue = freshTaskQueue('taken');
  const citizenId = randomUUID();
  const client = new Client({ connection, namespace: temporalNamespace });
  const told: string[] = [];
  const worker = await Worker.create({
    ...{ connection: native, namespace: temporalNamespace, taskQueue, workflowBundle: bundle },
    activities: { reply: async ({ reply }: { reply: string }) => void told.push(reply) },
  });
  const common = { actionId: 'a', person: 'p' };
  await worker.runUntil(async () => {
    await client.workflow.executeUpdateWithStart(personActs, {
      args: [{ ...common, type: 'takes', caseNumber: null, silenceMs: 600_000 }],
      startWorkflowOperation: new WithStartWorkflowOperation(conversation, {
        ...{ workflowId: citizenId, taskQueue, args: [{ citizenId, pace, decidesFirst: true }] },
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
    const talk = client.workflow.getHandle<typeof conversation>(citizenId);
    await until(async () => told.length === 1, 'the news');
    expect(await talk.query(talkHolder)).toEqual({ person: 'p', caseNumber: null });
    await talk.executeUpdate(personActs, {
      args: [{ ...common, actionId: 'b', type: 'releases', category: null }],
    });
    await until(async () => (await talk.describe()).status.name === 'COMPLETED', 'the end of the talk');
  });
  expect(told).toEqual(['personHere', 'personGone']);
}, 60_000);
