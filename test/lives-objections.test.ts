import { caseNumberIn, type Person } from './support/line/phones';
import { taskLink } from './support/line/cases-of-line';
import { sendStatusForm, statusActs, statusPageIn } from './support/line/status-page';
import { actOn } from './support/line/task-page';
import { departmentOf } from '../src/config/offices';
import type { CaseProgress } from '../src/domain/case/case';
import { type LifeLine, startLifeLine } from './support/life-line';
import { municipality } from './support/town-case';
import { rows } from './support/proving';

jest.setTimeout(60_000);

const pothole = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';
const roads = 'fen.isleri@etimesgut.example';

/** An outcome that a citizen can dispute, and the way to it. */
interface Ending {
  name: string;
  words: string;
  /** The act of the department; null for cases that end without one. */
  act: [action: string, fields: Record<string, string>] | null;
  /** Whether the citizen confirms the outcome. */
  confirms?: true;
  /** Whether the department acts a week later, so that the survey is still open. */
  isLate?: true;
  /** The title of the objection button; null if the citizen writes the case number instead. */
  button: string | null;
  stage: CaseProgress['stage'];
  outcome: CaseProgress['outcome'];
}

const inPlan = { day: '2027-03-15', precision: 'month', words: 'Yol programına alındı.' };
const endings: readonly Ending[] = [
  {
    ...{ name: 'rejected', words: pothole, button: 'İtiraz ediyorum' },
    act: ['reject', { reason: 'not-found', words: 'Yerinde görülmedi.' }],
    ...{ stage: 'rejected', outcome: 'rejected' },
  },
  {
    ...{ name: 'handed off by the department', words: pothole, button: 'İtiraz ediyorum' },
    act: ['handOff', { institution: 'aski', words: 'Kazıyı ASKİ yaptı.' }],
    ...{ stage: 'handedOff', outcome: 'handedOff' },
  },
  {
    ...{ name: 'handed off immediately', words: 'Süvari mah. 1234. sokakta sular kesik, su yok', act: null },
    ...{ button: 'İtiraz ediyorum', stage: 'handedOff', outcome: 'handedOff' },
  },
  {
    ...{ name: 'answered', words: 'Bir önerim var: Süvari mahallesi 1234. sokakta çukur yamansın' },
    act: ['resolve', { words: 'Öneriniz değerlendirildi.' }],
    ...{ button: 'İtiraz ediyorum', stage: 'closed', outcome: 'resolved' },
  },
  {
    ...{ name: 'promised for later', words: pothole, act: ['planAhead', inPlan] },
    ...{ button: 'İtiraz ediyorum', stage: 'planned', outcome: 'planned' },
  },
  {
    ...{ name: 'partly solved', words: pothole, button: null, isLate: true },
    act: ['resolve', { outcome: 'partlyResolved', words: 'Yarısı yamandı.' }],
    ...{ stage: 'resolved', outcome: 'partlyResolved' },
  },
  {
    ...{ name: 'closed without an answer', words: pothole, act: ['resolve', { words: 'Yamandı.' }] },
    ...{ button: 'Çözülmedi', stage: 'closed', outcome: 'resolved' },
  },
  {
    ...{ name: 'confirmed too early', words: pothole, act: ['resolve', { words: 'Yamandı.' }] },
    ...{ button: 'İtiraz ediyorum', stage: 'closed', outcome: 'resolved', confirms: true },
  },
];

const wordings = ['itiraz ediyorum, çukur yerinde duruyor', 'bu sonucu kabul etmiyorum'];
const ways = ['button', 'words', 'page'] as const;
const onPage = 'Çukur <b>yerinde</b> duruyor.';
const verdicts = ['reopen', 'confirm'] as const;

/** The result of one step of a story: messages, letters, record and search attributes. */
interface Step {
  said: string;
  letters: { to: string; subject: string; text: string }[];
  progress: CaseProgress;
  found: Record<string, unknown>;
}

interface Life {
  ending: Ending;
  way: (typeof ways)[number];
  /**
   * The decision of the chief on the first objection, and of the deputy mayor on the second after "confirm".
   */
  verdict: (typeof verdicts)[number];
  second: (typeof verdicts)[number];
  person: Person;
  caseNumber: string;
  /** The URL of the status page, from the first message. */
  page: string;
  steps: Map<string, Step>;
}

let line: LifeLine;
const lives = new Map<string, Life>();
/** The acts that the status page offers after the last decision. */
const offered = new Map<string, string[]>();
/** The number of messages and letters already checked. */
const seen = new Map<string, { said: number; letters: number }>();

async function look({ caseNumber, person, steps }: Life, step: string): Promise<void> {
  const before = seen.get(caseNumber) ?? { said: 0, letters: 0 };
  const said = (await line.phones.told(person)).map(({ text }) => text);
  const letters = (await line.phones.mails()).filter(({ subject }) => subject.includes(caseNumber));
  const progress = (await line.store.cases.get(caseNumber))?.progress;
  if (!progress) throw new Error('the case has no record');
  steps.set(step, {
    said: said.slice(before.said).join('\n---\n'),
    letters: letters.slice(before.letters).map(({ to, subject, text }) => ({ to: to.join(), subject, text })),
    progress,
    found: await line.attributes(caseNumber),
  });
  seen.set(caseNumber, { said: said.length, letters: letters.length });
}

async function lookAll(some: readonly Life[], step: string): Promise<void> {
  for (const life of some) await look(life, step);
}

const isObjected = ({ steps }: Life, step: string): boolean => steps.get(step)?.progress.stage === 'objected';

/** Decides by the newest letter that asks for a decision. A case without an objection fails later. */
async function decide(life: Life, step: string, verdict: string): Promise<void> {
  if (!isObjected(life, step)) return;
  const letter = life.steps
    .get(step)
    ?.letters.find(({ subject }) => subject.includes('kararınız bekleniyor'));
  const link = await taskLink(line, letter?.to ?? '', life.caseNumber);
  await actOn(link, verdict, { words: `Karar: ${verdict}` });
}

const nameOf = (ending: Ending, way: string, verdict: string): string =>
  `${ending.name}, disputed by ${way}, decided: ${verdict}`;
const allLives = endings.flatMap(ending =>
  ways.flatMap(way => verdicts.map(verdict => ({ ending, way, verdict }))),
);
const livesOfEnding = ways.length * verdicts.length;
/** `npm run prove` plays all lives. Otherwise each ending has one, and they take turns in way and verdict. */
const matrix = rows(allLives, (_, place) => {
  const ending = Math.floor(place / livesOfEnding);
  return place % livesOfEnding === ending % livesOfEnding;
});

beforeAll(async () => {
  line = await startLifeLine('objections', '2026-11-25 10:00');
  for (const { ending, way, verdict } of matrix) {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: ending.words });
    const second = way === 'button' ? 'reopen' : 'confirm';
    const life: Life = { ending, way, verdict, second, person, caseNumber: '', page: '', steps: new Map() };
    lives.set(nameOf(ending, way, verdict), life);
  }
  const all = [...lives.values()];
  await line.passBurst();
  for (const life of all) {
    const receipt = (await line.phones.told(life.person)).at(-1);
    life.caseNumber = caseNumberIn(receipt?.text ?? '');
    life.page = statusPageIn(receipt);
  }
  const departmentActs = async (some: readonly Life[]): Promise<void> => {
    for (const { ending, caseNumber } of some) {
      if (ending.act) await actOn(await taskLink(line, roads, caseNumber), ...ending.act);
    }
  };
  await line.until('2026-11-25 11:00');
  await departmentActs(all.filter(({ ending }) => !ending.isLate));
  await line.until('2026-11-25 12:00');
  for (const { ending, person } of all) if (ending.confirms) await line.tap(person, 'Çözüldü');
  await line.until('2026-12-02 12:00');
  await departmentActs(all.filter(({ ending }) => ending.isLate));
  await line.until('2026-12-03 10:00');
  await lookAll(all, 'ended');
  for (const [place, { person, way, ending, caseNumber, page }] of all.entries()) {
    if (way === 'button' && ending.button !== null) await line.tap(person, ending.button);
    else if (way === 'page') await sendStatusForm(page, 'object', { words: onPage });
    else {
      const body = way === 'button' ? `${caseNumber} itiraz` : wordings[place % wordings.length];
      await line.write(person, { type: 'text', body });
    }
  }
  await line.until('2026-12-03 11:00');
  await lookAll(all, 'objected');
  for (const life of all) await decide(life, 'objected', life.verdict);
  // The first reminder to accept a reopened case follows after an hour.
  await line.until('2026-12-03 11:45');
  await lookAll(all, 'decided');
  const confirmed = all.filter(({ verdict }) => verdict === 'confirm');
  for (const { person, way, page } of confirmed) {
    if (way === 'button') await line.tap(person, 'İtiraz ediyorum');
    else if (way === 'page') await sendStatusForm(page, 'object', { words: onPage });
    else await line.write(person, { type: 'text', body: 'tekrar itiraz ediyorum' });
  }
  await line.until('2026-12-03 12:30');
  await lookAll(confirmed, 'objected again');
  for (const life of confirmed) await decide(life, 'objected again', life.second);
  await line.until('2026-12-03 13:15');
  await lookAll(confirmed, 'decided again');
  const final = confirmed.filter(({ second }) => second === 'confirm');
  for (const { person } of final) await line.write(person, { type: 'text', body: 'yine itiraz ediyorum' });
  await line.until('2026-12-03 14:00');
  await lookAll(final, 'final');
  for (const { page } of final) offered.set(page, await statusActs(page));
}, 400_000);
afterAll(() => line.stop());

function stepOf({ steps }: Life, name: string): Step {
  const step = steps.get(name);
  if (!step) throw new Error(`no step "${name}"`);
  return step;
}

/** Expects that an objection waits for its decider: chat, letters, record and search attributes. */
function expectWaiting(life: Life, name: string, role: 'chief' | 'deputyMayor', count: number): void {
  const { said, letters, progress, found } = stepOf(life, name);
  const { desk } = progress.plan;
  const office = departmentOf(municipality, desk.slug);
  expect(said).toContain(`${life.caseNumber} numaralı kaydınızın sonucuna itirazınız alındı.`);
  expect(said).toContain(`Karar verecek: ${office[role].name}`);
  expect(letters.map(({ to, subject }) => [to, subject.split(' · ')[1]]).sort()).toEqual(
    [
      [office[role].address, 'İtiraz: kararınız bekleniyor'],
      [office.mail.address, 'Sonuca itiraz edildi'],
    ].sort(),
  );
  if (life.ending.act) {
    const answer = life.ending.act[1]['words'] ?? '';
    expect(letters.find(({ to }) => to === office[role].address)?.text).toContain(answer);
  }
  if (life.way === 'page') {
    expect(letters.find(({ to }) => to === office[role].address)?.text).toContain(onPage);
  }
  expect(progress).toMatchObject({ stage: 'objected', outcome: life.ending.outcome, objectionCount: count });
  expect(found).toMatchObject({
    CaseStage: 'objected',
    CaseOutcome: life.ending.outcome,
    ObjectionCount: count,
    SlaDueAt: new Date(progress.objection?.decideBy ?? NaN),
    ...(life.ending.act && { SlaState: 'onTrack' }),
  });
}

function expectDecided(life: Life, name: string, verdict: 'reopen' | 'confirm'): void {
  const { said, letters, progress, found } = stepOf(life, name);
  const subjects = letters.map(({ subject }) => subject.split(' · ')[1]);
  const { ending } = life;
  expect(said).toContain(`Karar: ${verdict}`);
  if (verdict === 'reopen') {
    expect(said).toContain(`İtirazınız kabul edildi; ${life.caseNumber} numaralı kaydınız yeniden açıldı.`);
    // Whoever was to pass the matter on, or the institution, is told as well.
    const isRecall = (subject = ''): boolean => subject === 'İşlem yapmanıza gerek kalmadı';
    expect(subjects.filter(isRecall).length).toBeLessThanOrEqual(ending.outcome === 'handedOff' ? 1 : 0);
    expect(subjects.filter(subject => !isRecall(subject))).toEqual(['Yeniden açıldı', 'Yeniden açıldı']);
    const stage = ending.act ? 'assigned' : 'triage';
    expect(progress).toMatchObject({ stage, outcome: null, objection: null, reopenCount: 1 });
    expect(found).toMatchObject({ CaseStage: stage, ReopenCount: 1, SlaState: 'onTrack' });
    expect(found).not.toHaveProperty('CaseOutcome');
  } else {
    expect(said).toContain('verilen sonuç uygun bulundu');
    expect(subjects).toEqual(['İtiraz reddedildi']);
    const stage = ending.stage === 'resolved' ? 'closed' : ending.stage;
    expect(progress).toMatchObject({ stage, outcome: ending.outcome, objection: null });
    expect(found).toMatchObject({ CaseStage: stage, CaseOutcome: ending.outcome });
  }
}

const named = matrix.map(({ ending, way, verdict }) => nameOf(ending, way, verdict));

describe.each(named)('%s', name => {
  const life = (): Life => lives.get(name) as Life;

  test('has the expected outcome', () => {
    const { progress, found } = stepOf(life(), 'ended');
    const { stage, outcome } = life().ending;
    expect(progress).toMatchObject({ stage, outcome });
    expect(found).toMatchObject({ CaseStage: stage, CaseOutcome: outcome, ObjectionCount: 0 });
  });

  test('waits for the chief, and both sides get the decision', () => {
    expectWaiting(life(), 'objected', 'chief', 1);
    expectDecided(life(), 'decided', life().verdict);
  });
});

describe.each(named.filter(name => name.endsWith('confirm')))('%s, and again', name => {
  const life = (): Life => lives.get(name) as Life;

  test('waits for the deputy mayor, whose confirmation is final', () => {
    const { second } = life();
    expectWaiting(life(), 'objected again', 'deputyMayor', 2);
    expectDecided(life(), 'decided again', second);
    if (second === 'reopen') return;
    expect(stepOf(life(), 'decided again').said).toContain('belediyemizin son kararıdır');
    const { said, letters, progress } = stepOf(life(), 'final');
    expect(said).toContain('bu hattan yeniden itiraz edilemez');
    // A planned case is still open, so the text is added to it.
    const isOpen = progress.stage === 'planned';
    expect(letters.map(({ subject }) => subject.split(' · ')[1])).toEqual(
      isOpen ? ['Vatandaş ekleme yaptı'] : [],
    );
    expect(progress).toMatchObject({ outcomeIsFinal: true, objectionCount: 2, objection: null });
    expect(offered.get(life().page)).not.toContain('object');
  });
});
