import { enterReport, type StaffReport } from '../activities/staff-report';
import type { CaseRecord } from '../src/store/case-records';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { taskLink } from './support/line/cases-of-line';
import type { Person } from './support/line/phones';
import { roads } from './support/line/reported';
import { actOn, openTask } from './support/line/task-page';
import { municipality } from './support/town-case';

jest.setTimeout(60_000);

const desk = 'bildirim.masasi@etimesgut.example';
const words = 'Süvari mahallesi 1234. sokakta yolda derin bir çukur var';

let line: LifeLine;
const people = {} as Record<'caller' | 'willing' | 'muhtar' | 'writer', Person>;
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

const pages = {} as Record<'caller' | 'willing' | 'visitor', string>;

beforeAll(async () => {
  line = await startLifeLine('staff-reports', '2026-11-25 10:00');
  for (const name of ['caller', 'willing', 'muhtar', 'writer'] as const) {
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
