import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { CaseActivities } from '../workflows/contract';
import { caseAttributes } from '../src/domain/case/temporal-ui';
import type { CaseState } from '../src/domain/case/case';
import type { CaseFact } from '../src/domain/case/case-events';
import { openedCase } from '../src/domain/case/case-life';
import { reportCase } from '../workflows';
import { act, toWire, initialAttributes } from '../workflows/messages';
import { opening, planAt } from './support/cases';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';
import { builtWorkflows } from './support/time-skipping';
import { amount, noteFigure } from './support/proving';

const ROUNDS = amount({ proof: 1_000, test: 100 });
const AT_ONCE = 50;
/** Long enough to open a wave of cases before their deadline. */
const LEAD_MS = 3_000;
const SPREAD_MS = 50;

interface Round {
  facts: CaseFact[];
  progress: CaseState | null;
  breachLetters: number;
}

const rounds = new Map<string, Round>();

function roundOf(caseNumber: string): Round {
  const known = rounds.get(caseNumber) ?? { facts: [], progress: null, breachLetters: 0 };
  rounds.set(caseNumber, known);
  return known;
}

const activities: CaseActivities = {
  planTask: async ({ department, from }) => planAt(from, department),
  recordCase: async ({ progress, facts }) => {
    const round = roundOf(progress.caseNumber);
    round.facts.push(...facts);
    round.progress = { ...progress, handled: [] };
  },
  tellCitizen: async () => undefined,
  mailLetter: async ({ caseNumber, order }) => {
    if (order.letter === 'breach') roundOf(caseNumber).breachLetters += 1;
  },
  keepPhoto: async () => undefined,
  alertOperator: async () => undefined,
};

/** A case whose only step is its breach, with a resolution shortly before or after it. */
async function race(client: Client, taskQueue: string, deadline: number, offset: number): Promise<string> {
  const caseNumber = `PK-${randomUUID()}`;
  const breach = { clock: 'resolve', level: 1, to: 'chief', at: deadline } as const;
  const plan = planAt(Date.now(), 'fen-isleri', { resolveBy: deadline, steps: [breach] });
  const input = opening({ caseNumber, receivedAt: Date.now(), plan, closeAfterMs: 1 });
  const handle = await client.workflow.start(reportCase, {
    workflowId: caseNumber,
    taskQueue,
    args: [{ opening: toWire(input) }],
    typedSearchAttributes: initialAttributes(caseAttributes(openedCase(input))),
  });
  await setTimeout(Math.max(deadline + offset - Date.now(), 0));
  const actionId = randomUUID();
  await handle.executeUpdate(act, {
    args: [{ actionId, action: 'resolve', task: 1 }],
    updateId: actionId,
  });
  await handle.result();
  return caseNumber;
}

test(`a resolution within 50 ms of the breach, ${ROUNDS} times: one wins, and all stores agree`, async () => {
  const workflowBundle = builtWorkflows();
  const connection = await Connection.connect({ address: temporalAddress() });
  const nativeConnection = await NativeConnection.connect({ address: temporalAddress() });
  const client = new Client({ connection, namespace: temporalNamespace });
  const taskQueue = freshTaskQueue('race');
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace: temporalNamespace,
    taskQueue,
    workflowBundle,
    activities,
  });
  const winners = { resolve: 0, breach: 0 };
  try {
    await worker.runUntil(async () => {
      for (let wave = 0; wave < ROUNDS / AT_ONCE; wave += 1) {
        const deadline = Date.now() + LEAD_MS;
        const offsets = Array.from({ length: AT_ONCE }, (_, i) => (i * 2 * SPREAD_MS) / AT_ONCE - SPREAD_MS);
        const numbers = await Promise.all(offsets.map(offset => race(client, taskQueue, deadline, offset)));
        for (const caseNumber of numbers) {
          const { facts, progress, breachLetters } = roundOf(caseNumber);
          const types = facts.map(({ type }) => type);
          const breached = types.includes('breached');
          winners[breached ? 'breach' : 'resolve'] += 1;
          const end = breached ? ['breached', 'resolved', 'closed'] : ['resolved', 'closed'];
          expect(types).toEqual(['opened', 'planned', ...end]);
          expect(breachLetters).toBe(breached ? 1 : 0);
          const state = breached ? 'missed' : 'met';
          expect(progress).toMatchObject({ stage: 'closed', slaState: state, everBreached: breached });
          const { searchAttributes } = await client.workflow.getHandle(caseNumber).describe();
          expect(searchAttributes).toMatchObject({
            SlaState: [state],
            SlaBreached: [breached],
            CaseStage: ['closed'],
          });
        }
      }
    });
  } finally {
    await connection.close();
    await nativeConnection.close();
  }
  expect(winners.resolve + winners.breach).toBe(ROUNDS);
  noteFigure(ROUNDS, `${winners.resolve} met, ${winners.breach} breached, 0 disagree`);
}, 240_000);
