import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../src/cli/start/project-root';
import { loadMunicipality } from '../../src/config/municipality';
import { planFor } from '../../src/config/calendars';
import type { Category } from '../../src/config/schemas/categories';
import { HOUR_MS } from '../../src/domain/durations';
import { caseWorkflowId, conversationWorkflowId } from '../../src/domain/identifiers';
import { createProgress } from '../../src/local/progress';
import { clientOf, lazyConnection } from '../../src/temporal/connection';
import { residentMiB } from '../support/load';
import { type BenchGround, NAMESPACE, raiseBenchGround } from './ground';
import {
  answerTimes,
  bareLivesPerSecond,
  bareSignalsPerSecond,
  livesPerSecond,
  settle,
  webhooksPerSecond,
} from './measures';
import { manyOpenCases } from './open-cases';
import { pictureFigures } from './pictures';
import { eventsByScenario } from './scenarios';
import { taskPageTimes } from './task-pages';

/** The amount of work per measurement. */
interface Size {
  warmUp: number;
  pages: number;
  webhooks: number;
  openCases: number;
  lives: number;
  /** How long webhooks arrive at each rate. */
  seconds: number;
}

const whole: Size = { warmUp: 100, pages: 300, webhooks: 600, openCases: 2_000, lives: 150, seconds: 20 };
/** Runs every measurement briefly; the results are too rough to publish. */
const short: Size = { warmUp: 10, pages: 30, webhooks: 60, openCases: 50, lives: 10, seconds: 3 };
/** Webhooks per second: the peak of a busy day, and more than two cores can process as cases. */
const RATES = [10, 50] as const;

interface Figure {
  name: string;
  value: number;
  unit: string;
  goal?: string;
}

/** Measures everything in one run on one Temporal server; prints a table and writes `.local/bench.json`. */
async function runBench(size: Size): Promise<void> {
  const grounds = await raiseBenchGround();
  const connection = lazyConnection({ TEMPORAL_ADDRESS: grounds.temporal });
  try {
    const figures = await measure(grounds, clientOf(connection, NAMESPACE), size);
    const file = join(projectRoot(), '.local/bench.json');
    writeFileSync(file, JSON.stringify({ at: new Date().toISOString(), figures }, null, 2));
    for (const { name, value, unit, goal } of figures) {
      const shown = `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`.padEnd(14);
      console.log(`${name.padEnd(66)} ${shown} ${goal ? `goal ${goal}` : ''}`);
    }
    console.log(`\nAlso in ${file}`);
  } finally {
    await connection.close();
    await grounds.stop();
  }
}

async function measure(grounds: BenchGround, client: Client, size: Size): Promise<Figure[]> {
  const progress = createProgress(process.stderr);
  const town = join(projectRoot(), 'config/etimesgut');
  const plannings = planningsPerSecond(town);
  const memory = (): [number, number] => [
    residentMiB(grounds.roles.web.pid),
    residentMiB(grounds.roles.worker.pid),
  ];
  const [webBefore, workerBefore] = memory();

  await progress.step('Warming up', async () => {
    await webhooksPerSecond(grounds, size.warmUp, 0);
    await bareSignalsPerSecond(client, size.warmUp, 'warm-up');
    await livesPerSecond(grounds, client, 20, 10_000);
  });
  const lives = await progress.step('Whole cases', () => livesPerSecond(grounds, client, size.lives, 20_000));
  const bareLives = await progress.step('Bare workflows with as much to do', () =>
    bareLivesPerSecond(client, size.lives),
  );
  const history = await progress.step('Counting a history', () =>
    countHistory(client, grounds, lives.caseNumbers[0] ?? ''),
  );
  const scenarios = await progress.step('Other lives', () => eventsByScenario(grounds, client, 60_000));
  // Alternates both measurements, so that other load affects them equally.
  const halves = await progress.step('Webhooks and bare signals', async () => {
    const each = size.webhooks / 3;
    const rates: { line: number; bare: number }[] = [];
    for (const turn of [0, 1, 2]) {
      await settle(client, grounds);
      const line = await webhooksPerSecond(grounds, each, 40_000 + turn * each);
      await settle(client, grounds);
      rates.push({ line, bare: await bareSignalsPerSecond(client, each, String(turn)) });
    }
    return rates;
  });
  const times: { rate: number; p50: number; p99: number; refused: number }[] = [];
  for (const rate of RATES) {
    const firstCitizen = 30_000 + rate * 100;
    await settle(client, grounds);
    const measured = await progress.step(`${rate} webhooks a second`, () =>
      answerTimes(grounds, { rate, seconds: size.seconds, firstCitizen }),
    );
    times.push({ rate, ...measured });
  }
  const page = await progress.step('Task pages', async () => {
    await settle(client, grounds);
    return taskPageTimes(grounds, size.pages, 50_000);
  });
  const pictures = await progress.step('Pictures', () => pictureFigures());
  const middle = (values: number[]): number => [...values].sort((a, b) => a - b)[1] ?? Number.NaN;
  const webhookRate = middle(halves.map(({ line }) => line));
  const signalRate = middle(halves.map(({ bare }) => bare));
  const [webAfter, workerAfter] = memory();
  const open = await progress.step(`${size.openCases} open cases`, async () => {
    await settle(client, grounds);
    return manyOpenCases(grounds, client, loadMunicipality(town), size.openCases);
  });

  return [
    { name: 'webhook accepted', value: webhookRate, unit: '/s' },
    { name: 'bare signalWithStart', value: signalRate, unit: '/s' },
    { name: 'webhook / bare signalWithStart', value: webhookRate / signalRate, unit: '', goal: '>= 0.8' },
    { name: 'whole cases', value: lives.rate, unit: '/s' },
    { name: 'bare workflows with as many activities and signals', value: bareLives, unit: '/s' },
    { name: 'whole cases / bare workflows', value: lives.rate / bareLives, unit: '', goal: '>= 0.9' },
    { name: 'events of the happy path: case', value: history.caseEvents, unit: 'events' },
    { name: 'events of the happy path: conversation', value: history.conversationEvents, unit: 'events' },
    {
      name: 'events of the happy path, conversation included',
      value: history.caseEvents + history.conversationEvents,
      unit: 'events',
      goal: '<= 60',
    },
    ...scenarios.map(({ name, events }) => ({
      name: `events of a case ${name}`,
      value: events,
      unit: 'events',
      goal: '<= 250',
    })),
    { name: 'actions of the happy path, as Temporal Cloud counts', value: history.actions, unit: 'actions' },
    ...times.flatMap(({ rate, p50, p99, refused }) => [
      { name: `webhook p50 at ${rate}/s`, value: p50, unit: 'ms' },
      { name: `webhook p99 at ${rate}/s`, value: p99, unit: 'ms' },
      { name: `webhooks to be sent again at ${rate}/s`, value: refused, unit: `of ${rate * size.seconds}` },
    ]),
    { name: 'deadlines of a new case planned, one thread', value: plannings, unit: '/s' },
    { name: 'task page p50', value: page.p50, unit: 'ms' },
    { name: 'task page p99', value: page.p99, unit: 'ms' },
    { name: 'task page, without photos', value: page.weightKiB, unit: 'KiB', goal: '<= 60' },
    { name: 'photos of 12 megapixels re-encoded', value: pictures.rate, unit: '/s' },
    { name: 'peak RSS on hostile pictures', value: pictures.peakMiB, unit: 'MiB', goal: '< 400' },
    { name: 'RSS of web before', value: webBefore, unit: 'MiB' },
    { name: 'RSS of web after', value: webAfter, unit: 'MiB' },
    { name: 'RSS of worker before', value: workerBefore, unit: 'MiB' },
    { name: 'RSS of worker after', value: workerAfter, unit: 'MiB' },
    { name: `RSS of worker with ${size.openCases} more open cases`, value: open.residentMiB, unit: 'MiB' },
    { name: `${size.openCases} due timers served after a kill`, value: open.servedSeconds, unit: 's' },
  ];
}

const Type = temporal.api.enums.v1.EventType;

/** Events that Temporal Cloud bills as actions. Local activities count once per workflow task. */
const actions: readonly (number | null | undefined)[] = [
  Type.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  Type.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  Type.EVENT_TYPE_TIMER_STARTED,
  Type.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  Type.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
  Type.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
  Type.EVENT_TYPE_MARKER_RECORDED,
];

/** Counts events and actions of one case and its conversation. */
async function countHistory(
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

const MEASURED_MS = 2_000;
/** Instants of a whole year, including holidays and nights. */
const FIRST = Date.UTC(2027, 0, 1);
const MOMENTS = 8_760;

/** Returns deadline plans per second in one thread, for every subject and hour of a year. */
function planningsPerSecond(configFolder: string): number {
  const municipality = loadMunicipality(configFolder);
  const owned = municipality.categories.flatMap((category: Category) =>
    'department' in category.owner ? [{ category, department: category.owner.department }] : [],
  );
  const begin = performance.now();
  let done = 0;
  while (performance.now() - begin < MEASURED_MS) {
    for (const { category, department } of owned) {
      const { kind, priority } = category;
      planFor(
        { municipality, closures: [], category, kind, priority, department },
        FIRST + (done % MOMENTS) * HOUR_MS,
      );
      done += 1;
    }
  }
  return (done * 1_000) / (performance.now() - begin);
}

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
runBench(values.short ? short : whole).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
