import { randomUUID } from 'node:crypto';
import { enterReport } from '../activities/staff-report';
import type { StaffReport } from '../src/store/staff-reports';
import type { PersonAct } from '../src/domain/talk/taken-talk';
import { AppError } from '../src/errors';
import { actAsManager } from '../src/temporal/manager-acts';
import type { CaseRecord } from '../src/store/case-records';
import { caseTalk } from '../src/whatsapp/case-talk';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { casesOf, citizenIdOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { roads } from './support/line/reported';
import { actOn, openTask } from './support/line/task-page';
import { municipality } from './support/town-case';

jest.setTimeout(60_000);

const desk = 'bildirim.masasi@etimesgut.example';
const words = 'Süvari mahallesi 1234. sokakta yolda derin bir çukur var';

let line: LifeLine;
const people = {} as Record<
  'caller' | 'willing' | 'muhtar' | 'writer' | 'spoken' | 'left' | 'talker',
  Person
>;
const cases = {} as Record<'caller' | 'willing' | 'visitor' | 'writer', CaseRecord>;
const muhtarCases: CaseRecord[] = [];

const enter = (given: Partial<StaffReport>): Promise<CaseRecord> =>
  enterReport(
    { municipality, store: line.store, gateway: line.gateway, now: () => new Date(line.now()) },
    {
      ...{ source: 'phone', words, pin: null, subject: 'pothole', phone: null, name: 'Zekiye Öztürkoğlu' },
      ...{ wantsWhatsApp: false, language: 'tr', by: 'Çağrı merkezi, Elif' },
      ...given,
    },
  );

const stageOf = async ({ caseNumber }: CaseRecord): Promise<string | undefined> =>
  (await line.store.cases.get(caseNumber))?.progress?.stage;

const texts = async (person: Person): Promise<string[]> =>
  (await line.phones.told(person)).map(({ text }) => text);

const page = async ({ caseNumber }: CaseRecord): Promise<string> =>
  (await openTask(await taskLink(line, roads, caseNumber))).html;

/** Acts in the chat with a citizen as the staff page does. */
async function actAs(agent: string, person: Person, act: Record<string, unknown>): Promise<string> {
  const citizenId = (await citizenIdOf(line, person)) ?? '';
  const given = { actionId: randomUUID(), person: agent, ...act } as PersonAct;
  if (given.type === 'writes') {
    const held = await line.gateway.talkHolder(citizenId);
    await line.store.outbox.prepare({
      ...{ key: given.key, channel: 'whatsapp', recipient: citizenId, caseNumber: held?.caseNumber ?? null },
      ...{ content: { type: 'text', body: given.key }, createdAt: new Date(line.now()), by: agent },
    });
  }
  try {
    await line.gateway.actInTalk(citizenId, given);
    return 'done';
  } catch (error) {
    return error instanceof AppError ? (error.reason ?? error.code) : String(error);
  }
}
const silenceMs = municipality.takeOver.silentMinutes * 60_000;
const take = (person: Person, caseNumber: string | null = null, agent = 'elif') =>
  actAs(agent, person, { type: 'takes', caseNumber, silenceMs });
const say = (person: Person, key: string, agent = 'elif') => actAs(agent, person, { type: 'writes', key });
const answers: Record<string, string> = {};

const holderOf = async (person: Person) => line.gateway.talkHolder((await citizenIdOf(line, person)) ?? '');

/** A chat that a person takes over, about a case and without one. */
async function talks(): Promise<void> {
  await line.write(people.spoken, { type: 'text', body: words });
  await line.passBurst();
  const { spoken, left, talker } = people;
  const caseNumber = caseNumberIn((await texts(spoken)).join('\n'));
  answers['caseNumber'] = caseNumber;
  answers['taken'] = await take(spoken, caseNumber);
  answers['second'] = await take(spoken, caseNumber, 'murat');
  answers['secondWords'] = await say(spoken, 'Ben de yazayım', 'murat');
  await line.write(spoken, { type: 'text', body: 'Çukur marketin tam önünde' });
  await line.write(spoken, { type: 'text', body: 'ne zaman yapılacak' });
  await line.passBurst();
  answers['silent'] = String((await texts(spoken)).length);
  await say(spoken, 'Ekip yarın sabah gelecek.');
  await line.write(spoken, { type: 'text', body: 'Apartmanda yangın çıktı, yardım edin' });
  await line.passBurst();
  await actAs('elif', spoken, { type: 'releases', category: null });
  await line.passBurst();
  answers['after'] = await say(spoken, 'Geç kaldım');
  await actAsManager(line, caseNumber, {
    act: { actionId: randomUUID(), by: 'manager', action: 'instruct' },
    ...{ actor: 'Özel Kalem Müdürlüğü', reason: 'Bugün yerinde bakılıp bana bilgi verilsin.' },
  });
  await line.passBurst();

  // Nobody writes for half an hour, and the citizen's words have no case.
  await line.write(left, { type: 'text', body: 'görevliyle görüşmek istiyorum' });
  await line.passBurst();
  await take(left);
  await line.passSeconds(25 * 60);
  await say(left, 'Buyurun, dinliyorum.');
  await line.write(left, { type: 'text', body: 'Geçen hafta da yazmıştım, belediyeden bir ses çıkmadı' });
  await line.passSeconds(25 * 60);
  answers['holding'] = String((await holderOf(left))?.person);
  await line.passSeconds(10 * 60);
  answers['ended'] = JSON.stringify(await holderOf(left));

  await line.write(talker, { type: 'text', body: 'merhaba' });
  await line.passBurst();
  await take(talker);
  await line.write(talker, { type: 'text', body: 'Süvari mahallesi 1234. sokakta lamba yanmıyor' });
  await line.passBurst();
  answers['open'] = String((await casesOf(line, talker)).length);
  await actAs('elif', talker, { type: 'releases', category: 'pothole' });
  await line.passBurst();
}

const pages = {} as Record<'caller' | 'willing' | 'visitor', string>;

beforeAll(async () => {
  line = await startLifeLine('staff-reports', '2026-11-25 10:00');
  for (const name of ['caller', 'willing', 'muhtar', 'writer', 'spoken', 'left', 'talker'] as const) {
    people[name] = await line.phones.newPerson({ name });
  }
  cases.caller = await enter({ phone: people.caller.phone });
  cases.willing = await enter({ phone: people.willing.phone, wantsWhatsApp: true, words: `${words}, no 5` });
  cases.visitor = await enter({ source: 'counter' });
  cases.writer = await enter({ phone: people.writer.phone });
  const wheres = ['Süvari', 'Yavuz Selim', 'Topçu', 'Eryaman'].map(name => `${name} mahallesinde`);
  const many = wheres.flatMap(where => Array.from({ length: 4 }, (_, at) => `${where} ${at + 1}. sokak`));
  for (const where of many) {
    const text = `${where} yolda derin bir çukur var`;
    muhtarCases.push(await enter({ source: 'muhtar', phone: people.muhtar.phone, words: text }));
  }
  await line.passBurst();
  for (const name of ['caller', 'willing', 'visitor'] as const) pages[name] = await page(cases[name]);
  await line.write(people.writer, { type: 'text', body: 'bizim çukur ne oldu' });
  await line.passBurst();
  for (const name of ['caller', 'willing', 'visitor', 'writer'] as const) {
    const link = await taskLink(line, roads, cases[name].caseNumber);
    await actOn(link, 'resolve', { words: 'Çukur kapatıldı.' });
  }
  await line.passBurst();
  await talks();
}, 300_000);
afterAll(() => line.stop());

test('a report by phone gets a number, a task and deadlines like one from WhatsApp', async () => {
  const { caseNumber, intake } = cases.caller;
  expect(intake).toMatchObject({
    category: { slug: 'pothole' },
    neighbourhood: { slug: 'suvari' },
    withNotice: false,
    entry: { source: 'phone', answer: 'call', by: 'Çağrı merkezi, Elif' },
  });
  const progress = (await line.store.cases.get(caseNumber))?.progress;
  expect(progress?.plan.desk.slug).toBe('fen-isleri');
  expect(progress?.plan.resolveBy).toBeGreaterThan(line.now());
});

test('without consent nothing is sent to the number, and the desk is asked to read the outcome out', async () => {
  expect(await texts(people.caller)).toEqual([]);
  const { caseNumber } = cases.caller;
  const letter = await line.phones.mailed(desk, caseNumber);
  expect(letter.subject).toContain('Lütfen arayınız');
  expect(letter.text).toContain('yanıtın telefonla verilmesi gerekiyor');
  const link = letter.links.find(url => url.startsWith(`${line.baseUrl}/c/`)) ?? '';
  const { html } = await openTask(link);
  expect(html).toContain(`tel:+${people.caller.phone}`);
  expect(html).toContain('Zekiye Öztürkoğlu');
  expect(html).toContain('Çukur kapatıldı.');
});

test('the call is listed as open until the desk enters it, and the case says who called and when', async () => {
  const { caseNumber } = cases.caller;
  const letter = await line.phones.mailed(desk, caseNumber);
  const link = letter.links.find(url => url.startsWith(`${line.baseUrl}/c/`)) ?? '';
  expect(await line.store.stories.calling()).toContain(caseNumber);
  expect(await line.attributes(caseNumber)).toMatchObject({ CitizenCall: 'asked' });
  const { html } = await openTask(link);
  const hidden = Object.fromEntries(
    [...html.matchAll(/name="(nonce|seen)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  const body = new URLSearchParams({ ...hidden, result: 'reached', words: 'Teşekkür etti.' });
  expect(await (await fetch(link, { method: 'POST', body })).text()).toContain('okunmuş sayıldı');
  const progress = await awaited('the record', async () => {
    const found = (await line.store.cases.get(caseNumber))?.progress;
    return found?.call?.step === 'reached' && found;
  });
  const facts = await line.store.cases.facts(caseNumber, progress.revision);
  const done = facts.findLast(fact => fact.type === 'called');
  expect(done).toMatchObject({ step: 'reached', actionId: hidden['nonce'] });
  expect(await line.store.tasks.action(hidden['nonce'] ?? '')).toMatchObject({ caseNumber, actor: desk });
  expect(await line.store.stories.calling()).not.toContain(caseNumber);
});

test('with consent the receipt and the outcome arrive as templates', async () => {
  const told = await texts(people.willing);
  expect(told).toHaveLength(2);
  expect(told[0]).toContain(cases.willing.caseNumber);
  expect(told[1]).toContain('Çukur kapatıldı.');
});

test('somebody without a number is asked nothing and called by nobody', async () => {
  expect(await stageOf(cases.visitor)).toBe('resolved');
  const letters = await line.phones.mails(desk);
  expect(letters.filter(({ subject }) => subject.includes(cases.visitor.caseNumber))).toEqual([]);
  expect(pages.visitor).toContain('Başvuran numara bırakmadı');
  expect(pages.visitor).not.toContain('name="action" value="askCitizen"');
  expect(pages.caller).toContain('name="action" value="askCitizen"');
});

test('a caller who writes later sees the case in the chat and gets the outcome there', async () => {
  const told = await texts(people.writer);
  expect(told[0]).toContain(cases.writer.caseNumber);
  expect(told.at(-1)).toContain('Çukur kapatıldı.');
  const letters = await line.phones.mails(desk);
  expect(letters.filter(({ subject }) => subject.includes(cases.writer.caseNumber))).toEqual([]);
});

test('a muhtar may report more matters than a citizen may have open', async () => {
  expect(muhtarCases.length).toBeGreaterThan(municipality.conversation.mostOpenCases);
  const stages = await awaited('all cases', async () => {
    const found = await Promise.all(muhtarCases.map(stageOf));
    return found.every(stage => stage !== undefined) && found;
  });
  expect(new Set(stages)).toEqual(new Set(['assigned']));
});

test('the page says how the report came and how it is answered', () => {
  expect(pages.caller).toContain('Bildirim telefonla geldi. Kaydı giren: Çağrı merkezi, Elif.');
  expect(pages.caller).toContain('telefonla bildirilir');
  expect(pages.willing).toContain('WhatsApp ile bildirilir');
});

describe('while a person holds the chat', () => {
  it('the line is silent, nobody else writes, and the citizen is told when it begins and ends', async () => {
    expect([answers['taken'], answers['second'], answers['secondWords'], answers['after']]).toEqual([
      'done',
      'talkHeld',
      'talkHeld',
      'taskEnded',
    ]);
    const told = await texts(people.spoken);
    // The receipt and the news of the person.
    expect(answers['silent']).toBe('2');
    expect(told[1]).toContain('bir görevlimiz devraldı');
    expect(told).toContain('Ekip yarın sabah gelecek.');
    expect(told.at(-1)).toContain('yeniden kendiliğinden yanıt veriyor');
    expect(told.join()).not.toContain('Ben de yazayım');
  });

  it('danger is answered at once all the same', async () => {
    const told = await texts(people.spoken);
    expect(told.some(text => text.includes("HEMEN 112'yi"))).toBe(true);
    const letters = await line.phones.mails(desk);
    expect(letters.some(({ text }) => text.includes('Apartmanda yangın'))).toBe(true);
  });

  it('what the citizen wrote is in the case after its end, and what the person wrote in its talk', async () => {
    const caseNumber = answers['caseNumber'] ?? '';
    const { messageIds = [] } = (await line.store.cases.get(caseNumber))?.progress ?? {};
    const said = (await line.store.messages.several(messageIds)).map(message => message.words);
    expect(said).toEqual([
      words,
      'Çukur marketin tam önünde',
      'ne zaman yapılacak',
      'Apartmanda yangın çıktı, yardım edin',
    ]);
    const { lines } = await caseTalk(line.store, caseNumber);
    expect(lines.map(each => each.words)).toContain('Ekip yarın sabah gelecek.');
  });

  it('half an hour of silence gives it back, and the desk gets what nobody answered', async () => {
    expect([answers['holding'], answers['ended']]).toEqual(['elif', 'null']);
    const told = await texts(people.left);
    expect(told.at(-1)).toContain('yeniden kendiliğinden yanıt veriyor');
    const letters = await line.phones.mails(desk);
    expect(letters.some(({ text }) => text.includes('belediyeden bir ses çıkmadı'))).toBe(true);
  });

  it('a report in the chat becomes a case of the subject that the person chose', async () => {
    expect(answers['open']).toBe('0');
    const [caseNumber = ''] = await casesOf(line, people.talker);
    const record = await line.store.cases.get(caseNumber);
    expect(record?.intake.category.slug).toBe('pothole');
  });
});

test('an instruction is mailed to the department with its words, and does not move the case', async () => {
  const caseNumber = answers['caseNumber'] ?? '';
  const letters = await line.phones.mails(roads);
  const letter = letters.find(({ subject }) => subject.includes(`talimatı · ${caseNumber}`));
  expect(letter?.text).toContain('Bugün yerinde bakılıp bana bilgi verilsin.');
  const record = await line.store.cases.get(caseNumber);
  expect(record?.progress?.stage).toBe('assigned');
  const told = (await texts(people.spoken)).join();
  expect(told).not.toContain('bilgi verilsin');
});
