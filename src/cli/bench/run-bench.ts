import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { clientOf, lazyConnection } from '../../temporal/connection';
import { createProgress } from '../../local/progress';
import { projectRoot } from '../start/project-root';
import { countHistory } from './history-count';
import { NAMESPACE, raiseBenchGround, type BenchGround } from './grounds';
import { planningsPerSecond } from './planning-rate';
import {
  answerTimes,
  bareLivesPerSecond,
  bareSignalsPerSecond,
  livesPerSecond,
  residentMiB,
  settle,
  webhooksPerSecond,
} from './measures';
import { loadMunicipality } from '../../config/municipality';
import { manyOpenCases } from './open-cases';
import { pictureFigures } from './pictures';
import { eventsByScenario } from './scenarios';
import { taskPageTimes } from './task-pages';

const WARM_UP = 100;
const PAGES = 300;
const WEBHOOKS = 600;
const OPEN_CASES = 2_000;
const LIVES = 150;
/** Webhooks a second: a busy day's peak, and far more than two cores can turn into cases. */
const RATES = [10, 50] as const;
const SECONDS = 20;

interface Figure {
  name: string;
  value: number;
  unit: string;
  goal?: string;
}

/** Measures everything in one run on one Temporal server; prints a table and writes `.local/bench.json`. */
export async function runBench(): Promise<void> {
  const grounds = await raiseBenchGround();
  const connection = lazyConnection(grounds.temporal);
  try {
    const figures = await measure(grounds, clientOf(connection, NAMESPACE));
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

async function measure(grounds: BenchGround, client: Client): Promise<Figure[]> {
  const progress = createProgress(process.stderr);
  const town = join(projectRoot(), 'config/etimesgut');
  const plannings = planningsPerSecond(town);
  const memory = (): [number, number] => [
    residentMiB(grounds.roles.web.pid),
    residentMiB(grounds.roles.worker.pid),
  ];
  const [webBefore, workerBefore] = memory();

  await progress.step('Warming up', async () => {
    await webhooksPerSecond(grounds, WARM_UP, 0);
    await bareSignalsPerSecond(client, WARM_UP, 'warm-up');
    await livesPerSecond(grounds, client, 20, 10_000);
  });
  const lives = await progress.step('Whole cases', () => livesPerSecond(grounds, client, LIVES, 20_000));
  const bareLives = await progress.step('Bare workflows with as much to do', () =>
    bareLivesPerSecond(client, LIVES),
  );
  const history = await progress.step('Counting a history', () =>
    countHistory(client, grounds, lives.caseNumbers[0] ?? ''),
  );
  const scenarios = await progress.step('Other lives', () => eventsByScenario(grounds, client, 60_000));
  // In turns, so that a busy moment of the machine falls on both.
  const halves = await progress.step('Webhooks and bare signals', async () => {
    const each = WEBHOOKS / 3;
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
      answerTimes(grounds, { rate, seconds: SECONDS, firstCitizen }),
    );
    times.push({ rate, ...measured });
  }
  const page = await progress.step('Task pages', async () => {
    await settle(client, grounds);
    return taskPageTimes(grounds, PAGES, 50_000);
  });
  const pictures = await progress.step('Pictures', pictureFigures);
  const middle = (values: number[]): number => [...values].sort((a, b) => a - b)[1] ?? Number.NaN;
  const webhookRate = middle(halves.map(({ line }) => line));
  const signalRate = middle(halves.map(({ bare }) => bare));
  const [webAfter, workerAfter] = memory();
  const open = await progress.step(`${OPEN_CASES} open cases`, async () => {
    await settle(client, grounds);
    return manyOpenCases(grounds, client, loadMunicipality(town), OPEN_CASES);
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
      { name: `webhooks to be sent again at ${rate}/s`, value: refused, unit: `of ${rate * SECONDS}` },
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
    { name: `RSS of worker with ${OPEN_CASES} more open cases`, value: open.residentMiB, unit: 'MiB' },
    { name: `${OPEN_CASES} due timers served after a kill`, value: open.servedSeconds, unit: 's' },
  ];
}
