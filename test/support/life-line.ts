import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createActivities } from '../../activities';
import type { Deps } from '../../activities/deps';
import { enterReport } from '../../activities/staff-report';
import { burstRules } from '../../src/cli/conversation-pace';
import { townOptions } from '../../src/cli/sandbox-town';
import type { Municipality } from '../../src/config/municipality';
import { createTexts } from '../../src/config/texts';
import {
  callWorkflowId,
  caseWorkflowId,
  conversationWorkflowId,
  handOffWorkflowId,
  openingWorkflowId,
} from '../../src/domain/identifiers';
import { AppError } from '../../src/errors';
import { anyFree } from '../../src/local/services/port';
import { startSandbox } from '../../src/local/sandbox';
import { createLetterOutbox, createMailer } from '../../src/mail/letter-outbox';
import { createReturnedMail } from '../../src/mail/returned-mail';
import { createTaskLinks } from '../../src/mail/task-link';
import { openStore, type Store } from '../../src/store/store';
import { createCaseList } from '../../src/temporal/case-list';
import { type CaseGateway, createCaseGateway } from '../../src/temporal/case-gateway';
import { createWebApp } from '../../src/web/app';
import { startHttpServer } from '../../src/web/http';
import { createMetrics } from '../../src/web/metrics';
import { startSweeper } from '../../src/web/sweeper';
import { webhookRoutes } from '../../src/web/webhook-routes';
import { createCitizenOutbox } from '../../src/whatsapp/citizen-outbox';
import type { SpeechClient } from '../../src/whatsapp/speech-client';
import { createGraphClient, createReadReceipts } from '../../src/whatsapp/graph-client';
import {
  createEventReport,
  createFailureReport,
  createHandOver,
  createMergeReport,
  createNoticeReport,
} from '../../src/whatsapp/hand-over';
import { createIntake } from '../../src/whatsapp/intake';
import type { Activities } from '../../workflows/contract';
import { shifted } from './life-stage';
import { awaited } from './line/awaited';
import { type Person, type Phones, phonesOf } from './line/phones';
import { openGate } from './sending';
import { testMongoUri } from './services';
import { settled } from './settled';
import { builtWorkflows, createWorker, timeSkipping } from './time-skipping';
import { at, municipality as shipped } from './town-case';
import { phoneNumberId } from './webhook-bodies';

/**
 * The whole line in one process on the time-skipping server: web, workflows, activities, records, phones and
 * mailbox. Its story begins at a given date. No time passes between two events.
 */
export interface LifeLine {
  readonly phones: Phones;
  readonly store: Store;
  readonly gateway: CaseGateway;
  readonly baseUrl: string;
  /** Writes a message and waits until the line has processed it. Returns its id. */
  write(person: Person, message: Record<string, unknown>): Promise<string>;
  /** Taps a button and waits until the line has processed it. */
  tap(person: Person, title: string, messageId?: string): Promise<void>;
  /**
   * Lets every signal to a conversation fail for messages of this type of Meta, or for all of them and for merges,
   * until `null` is given. The messages are stored all the same.
   */
  holdBack(type: string | null): void;
  /** Skips to a local time and runs everything that is due until then. */
  until(moment: string): Promise<void>;
  /** Skips the duration of a burst. */
  passBurst(): Promise<void>;
  /** Skips the time that a question waits for its answer. */
  passAnswerWait(): Promise<void>;
  passSeconds(seconds: number): Promise<void>;
  /** Takes a mail that came to the line's own address, as the web role does. */
  takeMail(raw: string): Promise<string>;
  /** Runs a workflow to its end, as its schedule would now. */
  run(scheduled: 'lastRungs'): Promise<void>;
  /** The search attributes of a case; datetimes as local times. */
  attributes(caseNumber: string): Promise<Record<string, unknown>>;
  handle(workflowId: string): WorkflowHandle;
  /** The time of the story, epoch ms UTC. */
  now(): number;
  stop(): Promise<void>;
}

const appSecret = 'life-app-secret';
const accessToken = 'life-access-token';
const verifyToken = 'life-verify-word';
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The clock of the story. It follows the server's clock; call `read` after a skip. */
function storyClock(env: TestWorkflowEnvironment, shift: number) {
  let ahead = 0;
  return {
    now: (): number => Date.now() + ahead + shift,
    async read(): Promise<void> {
      ahead = (await env.currentTimeMs()) - Date.now();
    },
  };
}

/** A gateway that converts times between the story's records and the server. */
function shiftedGateway(
  gateway: CaseGateway,
  shift: number,
  begun: (workflowId: string) => void,
): CaseGateway {
  return {
    ...gateway,
    tellConversation(citizenId, messageId) {
      begun(conversationWorkflowId(citizenId));
      return gateway.tellConversation(citizenId, messageId);
    },
    joinTalk(citizenId, talk) {
      begun(conversationWorkflowId(citizenId));
      return gateway.joinTalk(citizenId, shifted(talk, -shift));
    },
    openCase(opening) {
      begun(caseWorkflowId(opening.caseNumber));
      return gateway.openCase(shifted(opening, -shift));
    },
    object(state, said) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.object(shifted(state, -shift), said);
    },
    addToEnded(state, added, as) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.addToEnded(shifted(state, -shift), added, as);
    },
    correctAfterEnd(state, said) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.correctAfterEnd(shifted(state, -shift), said);
    },
    reportDeliveryFailure(state, undelivered, recipient) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.reportDeliveryFailure(shifted(state, -shift), undelivered, recipient);
    },
    reportArrival(state, undelivered) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.reportArrival(shifted(state, -shift), undelivered);
    },
    async callCitizen(caseNumber, tries, undelivered) {
      await gateway.callCitizen(caseNumber, tries, undelivered);
      begun(callWorkflowId(caseNumber));
    },
    noteCall(state, news) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.noteCall(shifted(state, -shift), shifted(news, -shift));
    },
    returnCallLetter: (caseNumber, returned) =>
      gateway.returnCallLetter(caseNumber, shifted(returned, -shift)),
    async startHandOff(input) {
      const isNew = await gateway.startHandOff(shifted(input, -shift));
      begun(handOffWorkflowId(input.caseNumber, input.number));
      return isNew;
    },
    noteHandOff(state, news) {
      begun(caseWorkflowId(state.caseNumber));
      return gateway.noteHandOff(shifted(state, -shift), shifted(news, -shift));
    },
    async gatherLetter(addressee, gathering, letter) {
      const given = shifted(gathering, -shift);
      await gateway.gatherLetter(addressee, given, letter);
      begun(openingWorkflowId(addressee, given.until));
    },
    resumeCase: (state, because) => gateway.resumeCase(shifted(state, -shift), because),
    act: async (caseNumber, given) => shifted(await gateway.act(caseNumber, shifted(given, -shift)), shift),
  };
}

/** Activities that use the story's times in records and the server's times in workflows. */
function shiftedActivities(
  activities: Activities,
  shift: number,
  clock: { read(): Promise<void> },
): Partial<Activities> {
  const inTime = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: unknown): Promise<unknown> => {
      await clock.read();
      const result = await (run as (input: unknown) => Promise<unknown>)(shifted(input, shift));
      return result === undefined ? undefined : shifted(result, -shift);
    },
  ]);
  return Object.fromEntries(inTime) as Partial<Activities>;
}

/** Starts a line whose story begins at a local time. */
export async function startLifeLine(
  name: string,
  begins: string,
  {
    speech = null,
    municipality = shipped,
    events = [],
  }: { speech?: SpeechClient | null; municipality?: Municipality; events?: Deps['events'] } = {},
): Promise<LifeLine> {
  const [env, port] = await Promise.all([timeSkipping(), anyFree()]);
  const bundle = builtWorkflows();
  const shift = at(begins) - (await env.currentTimeMs());
  const clock = storyClock(env, shift);
  const now = (): Date => new Date(clock.now());
  await clock.read();

  const folder = mkdtempSync(join(tmpdir(), `paydaskent-${name}-`));
  const publicBaseUrl = `http://127.0.0.1:${port}`;
  const sandbox = await startSandbox({
    ...{ port: 0, smtpPort: 0, phoneNumberId, accessToken, appSecret, verifyToken, dataDir: folder },
    webhookUrl: `${publicBaseUrl}/webhooks/whatsapp`,
    graphVersion: 'v26.0',
    ...townOptions(municipality, publicBaseUrl),
    messagesPerSecond: 1_000,
    now: clock.now,
    pace: { sentAfterMs: 1, deliveredAfterMs: 2 },
    retryDelayMs: () => 50,
  });
  const store = openStore(testMongoUri(name));
  const known = new Set<string>();
  const taskQueue = randomUUID();
  const temporal = createCaseGateway(env.client, taskQueue, burstRules(municipality));
  let held: string | null = null;
  const unlessHeld = (type: unknown): void => {
    if (held === 'all' || (held !== null && type === held))
      throw new AppError('temporal-unavailable', { status: 503 });
  };
  const unreliable: CaseGateway = {
    ...temporal,
    async tellConversation(citizenId, messageId) {
      const { payload } = (await store.inbox.get(messageId)) ?? {};
      unlessHeld((payload as { type: string }).type);
      await temporal.tellConversation(citizenId, messageId);
    },
    async mergeTalks(...citizens) {
      unlessHeld(null);
      await temporal.mergeTalks(...citizens);
    },
  };
  const gateway = shiftedGateway(unreliable, shift, id => void known.add(id));
  const say = createTexts(municipality, publicBaseUrl);
  const links = createTaskLinks({ keys: [{ id: 'k1', key: randomBytes(32) }], publicBaseUrl });
  const graph = createGraphClient({
    ...{ url: sandbox.graphUrl, version: 'v26.0', accessToken, phoneNumberId },
  });
  const mailer = createMailer({
    smtpUrl: sandbox.smtpUrl,
    from: { name: 'Bildirim Hattı', address: 'bildirim@etimesgut.example' },
  });
  const letterOutbox = createLetterOutbox({ store, mailer });
  const citizenOutbox = createCitizenOutbox({ store, graph, gate: openGate, now });
  const activities = createActivities(
    {
      ...{ municipality, say, store, gateway, graph, speech, citizenOutbox, letterOutbox, now },
      events,
      caseList: createCaseList(env.client),
      receipts: createReadReceipts({ store, graph, log: silent }),
      taskLinks: links,
    },
    silent,
  );
  const intake = createIntake({ store, phoneNumberId, gateway, log: silent, now });
  /** Answers after the hand-over, so that no life passes time before its message has reached the workflow. */
  const takeWhole = async (body: Buffer): Promise<void> => {
    await intake(body);
    await intake.drain();
  };
  const app = createWebApp({
    ...{ store, links, municipality, say, publicBaseUrl, gateway, log: silent, now },
    counts: {
      of: async queries => queries.map(() => 0),
      list: async () => ({ cases: [], isCut: false }),
    },
    enterReport: report => enterReport({ municipality, store, gateway, now }, report),
    caseList: createCaseList(env.client),
    temporalUi: { url: 'http://127.0.0.1:1', namespace: 'life' },
    webhook: webhookRoutes({ intake: takeWhole, appSecrets: [appSecret], verifyToken, log: silent }),
    metrics: createMetrics(),
  });
  const handle = app.callback();
  const server = await startHttpServer((request, response) => void handle(request, response), { port });
  const sweeper = startSweeper({
    ...{ store, log: silent, everyMs: 1_000, now },
    handOver: createHandOver({ store, gateway }),
    reportMerge: createMergeReport({ store, gateway }),
    reportFailure: createFailureReport({ store, gateway }),
    reportNotice: createNoticeReport({ store, gateway }),
    reportEvent: createEventReport({ store, gateway }),
  });
  const worker = await createWorker(env, bundle, shiftedActivities(activities, shift, clock), taskQueue);
  const working = worker.run();
  const phones = phonesOf(sandbox.url);

  const workflow = (workflowId: string): WorkflowHandle => env.client.workflow.getHandle(workflowId);

  async function allSettled(): Promise<void> {
    for (const workflowId of known) {
      await settled(workflow(workflowId));
      const { status } = await workflow(workflowId).describe();
      if (status.name !== 'RUNNING') known.delete(workflowId);
    }
  }

  async function skip(ms: number): Promise<void> {
    await allSettled();
    await env.sleep(Math.max(ms, 1));
    await clock.read();
    await allSettled();
  }

  async function write(person: Person, message: Record<string, unknown>): Promise<string> {
    const id = await phones.write(person, message);
    await awaited('the line to take the message', async () =>
      (await phones.chat(person)).some(entry => entry.id === id && entry.webhook === 'taken'),
    );
    return id;
  }

  return {
    ...{ phones, store, gateway, write, baseUrl: publicBaseUrl, handle: workflow, now: clock.now },
    async tap(person, title, messageId) {
      const message = (await phones.told(person)).findLast(
        ({ id, replies }) =>
          (messageId === undefined || id === messageId) && replies.some(reply => reply.title === title),
      );
      const reply = message?.replies.find(each => each.title === title);
      if (!message || !reply) throw new Error(`no message has the button "${title}"`);
      await write(person, { type: 'tap', messageId: message.id, replyId: reply.id });
    },
    holdBack(type) {
      held = type;
    },
    until: moment => skip(at(moment) - clock.now()),
    passBurst: () => skip(3 * 60_000),
    passAnswerWait: () => skip(35 * 60_000),
    passSeconds: seconds => skip(seconds * 1_000),
    takeMail: raw =>
      createReturnedMail({
        ...{ store, gateway, letterOutbox, municipality, now },
        ownAddress: 'bildirim@etimesgut.example',
      })(Buffer.from(raw)),
    async run(scheduled) {
      const given = { workflowId: randomUUID(), taskQueue };
      const { workflowId } = await env.client.workflow.start<() => Promise<void>>(scheduled, given);
      // Waiting for its result would skip time.
      await awaited(`the end of ${scheduled}`, async () => {
        const { status } = await workflow(workflowId).describe();
        if (status.name === 'FAILED') throw new Error(`${scheduled} failed`);
        return status.name === 'COMPLETED';
      });
    },
    async attributes(caseNumber) {
      const { typedSearchAttributes } = await workflow(caseWorkflowId(caseNumber)).describe();
      return Object.fromEntries(
        typedSearchAttributes
          .getAll()
          .map(({ key, value }) => [
            key.name,
            value instanceof Date ? new Date(value.getTime() + shift) : value,
          ]),
      );
    },
    async stop() {
      worker.shutdown();
      await working;
      await Promise.all([server.stop(), sweeper.stop(), intake.drain()]);
      mailer.close();
      await sandbox.stop();
      await store.close();
      await env.teardown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
