import type { CaseProgress } from '../src/domain/case/case';
import type { CaseFact } from '../src/domain/case/case-events';
import type { Mail } from '../src/local/mailbox/mails';
import { linesOf, townReport } from '../src/reports/report';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { actOn } from './support/line/task-page';
import { bounceMail } from './support/mails';
import { storiesOf } from './support/whole-records';
import { at, municipality } from './support/town-case';

jest.setTimeout(60_000);

const aski = 'bildirim@aski.example';
const desk = 'bildirim.masasi@etimesgut.example';
const name = 'Zekiye Öztürkoğlu';
const words = {
  water: 'Süvari mah. 1234. sokakta sular kesik, su yok',
  light: 'Süvari mahallesi 1234. sokakta sokak lambası yanmıyor',
  food: 'Süvari mahallesindeki markette bozuk gıda satılıyor, son kullanma tarihi geçmiş',
};

const later = 'dün de geldiler baktılar ama yapmadan gittiler';
const neighbour = '0532 111 22 33';

interface Life {
  person: Person;
  caseNumber: string;
}
const reports = {
  ...{ answered: words.water, silent: words.water, returned: words.water, recalled: words.water },
  ...{ bounced: words.water, shown: words.water, follower: pothole, lost: words.water },
  ...{ desk: words.light, idle: words.light, law: words.food, department: pothole, added: words.water },
} as const;
type Name = keyof typeof reports;
const names = Object.keys(reports) as Name[];
const lives = new Map<Name, Life>();
const lifeOf = (life: Name): Life => lives.get(life) as Life;

let line: LifeLine;

const progressOf = async (life: Name): Promise<CaseProgress> => {
  const progress = (await line.store.cases.get(lifeOf(life).caseNumber))?.progress;
  if (!progress) throw new Error('the case has no record');
  return progress;
};
async function factsOf(life: Name): Promise<CaseFact[]> {
  const { caseNumber, revision } = await progressOf(life);
  return line.store.cases.facts(caseNumber, revision);
}
const stepsOf = async (life: Name): Promise<string[]> =>
  (await factsOf(life)).flatMap(fact => (fact.type === 'handOff' ? [fact.step] : []));
const reached = (life: Name, step: string): Promise<true> =>
  awaited(`${life}: ${step}`, async () => (await progressOf(life)).handOff?.step === step);
const heard = async (life: Name, part: string): Promise<string> =>
  (await line.phones.hears(lifeOf(life).person, part)).text;

/** The letters about a case to an address, as states from their subjects. */
const lettersTo = async (life: Name, address: string): Promise<Mail[]> =>
  (await line.phones.mails(address)).filter(({ subject }) => subject.includes(lifeOf(life).caseNumber));
const statesTo = async (life: Name, address: string): Promise<string[]> =>
  (await lettersTo(life, address)).map(({ subject }) => subject.split(' · ')[1] ?? '');

/** Waits for a letter with this state. Returns the link to its page. */
async function linkIn(life: Name, address: string, state: string, count = 1): Promise<string> {
  const mail = await awaited(`${state} about ${life}`, async () => {
    const found = (await lettersTo(life, address)).filter(({ subject }) => subject.includes(state));
    return found.length >= count && found.at(-1);
  });
  return mail.links.find(url => url.startsWith(`${line.baseUrl}/k/`)) ?? '';
}

const pageOf = async (link: string): Promise<string> => (await fetch(link)).text();

async function answer(link: string, given: string, said = ''): Promise<string> {
  const [, nonce = ''] = /name="nonce" value="([^"]*)"/.exec(await pageOf(link)) ?? [];
  const body = new URLSearchParams({ nonce, answer: given, words: said });
  return (await fetch(link, { method: 'POST', body })).text();
}

/** The answer to the photo on the page of the institution. */
let photo: unknown;
const pages: Partial<Record<'institution' | 'ended' | 'desk' | 'law', string>> = {};

beforeAll(async () => {
  line = await startLifeLine('hand-off', '2026-11-25 10:00');
  for (const life of names) {
    const person = await line.phones.newPerson({ name });
    const body = reports[life];
    const shown = { type: 'image', sample: 'pothole', caption: body };
    await line.write(person, life === 'shown' ? shown : { type: 'text', body });
    lives.set(life, { person, caseNumber: '' });
  }
  await line.passBurst();
  for (const [life, { person }] of lives) {
    const { text } = await line.phones.hears(person, /PK-/);
    lives.set(life, { person, caseNumber: caseNumberIn(text) });
  }

  const first = await linkIn('answered', aski, 'Görev alanınızdaki bildirim');
  await reached('answered', 'mailed');
  const { events } = await line.handle(lifeOf('answered').caseNumber).fetchHistory();
  begun.push(
    ...(events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
    ),
  );
  pages.institution = await pageOf(first);
  await answer(first, 'taken', 'Ekip yönlendirildi.');
  await reached('answered', 'taken');
  await answer(first, 'question', 'Kapı numarası kaç?');
  await reached('answered', 'question');
  await answer(await linkIn('answered', desk, 'Kurumun sorusu var'), 'reply', 'Kapı numarası 12.');
  await reached('answered', 'replied');
  await linkIn('answered', aski, 'Sorunuz yanıtlandı');
  await answer(first, 'done', 'Vana onarıldı.');
  await reached('answered', 'done');
  pages.ended = await pageOf(first);

  const showing = await linkIn('shown', aski, 'Görev alanınızdaki');
  const [, src = ''] = /<img[^>]* src="([^"]*photos[^"]*)"/.exec(await pageOf(showing)) ?? [];
  photo = await awaited('the photo', async () => {
    const { status, headers } = await fetch(new URL(src, showing));
    return status === 200 && [status, headers.get('content-type')];
  });

  await linkIn('bounced', aski, 'Görev alanınızdaki');
  const [bouncing] = await lettersTo('bounced', aski);
  await line.takeMail(bounceMail({ address: aski, messageId: bouncing?.messageId ?? '' }));
  await reached('bounced', 'undelivered');
  await answer(await linkIn('bounced', desk, 'Kuruma iletilecek'), 'passedOn');
  await reached('bounced', 'passedOn');

  const { person: adding } = lifeOf('added');
  await reached('added', 'mailed');
  await line.write(adding, { type: 'text', body: `${later} komşu ${neighbour}` });
  await line.passBurst();
  await line.phones.hears(adding, 'yetkili kuruma ilettik');
  await line.write(adding, { type: 'text', body: 'pardon sokak numarası 1989 olacaktı' });
  await line.passBurst();
  await line.phones.hears(adding, 'düzelttik');
  await line.write(adding, { type: 'text', body: 'ne oldu bizim iş bakıldı mı' });
  await line.passBurst();
  await answer(await linkIn('added', aski, 'Vatandaş ekleme yaptı', 2), 'done', 'Vana onarıldı.');
  await reached('added', 'done');

  await answer(await linkIn('returned', aski, 'Görev alanınızdaki'), 'notOurs', 'Site içi tesisat.');
  await reached('returned', 'notOurs');

  const passing = await linkIn('desk', desk, 'Kuruma iletilecek');
  pages.desk = await pageOf(passing);
  pages.law = await pageOf(await linkIn('law', desk, 'Kuruma iletilecek'));
  await answer(passing, 'passedOn', 'Başvuru no 778899.');
  await reached('desk', 'passedOn');

  const leader = lifeOf('department').caseNumber;
  const joining = { actionId: 'joins', action: 'join', task: 1, leader } as const;
  await line.gateway.act(lifeOf('follower').caseNumber, joining);
  await awaited('the leading case', async () => (await progressOf('department')).members.length > 0);
  const task = await taskLink(line, roads, leader);
  await actOn(task, 'handOff', { institution: 'aski', words: 'Kazıyı ASKİ yaptı.' });
  await reached('department', 'mailed');
  await answer(await linkIn('department', aski, 'Görev alanınızdaki'), 'done', 'Yol onarıldı.');
  await reached('department', 'done');

  await line.handle(`handoff-${lifeOf('lost').caseNumber}-1`).terminate('lost');
  for (const life of ['recalled', 'lost'] as const) {
    await line.tap(lifeOf(life).person, 'İtiraz ediyorum');
    const chief = 'bildirim.masasi.sorumlu@etimesgut.example';
    await line.passSeconds(5);
    const decision = (await line.phones.mails()).findLast(
      ({ subject }) => subject.includes(lifeOf(life).caseNumber) && subject.includes('kararınız'),
    );
    await actOn(decision?.links.find(url => url.includes('/t/')) ?? chief, 'reopen', { words: 'Bizde.' });
    await reached(life, 'recalled');
  }

  await line.write(lifeOf('silent').person, { type: 'text', body: 'aradım kimse açmıyor' });
  await line.passBurst();
  for (const moment of ['2026-11-27 16:00', '2026-12-01 16:00', '2026-12-03 16:00']) await line.until(moment);
  await reached('idle', 'notPassedOn');
  await line.until('2026-12-05 12:00');
  await reached('silent', 'reminded');
  await line.until('2026-12-15 12:00');
  await reached('silent', 'deskReminded');
  await line.until('2026-12-25 12:00');
  await reached('silent', 'silent');
}, 400_000);
afterAll(() => line.stop());

/** The activities of the case's first run, in order. */
const begun: string[] = [];

test('the citizen hears that a letter went, after it was in the outbox', async () => {
  const text = await heard('answered', 'görev alanında değildir');
  expect(text).toContain('Bildiriminizi yetkili kuruma e-postayla ilettik: ASKİ Genel Müdürlüğü');
  expect(begun.filter(name => name !== 'recordCase')).toEqual(['passOn', 'tellCitizen']);
  const letter = await line.store.outbox.get(`${lifeOf('answered').caseNumber}:handoff:1:1`);
  expect(letter).toMatchObject({ state: 'accepted', recipient: 'institution:aski' });
});

test('the letter holds the matter with a page, and neither name nor number', async () => {
  const [letter] = await lettersTo('answered', aski);
  expect(letter?.text).toContain('sular kesik');
  expect(letter?.text).toContain('Süvari');
  for (const part of [letter?.text, letter?.html, pages.institution]) {
    for (const secret of [name, lifeOf('answered').person.phone]) expect(part).not.toContain(secret);
  }
  expect(pages.institution).toContain('sular kesik');
  expect(pages.ended).toContain('Yapılacak işlem yok');
  expect(pages.ended).not.toContain('sular kesik');
});

test('the citizen hears each answer of the institution, and the desk replies to its question', async () => {
  expect(await stepsOf('answered')).toEqual(['mailed', 'taken', 'question', 'replied', 'done']);
  expect(await heard('answered', 'işleme aldığını bildirdi')).toContain('Ekip yönlendirildi.');
  expect(await heard('answered', 'sonuçlandırdığını bildirdi')).toContain('Vana onarıldı.');
  const told = await line.phones.told(lifeOf('answered').person);
  expect(told.map(({ text }) => text).join('\n')).not.toContain('Kapı numarası');
  const reply = (await lettersTo('answered', aski)).find(({ subject }) => subject.includes('Sorunuz'));
  expect(reply?.text).toContain('Kapı numarası 12.');
  expect(await progressOf('answered')).toMatchObject({ stage: 'handedOff', outcome: 'handedOff' });
});

test('a matter that is not theirs comes back to the desk that sorts, and the citizen hears it', async () => {
  const text = await heard('returned', 'kendi görev alanında olmadığını bildirdi');
  expect(text).toContain('Site içi tesisat.');
  expect(text).toContain('Hedeflenen çözüm');
  expect(await progressOf('returned')).toMatchObject({ stage: 'triage', outcome: null, reopenCount: 0 });
  expect((await statesTo('returned', desk))[0]).toBe('Yeniden açıldı');
  expect(await line.attributes(lifeOf('returned').caseNumber)).toMatchObject({ CaseStage: 'triage' });
});

test('without an address the desk passes it on with the ready text, and only then the citizen hears it', async () => {
  expect(await heard('desk', 'görev alanında değildir')).toContain('görevlimiz mesai saatlerinde');
  expect(pages.desk).toMatch(/<textarea id="ready"[^>]*>[^<]*sokak lambası yanmıyor/);
  expect(pages.desk).not.toContain(name);
  const text = await heard('desk', 'yetkili kuruma ilettik');
  expect(text).toContain('Başvuru no 778899.');
});

test('name and number are on the page where the configuration says that the law asks for them', () => {
  expect(pages.law).toContain(name);
  expect(pages.law).toContain(lifeOf('law').person.phone);
  expect(pages.law).toContain('3071 sayılı Kanun m. 4');
});

test('a desk that does not pass it on is asked again, and then the citizen is told to call', async () => {
  expect(await stepsOf('idle')).toEqual(['deskAsked', 'notPassedOn']);
  expect(await statesTo('idle', desk)).toEqual(Array(3).fill('Kuruma iletilecek bildirim'));
  expect(await heard('idle', 'iletemedik')).toContain('186');
});

test('a letter to the institution that came back has the desk pass the matter on', async () => {
  expect((await stepsOf('bounced')).slice(0, 3)).toEqual(['mailed', 'undelivered', 'passedOn']);
  expect(await heard('bounced', 'yetkili kuruma ilettik')).toContain('ASKİ');
  expect(await progressOf('bounced')).toMatchObject({ handOff: { way: 'desk' } });
});

test('a department hands off by letter', async () => {
  const text = await heard('department', 'e-postayla ilettik');
  expect(text).toContain('Kazıyı ASKİ yaptı.');
  expect(await statesTo('department', aski)).toContain('Görev alanınızdaki bildirim');
});

test('whoever follows that case hears of the hand-off and of its answer as well', async () => {
  expect(await heard('follower', 'e-postayla ilettik')).toContain('ASKİ');
  expect(await heard('follower', 'sonuçlandırdığını bildirdi')).toContain('Yol onarıldı.');
  expect(await progressOf('follower')).toMatchObject({ stage: 'handedOff', handOff: { step: 'done' } });
  expect(await lettersTo('follower', aski)).toEqual([]);
});

test('a photo that was fetched after the hand-off is on the page of the institution', () => {
  expect(photo).toEqual([200, 'image/jpeg']);
});

test('each institution is given its own number of days to answer', async () => {
  const waited = async (life: Name, step: string): Promise<number> => {
    const steps = (await factsOf(life)).filter(fact => fact.type === 'handOff');
    const place = steps.findIndex(fact => fact.step === step);
    return Math.round(((steps[place]?.at ?? 0) - (steps[place - 1]?.at ?? 0)) / 86_400_000);
  };
  const daysOf = (slug: string): unknown => {
    const handling = municipality.institutions[slug]?.handOff;
    return typeof handling === 'object' ? handling.answerDays : null;
  };
  expect([await waited('silent', 'reminded'), daysOf('aski')]).toEqual([10, 10]);
  expect([await waited('desk', 'deskReminded'), daysOf('baskent-edas')]).toEqual([7, 7]);
});

test.each(['recalled', 'lost'] as const)(
  'the institution hears that a case was taken back (%s)',
  async life => {
    await awaited('the recall', async () => (await lettersTo(life, aski)).length > 1);
    expect(await statesTo(life, aski)).toEqual([
      'Görev alanınızdaki bildirim',
      'İşlem yapmanıza gerek kalmadı',
    ]);
    const [matter, recall] = await lettersTo(life, aski);
    expect(matter?.text).toContain('Vatandaşın yazdıkları');
    expect(recall?.text).not.toMatch(/Vatandaşın yazdıkları|Yer:|Konum:/);
    expect(await progressOf(life)).toMatchObject({ outcome: null });
  },
);

test('a silent institution is reminded, then the desk, and the citizen hears it', async () => {
  expect(await stepsOf('silent')).toEqual(['mailed', 'reminded', 'deskReminded', 'silent']);
  expect(await statesTo('silent', aski)).toEqual([
    'Görev alanınızdaki bildirim',
    'Hatırlatma: yanıtınız bekleniyor',
  ]);
  expect(await statesTo('silent', desk)).toEqual(['Kurumdan yanıt gelmedi']);
  expect(await heard('silent', 'sonucunu bize bildirmedi')).toContain('185');
});

test('"kimse açmıyor" leads to the desk, which gets the page of the hand-off', async () => {
  const letters = await line.phones.mails(desk);
  const wish = letters.find(({ text }) => text.includes('aradım kimse açmıyor'));
  expect(wish?.text).toContain(`${lifeOf('silent').caseNumber}, ASKİ Genel Müdürlüğü`);
  expect(wish?.links.some(url => url.startsWith(`${line.baseUrl}/k/`))).toBe(true);
});

test('words after the hand-off reach the institution, and a correction stands in its letter and on its page', async () => {
  const [, first, second] = await lettersTo('added', aski);
  expect(first?.text).toContain(later);
  expect(second?.text).toMatch(/Yer: *Süvari Mah., 1989\. Sokak/);
  for (const letter of [first, second])
    for (const secret of [name, neighbour]) expect(letter?.html).not.toContain(secret);
  const told = (await line.phones.told(lifeOf('added').person)).map(({ text }) => text);
  expect(told[1]).toContain('yazdıklarınızı yetkili kuruma ilettik: ASKİ Genel Müdürlüğü');
  expect(told[2]).toMatch(/düzelttik\.\nYer: Süvari Mah., 1989\. Sokak\n\n.*yetkili kuruma ilettik/);
  expect(told[3]).toContain('Durum: Yetkili kuruma');
  expect(await progressOf('added')).toMatchObject({ stage: 'handedOff', task: 0 });
  expect(await stepsOf('added')).toEqual(['mailed', 'done']);
});

test('an emergency line gets nothing, and the citizen is told so', async () => {
  const person = await line.phones.newPerson({ name });
  await line.write(person, { type: 'text', body: pothole });
  await line.passBurst();
  const caseNumber = caseNumberIn((await line.phones.hears(person, 'Bildiriminiz alındı')).text);
  const task = await taskLink(line, roads, caseNumber);
  await actOn(task, 'handOff', { institution: 'acil-112', words: 'Asayiş konusudur.' });
  const { text } = await line.phones.hears(person, 'Asayiş konusudur.');
  expect(text).toContain('Kaydınız kuruma iletilmemiştir; lütfen kurumu arayınız.');
  expect((await line.store.cases.get(caseNumber))?.progress?.handOff).toBeNull();
});

test('hand-offs are counted by institution', async () => {
  const period = { from: at('2026-11-25 00:00'), to: at('2026-12-26 00:00') };
  const stories = await storiesOf(line.store);
  const { institutions } = townReport(municipality, period, linesOf({ municipality, closures: [] }, stories));
  expect(institutions.find(({ slug }) => slug === 'aski')).toMatchObject({
    ...{ count: 7, answered: 4, answeredShare: 4 / 7, done: 3, notOurs: 1, silent: 3 },
    waiting: 0,
  });
  expect(institutions.find(({ slug }) => slug === 'baskent-edas')).toMatchObject({ notPassedOn: 1 });
});

test('open hand-offs are listed by institution', async () => {
  const { number } = (await progressOf('department')).handOff ?? {};
  const { typedSearchAttributes, type } = await line
    .handle(`handoff-${lifeOf('department').caseNumber}-${number}`)
    .describe();
  const found = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
  expect([type, found]).toEqual(['handOff', [['Department', 'aski']]]);
});

test('no workflow of a hand-off holds the name, the number or a text', async () => {
  for (const life of ['answered', 'law'] as const) {
    const { caseNumber, person } = lifeOf(life);
    const { number } = (await progressOf(life)).handOff ?? {};
    const { events } = await line.handle(`handoff-${caseNumber}-${number}`).fetchHistory();
    const history = Buffer.from(JSON.stringify(events ?? [])).toString();
    const decoded = history.replace(/"data":"([^"]+)"/g, (_, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    for (const secret of [name, person.phone, 'Ekip', 'Vana', 'bozuk', 'aski.example'])
      expect(decoded).not.toContain(secret);
  }
});
