import type { Language } from '../config/texts';
import type { Area } from '../domain/place/distance';
import type * as Plotting from '@observablehq/plot';

/** A picture of figures as SVG, which reads without colours too, and the same figures as a table. */
export interface Chart {
  title: string;
  description: string;
  svg: string;
  table: { heads: string[]; rows: string[][] };
}

/** An area of the map, in longitude and latitude. */
export interface MapArea {
  name: string;
  area: Area;
  /** Null for a number that is too small to be published. */
  count: number | null;
}

/**
 * The colours of charts by their CSS variables, for a light ground. Pages set the variables; a picture for a letter has
 * these values in it.
 */
const lightColours: Readonly<Record<string, string>> = {
  'chart-ink': '#1b2430',
  'chart-line': '#8a96a3',
  'chart-main': '#1f6fb5',
  'chart-other': '#b35c00',
  'chart-map-none': '#e3e7ec',
  'chart-map-1': '#d3e5f5',
  'chart-map-2': '#9cc5e8',
  'chart-map-3': '#5b9fd4',
  'chart-map-4': '#2674b3',
  'chart-map-5': '#0b4a80',
};

/** The words of charts that citizens see as well. */
const chartWords = {
  tr: {
    ...{ received: 'Gelen', answered: 'Sonuçlanan', neighbourhood: 'Mahalle' },
    ...{ few: 'az', unpublished: 'yayımlanmayacak kadar az' },
  },
  en: {
    ...{ received: 'Received', answered: 'Answered', neighbourhood: 'Neighbourhood' },
    ...{ few: 'few', unpublished: 'too few to be published' },
  },
} as const;

type ChartText = Pick<Chart, 'title' | 'description'> & { language?: Language };

const WIDTH = 640;

type Library = typeof Plotting;

/** What is needed of an element of the document without a browser. */
interface Drawing {
  outerHTML: string;
  getAttribute(name: string): string | null;
}

/** Loads the library at the first chart: most processes draw none. */
async function library(): Promise<{ Plot: Library; document: never }> {
  const [Plot, linkedom] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  // Its types are those of a browser, which this program does not have.
  const { parseHTML } = linkedom as unknown as { parseHTML: (html: string) => { document: never } };
  return { Plot, document: parseHTML('<html></html>').document };
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tenths = (number: number): number => Math.round(number * 10) / 10;

/** Returns a path with lines by their steps instead of their ends, and without those that rounding has left empty. */
function stepped(path: string): string {
  return path.replace(/M([\d.,-]+)((?:L[\d.,-]+)+)/g, (_, start: string, ends: string) => {
    let [x = 0, y = 0] = start.split(',').map(Number);
    const steps = ends
      .slice(1)
      .split('L')
      .flatMap(end => {
        const [nextX = 0, nextY = 0] = end.split(',').map(Number);
        const step = [tenths(nextX - x), tenths(nextY - y)];
        [x, y] = [nextX, nextY];
        return step.every(way => way === 0) ? [] : step;
      });
    return `M${start}l${steps.join(' ').replaceAll(' -', '-')}`;
  });
}

/** Returns the same picture in fewer characters: equal shapes of a group as one path, and paths by their steps. */
function compact(body: string): string {
  return body
    .replaceAll(' />', '/>')
    .replace(
      /<path d="M([\d.-]+),([\d.-]+)(h[^"]*)" transform="translate\(([\d.-]+),([\d.-]+)\)"\/>/g,
      (_, dx: string, dy: string, shape: string, x: string, y: string) =>
        `<path d="M${tenths(Number(x) + Number(dx))},${tenths(Number(y) + Number(dy))}${shape}"/>`,
    )
    .replaceAll('Z"/><path d="M', 'ZM')
    .replace(/ d="[^"]*"/g, stepped);
}

/**
 * Draws a plot with a name and a description for screen readers. Without the library's style element, which the content
 * security policy forbids, and with coordinates of tenths of a pixel (`perPixel`), which keeps pages small.
 */
async function drawn(
  { title, description, table }: Omit<Chart, 'svg'>,
  optionsOf: (Plot: Library) => Plotting.PlotOptions,
  { perPixel = 10, legend = [] }: { perPixel?: number; legend?: readonly LegendEntry[] } = {},
): Promise<Chart> {
  const { Plot, document } = await library();
  const plot = Plot.plot({ width: WIDTH, ...optionsOf(Plot), document }) as unknown as Drawing;
  const body = plot.outerHTML
    .replace(/^<svg[^>]*>/, '')
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/-?\d+\.\d{2,}/g, number => String(Math.round(Number(number) * perPixel) / perPixel))
    .replace(/ aria-label="[^"]*"/g, '');
  const [width, height] = [Number(plot.getAttribute('width')), Number(plot.getAttribute('height'))];
  const names = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  const looks = `fill="var(--chart-ink)" font-family="system-ui, sans-serif" font-size="12" text-anchor="middle"`;
  const whole = height + (legend.length > 0 ? LEGEND_HEIGHT : 0);
  const foot = `${legendAt(height, width, legend)}</svg>`;
  const svg = `<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${whole}" ${looks}>${names}${compact(body).replace(/<\/svg>$/, foot)}`;
  return { title, description, table, svg };
}

/** A colour of a chart with its meaning. */
interface LegendEntry {
  colour: string;
  text: string;
}

const LEGEND_HEIGHT = 32;

/** Draws the colours with their meanings in one row below a chart. */
function legendAt(height: number, width: number, legend: readonly LegendEntry[]): string {
  const step = Math.floor(width / Math.max(1, legend.length));
  return legend
    .map(({ colour, text }, place) => {
      const x = place * step + 1;
      const swatch = `<rect x="${x}" y="${height + 8}" width="16" height="16" fill="${colour}" stroke="${line}"/>`;
      return `${swatch}<text x="${x + 22}" y="${height + 20}" text-anchor="start">${escaped(text)}</text>`;
    })
    .join('');
}

/** Returns a chart with its colours in it, to be drawn without a style sheet. */
export function withColours(svg: string): string {
  return svg.replace(/var\(--([a-z0-9-]+)\)/g, (whole, name: string) => lightColours[name] ?? whole);
}

const main = 'var(--chart-main)';
const other = 'var(--chart-other)';
const line = 'var(--chart-line)';

/** Whole numbers only, about five of them. */
const wholeTicks = (most: number): number[] => {
  const step = Math.max(
    1,
    Math.ceil(most / 4 / 10 ** Math.floor(Math.log10(Math.max(1, most / 4)))) *
      10 ** Math.floor(Math.log10(Math.max(1, most / 4))),
  );
  return Array.from({ length: Math.floor(most / step) + 2 }, (_, place) => place * step);
};

/** The axis of the parts of a period, of which about eight have their name. */
function stepAxis(steps: readonly { name: string }[]): Plotting.ScaleOptions {
  const every = Math.ceil(steps.length / 8);
  return {
    label: null,
    domain: [...steps.keys()],
    ticks: [...steps.keys()].filter(place => place % every === 0),
    tickFormat: (place: number) => steps[place]?.name ?? '',
    tickSize: 0,
  };
}

/** `step` names the parts of the period: "Hafta". */
type StepText = ChartText & { step: string };

/** Received cases as bars, answered ones as a line, by parts of a period with their names. */
export function loadChart(
  text: StepText,
  steps: readonly { name: string; received: number; answered: number }[],
): Promise<Chart> {
  const words = chartWords[text.language ?? 'tr'];
  const most = Math.max(1, ...steps.map(({ received, answered }) => Math.max(received, answered)));
  const ticks = wholeTicks(most);
  const data = steps.map((step, place) => ({ ...step, place }));
  const table = {
    heads: [text.step, words.received, words.answered],
    rows: steps.map(({ name, received, answered }) => [name, String(received), String(answered)]),
  };
  return drawn({ ...text, table }, Plot => ({
    height: 240,
    marginLeft: 48,
    x: { type: 'band', ...stepAxis(steps) },
    y: { label: null, ticks, domain: [0, ticks.at(-1) ?? 1], grid: true },
    marks: [
      Plot.barY(data, { x: 'place', y: 'received', fill: main, fillOpacity: 0.65 }),
      Plot.lineY(data, { x: 'place', y: 'answered', stroke: other, strokeWidth: 2 }),
      Plot.dot(data, { x: 'place', y: 'answered', fill: other, r: 2.5 }),
      Plot.ruleY([0], { stroke: line }),
    ],
  }));
}

/** A share as a line from 0 to 100 %. Parts without a share leave a gap. */
export function shareChart(
  text: StepText,
  steps: readonly { name: string; share: number | null }[],
): Promise<Chart> {
  const data = steps.map(({ name, share }, place) => ({
    name,
    place,
    share: share === null ? NaN : share * 100,
  }));
  const table = {
    heads: [text.step, 'Süresinde'],
    rows: steps.map(({ name, share }) => [name, share === null ? '–' : `% ${Math.round(share * 100)}`]),
  };
  return drawn({ ...text, table }, Plot => ({
    height: 200,
    marginLeft: 48,
    x: { type: 'point', ...stepAxis(steps) },
    y: {
      label: null,
      domain: [0, 100],
      ticks: [0, 25, 50, 75, 100],
      tickFormat: (share: number) => `% ${share}`,
      grid: true,
    },
    marks: [
      Plot.lineY(data, { x: 'place', y: 'share', stroke: main, strokeWidth: 2 }),
      Plot.dot(data, { x: 'place', y: 'share', fill: main, r: 3 }),
      Plot.ruleY([0], { stroke: line }),
    ],
  }));
}

/** Numbers by name as horizontal bars, with an outline of the bar before, if given. */
export function barChart(
  text: Pick<Chart, 'title' | 'description'>,
  heads: [name: string, count: string, before?: string],
  bars: readonly { name: string; count: number; before?: number }[],
): Promise<Chart> {
  const ticks = wholeTicks(Math.max(1, ...bars.map(({ count, before = 0 }) => Math.max(count, before))));
  const names = bars.map(({ name }) => name);
  const table = {
    heads: heads.filter(head => head !== undefined),
    rows: bars.map(({ name, count, before }) => [
      ...[name, String(count)],
      ...(before === undefined ? [] : [String(before)]),
    ]),
  };
  return drawn({ ...text, table }, Plot => ({
    height: 40 + bars.length * 28,
    marginLeft: Math.min(240, 24 + 6.5 * Math.max(...names.map(({ length }) => length), 4)),
    marginRight: 48,
    x: { label: null, ticks, domain: [0, ticks.at(-1) ?? 1], grid: true },
    y: { type: 'band', label: null, domain: names, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.barX(bars, { x: 'count', y: 'name', fill: main, fillOpacity: 0.75 }),
      Plot.tickX(
        bars.filter(({ before }) => before !== undefined),
        { x: 'before', y: 'name', stroke: other, strokeWidth: 3 },
      ),
      Plot.text(bars, { x: 'count', y: 'name', text: 'count', textAnchor: 'start', dx: 6 }),
      Plot.ruleX([0], { stroke: line }),
    ],
  }));
}

const weekdayNames = ['Pazartesi', 'Salı', 'Çarşamba', 'Perşembe', 'Cuma', 'Cumartesi', 'Pazar'];

/** The hours of a week as squares, the busier the larger. */
export function hoursChart(
  text: Pick<Chart, 'title' | 'description'>,
  week: readonly (readonly number[])[],
): Promise<Chart> {
  const cells = week.flatMap((hours, day) =>
    hours.map((count, hour) => ({ day: weekdayNames[day] ?? '', hour, count })),
  );
  const parts = [0, 6, 12, 18];
  const table = {
    heads: ['Gün', ...parts.map(from => `${from}–${from + 6}`)],
    rows: week.map((hours, day) => [
      weekdayNames[day] ?? '',
      ...parts.map(from => String(hours.slice(from, from + 6).reduce((sum, count) => sum + count, 0))),
    ]),
  };
  return drawn({ ...text, table }, Plot => ({
    height: 230,
    marginLeft: 80,
    x: {
      type: 'band',
      label: null,
      domain: Array.from({ length: 24 }, (_, hour) => hour),
      ticks: [0, 3, 6, 9, 12, 15, 18, 21],
      tickSize: 0,
    },
    y: { type: 'band', label: null, domain: weekdayNames, tickSize: 0 },
    r: { range: [0, 10] },
    marks: [
      Plot.dot(
        cells.filter(({ count }) => count > 0),
        { x: 'hour', y: 'day', r: 'count', symbol: 'square', fill: main },
      ),
    ],
  }));
}

const polygonsOf = ({ type, coordinates }: Area) => (type === 'Polygon' ? [coordinates] : coordinates);

/** The areas of the town in five steps of colour. Areas without a published number have a colour of their own. */
export function mapChart(text: ChartText, areas: readonly MapArea[]): Promise<Chart> {
  const words = chartWords[text.language ?? 'tr'];
  const counts = areas.flatMap(({ count }) => (count === null ? [] : [count])).sort((a, b) => a - b);
  const limits = [0.2, 0.4, 0.6, 0.8].map(share => counts[Math.floor(counts.length * share)] ?? 0);
  const colourOf = ({ count }: MapArea): string =>
    count === null ? MAP_NONE : mapColour(limits.filter(limit => count > limit).length);
  const rows = areas
    .map(({ name, count }) => ({ name, count }))
    .sort((a, b) => (b.count ?? -1) - (a.count ?? -1));
  const table = {
    heads: [words.neighbourhood, words.received],
    rows: rows.map(({ name, count }) => [name, count === null ? words.few : String(count)]),
  };
  const all = areas.flatMap(({ area }) => polygonsOf(area).flat(2));
  const width = Math.cos(((all[0]?.[1] ?? 0) * Math.PI) / 180);
  // On the scale of a town the earth is flat, and rings of either direction enclose their area.
  const features = areas.map(area => ({
    ...{ type: 'Feature' as const, properties: {}, shown: area },
    geometry: {
      type: 'MultiPolygon' as const,
      coordinates: polygonsOf(area.area).map(rings =>
        rings.map(ring => ring.map(([longitude = 0, latitude = 0]) => [longitude * width, latitude])),
      ),
    },
  }));
  return drawn(
    { ...text, table },
    Plot => ({
      height: 460,
      projection: { type: 'reflect-y', domain: { type: 'FeatureCollection', features }, inset: 4 },
      marks: [
        Plot.geo(features, {
          fill: ({ shown }: (typeof features)[number]) => colourOf(shown),
          stroke: line,
          strokeWidth: 0.75,
          title: ({ shown }: (typeof features)[number]) =>
            `${shown.name}: ${shown.count ?? words.unpublished}`,
        }),
      ],
      color: { type: 'identity' },
    }),
    { perPixel: 1, legend: mapLegend(counts, limits, counts.length < areas.length ? words.few : null) },
  );
}

const MAP_NONE = 'var(--chart-map-none)';
const mapColour = (step: number): string => `var(--chart-map-${step + 1})`;

/** Returns the numbers that each colour of a map stands for. `counts` are sorted; colours without an area are left out. */
function mapLegend(
  counts: readonly number[],
  limits: readonly number[],
  /** The word for areas without a published number; null if there are none. */
  few: string | null,
): LegendEntry[] {
  const steps = [...limits.keys(), limits.length].flatMap((step): LegendEntry[] => {
    const [above, most] = [limits[step - 1] ?? -1, limits[step] ?? Infinity];
    const within = counts.filter(count => count > above && count <= most);
    const [least, greatest] = [within[0], within.at(-1)];
    if (least === undefined || greatest === undefined) return [];
    return [{ colour: mapColour(step), text: least === greatest ? String(least) : `${least}–${greatest}` }];
  });
  return [...(few === null ? [] : [{ colour: MAP_NONE, text: few }]), ...steps];
}
