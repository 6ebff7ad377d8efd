import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import type { CaseActivities } from '../../workflows/contract';
import { type Closure, planAsked, planFor } from '../../src/config/calendars';
import { categoryOf } from '../../src/config/offices';
import type { ManagerAct, TaskAct } from '../../src/domain/case/acts';
import type { CaseState, NewCase } from '../../src/domain/case/case';
import type { Plan } from '../../src/domain/sla/sla';
import type { CaseFact, PlanAsked } from '../../src/domain/case/case-events';
import { openedCase } from '../../src/domain/case/case-life';
import { caseAttributes } from '../../src/domain/case/temporal-ui';
import type { Figures } from '../../src/reports/figures';
import { linesOf, townReport } from '../../src/reports/report';
import { reportCase } from '../../workflows';
import { act, toWire, view, initialAttributes } from '../../workflows/messages';
import { about as bare, DAY, MINUTE, newTerms } from './cases';
import { settled, toItsEnd } from './settled';
import { createWorker } from './time-skipping';
import { at, local, municipality } from './town-case';
import { until } from './until';

/** A case on the time-skipping server, with a clock that starts at a given date. */
export interface StagedCase {
  readonly handle: WorkflowHandleWithFirstExecutionRunId<typeof reportCase>;
  /** Skips to a local time. */
  until(moment: string): Promise<void>;
  desk(action: TaskAct['action'], over?: Partial<TaskAct>): Promise<CaseState>;
  manager(action: ManagerAct['action'], over?: Partial<ManagerAct>): Promise<CaseState>;
  closures: Closure[];
  /** All notifications: "2026-11-25 10:00 citizen:acknowledged". */
  readonly told: string[];
  readonly facts: CaseFact[];
  /** The state as last written by the workflow. */
  record(): CaseState;
  /** The values of the search attribute SlaState, with times. */
  slaStates(): Promise<string[]>;
  /** The municipality's statistics over the whole story. */
  figures(): Figures;
  /** Converts a local time of the story to the workflow's clock. */
  real(moment: string): number;
}

/** Numbers that can only be instants. */
const EARLIEST_INSTANT = Date.UTC(2000, 0, 1);

/** Shifts every instant in a value by `byMs`. */
export function shifted<Value>(value: Value, byMs: number): Value {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'number' && part > EARLIEST_INSTANT ? part + byMs : part,
  ) as Value;
}

/** Plays one case to its end. */
export async function stageCase(
  env: TestWorkflowEnvironment,
  bundle: WorkflowBundle,
  received: string,
  live: (story: StagedCase) => Promise<void>,
  { category = 'pothole', department = 'fen-isleri', servedFrom = received, waiting }: StageOptions = {},
): Promise<StagedCase> {
  const start = await env.currentTimeMs();
  /** From the server's clock to the story's. */
  const shift = at(servedFrom) - start;
  const subject = categoryOf(municipality, category);
  const { kind, priority } = subject;
  const about = { municipality, category: subject, kind, priority };
  const caseNumber = `PK-${randomUUID()}`;
  const opening: NewCase = {
    caseNumber,
    citizenId: 'c-1',
    kind: subject.kind,
    category: { slug: subject.slug, name: subject.name.tr },
    priority: subject.priority,
    neighbourhood: { slug: 'suvari', name: 'Süvari' },
    institution: null,
    receivedAt: at(received) - shift,
    messageIds: ['m-1'],
    fileMessageIds: [],
    plan: shifted<Plan>(planFor({ ...about, closures: [], department }, at(received)), -shift),
    closeAfterMs: 7 * DAY,
    terms: { ...newTerms, surveyReminderAfterMs: 3 * DAY, takeBackWithinMs: 7 * DAY },
  };
  const told: string[] = [];
  const facts: CaseFact[] = [];
  let progress: CaseState | undefined;
  const now = async (): Promise<string> => local((await env.currentTimeMs()) + shift);
  const tell = async (what: string): Promise<void> => void told.push(`${await now()} ${what}`);
  const activities: CaseActivities = {
    planTask: async ({ caseNumber: _number, ...asked }) => {
      const plan = planAsked(
        { ...about, closures: story.closures },
        at(received),
        shifted<PlanAsked>(asked, shift),
      );
      return shifted<Plan>(plan, -shift);
    },
    recordCase: async input => {
      facts.push(...input.facts);
      progress = input.progress as CaseState;
    },
    tellCitizen: ({ news }) => tell(`citizen:${news}`),
    mailLetter: ({ order: { letter, to } }) => tell(`${letter}:${to}`),
    keepPhoto: async () => undefined,
    alertOperator: async () => undefined,
  };
  const taskQueue = randomUUID();
  const handle = await env.client.workflow.start(reportCase, {
    workflowId: caseNumber,
    taskQueue,
    args: [{ opening: toWire(opening) }],
    typedSearchAttributes: initialAttributes(caseAttributes(openedCase(opening))),
  });
  const story: StagedCase = {
    handle,
    closures: [],
    told,
    facts,
    record: () => {
      if (!progress) throw new Error('the case has not been recorded yet');
      return progress;
    },
    figures() {
      const period = { from: at(received) - DAY, to: (facts.at(-1)?.at ?? NaN) + shift + DAY };
      const told = {
        ...{ caseNumber, about: bare },
        receivedAt: at(received),
        facts: shifted<CaseFact[]>(facts, shift),
        rating: null,
      };
      const lines = linesOf({ municipality, closures: story.closures }, [told]);
      return townReport(municipality, period, lines).town;
    },
    real: moment => at(moment) - shift,
    async until(moment) {
      await settled(handle);
      await env.sleep(Math.max(at(moment) - shift - (await env.currentTimeMs()), 1));
    },
    async desk(action, over = {}) {
      await settled(handle);
      const { task } = await handle.query(view);
      return perform({ actionId: randomUUID(), action, task, ...over });
    },
    async manager(action, over = {}) {
      await settled(handle);
      return perform({ actionId: randomUUID(), by: 'manager', action, ...over });
    },
    async slaStates() {
      const { events } = await handle.fetchHistory();
      const states: string[] = [];
      for (const { eventTime, ...event } of events ?? []) {
        const { indexedFields } =
          event.workflowExecutionStartedEventAttributes?.searchAttributes ??
          event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes ??
          {};
        const payload = indexedFields?.['SlaState'];
        if (!payload) continue;
        const state = defaultPayloadConverter.fromPayload<string | string[]>(payload);
        const eventMs = Number(eventTime?.seconds) * 1000 + Number(eventTime?.nanos) / 1e6;
        // The server's clock may be a few milliseconds before the minute.
        const minute = Math.round((eventMs + shift) / MINUTE) * MINUTE;
        states.push(`${local(minute)} ${[state].flat().join()}`);
      }
      return states;
    },
  };
  const perform = (given: TaskAct | ManagerAct): Promise<CaseState> =>
    handle.executeUpdate(act, { args: [given], updateId: given.actionId });

  async function work(during: () => Promise<void>): Promise<void> {
    const worker = await createWorker(env, bundle, activities, taskQueue);
    await worker.runUntil(during);
  }

  await waiting?.(story);
  await work(() =>
    toItsEnd(handle, async () => {
      await until(() => told.length >= 2, 'the opening of the case');
      await live(story);
      await settled(handle);
      await handle.result();
    }),
  );
  return story;
}

interface StageOptions {
  category?: string;
  department?: string;
  /** When the first worker starts; at the receipt if omitted. */
  servedFrom?: string;
  /** Events that wait for the worker. */
  waiting?: (story: StagedCase) => Promise<void>;
}
