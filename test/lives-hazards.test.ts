import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createWebhookClient } from '../src/events/webhook-client';
import type { Mail } from '../src/local/mailbox/mails';
import { type EventReceiver, startEventReceiver } from './support/event-receiver';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { caseNumberIn, type Person } from './support/line/phones';
import { actOn, openTask } from './support/line/task-page';
import { at, local } from './support/town-case';

jest.setTimeout(60_000);

/** What a pager of the town gets. */
interface PagerEvent {
  type: string;
  data: { caseNumber: string; turn: number; times: number };
}

const hole = 'Süvari mahallesi 1234. sokakta yol çöktü, arabalar içine düşecek';
const usual = 'Süvari mahallesi 4321. sokakta kaldırım taşı oynuyor';
const bins = ['Süvari mahallesi 1210. sokakta', 'Topçu mahallesi 312. sokakta'].map(
  place => `${place} çöp konteyneri taşmış`,
);
const cleaning = 'temizlik.sorumlu@etimesgut.example';
const crewOfCleaning = 'temizlik@etimesgut.example';
const cleaningDeputy = 'baskan.yardimcisi.cevre@etimesgut.example';
const roads = 'fen.isleri@etimesgut.example';
const crew = 'fen.nobet@etimesgut.example';
const engineer = 'fen.nobet.muhendis@etimesgut.example';
const chief = 'fen.isleri.sorumlu@etimesgut.example';
const substitute = 'ali.er@etimesgut.example';
const deputy = 'baskan.yardimcisi.teknik@etimesgut.example';

/** Nights on which nobody is at work, the first and second on duty then, and who acts as the chief. */
const nights = [
  {
    name: 'a Saturday night',
    slug: 'hazards-weekend',
    begins: '2026-11-28 23:00',
    first: crew,
    second: engineer,
    acting: chief,
    reports: bins,
    opening: '2026-11-30 08:50',
  },
  {
    name: 'the first night of a bayram',
    slug: 'hazards-bayram',
    begins: '2027-03-09 23:00',
    first: engineer,
    second: crew,
    acting: substitute,
    reports: bins.slice(0, 1),
    opening: '2027-03-15 08:50',
  },
];

describe.each(nights)('a hazard on $name', ({ slug, begins, first, second, acting, reports, opening }) => {
  const pagerSecret = `whsec_${randomBytes(32).toString('base64')}`;
  let line: LifeLine;
  let pager: EventReceiver;
  let person: Person;
  let caseNumber = '';
  let receipt = '';
  let otherReceipt = '';
  /** Minutes after the beginning at which each address got a letter about the hazard. */
  const heard = new Map<string, string[]>();

  async function letters(to: string): Promise<Mail[]> {
    return (await line.phones.mails(to)).filter(({ subject }) => subject.includes(caseNumber));
  }

  /** Letters by kind, sorted: the sandbox stamps them with the real time. */
  async function lettersBy(minutes: number, many: Record<string, number>): Promise<void> {
    await line.until(local(at(begins) + minutes * 60_000));
    for (const [to, count] of Object.entries(many)) {
      await awaited(`${count} letters to ${to}`, async () => (await letters(to)).length >= count);
    }
    for (const to of [roads, crew, engineer, chief, substitute, deputy]) {
      const seen = heard.get(to) ?? [];
      const now = await letters(to);
      heard.set(to, [
        ...seen,
        ...now.slice(seen.length).map(({ subject }) => `${minutes} ${subject.split(' · ')[2]}`),
      ]);
    }
  }

  beforeAll(async () => {
    pager = await startEventReceiver();
    const client = createWebhookClient({
      ...{ url: pager.url, secrets: [pagerSecret], privateHosts: ['127.0.0.1'] },
    });
    line = await startLifeLine(slug, begins, {
      events: [{ name: 'pager', kinds: ['case.unaccepted'], client }],
    });
    if (acting !== chief) {
      await line.store.absences.add({
        id: 'chief:fen-isleri:life',
        role: 'chief:fen-isleri',
        away: { name: 'Fen İşleri Müdürü', address: chief },
        instead: { name: 'Ali Er', address: acting },
        from: new Date(at(begins) - 86_400_000),
        to: new Date(at(begins) + 86_400_000),
        ...{ addedBy: 'Ayşe Kaya', addedAt: new Date(), endedBy: null, endedAt: null },
      });
    }
    person = await line.phones.newPerson();
    const other = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: hole });
    await line.write(other, { type: 'text', body: usual });
    for (const body of reports) await line.write(await line.phones.newPerson(), { type: 'text', body });
    await line.passBurst();
    receipt = (await line.phones.hears(person, 'Bildiriminiz alındı')).text;
    otherReceipt = (await line.phones.hears(other, 'Bildiriminiz alındı')).text;
    caseNumber = caseNumberIn(receipt);
    await lettersBy(5, { [roads]: 1, [first]: 1 });
    await lettersBy(20, { [first]: 2 });
    await lettersBy(35, { [second]: 1 });
    await lettersBy(50, { [second]: 2 });
    await lettersBy(65, { [acting]: 2 });
    const link =
      (await letters(acting)).at(-1)?.links.find(url => url.startsWith(`${line.baseUrl}/t/`)) ?? '';
    await actOn(link, 'accept');
    await lettersBy(200, {});
  }, 120_000);
  afterAll(async () => {
    await line.stop();
    await pager.stop();
  });

  test('tells the citizen what happens now and names 112; other reports stay as they are', () => {
    expect(receipt).toContain('nöbetçi görevlilere hemen iletildi');
    expect(receipt).toContain('112');
    expect(otherReceipt).not.toContain('112');
  });

  test('alarms who is on duty at once, again after 15 minutes, then the next in line until somebody accepts', () => {
    const alarm = 'Tehlike bildirimi kabul bekliyor';
    expect(heard.get(first)).toEqual(['5 Yeni görev', `20 ${alarm}`, '50 Süre azalıyor (kabul süresi)']);
    expect(heard.get(second)).toEqual([`35 ${alarm}`, `50 ${alarm}`]);
    expect(heard.get(acting)).toEqual(
      expect.arrayContaining([`65 ${alarm}`, '65 Süre aşıldı (kabul süresi)']),
    );
    expect(heard.get(roads)).toEqual(['5 Yeni görev', '50 Süre azalıyor (kabul süresi)']);
    expect(heard.get(deputy)).toEqual([]);
    expect(heard.get(acting === chief ? substitute : chief)).toEqual([]);
  });

  test('posts each repetition to the pager of the town as well, without a word of the citizen', async () => {
    const received = await awaited('the events', () => pager.received.length >= 4 && pager.received);
    const events = received.map(
      ({ headers, body }) =>
        new Webhook(pagerSecret).verify(body, headers as Record<string, string>) as PagerEvent,
    );
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['case.unaccepted']));
    expect(events.map(({ data }) => `${data.turn} ${data.times}`).sort()).toEqual([
      '0 2',
      '1 1',
      '1 2',
      '2 1',
    ]);
    for (const { data } of events) expect(data).toMatchObject({ caseNumber, hazard: true, priority: 'p1' });
    expect(received.map(({ body }) => body).join()).not.toMatch(/çök|araba/);
  });

  test('marks its letters as urgent in subject, head and headers', async () => {
    for (const to of [roads, first, second, acting]) {
      for (const { subject, text, html, headers } of await letters(to)) {
        expect(subject).toMatch(/^ACİL · \S/);
        expect(text).toMatch(/^ACİL · \S/);
        expect(html).toContain(`<div style="font-size:14px;line-height:20px;">ACİL · ${caseNumber}</div>`);
        const named = (name: string) => headers.find(header => header.name.toLowerCase() === name)?.value;
        expect([named('importance'), named('x-priority')]).toEqual(['High', '1 (Highest)']);
      }
    }
    const others = (await line.phones.mails(roads)).filter(({ subject }) => !subject.includes(caseNumber));
    expect(others).toHaveLength(1);
    expect(others[0]?.subject).not.toContain('ACİL');
    expect(others[0]?.headers.map(({ name }) => name.toLowerCase())).not.toContain('importance');
  });

  test('shows in letter and record for whom somebody stands in', async () => {
    const [letter] = await letters(acting);
    const actions = await line.store.tasks.actionsOf(caseNumber);
    const name = acting === chief ? 'Fen İşleri Müdürü' : 'Ali Er (Fen İşleri Müdürü yerine)';
    expect(letter?.text).toContain(`Sayın ${name},`);
    expect(actions.map(({ action, actor, insteadOf }) => [action, actor, insteadOf])).toEqual([
      ['accept', acting, acting === chief ? undefined : 'Fen İşleri Müdürü'],
    ]);
  });

  test('is on the clock of every hour, in record, report and search attributes', async () => {
    const record = await line.store.cases.get(caseNumber);
    const { plan, hazard, stage, slaState, terms } = record?.progress ?? {};
    const received = record?.intake.receivedAt.getTime() ?? 0;
    expect({ hazard, stage, slaState }).toEqual({ hazard: true, stage: 'accepted', slaState: 'onTrack' });
    expect((plan?.resolveBy ?? 0) - received).toBe(8 * 3_600_000);
    const facts = await line.store.cases.facts(caseNumber, record?.progress?.revision ?? 0);
    expect(facts.flatMap(fact => (fact.type === 'alarmed' ? [[fact.turn, fact.times]] : []))).toEqual([
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
    // Hours later, it would ring at the slower pace of duty.yaml.
    const pace = { letters: 2, everyMs: 900_000, slow: { afterTurns: 8, everyMs: 7_200_000 } };
    expect(terms?.alarm).toEqual(pace);
    const { CasePriority, CaseStage, SlaDueAt } = await line.attributes(caseNumber);
    expect({ CasePriority, CaseStage }).toEqual({ CasePriority: 'p1', CaseStage: 'accepted' });
    expect(local((SlaDueAt as Date).getTime())).toBe(local(plan?.resolveBy ?? 0));
  });

  test('in the season of snow, reports of it reach each address as one letter in a quarter of an hour', async () => {
    const streets = [1_301, 1_403, 1_507, 1_609, 1_711];
    for (const street of streets) {
      const body = `Süvari mahallesi ${street}. sokakta yollar buz tuttu, tuzlama yapılsın`;
      await line.write(await line.phones.newPerson(), { type: 'text', body });
    }
    await line.passBurst();
    await line.until(local(at(begins) + 220 * 60_000));
    const gathered = async (to: string): Promise<Mail[]> =>
      (await line.phones.mails(to)).filter(({ subject }) => subject.includes('Birlikte bildirilenler'));
    for (const to of [roads, first]) {
      const mail = await awaited(`the letter to ${to}`, async () => (await gathered(to))[0]);
      expect([to, mail.subject]).toEqual([to, expect.stringContaining(`Birlikte bildirilenler: 5`)]);
      expect(mail.text).toContain('ACİL');
      expect(mail.text).toContain('Yeni görev');
    }
    expect(await gathered(roads)).toHaveLength(1);
    const [mail] = await gathered(roads);
    for (const url of mail?.links.filter(each => each.startsWith(`${line.baseUrl}/t/`)) ?? [])
      await actOn(url, 'accept');
  });

  test('what waited for the opening reaches a superior as one letter, with a link for each case', async () => {
    expect(await line.phones.mails(cleaning)).toEqual([]);
    await line.until(opening);
    const mail = await awaited('the letter', async () => (await line.phones.mails(cleaning))[0]);
    const tasks = mail.links.filter(url => url.startsWith(`${line.baseUrl}/t/`));
    expect(mail.subject).toContain(`Mesai başında bildirilenler: ${reports.length}`);
    expect(mail.text).toContain('Süre aşıldı (kabul süresi), Üst makama bildirim (kabul süresi)');
    expect(new Set(tasks).size).toBe(reports.length);
    for (const url of tasks) expect((await openTask(url)).status).toBe(200);
    expect(await line.phones.mails(cleaning)).toHaveLength(1);
    const gathered = await line.store.outbox.sentTo('chief:temizlik-isleri', 'mail', new Date(0));
    expect(gathered.filter(({ state }) => state !== 'accepted')).toEqual([]);
  });

  test('what falls due together at any other time reaches the department as one letter as well', async () => {
    const subjects = (await line.phones.mails(crewOfCleaning)).map(({ subject }) => subject);
    const together = subjects.filter(subject => !subject.includes('Yeni görev'));
    const one = 'Süre azalıyor (kabul süresi)';
    expect(together[0]).toContain(reports.length > 1 ? `Birlikte bildirilenler: ${reports.length}` : one);
    // Of the acceptance and of the result.
    expect(together).toHaveLength(2);
  });

  test('its last superior is reminded of what nobody accepts every week, in one letter, until it moves', async () => {
    const morning = at(opening) - 5 * 60_000;
    const onDays = async (first: number, last: number): Promise<void> => {
      for (let day = first; day <= last; day += 1) {
        await line.until(local(morning + day * 86_400_000));
        await line.run('lastRungs');
      }
    };
    const reminders = async (): Promise<Mail[]> =>
      (await line.phones.mails(cleaningDeputy)).filter(({ subject }) =>
        subject.startsWith('İlerlemeyen kayıtlar'),
      );
    await onDays(1, 16);
    const letters = await reminders();
    const [first = 0, ...later] = letters.map(({ receivedAt }) => Date.parse(receivedAt) / 86_400_000);
    expect(later.map((day, week) => Math.round(day - first) / (week + 1))).toEqual(later.map(() => 7));
    expect(later.length).toBeGreaterThan(0);
    for (const { subject } of letters) expect(subject).toContain(`İlerlemeyen kayıtlar: ${reports.length}`);
    for (const url of letters.at(-1)?.links.filter(each => each.startsWith(`${line.baseUrl}/t/`)) ?? [])
      await actOn(url, 'accept');
    await onDays(17, 24);
    expect(await reminders()).toHaveLength(letters.length);
  }, 120_000);
});
