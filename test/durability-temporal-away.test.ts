import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { casesOf, stageOf, taskLink } from './support/line/cases-of-line';
import { parcelOf, textOf, type Parcel } from './support/line/delivery';
import { caseNumberIn, type Person } from './support/line/phones';
import { keepForm, sendForm, type TaskPage } from './support/line/task-page';
import { freshWamid, messagesBody, saidAs } from './support/webhook-bodies';
import { amount, noteFigure } from './support/proving';

const CITIZENS = amount({ proof: 50, test: 8 });
const roads = 'fen.isleri@etimesgut.example';
const pin = { type: 'location', location: { latitude: 39.9432, longitude: 32.6444 } };
const words = [
  'Süvari mahallesi 1234. sokakta çukur var',
  'Arabalar zarar görüyor',
  'Dün de bir araba düştü',
];

interface Talk {
  citizen: Person;
  parcels: Parcel[];
}

let line: TestLine;
let talks: Talk[];
/** A person with two talks: the report is known by the number, and the greeting by the user id. */
let split: { citizen: Person; report: string; pin: string };
let earlier: { caseNumber: string; link: string; form: Record<string, string> };
let whileAway: { answers: number[]; ready: unknown; readyStatus: number; page: TaskPage };

beforeAll(async () => {
  line = await startLine('temporal-away');
  earlier = await caseWithForm();
  talks = await Promise.all(Array.from({ length: CITIZENS }, newTalk));
  split = await splitTalks();
  await line.temporal.stop();

  const answers = await Promise.all(talks.map(tell));
  const place = await line.post(messagesBody(saidAs(split.citizen, 'both', { ...pin, id: split.pin })));
  const ready = await fetch(`${line.baseUrl}/readyz`);
  const page = await sendForm(earlier.link, earlier.form);
  whileAway = {
    answers: [...answers.flat(), place],
    ready: await ready.json(),
    readyStatus: ready.status,
    page,
  };
  await line.temporal.start();
}, 180_000);
afterAll(() => line.stop());

async function newTalk(): Promise<Talk> {
  const citizen = await line.phones.newPerson();
  await line.phones.openWindow(citizen);
  return { citizen, parcels: words.map(text => parcelOf(citizen, textOf(text))) };
}

async function splitTalks(): Promise<typeof split> {
  const citizen = await line.phones.newPerson();
  await line.phones.openWindow(citizen);
  await line.post(messagesBody(saidAs(citizen, 'userId', textOf('merhaba'))));
  await line.phones.hears(citizen, 'Merhaba');
  const report = freshWamid();
  await line.post(messagesBody(saidAs(citizen, 'number', { ...textOf('yolda çukur var'), id: report })));
  await line.phones.hears(citizen, 'konumu paylaşır', 60_000);
  return { citizen, report, pin: freshWamid() };
}

/** Posts each message once, after the response to the previous one. */
async function tell({ parcels }: Talk): Promise<number[]> {
  const answers: number[] = [];
  for (const { body } of parcels) answers.push(await line.post(body));
  return answers;
}

async function caseWithForm(): Promise<typeof earlier> {
  const citizen = await line.phones.newPerson();
  await line.phones.write(citizen, { type: 'text', body: words[0] });
  const caseNumber = caseNumberIn((await line.phones.hears(citizen, 'Bildiriminiz alındı')).text);
  const link = await taskLink(line, roads, caseNumber);
  return { caseNumber, link, form: { ...(await keepForm(link, 'accept')), confirm: 'yes' } };
}

describe('while Temporal is unavailable', () => {
  it('every message is accepted at the first attempt', () => {
    expect(whileAway.answers).toEqual(Array.from({ length: CITIZENS * words.length + 1 }, () => 200));
  });

  it('the web role is degraded but works', () => {
    expect(whileAway.readyStatus).toBe(200);
    expect(whileAway.ready).toEqual({
      status: 'degraded',
      parts: { store: 'ok', temporal: 'away', keys: 'ok', running: 'ok' },
    });
  });

  it('a department is told that its act is not done yet', () => {
    expect([202, 503]).toContain(whileAway.page.status);
    expect(whileAway.page.html).toMatch(/henüz/);
  });
});

describe('when Temporal is available again', () => {
  it('each citizen gets one case with all their messages in order', async () => {
    const hashId = await line.store.hashId();
    for (const { citizen, parcels } of talks) {
      const { text } = await line.phones.hears(citizen, 'Bildiriminiz alındı', 90_000);
      expect(await casesOf(line, citizen)).toEqual([caseNumberIn(text)]);
      // On a slow machine the sweeper may bring a message after the case was opened; it is added then.
      const messageIds = await awaited('all messages of the citizen', async () => {
        const record = await line.store.cases.get(caseNumberIn(text));
        const found = record?.progress?.messageIds ?? [];
        return found.length >= parcels.length && found;
      });
      expect(messageIds).toEqual(parcels.map(({ wamid }) => hashId(wamid)));
      const told = await line.phones.told(citizen);
      expect(told.filter(message => message.text.includes('Bildiriminiz alındı'))).toHaveLength(1);
    }
    noteFigure(
      CITIZENS * words.length,
      'messages during an outage: all accepted, one case a citizen, in order',
    );
  }, 120_000);

  it('the talks of one person are merged', async () => {
    const hashId = await line.store.hashId();
    const { text } = await line.phones.hears(split.citizen, 'Bildiriminiz alındı', 90_000);
    const record = await line.store.cases.get(caseNumberIn(text));
    expect(record?.progress?.messageIds).toEqual([split.report, split.pin].map(hashId));
    const citizen = await line.store.citizens.get(record?.intake.citizenId ?? '');
    expect(citizen?.cases.map(({ caseNumber }) => caseNumber)).toEqual([caseNumberIn(text)]);
    expect(await line.store.merges.model.countDocuments()).toBe(0);
  }, 120_000);

  it('the same form is accepted once', async () => {
    await awaited('the act to be taken', async () => {
      return (await sendForm(earlier.link, earlier.form)).status === 200;
    });
    expect(await stageOf(line, earlier.caseNumber)).toBe('accepted');
    const facts = await line.store.cases.facts(earlier.caseNumber, 20);
    expect(facts.filter(({ type }) => type === 'accepted')).toHaveLength(1);
  });

  it('the web role is ready again', async () => {
    await awaited('readiness', async () => {
      const { status } = (await (await fetch(`${line.baseUrl}/readyz`)).json()) as { status: string };
      return status === 'ready';
    });
    expect((await fetch(`${line.baseUrl}/healthz`)).status).toBe(200);
  });
});
