import { randomUUID } from 'node:crypto';
import { correctAsManager } from '../src/temporal/manager-acts';
import type { CaseFact } from '../src/domain/case/case-events';
import type { CaseIntake } from '../src/store/case-records';
import type { CaseProgress } from '../src/domain/case/case';
import type { Mail } from '../src/local/mailbox/mails';
import { courseOf } from '../src/reports/case-course';
import { linesOf, townReport } from '../src/reports/report';
import { routingReportOf } from '../src/reports/routing-report';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { roads } from './support/line/reported';
import { actOn, keepForm, openTask, sendForm } from './support/line/task-page';
import { storiesOf } from './support/whole-records';
import { at, local, municipality } from './support/town-case';

jest.setTimeout(60_000);

const parks = 'park.bahceler@etimesgut.example';
const reason = 'Yerinde bakıldı: çukur değil, devrilmiş ağaç.';
const square = { latitude: 39.95212, longitude: 32.66721 };

/** Streets of the reports, so that none of them looks like another. */
const streets = {
  moved: 1234,
  placed: 4321,
  follows: 4323,
  paused: 2345,
  passed: 5432,
  late: 3456,
  own: 7654,
  told: 8765,
} as const;
type Name = keyof typeof streets | keyof typeof pinned;
const lives = new Map<Name, { person: Person; caseNumber: string }>();
const lifeOf = (name: Name) => lives.get(name) as { person: Person; caseNumber: string };

let line: LifeLine;
/** Reports with a pin alone, and what their citizens answer to the question in the acknowledgement. */
const pinned = {
  street: { longitude: 32.64, answer: '1357. sokak' },
  artery: { longitude: 32.65, answer: 'Ayaş yolu üzerinde' },
} as const;

/** What the citizens had heard before the corrections. */
const before = new Map<Name, number>();
/** The search attributes of the paused case before and after its clock ran again. */
let atHold: Record<string, unknown> = {};
let resumed: Record<string, unknown> = {};
/** What the citizen of the corrected place heard before its target passed. */
let soon: string[] = [];
let preview = '';
let ownLink = '';
let stale = { status: 0, html: '' };

async function recordOf(
  name: Name,
): Promise<{ intake: CaseIntake; progress: CaseProgress; facts: CaseFact[] }> {
  const record = await line.store.cases.get(lifeOf(name).caseNumber);
  if (!record?.progress) throw new Error('the case has no record');
  const { intake, progress } = record;
  return { intake, progress, facts: await line.store.cases.facts(progress.caseNumber, progress.revision) };
}
const link = (name: Name): Promise<string> => taskLink(line, roads, lifeOf(name).caseNumber);
const said = async (name: Name): Promise<string[]> =>
  (await line.phones.told(lifeOf(name).person)).slice(before.get(name)).map(({ text }) => text);
const letters = async (name: Name, to: string): Promise<Mail[]> =>
  (await line.phones.mails(to)).filter(({ subject }) => subject.includes(lifeOf(name).caseNumber));
const letterTo = (name: Name, to: string, state: string): Promise<Mail> =>
  awaited(`${state} about ${name}`, async () =>
    (await letters(name, to)).find(({ subject }) => subject.includes(state)),
  );

beforeAll(async () => {
  line = await startLifeLine('corrections', '2026-11-25 10:00');
  for (const [name, street] of Object.entries(streets) as [Name, number][]) {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: `Süvari mahallesi ${street}. sokakta çukur var` });
    lives.set(name, { person, caseNumber: '' });
  }
  await line.passBurst();
  for (const [name, { person }] of lives) {
    const { text } = await line.phones.hears(person, 'Bildiriminiz alındı');
    lives.set(name, { person, caseNumber: caseNumberIn(text) });
    await link(name);
  }
  await actOn(await link('paused'), 'askCitizen', { words: 'Kapı numarası kaç?' });
  await line.phones.hears(lifeOf('paused').person, 'Kapı numarası kaç?');
  await line.until('2026-11-26 14:00');
  for (const [name, { person }] of lives) before.set(name, (await line.phones.told(person)).length);

  const moving = await link('moved');
  const old = await keepForm(moving, 'correct');
  const fields = { subject: 'tree', words: reason };
  preview = (await actOn(moving, 'correct', { ...fields, preview: 'yes' })).html;
  await actOn(moving, 'note', { words: 'Ekip yolda.' });
  stale = await sendForm(moving, { ...old, ...fields, confirm: 'yes' });
  await actOn(moving, 'correct', fields);
  await line.phones.hears(lifeOf('moved').person, 'Yeni birim');
  await letterTo('moved', parks, 'Size yönlendirilen görev');

  const joining = {
    actionId: 'joins',
    action: 'join',
    task: 1,
    leader: lifeOf('placed').caseNumber,
  } as const;
  await line.gateway.act(lifeOf('follows').caseNumber, joining);
  await awaited('the leading case', async () => (await recordOf('placed')).progress.members.length > 0);
  const { store, gateway } = line;
  await correctAsManager({ store, gateway, municipality }, lifeOf('placed').caseNumber, {
    actionId: randomUUID(),
    actor: 'Ayşe Demir',
    reason: 'Vatandaş telefonda tarif etti.',
    kept: { pin: `${square.latitude},${square.longitude}`, street: '6789. Sokak No 5' },
  });
  await letterTo('placed', roads, 'Kayıt düzeltildi');

  await actOn(await link('paused'), 'correct', { priority: 'p4', words: 'Kimse geçmiyor.' });
  await letterTo('paused', roads, 'Kayıt düzeltildi');
  atHold = await line.attributes(lifeOf('paused').caseNumber);
  await actOn(await link('paused'), 'resume');
  await line.phones.hears(lifeOf('paused').person, 'hedeflenen tarih değişti');
  resumed = await line.attributes(lifeOf('paused').caseNumber);

  await actOn(await link('passed'), 'correct', { street: 'İstanbul Yolu 5', words: 'Yol büyükşehrin.' });
  await line.phones.hears(lifeOf('passed').person, 'yetkili kuru');

  for (const [name, { longitude }] of Object.entries(pinned) as [
    keyof typeof pinned,
    { longitude: number },
  ][]) {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: 'yolda çukur var' });
    await line.write(person, { type: 'location', latitude: 39.9432, longitude });
    lives.set(name, { person, caseNumber: '' });
  }
  await line.passBurst();
  for (const name of ['street', 'artery'] as const) {
    const { person } = lifeOf(name);
    const { text } = await line.phones.hears(person, 'Bildiriminiz alındı');
    lives.set(name, { person, caseNumber: caseNumberIn(text) });
    await line.write(person, { type: 'text', body: pinned[name].answer });
  }
  await line.passBurst();
  await line.phones.hears(lifeOf('street').person, 'düzelttik');
  await line.phones.hears(lifeOf('artery').person, 'Ankara Büyükşehir');

  for (const name of ['own', 'told'] as const)
    before.set(name, (await line.phones.told(lifeOf(name).person)).length);
  ownLink = await link('own');
  await line.write(lifeOf('own').person, {
    type: 'text',
    body: 'konu yanlış olmuş, aslında ağaç budanacak',
  });
  await actOn(await link('told'), 'askCitizen', { words: 'Hangi sokak?' });
  await line.phones.hears(lifeOf('told').person, 'Hangi sokak?');
  const wrongStreet = { type: 'text', body: 'adres yanlış olmuş 8765 değil 8756. sokak' };
  await line.write(lifeOf('told').person, wrongStreet);
  await line.passBurst();
  await line.phones.hears(lifeOf('own').person, 'Yeni birim');
  await line.phones.hears(lifeOf('told').person, 'kaydınızı düzelttik');
  await line.write(lifeOf('told').person, { type: 'text', body: 'komşular da aynı yerden şikayetçi' });
  await line.passBurst();
  await line.phones.hears(lifeOf('told').person, 'eklendi');

  soon = await said('placed');
  await line.until('2026-12-03 16:00');
  before.set('late', (await line.phones.told(lifeOf('late').person)).length);
  await actOn(await link('late'), 'correct', { subject: 'speed-bump', words: 'Kasis isteniyor.' });
  await letterTo('late', roads, 'Kayıt düzeltildi');
}, 300_000);
afterAll(() => line.stop());

describe('a subject of another department', () => {
  test('is previewed with the department, the date and the message, and changes nothing', () => {
    expect(preview).toContain('Konu: Ağaç');
    expect(preview).toContain('Kayıt Park ve Bahçeler Müdürlüğü birimine geçer');
    expect(preview).toContain('Yeni birim: Park ve Bahçeler Müdürlüğü');
    expect(preview).not.toContain('kutuyu işaretleyiniz');
  });

  test('is not corrected from a page that others have acted on since', () => {
    expect(stale.status).toBe(409);
    expect(stale.html).toContain('kayıt bu arada değişti');
  });

  test('goes to it with the reason, and the citizen hears of the department only', async () => {
    const letter = await letterTo('moved', parks, 'Size yönlendirilen görev');
    expect(letter.subject).toContain('Ağaç');
    expect(letter.text).toContain(reason);
    const heard = await said('moved');
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('Yeni birim: Park ve Bahçeler Müdürlüğü');
    expect(heard.join()).not.toContain(reason);
  });

  test('stands in record, audit trail, search attributes, department report and routing report', async () => {
    const { intake, progress, facts } = await recordOf('moved');
    expect([intake.category.slug, progress.plan.desk.slug]).toEqual(['tree', 'park-ve-bahceler']);
    expect(facts).toContainEqual(
      expect.objectContaining({ type: 'corrected', subject: { from: 'pothole', to: 'tree' } }),
    );
    expect(await line.attributes(progress.caseNumber)).toMatchObject({
      ...{ Category: 'tree', Department: 'park-ve-bahceler', CasePriority: 'p3', CaseStage: 'assigned' },
    });
    const stories = await storiesOf(line.store);
    const lines = linesOf(
      { municipality, closures: [] },
      stories.filter(({ caseNumber }) => caseNumber === progress.caseNumber),
    );
    expect(lines).toMatchObject([{ subject: 'tree' }]);
    const period = { from: at('2026-11-25 00:00'), to: at('2026-12-05 00:00') };
    const { departments } = townReport(municipality, period, lines);
    const received = departments.flatMap(({ slug, figures }) => (figures.received > 0 ? [slug] : []));
    expect(received.sort()).toEqual(['fen-isleri', 'park-ve-bahceler']);
    const courses = [];
    for await (const batch of line.store.courses.between(new Date(0), new Date(at('2027-01-01 00:00')))) {
      courses.push(...batch.map(one => courseOf(municipality, one)));
    }
    expect(routingReportOf(courses).corrections).toEqual(
      expect.arrayContaining([{ recorded: 'pothole', right: 'tree', times: 2 }]),
    );
  });

  test('is found as a similar report of the new subject only', async () => {
    const { moved } = streets;
    const person = await line.phones.newPerson();
    const ask = async (body: string): Promise<CaseIntake['similar'] | undefined> => {
      await line.write(person, { type: 'text', body });
      await line.passBurst();
      const { text } = await line.phones.hears(person, ({ text: told }) => /PK-/.test(told));
      return (await line.store.cases.get(caseNumberIn(text)))?.intake.similar;
    };
    const found = await ask(`Süvari mahallesi ${moved}. sokakta çukur var`);
    expect(found?.leader).not.toBe(lifeOf('moved').caseNumber);
  });
});

test('a report that follows moves with the place that it shared, also in its record', async () => {
  const [leading, following] = [await recordOf('placed'), await recordOf('follows')];
  expect(following.progress).toMatchObject({
    stage: 'duplicate',
    neighbourhood: leading.progress.neighbourhood,
  });
  expect(following.intake).toMatchObject({ place: square, neighbourhood: leading.progress.neighbourhood });
  expect(following.intake.location?.street).toBe('6789. Sokak');
  expect(await line.attributes(following.progress.caseNumber)).toMatchObject({
    Neighbourhood: leading.progress.neighbourhood?.slug,
  });
});

test('a corrected place reaches the department with its address and pin, and nobody else', async () => {
  const { intake, progress, facts } = await recordOf('placed');
  expect(intake).toMatchObject({
    place: square,
    location: { street: '6789. Sokak' },
  });
  expect(intake.neighbourhood).toEqual(progress.neighbourhood);
  const { Neighbourhood, Department } = await line.attributes(progress.caseNumber);
  expect([Neighbourhood, Department]).toEqual([progress.neighbourhood?.slug, 'fen-isleri']);
  expect(JSON.stringify(facts)).not.toContain('6789');
  const letter = await letterTo('placed', roads, 'Kayıt düzeltildi');
  expect(letter.text).toContain('6789. Sokak');
  expect(letter.text).toContain('39.95212, 32.66721');
  expect(letter.text).toContain('Vatandaş telefonda tarif etti.');
  expect(soon).toEqual([]);
  const { html } = await openTask(await link('placed'));
  expect(html).toContain('39.95212, 32.66721');
  expect(html).toContain('Kayıt düzeltildi: Yönetici; yer');
  const [act] = (await line.store.tasks.actionsOf(progress.caseNumber)).filter(
    ({ action }) => action === 'correct',
  );
  expect(act).toMatchObject({ actor: 'Ayşe Demir', role: 'manager', street: '6789. Sokak No 5' });
});

test('a priority corrected while the citizen was asked counts when the clock runs again', async () => {
  const { progress, facts } = await recordOf('paused');
  const reasons = facts.flatMap(fact => (fact.type === 'replanned' ? [fact.reason] : []));
  expect([progress.stage, progress.priority, reasons]).toEqual(['assigned', 'p4', ['resume']]);
  const due = (await said('paused')).find(text => text.includes('hedeflenen tarih değişti'));
  expect(due).toContain('Yeni hedef:');
  expect([atHold, resumed]).toMatchObject([
    { SlaState: 'paused', CasePriority: 'p4' },
    { SlaState: 'onTrack', CasePriority: 'p4', CaseStage: 'assigned' },
  ]);
  expect(local(progress.plan.resolveBy) > '2026-12-09 10:00').toBe(true);
});

test('a road of an institution ends the case at once, with a letter and without the reason', async () => {
  const { progress } = await recordOf('passed');
  expect([progress.stage, progress.institution?.slug]).toEqual(['handedOff', 'abb']);
  const heard = await said('passed');
  expect(heard).toHaveLength(1);
  expect(heard[0]).not.toContain('Yol büyükşehrin.');
  expect(heard[0]).toMatch(/Açıklama: \S/);
  expect(progress.handOff).toMatchObject({ institution: 'abb' });
});

test('a target that was missed stays missed, and the citizen hears nothing', async () => {
  const { progress, facts } = await recordOf('late');
  expect(progress).toMatchObject({
    slaState: 'breached',
    everBreached: true,
    category: { slug: 'speed-bump' },
  });
  expect(local(progress.plan.resolveBy)).toBe('2026-12-02 10:00');
  expect(facts.some(({ type }) => type === 'corrected')).toBe(true);
  expect(await said('late')).toEqual([]);
  const { SlaState, SlaBreached, Category } = await line.attributes(progress.caseNumber);
  expect({ SlaState, SlaBreached, Category }).toEqual({
    ...{ SlaState: 'breached', SlaBreached: true, Category: 'speed-bump' },
  });
});

describe('the citizen corrects', () => {
  const actOf = async (name: Name) =>
    (await line.store.tasks.actionsOf(lifeOf(name).caseNumber)).find(({ action }) => action === 'correct');

  test('the subject: the case moves to its department with the words, and one message tells both', async () => {
    const { intake, progress, facts } = await recordOf('own');
    expect([intake.category.slug, progress.plan.desk.slug]).toEqual(['tree', 'park-ve-bahceler']);
    expect(facts).toContainEqual(
      expect.objectContaining({ type: 'corrected', subject: { from: 'pothole', to: 'tree' } }),
    );
    const heard = await said('own');
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatch(/düzelttik\.\nKonu: Ağaç[^]*Yeni birim: Park ve Bahçeler[^]*Hedeflenen çözüm/);
    const letter = await letterTo('own', parks, 'Size yönlendirilen görev');
    expect(letter.text).toContain('aslında ağaç budanacak');
    expect(await actOf('own')).toMatchObject({ role: 'citizen', subject: 'tree', actor: null, words: null });
    const { html } = await openTask(ownLink);
    expect(html).not.toContain('name="action"');
    expect(await line.attributes(progress.caseNumber)).toMatchObject({
      ...{ Category: 'tree', Department: 'park-ve-bahceler', CaseStage: 'assigned' },
    });
  });

  test('the address: the department reads it in a letter and on the page, and its question is answered', async () => {
    const { intake, progress, facts } = await recordOf('told');
    expect(intake.location?.address).toContain('8756. Sokak');
    expect([progress.stage, progress.neighbourhood?.slug]).toEqual(['assigned', 'suvari']);
    expect(JSON.stringify(facts)).not.toContain('8756');
    const letter = await letterTo('told', roads, 'Kayıt düzeltildi');
    expect(letter.text).toContain('8756. Sokak');
    expect(letter.text).toContain('8765 değil 8756');
    const { html } = await openTask(await link('told'));
    expect(html).toContain('Kayıt düzeltildi: Vatandaş; yer Süvari Mahallesi');
    expect((await said('told')).filter(text => text.includes('düzelttik'))).toEqual([
      expect.stringMatching(/düzelttik\.\nYer: Süvari Mah\., 8756\. Sokak$/),
    ]);
  });

  test('the road of a pin: the acknowledgement asks for its name, and a street stays with its department', async () => {
    const { intake, progress } = await recordOf('street');
    const heard = await said('street');
    expect(heard[0]).toContain('Konumun hangi cadde veya sokakta olduğunu da yazarsanız');
    expect(heard[1]).toMatch(/düzelttik\.\nYer: .*1357\. Sokak$/);
    expect(heard.filter(text => text.includes('düzelttik'))).toHaveLength(1);
    expect(intake.location).toMatchObject({
      road: 'street',
      source: 'pin',
      street: expect.stringContaining('1357') as string,
    });
    expect(intake.location?.roadGuessed).toBeUndefined();
    expect(progress.plan.desk.slug).toBe('fen-isleri');
    expect((await letterTo('street', roads, 'Kayıt düzeltildi')).text).toContain('1357. Sokak');
  });

  test('the road of a pin: a road of an institution is handed off to it', async () => {
    const { progress } = await recordOf('artery');
    expect([progress.stage, progress.handOff?.institution]).toEqual(['handedOff', 'abb']);
    expect((await said('artery')).at(-1)).toContain('Ankara Büyükşehir');
  });

  test('and what follows about the same matter joins the case', async () => {
    const { progress } = await recordOf('told');
    const words = (await line.store.messages.several(progress.messageIds)).map(message => message.words);
    expect(words).toContain('komşular da aynı yerden şikayetçi');
  });
});
