import { once } from 'node:events';
import { describeProblems } from '../../config/config-error';
import { playDemo, StoryFailure } from '../../local/demo';
import { AlreadyRunningError } from '../../local/lock';
import { createProgress, type Progress } from '../../local/progress';
import { NoSourceError } from '../../local/services/source';
import { casesUrl } from '../../temporal/manager-views';
import { StartFailure } from './environment';
import { fastTargets } from './fast-config';
import { createTeardown, type StartedLine, startLine, type Teardown } from './line';
import { projectRoot } from './project-root';

export interface StartFlags {
  readonly demo?: true;
  readonly fast?: true;
}

/** The end of a run: exit code and message for the user. */
interface Ending {
  readonly code: number;
  readonly words?: string;
}

/** Runs the line until it is interrupted or broken, stops all parts, and returns the exit code. */
export async function runStart(flags: StartFlags): Promise<number> {
  const progress = createProgress(process.stdout);
  const teardown = createTeardown();
  const interrupted = interruption(() => progress.say('Stopping.'));
  const ending = await Promise.race([run(flags, progress, teardown), interrupted]).catch(
    (error: unknown): Ending => ({ code: 1, words: explain(error) }),
  );
  if (ending.words !== undefined) process.stderr.write(`${ending.words}\n`);
  await teardown.run();
  if (ending.words === undefined) progress.say('Stopped, data kept in .local/');
  return ending.code;
}

async function run(flags: StartFlags, progress: Progress, teardown: Teardown): Promise<Ending> {
  const line = await startLine({
    root: projectRoot(),
    environment: process.env,
    fast: flags.fast === true,
    progress,
    teardown,
  });
  const managerLink = await line.admin('manager-link', '--for', 'npm start');
  progress.say(welcome(line, managerLink.trim(), flags.fast === true));
  const broken = line.broken.then((words): Ending => ({ code: 1, words }));
  return flags.demo === true ? Promise.race([broken, demonstrate(line, progress)]) : broken;
}

async function demonstrate(line: StartedLine, progress: Progress): Promise<Ending> {
  if (!line.plan.ownGraph || !line.plan.ownMail) {
    throw new StartFailure(
      'The demo writes on the local phone and reads the local mailbox. Unset WHATSAPP_ACCESS_TOKEN, WHATSAPP_GRAPH_URL and SMTP_URL for it.',
    );
  }
  progress.say('\nThe demo starts.');
  const caseNumber = await playDemo({
    sandboxUrl: line.sandbox.url,
    webhookUrl: `${line.plan.publicUrl}/webhooks/whatsapp`,
    caseStage: async number => stageIn(await line.admin('case', number, '--json')),
    words: line.municipality.sandbox.demo,
    say: progress.say,
  });
  progress.say(
    `The demo is over: case ${caseNumber} went all the way. Its story: npm run -s admin -- case ${caseNumber}`,
  );
  if (process.stdin.isTTY && process.stdout.isTTY) {
    progress.say('Explore the pages above. Enter stops the line.');
    await once(process.stdin, 'data');
  }
  return { code: 0 };
}

function stageIn(json: string): string | undefined {
  return (JSON.parse(json) as { progress?: { stage: string } }).progress?.stage;
}

/**
 * Resolves at the first signal. Terminal and npm may both forward the same Ctrl-C, so only a signal some
 * seconds later forces the exit. A killed npm forwards no signal; a changed parent process reveals it.
 */
function interruption(onFirst: () => void): Promise<Ending> {
  return new Promise(resolve => {
    let first: number | undefined;
    const onSignal = (): void => {
      if (first === undefined) onFirst();
      first ??= Date.now();
      if (Date.now() - first > 3_000) process.exit(1);
      resolve({ code: 0 });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    if (process.env['npm_lifecycle_event'] === undefined) return;
    const npm = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === npm) return;
      clearInterval(watch);
      onSignal();
    }, 250).unref();
  });
}

const explained = [StartFailure, NoSourceError, AlreadyRunningError, StoryFailure];

/** Expected errors have a complete message; others are printed with their stack. */
function explain(error: unknown): string {
  const problems = describeProblems(error);
  if (problems !== undefined) return problems;
  if (explained.some(kind => error instanceof kind)) return (error as Error).message;
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return 'The disk is full. Free at least 1 GB and start again; the data are kept.';
  }
  return error.stack ?? error.message;
}

/** Returns the table of addresses, with the source of each service. */
function welcome(
  { plan, ports, sandbox, temporal, mongo }: StartedLine,
  managerLink: string,
  fast: boolean,
): string {
  const rows: TableRow[] = [
    ...(plan.ownGraph ? [{ name: 'Phone', value: `${sandbox.url}/` }] : []),
    ...(plan.ownMail ? [{ name: 'Mailbox', value: `${sandbox.url}/mailbox` }] : []),
    { name: "Managers' page", value: managerLink },
    {
      name: 'Staff pages',
      value: `${plan.publicUrl}/desk, sign in with an address of staff.yaml; the link comes to the mailbox`,
    },
    {
      name: 'Temporal UI',
      value: plan.ownTemporal
        ? `${casesUrl(`http://localhost:${ports.temporalUi}`, plan.namespace)}, ready lists: npm run -s admin -- views`
        : 'the one of your Temporal server, at TEMPORAL_UI_URL',
    },
    { name: 'Webhook', value: `${plan.publicUrl}/webhooks/whatsapp` },
    { name: 'Health', value: `http://localhost:${ports.web}/readyz` },
    { name: 'Health of the worker', value: `http://localhost:${ports.workerHealth}/readyz` },
    { name: 'Metrics', value: `http://localhost:${ports.metrics}/metrics` },
    { name: 'Temporal', value: `${temporal.address}, from ${temporal.source}` },
    { name: 'MongoDB', value: plan.ownMongo ? `${mongo.address}, from ${mongo.source}` : mongo.source },
    { name: 'WhatsApp', value: plan.ownGraph ? 'local stand-in of the Cloud API' : 'your Graph API' },
    { name: 'Mail', value: plan.ownMail ? `local mailbox, ${sandbox.smtpUrl}` : 'SMTP_URL' },
    { name: 'Logs', value: '.local/logs' },
    ...(fast
      ? [
          {
            name: 'Targets',
            value: `shrunk by --fast: accept after ${fastTargets.acceptMinutes} min, resolve after ${fastTargets.resolveMinutes} min, all calendars open`,
          },
        ]
      : []),
  ];
  return addressTable('\nPaydaşkent runs. Ctrl-C ends it; the data stay in .local.\n', rows);
}

interface TableRow {
  readonly name: string;
  readonly value: string;
}

/** Formats rows as two columns. A row without a name continues the previous one. */
function addressTable(title: string, rows: readonly TableRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  return [title, ...rows.map(({ name, value }) => `  ${name.padEnd(width)}${value}`)].join('\n');
}
