import { randomInt, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { reconcile } from '../activities/reconcile';
import { restartCase } from '../activities/open-case';
import { actAsManager } from '../src/temporal/manager-acts';
import type { ManagerAct } from '../src/domain/case/acts';
import type { CaseFact } from '../src/domain/case/case-events';
import { createCaseList } from '../src/temporal/case-list';
import { TASK_QUEUE } from '../src/temporal/connection';
import { createCaseGateway, type CaseGateway } from '../src/temporal/case-gateway';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { stageOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { actOn } from './support/line/task-page';
import { municipality } from './support/task-desk';

jest.setTimeout(120_000);

const roads = 'fen.isleri@etimesgut.example';
const parks = 'park.bahceler@etimesgut.example';

let line: TestLine;
let managing: CaseGateway;
beforeAll(async () => {
  line = await startLine('manager-line');
  managing = createCaseGateway(line.temporal.client, TASK_QUEUE, {} as never);
}, 120_000);
afterAll(() => line.stop());

async function reported(): Promise<{ citizen: Person; caseNumber: string }> {
  const citizen = await line.phones.newPerson();
  // Each report names a different street: an equal report would join the previous case.
  const body = `Süvari mahallesi ${1_000 + randomInt(9_000)}. sokakta çukur var`;
  await line.phones.write(citizen, { type: 'text', body });
  const told = await line.phones.hears(citizen, 'Bildiriminiz alındı');
  return { citizen, caseNumber: caseNumberIn(told.text) };
}

async function factsOf(caseNumber: string): Promise<CaseFact[]> {
  const revision = (await line.store.cases.get(caseNumber))?.progress?.revision ?? 0;
  return line.store.cases.facts(caseNumber, revision);
}

const order = (given: Omit<ManagerAct, 'actionId' | 'by'>) => ({
  act: { actionId: randomUUID(), by: 'manager' as const, ...given },
  actor: 'Ayşe Demir',
  reason: 'Ekip değişikliği',
});
const manage = (caseNumber: string, given: ReturnType<typeof order>) =>
  actAsManager({ store: line.store, gateway: managing }, caseNumber, given);

describe('a manager', () => {
  it('reassigns a case, and the audit trail has actor and reason', async () => {
    const { caseNumber } = await reported();
    const given = order({ action: 'reassign', department: 'park-ve-bahceler' });
    expect(await manage(caseNumber, given)).toEqual({ type: 'done' });
    await line.phones.mailed(parks, caseNumber);
    const { actionId } = given.act;
    expect(await line.store.tasks.action(actionId)).toMatchObject({
      action: 'reassign',
      actor: 'Ayşe Demir',
      words: 'Ekip değişikliği',
      role: 'manager',
    });
    expect(await factsOf(caseNumber)).toContainEqual(
      expect.objectContaining({ type: 'reassigned', actionId }),
    );
  });

  it('extends a target and raises the priority, and the deadlines follow', async () => {
    const { caseNumber } = await reported();
    const before = (await line.store.cases.get(caseNumber))?.progress?.plan.resolveBy ?? 0;
    const until = before + 3 * 86_400_000;
    expect(await manage(caseNumber, order({ action: 'extend', until }))).toEqual({ type: 'done' });
    await awaited('the new target', async () => {
      return (await line.store.cases.get(caseNumber))?.progress?.plan.resolveBy === until;
    });
    expect(await manage(caseNumber, order({ action: 'setPriority', priority: 'p1' }))).toEqual({
      type: 'done',
    });
    expect((await line.store.cases.get(caseNumber))?.progress?.priority).toBe('p1');
  });

  it('gets an error for an illegal act before anything is stored', async () => {
    const { caseNumber } = await reported();
    const given = order({ action: 'reopen' });
    expect(await manage(caseNumber, given)).toEqual({ type: 'refused', refusal: 'notInThisStage' });
    expect(await line.store.tasks.action(given.act.actionId)).toBeNull();
    expect(await manage('PK-0000-0000', order({ action: 'escalate' }))).toEqual({ type: 'missing' });
  });

  it('reopens a wrongly closed case whose workflow has ended', async () => {
    const { caseNumber } = await reported();
    await actOn(await taskLink(line, roads, caseNumber), 'reject', {
      reason: 'not-ours',
      words: 'Bizim alanımız değil.',
    });
    await awaited('the end of the workflow', async () => {
      const { status } = await line.temporal.client.workflow.getHandle(caseNumber).describe();
      return status.name === 'COMPLETED';
    });
    expect(await manage(caseNumber, order({ action: 'reopen' }))).toEqual({ type: 'done' });
    await awaited('the case at its desk again', async () => (await stageOf(line, caseNumber)) === 'assigned');
  });
});

describe('after Temporal has lost its data', () => {
  it('open cases run again with their deadlines, without a second notification', async () => {
    const { citizen, caseNumber } = await reported();
    await actOn(await taskLink(line, roads, caseNumber), 'accept');
    await awaited('the acceptance', async () => (await stageOf(line, caseNumber)) === 'accepted');
    const before = await line.store.cases.get(caseNumber);
    const told = async () => ({
      citizen: (await line.phones.told(citizen)).length,
      mails: (await line.phones.mails(roads)).filter(({ subject }) => subject.includes(caseNumber)).length,
    });
    const toldBefore = await told();

    await line.temporal.loseData();
    const deps = { store: line.store, municipality, gateway: managing, now: () => new Date() };
    const numbers = await line.store.stories.underWay();
    expect(numbers).toContain(caseNumber);
    const started = await Promise.all(
      numbers.map(async number => {
        const record = await line.store.cases.get(number);
        return record !== null && restartCase(deps, record);
      }),
    );
    expect(started).toEqual(numbers.map(() => true));
    const again = before && (await restartCase(deps, before));
    expect(again).toBe(false);

    const list = createCaseList(line.temporal.client);
    await awaited('all of them to run', async () => (await list.running()).length === numbers.length);
    const state = await line.temporal.client.workflow
      .getHandle(caseNumber)
      .query<{ plan: unknown; steps: unknown }>('view');
    expect(state).toMatchObject({ plan: before?.progress?.plan, steps: before?.progress?.steps });
    expect(await told()).toEqual(toldBefore);

    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Çukur kapatıldı.' });
    const survey = await line.phones.hears(citizen, 'Çukur kapatıldı.');
    await line.phones.tap(citizen, survey, 'Çözüldü');
    await awaited('the end', async () => (await stageOf(line, caseNumber)) === 'closed');
  });

  it('many cases by a filter: listed first, then changed, each with an entry in its audit trail', async () => {
    const numbers = [(await reported()).caseNumber, (await reported()).caseNumber].sort();
    const [one = '', other = ''] = numbers;
    const query = `WorkflowId IN ('${one}', '${other}')`;
    const ask = (...words: string[]): Promise<string> =>
      line.admin(
        ...['priority', '--query', query, '--priority', 'p1'],
        ...['--actor', 'Özel Kalem', '--reason', 'Kar bekleniyor', ...words],
      );
    await awaited('both in the list', async () => (await ask()).includes('2 of 2 cases would change'));
    expect((await line.store.cases.get(one))?.progress?.priority).not.toBe('p1');
    const told = await ask('--confirm');
    for (const number of numbers) {
      expect(told).toContain(`${number}  done`);
      const acts = (await factsOf(number)).filter(({ type }) => type === 'prioritised');
      expect(acts).toEqual([expect.objectContaining({ to: 'p1' })]);
      expect(await line.admin('audit', number)).toContain('Özel Kalem');
    }
  });

  it('the comparison restarts missing workflows, sends a missing task letter, and notifies the operator once', async () => {
    const { caseNumber } = await reported();
    await line.phones.mailed(roads, caseNumber);
    await line.temporal.client.workflow.getHandle(caseNumber).terminate();
    await line.store.outbox.model.deleteMany({ caseNumber, channel: 'mail' });
    const letters: string[] = [];
    const sent = new Set<string>();
    const letterOutbox = {
      send: async ({ key, to }: { key: string; to: { address: string } }) => {
        if (!sent.has(key)) letters.push(to.address);
        sent.add(key);
      },
    };
    const run = reconcile({
      store: line.store,
      municipality,
      gateway: managing,
      caseList: createCaseList(line.temporal.client),
      letterOutbox,
      taskLinks: { issue: () => ({ token: '', tokenHash: randomUUID(), url: 'http://127.0.0.1/t/x' }) },
      now: () => new Date(Date.now() + 3_600_000),
    } as never);
    const first = await inActivity(run);
    expect(first.restarted).toEqual([caseNumber]);
    expect(first.mailed).toContain(caseNumber);
    expect(letters).toContain(roads);
    expect(letters).toContain(municipality.operator.address);
    expect((await inActivity(run)).restarted).toEqual([]);
  });
});

/** Activities send heartbeats, which requires an activity context. */
function inActivity<T>(run: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment().run(run);
}
