import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import Koa from 'koa';
import type { Browser } from 'playwright-core';
import { createTexts } from '../src/config/texts';
import type { Municipality } from '../src/config/municipality';
import type { CaseLine } from '../src/reports/case-line';
import { published } from '../src/reports/figure-groups';
import { createPages } from '../src/web/html-pages';
import {
  publicFigureRoutes,
  publicFigures,
  type PublicFigures,
  publishedMonths,
} from '../src/web/public/public-figures';
import { brokenRules } from './support/accessibility';
import { generatedYear, linesOfYear } from './support/generated-year';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { municipality } from './support/town-case';

const rules = { fewest: 10, delayDays: 7, without: ['care', 'aid'] };
const pages = createPages({ ...municipality, publicFigures: rules }, createTexts(municipality));
const months = publishedMonths(municipality.timeZone, Date.UTC(2027, 0, 20), rules.delayDays);
const year = linesOfYear(generatedYear(5, 1_500, 2026));

/** The figures of the page; the given lines must be enough for it. */
async function figuresFor(lines: readonly CaseLine[]): Promise<PublicFigures> {
  const figures = await publicFigures(municipality, rules, lines, months);
  if (!figures) throw new Error('there are too few cases');
  return figures;
}

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
    expect(pages.figures(null)).toContain('Henüz yayımlanacak sayı yok');
  });

  test('are a page of at most 60 KB without script, case numbers and links to others', async () => {
    const html = pages.figures(await figuresFor(year));
    expect(Buffer.byteLength(html)).toBeLessThan(60 * 1_024);
    expect(html).not.toMatch(/<script|PK-|https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('GET /seffaflik', () => {
  let server: Server;
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/seffaflik`;
  async function open(town: Municipality): Promise<void> {
    const given = {
      linesIn: () => Promise.resolve(year),
      page: pages.figures,
      now: () => new Date(months.to),
    };
    const app = new Koa().use(publicFigureRoutes({ municipality: town, ...given }).routes());
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
    [320, 'light'],
    [320, 'dark'],
    [1_200, 'light'],
    [1_200, 'dark'],
  ] as const)('at %i pixels, %s, the page conforms to WCAG 2.2 AA', async (width, colorScheme) => {
    const html = pages.figures(await figuresFor(year));
    expect(await brokenRules(browser, html, { width, colorScheme })).toEqual([]);
  });
});
