import { composeWeeklyLetter } from '../src/mail/weekly/compose-weekly';
import type { CaseFact } from '../src/domain/case/case-events';
import { linesOf, townReport } from '../src/reports/report';
import { mailWeeklyLetter, planWeeklyLetter } from '../activities/scheduled-letters';
import { encodeLine } from '../src/reports/case-line';
import type { Letter } from '../src/mail/letters/letter-frame';
import { about, DAY, HOUR, T0 } from './support/cases';
import { municipality } from './support/task-desk';

const period = { from: T0 - 7 * DAY, to: T0 };
const desks = ['fen-isleri', 'park-ve-bahceler', 'zabita'];

const stories = Array.from({ length: 60 }, (_, number) => {
  const at = period.from + number * 2 * HOUR;
  const desk = desks[number % 3] ?? '';
  const isLate = number % 5 === 0;
  const facts = [
    { at, type: 'planned', desk },
    ...(isLate
      ? [{ at: at + HOUR, type: 'breached', clock: 'resolve', level: 1, to: 'chief', lateMs: 0 }]
      : []),
    ...(number % 4 === 0 ? [] : [{ at: at + 2 * HOUR, type: 'resolved', actionId: 'a', desk }]),
  ] as CaseFact[];
  const rating = number % 6 === 1 ? { at: at + 3 * HOUR, rating: 4 } : null;
  return { caseNumber: `PK-0000-${number}`, about, receivedAt: at, facts, rating };
});

const reportIn = (within: typeof period, told: typeof stories) =>
  townReport(municipality, within, linesOf({ municipality, closures: [] }, told));

const letterOf = (told: typeof stories) =>
  composeWeeklyLetter({
    municipality,
    recipient: 'Özel Kalem Müdürlüğü',
    week: '18–24 Kasım 2026',
    report: reportIn(period, told),
    before: reportIn({ from: period.from - 7 * DAY, to: period.from }, told),
    trends: told.length === 0 ? [] : ['Yol çukuru bildirimleri önceki haftaya göre %80 arttı (10 → 18).'],
    link: 'https://bildirim.example.org/manager/k1.a.b',
  });
const letter = letterOf(stories);

test('the week is the seven local days before the letter', async () => {
  // Monday 23 November 2026, 08:30 in Istanbul.
  const at = Date.UTC(2026, 10, 23, 5, 30);
  expect(await planWeeklyLetter({ municipality } as never)({ at })).toEqual({
    from: Date.UTC(2026, 10, 15, 21),
    to: Date.UTC(2026, 10, 22, 21),
    recipients: Object.keys(municipality.managers.recipients),
  });
});

test('HTML and plain text have the same content', () => {
  for (const form of [letter.html, letter.text]) {
    expect(form).toContain('Bu hafta 60 bildirim geldi');
    expect(form).toContain('Fen İşleri Müdürlüğü');
    expect(form).toContain('Süresinde çözüm');
    expect(form).toContain('https://bildirim.example.org/manager/k1.a.b');
    expect(form).toContain('30 günden eski');
    expect(form).toContain('0 yapıldı, 0 kabul edildi, 0 reddedildi, 0 geri alındı; 0 karar bekliyor');
    expect(form).toContain('0 iş bekliyor, 0 tarihi geçmiş');
    expect(form).toContain('Öne çıkanlar');
    expect(form).toContain('%80 arttı (10 → 18)');
    expect(form).toContain('kayıt başına 0,0');
    expect(form).toContain('0 (% 0)');
  }
  expect(letter.subject).toBe('Haftalık bildirim raporu · 18–24 Kasım 2026');
});

test('its bars are table cells, and it loads no external content', () => {
  expect(letter.html).toMatch(/<td width="\d+%" height="10" bgcolor="#[0-9a-f]{6}"/);
  expect(letter.html).not.toMatch(/<(img|script|link|svg)\b|url\(/);
  expect(Buffer.byteLength(letter.html)).toBeLessThan(100_000);
});

test('departments without work are listed, not shown as failures', () => {
  expect(letter.text).toContain('Bu hafta işi olmayanlar: Temizlik İşleri Müdürlüğü');
});

test('a week without cases says so in one line', () => {
  const { text, html } = letterOf([]);
  for (const form of [text, html]) {
    expect(form).toContain('Bu hafta bildirim gelmedi ve açık kayıt yok.');
    expect(form).toContain('https://bildirim.example.org/manager/k1.a.b');
    expect(form).not.toMatch(/Ayrıntılar|Süresinde|Öne çıkanlar/);
  }
});

test('the letter that is mailed tells what changed since the week before', async () => {
  const [line] = linesOf({ municipality, closures: [] }, stories);
  if (!line) throw new Error('there is no line');
  const received = (count: number, from: number) =>
    Array.from({ length: count }, (_, place) => encodeLine({ ...line, receivedAt: from + place * HOUR }));
  const rows = [...received(12, period.from - 7 * DAY), ...received(36, period.from)];
  let sent: Letter | undefined;
  const mail = mailWeeklyLetter({
    municipality,
    store: {
      outbox: { get: async () => null },
      managerLinks: { add: async () => undefined },
      figures: { months: async () => [{ month: 'all', edition: 'x' }], rows: async () => rows },
    },
    taskLinks: {
      issue: () => ({ token: 'k1.a.b', tokenHash: 'hash', url: 'https://bildirim.example.org/m' }),
    },
    letterOutbox: {
      send: async ({ letter: given }: { letter: Letter }) => {
        sent = given;
      },
    },
    now: () => new Date(period.to),
  } as never);
  await mail({ ...period, recipient: Object.keys(municipality.managers.recipients)[0] ?? '' });
  expect(sent?.text).toContain('bildirimleri önceki haftaya göre %200 arttı (12 → 36).');
});
