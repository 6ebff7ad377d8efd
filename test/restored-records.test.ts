import { randomBytes, randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { askToCall, noteCall, planCall } from '../activities/citizen-call';
import type { Deps } from '../activities/deps';
import { mailHandOff, noteHandOff, passOn, planHandOff, recallHandOff } from '../activities/hand-off';
import { mailLetter } from '../activities/mail-letter';
import { planTask, recordCase } from '../activities/open-case';
import { reconcile } from '../activities/reconcile';
import { alertOperator } from '../activities/undelivered';
import type { Activities, Findings } from '../workflows/contract';
import { registerOrphan } from '../src/cli/admin/orphan';
import { newCaseState } from '../src/domain/case/case';
import { MINUTE_MS } from '../src/domain/durations';
import { callWorkflowId, caseNumberOf, handOffWorkflowId } from '../src/domain/identifiers';
import type { CaseIntake } from '../src/store/case-records';
import { createCaseList } from '../src/temporal/case-list';
import { type CaseGateway, createCaseGateway } from '../src/temporal/case-gateway';
import { opening, wordsMessage } from './support/cases';
import { type LetterDesk, startLetterDesk } from './support/letter-desk';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';
import { builtWorkflows } from './support/time-skipping';
import { until } from './support/until';

jest.setTimeout(120_000);

const DAY = 86_400_000;
const receivedAt = Date.now() - DAY;

let desk: LetterDesk;
let client: Client;
let gateway: CaseGateway;
let stop: () => Promise<void>;
/** Cases of this file. Other files use the same Temporal server. */
const own = new Set<string>();
let missing = 0;

beforeAll(async () => {
  desk = await startLetterDesk('restored');
  const workflowBundle = builtWorkflows();
  const connection = await Connection.connect({ address: temporalAddress() });
  const native = await NativeConnection.connect({ address: temporalAddress() });
  client = new Client({ connection, namespace: temporalNamespace });
  const taskQueue = freshTaskQueue('restored');
  gateway = createCaseGateway(client, taskQueue, { quietMs: 1, longestMs: 1, answerWaitMs: 1 });
  const deps = {
    ...desk.deps,
    gateway,
    events: [],
    receipts: { read: () => undefined },
    citizenOutbox: { mend: async () => false },
  } as unknown as Deps;
  const record = recordCase(deps);
  const activities: Partial<Activities> = {
    planTask: planTask(deps),
    async recordCase(input) {
      await record(input).catch((error: unknown) => {
        missing += 1;
        throw error;
      });
    },
    tellCitizen: async () => undefined,
    mailLetter: mailLetter(deps),
    keepPhoto: async () => undefined,
    alertOperator: alertOperator(deps),
    askToCall: askToCall(deps),
    planCall: planCall(deps),
    noteCall: noteCall(deps),
    ...{ passOn: passOn(deps), recallHandOff: recallHandOff(deps), mailHandOff: mailHandOff(deps) },
    ...{ planHandOff: planHandOff(deps), noteHandOff: noteHandOff(deps) },
  };
  const worker = await Worker.create({
    ...{ connection: native, namespace: temporalNamespace, taskQueue, activities, workflowBundle },
  });
  const working = worker.run();
  stop = async () => {
    worker.shutdown();
    await working;
    await Promise.all([connection.close(), native.close(), desk.stop()]);
  };
}, 60_000);
afterAll(() => stop());

/** Opens a case of a known or an unknown citizen, with its record and its workflow. */
async function reported({ isKnown = true } = {}): Promise<string> {
  const { store } = desk;
  const caseNumber = caseNumberOf(randomBytes(5), 'PK');
  own.add(caseNumber);
  const citizenId = `c-${caseNumber}`;
  const messageId = randomUUID();
  const words = 'Süvari mahallesi 1234. sokakta çukur var';
  await store.messages.add(wordsMessage({ id: messageId, citizenId, words, sentAt: new Date(receivedAt) }));
  if (isKnown) {
    const names = { bsuid: null, phone: '905551112233', profileName: null, language: null };
    await store.citizens.seen(citizenId, { ...names, at: new Date(receivedAt), isMessage: true });
  }
  const input = { ...opening({ caseNumber, receivedAt, messageIds: [messageId] }), citizenId };
  const { kind, category, priority, neighbourhood } = input;
  const intake: CaseIntake = {
    ...{ openedBy: messageId, citizenId, language: 'tr', kind, category, priority, neighbourhood },
    ...{ confidence: 0.9, matchedWords: ['çukur'], place: null, outside: false, desk: 'fen-isleri' },
    ...{ institution: null, withNotice: true, receivedAt: new Date(receivedAt) },
  };
  await store.cases.open(caseNumber, intake);
  await gateway.openCase(input);
  await until(async () => (await stageOf(caseNumber)) === 'assigned', 'the task');
  await until(() => desk.box.mails.some(mail => mail.subject?.includes(caseNumber) ?? false), 'the letter');
  return caseNumber;
}

async function stageOf(caseNumber: string): Promise<string | undefined> {
  return (await desk.store.cases.get(caseNumber))?.progress?.stage;
}

const collections = () => {
  const { cases, messages, citizens, outbox, tasks } = desk.store;
  return [cases.model, cases.eventModel, messages.model, citizens.model, outbox.model, tasks.links];
};

/** Copies the records. The returned function restores the copy. */
async function backUp(): Promise<() => Promise<void>> {
  const copies = await Promise.all(collections().map(model => model.collection.find().toArray()));
  return async () => {
    for (const [place, model] of collections().entries()) {
      await model.collection.deleteMany({});
      const copy = copies[place] ?? [];
      if (copy.length > 0) await model.collection.insertMany(copy);
    }
  };
}

const take = (caseNumber: string, action: 'accept' | 'note' | 'reject'): Promise<unknown> =>
  gateway.act(caseNumber, { actionId: randomUUID(), action, task: 1 });

async function reconciled(afterMs = 0): Promise<Findings> {
  const list = createCaseList(client);
  const run = reconcile({
    ...desk.deps,
    gateway,
    now: () => new Date(Date.now() + afterMs),
    caseList: {
      ...list,
      shown: async () => new Map([...(await list.shown())].filter(([number]) => own.has(number))),
    },
  });
  return new MockActivityEnvironment().run<[], Findings, typeof run>(run);
}

/** Waits until Temporal lists the stage of a case. */
async function listed(caseNumber: string, stage: string): Promise<void> {
  const query = `WorkflowId = '${caseNumber}' AND CaseStage = '${stage}'`;
  await until(async () => (await createCaseList(client).find(query)).length > 0, `${stage} in the list`);
}

test('a write of a case without a record is an error', async () => {
  const { handled, ...progress } = newCaseState(opening({ caseNumber: 'PK-0000-0000' }));
  await expect(desk.store.cases.write({ ...progress, revision: 1 }, [])).rejects.toThrow('case-missing');
});

test('after an older copy was restored, records are as far as their workflows, and none is opened again', async () => {
  const [accepted, noted, ended] = [await reported(), await reported(), await reported()];
  const restore = await backUp();
  await take(accepted, 'accept');
  await take(noted, 'note');
  await take(ended, 'reject');
  await until(async () => (await stageOf(ended)) === 'rejected', 'the end');
  const lost = await reported();
  await listed(accepted, 'accepted');
  await until(async () => {
    const { status } = await client.workflow.getHandle(ended).describe();
    return status.name === 'COMPLETED';
  }, 'the end of the workflow');
  const facts = await desk.store.cases.facts(accepted, 20);
  await restore();
  expect(await stageOf(accepted)).toBe('assigned');
  expect(await stageOf(ended)).toBe('assigned');

  const found = await reconciled();
  // The citizen of the lost case is unknown in the older copy.
  expect(found.unknown).toEqual([lost]);
  expect(found.rewritten).toEqual([accepted, noted, ended].sort());
  expect(found.restarted).toEqual([]);
  await until(async () => (await stageOf(accepted)) === 'accepted', 'the stage');
  expect(await stageOf(ended)).toBe('rejected');
  expect(await desk.store.cases.facts(accepted, 20)).toEqual(facts);
  await until(async () => {
    const last = await desk.store.cases.facts(noted, 20);
    return last.at(-1)?.type === 'noted';
  }, 'the note');
  expect((await reconciled()).rewritten).toEqual([]);
  await client.workflow.getHandle(lost).terminate();
});

test('a lost record of a known citizen is restored, and its department gets a new link', async () => {
  const lost = await reported();
  const { store, box } = desk;
  await store.cases.model.deleteOne({ _id: lost });
  await store.cases.eventModel.deleteMany({ caseNumber: lost });
  await store.outbox.model.deleteMany({ caseNumber: lost });
  const before = missing;
  // The act waits for its record, so the department is not told that it is done.
  const acted = take(lost, 'accept').catch((error: unknown) => error);
  await until(() => missing > before, 'a refused write');

  const found = await reconciled();
  expect(found.rewritten).toContain(lost);
  expect(found.mailed).toContain(lost);
  await acted;
  await until(async () => (await stageOf(lost)) === 'accepted', 'the act');
  const { intake } = (await store.cases.get(lost)) ?? {};
  expect(intake).toMatchObject({ citizenId: `c-${lost}`, category: { slug: 'pothole' } });
  expect((await store.citizens.get(`c-${lost}`))?.cases.map(({ caseNumber }) => caseNumber)).toEqual([lost]);
  expect(box.mails.filter(mail => mail.subject?.includes(lost) ?? false).length).toBeGreaterThan(1);
  await until(async () => {
    const facts = await store.cases.facts(lost, 20);
    return facts.some(({ type }) => type === 'accepted');
  }, 'the facts that the workflow remembers');
});

describe('a lost call to the citizen', () => {
  const told = 3;
  const callOf = (caseNumber: string) => client.workflow.getHandle(callWorkflowId(caseNumber));
  const stepOf = async (caseNumber: string) => (await desk.store.cases.get(caseNumber))?.progress?.call?.step;
  const requests = (caseNumber: string): number =>
    desk.box.mails.filter(({ subject = '' }) => subject.includes(caseNumber) && subject.includes('arayınız'))
      .length;

  /** An ended case whose outcome did not reach the citizen, and whose desk has been asked to call. */
  async function calling(): Promise<string> {
    const caseNumber = await reported();
    await take(caseNumber, 'reject');
    await until(async () => (await stageOf(caseNumber)) === 'rejected', 'the end');
    await desk.store.outbox.prepare({
      ...{ key: `${caseNumber}:${told}`, channel: 'whatsapp', recipient: `c-${caseNumber}`, caseNumber },
      ...{ content: { type: 'text', body: 'Kaydınız kapatıldı.' }, createdAt: new Date() },
    });
    const progress = (await desk.store.cases.get(caseNumber))?.progress;
    if (!progress) throw new Error('the case has no state');
    await gateway.reportDeliveryFailure(progress, told);
    await until(async () => (await stepOf(caseNumber)) === 'asked', 'the request to call');
    return caseNumber;
  }

  it('goes on, so that the desk can report and is asked again', async () => {
    const [lost, running] = [await calling(), await calling()];
    await callOf(lost).terminate();
    expect((await reconciled()).called).toEqual([]);
    expect((await reconciled(15 * MINUTE_MS)).called).toEqual([lost]);
    expect(requests(lost)).toBe(1);
    await gateway.reportCall(lost, { actionId: randomUUID(), result: 'notReached', told: [] });
    await until(async () => (await stepOf(lost)) === 'notReached', 'the result');
    await gateway.reportCall(lost, { actionId: randomUUID(), result: 'reached', told: [told] });
    await until(async () => (await stepOf(lost)) === 'reached', 'the end');
    await callOf(running).terminate();
  });

  it('ends if the message arrived meanwhile', async () => {
    const caseNumber = await calling();
    await callOf(caseNumber).terminate();
    const progress = (await desk.store.cases.get(caseNumber))?.progress;
    if (progress) await gateway.reportArrival(progress, told);
    await until(async () => {
      const { progress: now } = (await desk.store.cases.get(caseNumber)) ?? {};
      const facts = await desk.store.cases.facts(caseNumber, now?.revision ?? 0);
      return facts.some(({ type }) => type === 'arrivedLate');
    }, 'the delivery');
    expect((await reconciled(15 * MINUTE_MS)).called).toContain(caseNumber);
    await until(async () => (await stepOf(caseNumber)) === 'arrived', 'the end');
  });

  it('does not begin again if only its record is older', async () => {
    const caseNumber = await calling();
    const restore = await backUp();
    await gateway.reportCall(caseNumber, { actionId: randomUUID(), result: 'wrongNumber', told: [] });
    await until(async () => (await stepOf(caseNumber)) === 'wrongNumber', 'the end');
    await restore();
    expect(await stepOf(caseNumber)).toBe('asked');
    const { called, rewritten } = await reconciled(15 * MINUTE_MS);
    expect([called, rewritten]).toEqual([[], [caseNumber]]);
    await until(async () => (await stepOf(caseNumber)) === 'wrongNumber', 'the record');
  });
});

describe('a lost hand-off', () => {
  const handOffOf = async (caseNumber: string) =>
    (await desk.store.cases.get(caseNumber))?.progress?.handOff ?? null;
  const stepped = (caseNumber: string, step: string): Promise<unknown> =>
    until(async () => (await handOffOf(caseNumber))?.step === step, step);
  const letters = (caseNumber: string, subject: string): number =>
    desk.box.mails.filter(mail => [caseNumber, subject].every(part => mail.subject?.includes(part))).length;
  const ways = {
    letter: { slug: 'aski', step: 'mailed', by: 'institution', subject: 'Görev alanınızdaki bildirim' },
    desk: { slug: 'baskent-edas', step: 'deskAsked', by: 'desk', subject: 'Kuruma iletilecek bildirim' },
  } as const;

  it.each([
    ['by letter before "taken"', 'letter', [], 'taken'],
    ['by letter after "taken"', 'letter', ['taken'], 'done'],
    ['by our desk before it passed on', 'desk', [], 'passedOn'],
    ['by our desk after "taken"', 'desk', ['passedOn', 'taken'], 'done'],
  ] as const)('%s goes on without a second letter', async (_, way, before, next) => {
    const { slug, step, by, subject } = ways[way];
    const caseNumber = await reported();
    const institution = { slug, name: slug };
    await gateway.act(caseNumber, { actionId: randomUUID(), action: 'handOff', task: 1, institution });
    await stepped(caseNumber, step);
    const { number } = (await handOffOf(caseNumber)) ?? { number: 0 };
    await until(async () => letters(caseNumber, subject) === 1, 'the letter');
    await until(async () => {
      const letter = await desk.store.outbox.get(`${caseNumber}:handoff:${number}:1`);
      return letter?.state === 'accepted';
    }, 'its record');
    const report = async (answer: 'passedOn' | 'taken' | 'done'): Promise<void> => {
      await gateway.reportHandOff(caseNumber, number, { actionId: randomUUID(), answer, by });
      await stepped(caseNumber, answer);
    };
    for (const answer of before) await report(answer);
    const workflow = client.workflow.getHandle(handOffWorkflowId(caseNumber, number));
    expect((await reconciled(15 * MINUTE_MS)).watched).toEqual([]);
    await workflow.terminate();
    await expect(report(next)).rejects.toMatchObject({ code: 'act-refused', reason: 'taskEnded' });
    expect((await reconciled()).watched).toEqual([]);
    expect((await reconciled(15 * MINUTE_MS)).watched).toEqual([caseNumber]);
    expect((await reconciled(15 * MINUTE_MS)).watched).toEqual([]);
    await report(next);
    if (next !== 'done') await report('done');
    await workflow.result();
    expect(letters(caseNumber, subject)).toBe(1);
    expect((await reconciled(15 * MINUTE_MS)).watched).toEqual([]);
  });
});

describe('admin orphan', () => {
  const before = { ...process.env };
  const printed: string[] = [];
  beforeEach(() => {
    const { host, port, name } = desk.store.cases.model.db;
    process.env = { ...before, MONGODB_URI: `mongodb://${host}:${port}/${name}` };
    Object.assign(process.env, {
      TEMPORAL_ADDRESS: temporalAddress(),
      TEMPORAL_NAMESPACE: temporalNamespace,
    });
    for (const stream of ['log', 'error'] as const)
      jest
        .spyOn(console, stream)
        .mockImplementation((...parts: unknown[]) => void printed.push(String(parts[0])));
  });
  afterEach(() => {
    process.env = before;
    process.exitCode = undefined;
    jest.restoreAllMocks();
  });

  const orphan = async (...words: string[]): Promise<string | undefined> => {
    const program = new Command();
    registerOrphan(program);
    await program.parseAsync(['orphan', ...words], { from: 'user' });
    return printed.at(-1);
  };

  /** A case whose record and citizen are lost. */
  async function orphaned(): Promise<string> {
    const caseNumber = await reported({ isKnown: false });
    await desk.store.cases.model.deleteOne({ _id: caseNumber });
    return caseNumber;
  }

  it('records a case from its workflow', async () => {
    const caseNumber = await orphaned();
    expect(await orphan(caseNumber)).toContain('Choose --record or --end');
    expect(await orphan(caseNumber, '--record')).toContain('recorded');
    expect((await desk.store.cases.get(caseNumber))?.progress?.plan.desk.slug).toBe('fen-isleri');
    expect(await orphan(caseNumber, '--end')).toContain('has a record');
  });

  it('ends a workflow that nobody can use', async () => {
    const caseNumber = await orphaned();
    expect(await orphan(caseNumber, '--end')).toContain('ended');
    expect((await client.workflow.getHandle(caseNumber).describe()).status.name).toBe('TERMINATED');
  });
});
