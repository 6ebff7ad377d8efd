import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import Koa from 'koa';
import type { Browser } from 'playwright-core';
import { createTexts } from '../src/config/texts';
import type { Municipality } from '../src/config/municipality';
import type { Language } from '../src/config/texts';
import { caseNumberOf } from '../src/domain/identifiers';
import { AppError } from '../src/errors';
import type { CaseLine } from '../src/reports/case-line';
import { published } from '../src/reports/figure-groups';
import type { OpenedCase } from '../src/store/case-records';
import type { Store } from '../src/store/store';
import { createPages } from '../src/web/html-pages';
import {
  publicFigureRoutes,
  publicFigures,
  type PublicFigures,
  publishedMonths,
} from '../src/web/public/public-figures';
import { publishedWeeks, type RecentDeps, recentCases } from '../src/web/public/recent-cases';
import { brokenRules } from './support/accessibility';
import { DAY } from './support/cases';
import { type GeneratedCase, generatedYear, linesOfYear } from './support/generated-year';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { municipality } from './support/town-case';

const rules = { fewest: 10, delayDays: 7, without: ['care', 'aid'] };
const pages = createPages({ ...municipality, publicFigures: rules }, createTexts(municipality));
const months = publishedMonths(municipality.timeZone, Date.UTC(2027, 0, 20), rules.delayDays);
const year = linesOfYear(generatedYear(5, 1_500, 2026));

// Two neighbourhoods only, so that some have enough cases for an example.
const exampleRules = { ...rules, fewest: 4 };
const weeks = publishedWeeks(municipality.timeZone, Date.UTC(2026, 5, 20), rules.delayDays);
const busyCases = generatedYear(6, 20_000, 2026)
  .filter(
    ({ receivedAt }) =>
      receivedAt >= (weeks.at(-1)?.from ?? 0) - DAY && receivedAt < (weeks[0]?.to ?? 0) + 9 * DAY,
  )
  .map((each, place) => ({
    ...{ ...each, neighbourhood: place % 2 === 0 ? 'eryaman' : 'suvari' },
    caseNumber: caseNumberOf(createHash('sha256').update(String(place)).digest().subarray(0, 5), 'PK'),
  }));
const busyLines = linesOfYear(busyCases);

const recordOf = (each: GeneratedCase) =>
  ({
    caseNumber: each.caseNumber,
    intake: {
      receivedAt: new Date(each.receivedAt),
      category: { slug: each.subject, name: each.subject },
      neighbourhood: { slug: each.neighbourhood, name: each.neighbourhood },
    },
    progress: { outcome: each.answer?.outcome ?? null, resolvedAt: each.answer?.at ?? null, endedAt: null },
  }) as unknown as OpenedCase;
const records = new Map(busyCases.map(each => [each.caseNumber, recordOf(each)]));
const recentDeps: RecentDeps = {
  municipality: { ...municipality, publicFigures: exampleRules },
  say: createTexts(municipality),
  store: { cases: { get: async (number: string) => records.get(number) ?? null } as Store['cases'] },
  counts: {
    list: async () => ({
      cases: [...records.keys()].map(caseNumber => ({ caseNumber, dueAt: null, startedAt: 0 })),
      isCut: false,
    }),
  },
};

/** The figures of the page; the given lines must be enough for it. */
async function figuresFor(lines: readonly CaseLine[]): Promise<PublicFigures> {
  const figures = await publicFigures(municipality, rules, lines, months);
  if (!figures) throw new Error('there are too few cases');
  return figures;
}

/** The page with its figures and examples. */
const pageFor = async (language: Language): Promise<string> =>
  pages.figures({
    language,
    figures: await publicFigures(municipality, rules, year, months, language),
    recent: await recentCases(recentDeps, busyLines, weeks, language),
  });

describe('numbers of groups whose sum is known', () => {
  const fewest = 5;
  const counts = fc.array(fc.nat(30), { maxLength: 12 }).map(list => new Map(list.entries()));

  test('below the least are never published, and cannot be calculated from the others', () => {
    fc.assert(
      fc.property(counts, all => {
        const shown = published(all, fewest);
        const hidden = [...all].filter(([key]) => shown.get(key) === null).map(([, count]) => count);
        const small = [...all.values()].filter(count => count > 0 && count < fewest);
        const isWhole = hidden.length === [...all.values()].filter(count => count > 0).length;
        const sum = hidden.reduce((total, count) => total + count, 0);
        expect(small.every(count => hidden.includes(count))).toBe(true);
        expect(hidden.length === 0).toBe(small.length === 0);
        expect(hidden.length === 0 || isWhole || (hidden.length > 1 && sum >= fewest)).toBe(true);
      }),
    );
  });

  test.each<[string, number[], (number | null)[]]>([
    ['all of them are large', [5, 9, 0], [5, 9, 0]],
    ['one is small', [2, 9, 7], [null, 9, null]],
    ['two are small, and too few together', [1, 2, 6, 9], [null, null, null, 9]],
    ['two are small, and enough together', [3, 4, 6, 9], [null, null, 6, 9]],
  ])('%s', (_what, all, shown) => {
    expect([...published(new Map(all.entries()), fewest).values()]).toEqual(shown);
  });
});

test.each([
  ['after the delay', '2027-01-08T00:00:00Z', '2026-01', '2027-01-01'],
  ['before the delay is over', '2027-01-07T12:00:00Z', '2025-12', '2026-12-01'],
])('the last month counts only %s', (_what, at, first, end) => {
  const { from, to, starts } = publishedMonths('Europe/Istanbul', Date.parse(at), 7);
  const local = (time: number): string => new Date(time + 3 * 3_600_000).toISOString();
  expect([local(from).slice(0, 7), local(to).slice(0, 10), starts.length]).toEqual([first, end, 12]);
});

describe('the public figures', () => {
  test('publish no number below the least, of any subject, neighbourhood or month', async () => {
    const { charts, times } = await figuresFor(year);
    const numbers = [
      ...charts.flatMap(({ table }) => table.rows.flatMap(([, ...cells]) => cells)),
      ...times.map(({ received }) => received),
    ].filter(cell => /^\d+$/.test(cell));
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers.map(Number).filter(count => count > 0 && count < rules.fewest)).toEqual([]);
  });

  test('say nothing of the subjects about people', async () => {
    const without = new Set(rules.without);
    const known = year.filter(({ subject }) => without.has(subject));
    expect(known.length).toBeGreaterThan(rules.fewest);
    expect(await figuresFor(year)).toEqual(await figuresFor(year.filter(line => !known.includes(line))));
  });

  test('do not change with a case of a day that is not published yet', async () => {
    const [line] = year;
    if (!line) throw new Error('there are no lines');
    const fresh = { ...line, receivedAt: months.to + 1_000, turns: [], answers: [] };
    expect(await figuresFor([...year, fresh])).toEqual(await figuresFor(year));
  });

  test('say that there are none yet', async () => {
    expect(await publicFigures(municipality, rules, year.slice(0, 5), months)).toBeNull();
    expect(pages.figures({ language: 'tr', figures: null, recent: null })).toContain(
      'Henüz yayımlanacak sayı yok',
    );
  });

  test('are in English as well: names, words of charts, units', async () => {
    const html = await pageFor('en');
    for (const text of ['The report line in figures', 'Median time to solve, by subject', 'Neighbourhood'])
      expect(html).toContain(text);
    expect(html).toMatch(/<td>\d+\.\d h<\/td>/);
    expect(html.replace(/<nav|Türkçe/g, '')).not.toMatch(/Gelen|Sonuç|Mahalle|Konu\b|\bsa<|Tablo/);
  });

  test('are a page of at most 60 KB without script, case numbers and links to others', async () => {
    const html = await pageFor('tr');
    expect(Buffer.byteLength(html)).toBeLessThan(60 * 1_024);
    expect(html).not.toMatch(/<script|PK-\w{4}-\w|https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('the examples of cases', () => {
  const shown = () => recentCases(recentDeps, busyLines, weeks, 'tr');
  const weekOf = (at: number): number => weeks.findIndex(({ from, to }) => at >= from && at < to);

  test('show of a case only what is true of as many as the least number', async () => {
    const rows = await shown();
    expect(rows).toHaveLength(25);
    expect(rows.some(({ neighbourhood }) => neighbourhood !== null)).toBe(true);
    expect(rows.some(({ neighbourhood }) => neighbourhood === null)).toBe(true);
    for (const row of rows) {
      const itself = busyCases.find(({ caseNumber }) => caseNumber.startsWith(row.number.slice(0, -1)));
      const like = busyCases.filter(
        ({ subject, neighbourhood, receivedAt }) =>
          subject === itself?.subject &&
          weekOf(receivedAt) === weekOf(itself.receivedAt) &&
          (row.neighbourhood === null || neighbourhood === itself.neighbourhood),
      );
      expect(like.length).toBeGreaterThanOrEqual(exampleRules.fewest);
      expect(rules.without).not.toContain(itself?.subject);
    }
  });

  test('have half of their number, no day, and nothing younger than the delay', async () => {
    expect(weeks[0]?.to).toBe(Date.UTC(2026, 5, 7, 21));
    for (const row of await shown()) {
      expect(row.number).toMatch(/^PK-[0-9A-Z]{4}-…$/);
      expect(row.received).toMatch(/^\d+–\d+ Haziran$|^\d+ Mayıs – \d+ Haziran$|^\d+–\d+ Mayıs$/);
    }
  });

  test('say nothing of an outcome after the published weeks', async () => {
    const end = weeks[0]?.to ?? 0;
    const rows = await shown();
    const late = rows.filter(row => {
      const itself = busyCases.find(({ caseNumber }) => caseNumber.startsWith(row.number.slice(0, -1)));
      return !itself?.answer || itself.answer.at >= end;
    });
    expect(late.length).toBeGreaterThan(0);
    expect(new Set(late.map(({ outcome, answered }) => `${outcome} ${answered}`))).toEqual(
      new Set(['İşlemde –']),
    );
  });

  test('are none where no subject has enough cases', async () => {
    expect(await recentCases(recentDeps, busyLines.slice(0, 3), weeks, 'tr')).toEqual([]);
  });
});

describe('GET /seffaflik', () => {
  let server: Server;
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/seffaflik`;
  let readings: number;
  let isAway: boolean;
  beforeEach(() => {
    [readings, isAway] = [0, false];
  });
  async function open(town: Municipality): Promise<void> {
    const given = {
      ...{ ...recentDeps, municipality: town, page: pages.figures, now: () => new Date(months.to) },
      linesIn: async () => {
        readings += 1;
        return year;
      },
      counts: {
        list: async () => {
          if (isAway) throw new AppError('temporal-unavailable', { status: 503 });
          return { cases: [], isCut: false };
        },
      },
    };
    const app = new Koa().use(publicFigureRoutes(given).routes());
    app.silent = true;
    const handle = app.callback();
    server = createServer((request, response) => void handle(request, response));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  }
  afterEach(() => new Promise(resolve => server.close(resolve)));

  test('is kept for an hour, and answers 304 to who has it', async () => {
    await open({ ...municipality, publicFigures: rules });
    const first = await fetch(url());
    const etag = first.headers.get('etag') ?? '';
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
    expect(await first.text()).toContain('Sayılarla bildirim hattı');
    const again = await fetch(url(), { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('is made once for all who come at the same time, in each language', async () => {
    await open({ ...municipality, publicFigures: rules });
    const english = url().replace('/seffaflik', '/en/figures');
    const answers = await Promise.all([url(), url(), english, english].map(each => fetch(each)));
    const [turkish, , other] = await Promise.all(answers.map(answer => answer.text()));
    expect(readings).toBe(2);
    expect(turkish).toContain('href="en/figures"');
    expect(other).toContain('<html lang="en">');
    expect(other).toContain('href="../seffaflik"');
  });

  test('comes without examples while Temporal is away, and is made again a minute later', async () => {
    isAway = true;
    await open({ ...municipality, publicFigures: { ...rules, fewest: 3 } });
    const answer = await fetch(url());
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=60']);
    expect(await answer.text()).toContain('Liste şu anda alınamıyor');
  });

  test('is not there unless the municipality wants it', async () => {
    const { publicFigures: _, ...town } = municipality;
    await open(town);
    expect((await fetch(url())).status).toBe(404);
  });
});

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    [320, 'light', 'tr'],
    [320, 'dark', 'en'],
    [1_200, 'light', 'en'],
    [1_200, 'dark', 'tr'],
  ] as const)(
    'at %i pixels, %s, %s, the page conforms to WCAG 2.2 AA',
    async (width, colorScheme, language) => {
      const html = await pageFor(language);
      expect(await brokenRules(browser, html, { width, colorScheme })).toEqual([]);
    },
  );
});
