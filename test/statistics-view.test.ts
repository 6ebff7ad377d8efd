import { changeText, inPlace, trendsOf } from '../src/reports/comparison';
import { figuresOf } from '../src/reports/figure-groups';
import { hoursOf, stepsOf } from '../src/reports/series';
import { csvOf } from '../src/reports/report-table';
import { figureQuery } from '../src/temporal/manager-views';
import { createManagerPages } from '../src/web/manager/manager-page';
import { comparedPeriods, readStatisticsQuery, urlOf } from '../src/web/manager/statistics-query';
import { type StatisticsLinks, statisticsView } from '../src/web/manager/statistics-view';
import { DAY, HOUR } from './support/cases';
import { generatedYear, linesOfYear } from './support/generated-year';
import { municipality } from './support/town-case';

// Tuesday 1 December 2026, 12:00 in Istanbul.
const at = Date.UTC(2026, 11, 1, 9);
const cases = [...generatedYear(3, 3_000, 2026), ...generatedYear(4, 2_500, 2025)];
const lines = linesOfYear(cases);

const viewOf = (query: Record<string, string>) => {
  const asked = readStatisticsQuery(query, municipality);
  const compared = comparedPeriods(asked.period, municipality.timeZone, at);
  const links: StatisticsLinks = {
    list: (figure, scope) => `list${urlOf({ ...asked, scope })}&sayi=${figure}`,
    temporal: figure => `temporal?sayi=${figure}`,
    csv: { figures: 'figures.csv', rows: 'rows.csv' },
  };
  return statisticsView(municipality, lines, asked, compared, links);
};

test.each([
  ['Eryaman', 'Eryaman’da'],
  ['Süvari', 'Süvari’de'],
  ['Atayurt', 'Atayurt’ta'],
  ['Piyade', 'Piyade’de'],
  ['Topçu', 'Topçu’da'],
  ['Göksu', 'Göksu’da'],
  ['Şeyh Şamil', 'Şeyh Şamil’de'],
  ['Bahçekapı', 'Bahçekapı’da'],
  ['Elvanköy', 'Elvanköy’de'],
  ['Altay 3', 'Altay 3’te'],
])('%s in the locative is %s', (name, expected) => {
  expect(inPlace(name)).toBe(expected);
});

test.each([
  [18, 10, '%80 arttı'],
  [10, 20, '%50 azaldı'],
  [1_000, 1_001, 'değişmedi'],
])('from %d after %d: %s', (now, before, text) => {
  expect(changeText(now, before)).toBe(text);
});

test('a change is told in words, and nothing about fewer cases than the minimum', () => {
  const [first] = cases;
  if (!first) throw new Error('no case');
  const received = (count: number, from: number, neighbourhood: string) =>
    Array.from({ length: count }, (_, place) => ({
      ...{ ...first, subject: 'street-light', neighbourhood, receivedAt: from + place * HOUR },
    }));
  const now = { from: at - 30 * DAY, to: at };
  const before = { from: at - 60 * DAY, to: at - 30 * DAY };
  const some = linesOfYear([
    ...received(36, now.from, 'eryaman'),
    ...received(20, before.from, 'eryaman'),
    ...received(9, now.from, 'suvari'),
    ...received(2, before.from, 'suvari'),
  ]);
  const names = { subject: () => 'Sokak lambası', neighbourhood: () => 'Eryaman' };
  const options = { scope: {}, fewest: 10, limit: 3, since: 'geçen aya göre', names };
  const told = trendsOf(some, { now, before }, options);
  expect(told.map(({ text }) => text)).toEqual([
    'Sokak lambası bildirimleri geçen aya göre %105 arttı (22 → 45).',
  ]);
  const there = trendsOf(some, { now, before }, { ...options, scope: { subject: 'street-light' } });
  expect(there.map(({ text }) => text)).toEqual([
    'Eryaman’da bildirimler geçen aya göre %80 arttı (20 → 36).',
  ]);
  expect(trendsOf(some, { now, before }, { ...options, fewest: 50 })).toEqual([]);
});

test('a period so far is compared with as many days of the one before and of last year', () => {
  const iso = (of: 'bu-ay' | 'gecen-ay' | 'yedi-gun') =>
    Object.values(comparedPeriods(of, 'Europe/Istanbul', at)).map(
      ({ from, to }: { from: number; to: number }) =>
        [from, to].map(time => new Date(time + 3 * HOUR).toISOString().slice(0, 16)),
    );
  expect(iso('bu-ay')).toEqual([
    ['2026-12-01T00:00', '2026-12-01T12:00'],
    ['2026-11-01T00:00', '2026-11-01T12:00'],
    ['2025-12-01T00:00', '2025-12-01T12:00'],
  ]);
  expect(iso('gecen-ay')[1]).toEqual(['2026-10-01T00:00', '2026-11-01T00:00']);
  expect(iso('yedi-gun')[1]).toEqual(['2026-11-18T00:00', '2026-11-24T12:00']);
});

test('unknown filters are ignored', () => {
  const asked = readStatisticsQuery({ donem: 'x', mudurluk: '<b>', konu: 'pothole' }, municipality);
  expect(asked).toEqual({
    ...{ period: 'otuz-gun', scope: { subject: 'pothole' } },
    ...{ part: 'gidisat', isWhole: false },
  });
  expect(readStatisticsQuery({ bolum: 'toString' }, municipality).part).toBe('gidisat');
  expect(readStatisticsQuery({ donem: 'constructor' }, municipality).period).toBe('otuz-gun');
});

test('weeks and hours add up to the figures of the period', () => {
  const period = { from: at - 100 * DAY, to: at };
  const starts = Array.from({ length: 15 }, (_, week) => period.from + week * 7 * DAY);
  for (const scope of [{}, { department: 'fen-isleri' }, { subject: 'pothole', neighbourhood: 'suvari' }]) {
    const { received, answered, resolve } = figuresOf(lines, period, scope);
    const steps = stepsOf(lines, period, starts, scope);
    const sum = (of: (step: (typeof steps)[number]) => number): number =>
      steps.reduce((all, step) => all + of(step), 0);
    expect(sum(step => step.received)).toBe(received);
    expect(sum(step => step.answered)).toBe(Object.values(answered).reduce((all, each) => all + each, 0));
    expect([sum(step => step.onTime), sum(step => step.late)]).toEqual([resolve.onTime, resolve.late]);
    const hours = hoursOf(lines, period, time => Math.floor(time / HOUR) % 168, scope);
    expect(hours.flat().reduce((all, each) => all + each, 0)).toBe(received);
  }
});

test('each figure leads to its cases, and each name to the page about it', async () => {
  const { tiles, group, filters } = await viewOf({ donem: 'gecen-ay', konu: 'pothole', bolum: 'mahalleler' });
  const { url, temporalUrl } = tiles[0] ?? {};
  expect([url, temporalUrl]).toEqual([
    'list?donem=gecen-ay&konu=pothole&bolum=mahalleler&sayi=received',
    'temporal?sayi=received',
  ]);
  const [first] = group.rows;
  expect(group.title).toBe('Mahalleler');
  expect(first?.url).toMatch(/^\?donem=gecen-ay&konu=pothole&mahalle=[a-z0-9-]+&bolum=mahalleler$/);
  expect(first?.cells[0]?.url).toContain('&mahalle=');
  expect(filters).toEqual([{ name: 'Yol çukuru', url: '?donem=gecen-ay&bolum=mahalleler' }]);
});

const { now: lastMonth } = comparedPeriods('gecen-ay', municipality.timeZone, at);
const during =
  "StartTime >= '2026-10-31T21:00:00.000Z' AND StartTime < '2026-11-30T21:00:00.000Z' AND Category = 'pothole'";

test.each([
  ['received', `WorkflowType = 'reportCase' AND ${during}`],
  ['answered', `WorkflowType = 'reportCase' AND CaseOutcome IS NOT NULL AND ${during}`],
  ['late', `WorkflowType = 'reportCase' AND SlaBreached = true AND ${during}`],
  ['reopened', `WorkflowType = 'reportCase' AND ReopenCount > 0 AND ${during}`],
  ['open', "WorkflowType = 'reportCase' AND ExecutionStatus = 'Running' AND Category = 'pothole'"],
] as const)('the Temporal UI lists the cases behind %s', (figure, query) => {
  expect(figureQuery(figure, lastMonth, { subject: 'pothole' })).toBe(query);
});

test('a share or median of fewer results than the minimum is not shown', async () => {
  const { tiles } = await viewOf({ donem: 'yedi-gun', konu: 'pothole', mahalle: 'suvari' });
  const whole = await viewOf({ donem: 'on-iki-ay' });
  for (const name of ['İlk yanıt (ortanca)', 'Bildirim masasından geçen', 'Kayıt başına mesaj'])
    expect(whole.tiles.map(tile => tile.name)).toContain(name);
  const value = (name: string) => tiles.find(tile => tile.name === name)?.value;
  expect([value('Süresinde çözüm'), value('Ortanca çözüm süresi'), value('Memnuniyet')]).toEqual([
    '–',
    '–',
    '–',
  ]);
});

test.each([
  ['gidisat', 3],
  ['konular', 2],
  ['mahalleler', 1],
])('the part %s is complete without script, and below 60 KB', async (bolum, charts) => {
  const view = await viewOf({ donem: 'on-iki-ay', bolum });
  const html = createManagerPages(municipality).statistics(view, { token: 'TOKEN' });
  expect(html).not.toMatch(/<script|<img|src=|@import|url\(| style=/);
  expect(html.match(/<svg class="chart"/g)).toHaveLength(charts);
  expect(html).toContain('Öne çıkanlar');
  expect(Buffer.byteLength(html)).toBeLessThan(60_000);
});

test('a text that a spreadsheet would run as a formula is quoted, a number is not', () => {
  const rows = ['=1+1', '+905', '-2', '@x', '\tx', 'a=b'].map(text => ({ text, number: -2 }));
  expect(csvOf(rows).split('\r\n').slice(1)).toEqual([
    "'=1+1,-2",
    "'+905,-2",
    "'-2,-2",
    "'@x,-2",
    "'\tx,-2",
    'a=b,-2',
  ]);
});
