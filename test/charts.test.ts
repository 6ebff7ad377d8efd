import sharp from 'sharp';
import {
  barChart,
  type Chart,
  hoursChart,
  loadChart,
  mapChart,
  shareChart,
  withColours,
} from '../src/reports/charts';
import { municipality } from './support/town-case';

const text = { title: 'Hafta <hafta>', description: 'Gelen & sonuçlanan', step: 'Hafta' };
const weeks = Array.from({ length: 27 }, (_, place) => ({
  ...{ name: `${place + 1} Oca`, received: 40 + ((place * 7) % 23), answered: 38 + ((place * 5) % 19) },
  share: place === 3 ? null : 0.7 + (place % 5) / 20,
}));
const bars = [
  { name: 'Sokak aydınlatması', count: 41, before: 30 },
  { name: 'Yol çukuru', count: 17, before: 22 },
];
const hours = Array.from({ length: 7 }, (_, day) =>
  Array.from({ length: 24 }, (_, hour) => (hour > 7 ? day + hour : 0)),
);
const areas = municipality.neighbourhoods.map(({ name, area }, place) => ({
  ...{ name, area },
  count: place % 6 === 0 ? null : place,
}));

const charts: [string, () => Promise<Chart>][] = [
  ['load', () => loadChart(text, weeks)],
  ['share', () => shareChart(text, weeks)],
  ['bars', () => barChart(text, ['Konu', 'Gelen', 'Önceki'], bars)],
  ['hours', () => hoursChart(text, hours)],
  ['map', () => mapChart(text, areas)],
];

describe.each(charts)('the chart of %s', (name, draw) => {
  test('is named and described, loads nothing, and has its colours from variables', async () => {
    const { svg } = await draw();
    expect(svg).toMatch(
      /^<svg class="chart" [^>]*role="img"[^>]*><title>Hafta &lt;hafta&gt;<\/title><desc>Gelen &amp; son/,
    );
    expect(svg).not.toMatch(/<(style|script|image)\b|href|url\(|style=|\d\.\d{2,}|NaN/);
    expect(svg).toMatch(/var\(--chart-/);
    expect(Buffer.byteLength(svg)).toBeLessThan(name === 'map' ? 12_000 : 10_000);
  });

  test('has a table with the same figures', async () => {
    const { table } = await draw();
    for (const row of table.rows) expect(row).toHaveLength(table.heads.length);
    expect(table.rows.length).toBeGreaterThan(1);
  });

  test('becomes a picture without variables', async () => {
    const svg = withColours((await draw()).svg);
    expect(svg).not.toContain('var(');
    const png = await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer();
    expect((await sharp(png).metadata()).width).toBe(640);
  });
});

test('a number that is too small to be published is neither in the map nor in its table', async () => {
  const { svg, table } = await mapChart(
    text,
    areas.map(area => ({ ...area, count: null })),
  );
  expect(svg).toMatch(/yayımlanmayacak kadar az/);
  expect(new Set(table.rows.map(([, count]) => count))).toEqual(new Set(['az']));
});

test('the map says which numbers each of its colours stands for', async () => {
  const { svg } = await mapChart(text, areas);
  const entries = [
    ...svg.matchAll(/fill="(var\(--chart-map-\w+\))"[^>]*\/><text[^>]*text-anchor="start">([^<]+)</g),
  ].map(([, colour = '', words = '']) => ({ colour, words }));
  expect(entries[0]).toEqual({ colour: 'var(--chart-map-none)', words: 'az' });
  for (const { colour, words } of entries.slice(1)) {
    const [least = NaN, most = least] = words.split('–').map(Number);
    const within = areas.filter(({ count }) => count !== null && count >= least && count <= most);
    expect(within.length).toBeGreaterThan(0);
    for (const { name } of within) {
      const path = svg.split('<path').find(part => part.includes(`<title>${name}:`));
      expect(path).toContain(`fill="${colour}"`);
    }
  }
  expect(entries).toHaveLength(6);
});
