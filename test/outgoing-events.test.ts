import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { CaseFact } from '../src/domain/case/case-events';
import { openedCase } from '../src/domain/case/case-life';
import { outgoingEvents } from '../src/domain/case/outgoing-events';
import { opening, T0 } from './support/cases';
import { type EventReceiver, startEventReceiver } from './support/event-receiver';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { reported } from './support/line/reported';
import { actOn } from './support/line/task-page';

describe('the events of a case', () => {
  const { handled, ...progress } = openedCase(opening({ receivedAt: T0 }));
  const eventsOf = (facts: CaseFact[]) => outgoingEvents({ ...progress, revision: facts.length }, facts);

  it('tell pagers of a hazard that nobody has accepted', () => {
    const alarmed: CaseFact = { at: T0, type: 'alarmed', turn: 1, times: 2 };
    expect(eventsOf([{ at: T0, type: 'opened', desk: 'fen-isleri' }, alarmed])).toMatchObject([
      { number: 1, kind: 'case.opened' },
      { number: 2, kind: 'case.unaccepted', at: T0, data: { turn: 1, times: 2, department: 'fen-isleri' } },
    ]);
  });

  it('contain nothing of the citizen', () => {
    const [event] = eventsOf([{ at: T0, type: 'withdrawn', messageId: 'm-secret' }]);
    expect(JSON.stringify(event)).not.toMatch(/m-secret|citizen/);
    expect(Object.keys(event?.data ?? {}).sort()).toEqual(
      [
        ...['caseNumber', 'category', 'department', 'hazard', 'institution', 'neighbourhood', 'outcome'],
        ...['priority', 'resolveBy', 'stage'],
      ].sort(),
    );
  });
});

describe('the line', () => {
  const secrets = [randomBytes(32), randomBytes(32)].map(key => `whsec_${key.toString('base64')}`);
  const pagerSecret = `whsec_${randomBytes(32).toString('base64')}`;
  let receiver: EventReceiver;
  let pager: EventReceiver;
  let line: TestLine;
  beforeAll(async () => {
    [receiver, pager] = await Promise.all([startEventReceiver(), startEventReceiver()]);
    line = await startLine('events', {
      environment: {
        ...{ EVENTS_URL: receiver.url, EVENTS_SECRETS: secrets.join(','), EVENTS_PRIVATE_HOSTS: '127.0.0.1' },
        EVENTS_KINDS: 'case.opened,case.accepted,case.resolved',
        EVENTS_RECEIVERS: JSON.stringify([
          {
            ...{ name: 'pager', url: pager.url, secrets: [pagerSecret], kinds: ['case.accepted'] },
            privateHosts: ['127.0.0.1'],
          },
        ]),
      },
    });
  }, 120_000);
  afterAll(async () => {
    await line.stop();
    await Promise.all([receiver.stop(), pager.stop()]);
  });

  const about = (caseNumber: string) =>
    receiver.received
      .filter(({ body }) => body.includes(caseNumber))
      .map(({ headers, body }) => {
        for (const secret of secrets) new Webhook(secret).verify(body, headers as Record<string, string>);
        return { id: headers['webhook-id'], type: (JSON.parse(body) as { type: string }).type, body };
      });
  const heard = (caseNumber: string, type: string) =>
    awaited(`${type} of ${caseNumber}`, async () => about(caseNumber).find(event => event.type === type));
  const stateOf = async (id: string) => (await line.store.events.get(id))?.state;

  it('posts the chosen kinds, signed with both secrets and without a word of the citizen', async () => {
    const { caseNumber, link } = await reported(line);
    const opened = await heard(caseNumber, 'case.opened');
    expect(opened.id).toBe(`${caseNumber}:1`);
    await actOn(link, 'accept');
    await heard(caseNumber, 'case.accepted');
    await actOn(link, 'resolve', { words: 'Çukur dolduruldu.' });
    expect(JSON.parse((await heard(caseNumber, 'case.resolved')).body)).toMatchObject({
      data: { caseNumber, stage: 'resolved', department: 'fen-isleri' },
    });
    expect(receiver.received.map(({ body }) => body).join('')).not.toMatch(/çukur var|dolduruldu|Ayşe/i);
  }, 90_000);

  it('tries again after a failure, under the same id', async () => {
    receiver.answers.push(503);
    const { caseNumber } = await reported(line);
    const ids = await awaited('two attempts', async () => {
      const found = about(caseNumber).filter(({ type }) => type === 'case.opened');
      return found.length === 2 && found.map(({ id }) => id);
    });
    expect(new Set(ids).size).toBe(1);
    await awaited('the delivery', async () => (await stateOf(`${caseNumber}:1`)) === 'delivered');
  }, 90_000);

  it('keeps what the receiver does not want as a dead letter, which admin events replays', async () => {
    receiver.answers.push(410);
    const { caseNumber } = await reported(line);
    const id = `${caseNumber}:1`;
    await awaited('the dead letter', async () => (await stateOf(id)) === 'dead');
    expect(await line.admin('events', 'list', '--state', 'dead')).toMatch(
      new RegExp(`${id} +case\\.opened +dead +410\n1 events`),
    );
    expect(await line.admin('events', 'replay', '--dead')).toContain(id);
    await awaited('the replay', async () => (await stateOf(id)) === 'delivered');
    expect(about(caseNumber).filter(event => event.id === id)).toHaveLength(2);
    await line.admin('events', 'replay', id);
    await awaited(
      'another replay',
      async () => about(caseNumber).filter(event => event.id === id).length === 3,
    );
    expect(await line.admin('events')).toContain('replayed ×2');
  }, 90_000);

  it('posts to each receiver its own kinds with its own secret, and keeps its dead letters apart', async () => {
    pager.answers.push(410);
    const { caseNumber, link } = await reported(line);
    await actOn(link, 'accept');
    const id = `${caseNumber}:3:pager`;
    await awaited('the dead letter', async () => (await stateOf(id)) === 'dead');
    await heard(caseNumber, 'case.accepted');
    expect(await line.admin('events', 'list', '--state', 'dead', '--receiver', 'pager')).toContain(id);
    await line.admin('events', 'replay', '--dead', '--receiver', 'pager');
    await awaited('the replay', async () => (await stateOf(id)) === 'delivered');
    const own = pager.received.filter(({ body }) => body.includes(caseNumber));
    expect(own).toHaveLength(2);
    for (const { headers, body } of own) {
      expect(new Webhook(pagerSecret).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'case.accepted',
      });
    }
  }, 90_000);
});
