import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { ConfigError } from '../../config/config-error';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { neighbourhoodAt } from '../../config/places';
import { type RoadLinesFile, roadLinesFile } from '../../config/schemas/places';
import { type Line, metresBetween } from '../../domain/place/distance';
import type { KeptRoad } from '../../domain/place/place-words';
import { foldedWords } from '../../domain/turkish';

const position = z.tuple([z.number(), z.number()], z.number()).transform(([x, y]) => [x, y] as const);
const line = z.array(position).min(2);

/** An export of OpenStreetMap. Points and areas are skipped. */
const exportSchema = z.looseObject({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.looseObject({
      properties: z.record(z.string(), z.unknown()).nullable(),
      geometry: z
        .union([
          z.looseObject({ type: z.literal('LineString'), coordinates: line }),
          z.looseObject({ type: z.literal('MultiLineString'), coordinates: z.array(line) }),
          z.looseObject({ type: z.string() }),
        ])
        .nullable(),
    }),
  ),
});

/** A road of the export, with its tags. */
interface ExportedRoad {
  readonly names: readonly string[];
  readonly highway: string;
  readonly operator: string | null;
  readonly lines: readonly Line[];
}

const OSM = '© OpenStreetMap contributors, ODbL 1.0';

export function registerRoads(admin: Command): void {
  admin
    .command('roads')
    .description('lines of roads, by which a pin tells whose road it is on')
    .command('import')
    .description('take the lines of roads from an export of OpenStreetMap')
    .argument('<file>', 'GeoJSON with lines and their tags highway, name, ref, operator')
    .option('--attribution <words>', 'whose data it is', OSM)
    .action((file: string, { attribution }: { attribution: string }) => {
      const folder = readEnv('checks').CONFIG_DIR;
      const municipality = loadMunicipality(folder);
      const exported = exportedRoads(file);
      const inside = exported.filter(({ lines }) => lines.some(isInside(municipality)));
      const sorted = sortRoads(inside, municipality);
      console.log(`Read ${exported.length} roads; ${inside.length} lie in the district.`);
      for (const row of reportOf(sorted, municipality)) console.log(row);
      const path = join(folder, roadLinesFile.file);
      writeFileSync(`${path}.new`, `${JSON.stringify(fileOf(sorted, attribution))}\n`);
      renameSync(`${path}.new`, path);
      console.log(`Saved: ${path}. Web and worker use it after a restart.`);
      console.log(`Name the source where the data is shown: ${attribution}`);
    });
}

function exportedRoads(file: string): ExportedRoad[] {
  const { features } = readExport(file);
  return features.flatMap(({ properties, geometry }) => {
    const text = (tag: string): string | null =>
      typeof properties?.[tag] === 'string' ? properties[tag] : null;
    const highway = text('highway');
    if (highway === null || !geometry || !('coordinates' in geometry)) return [];
    const lines = linesOf(geometry);
    const names = ['name', 'name:tr', 'official_name', 'alt_name', 'short_name', 'ref'].flatMap(
      tag => text(tag)?.split(';') ?? [],
    );
    return lines.length === 0 ? [] : [{ names, highway, operator: text('operator'), lines }];
  });
}

/** @throws ConfigError for a file that is no GeoJSON collection. */
function readExport(file: string): z.output<typeof exportSchema> {
  try {
    return exportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new ConfigError([{ where: file, what: 'is not a GeoJSON FeatureCollection of lines' }]);
  }
}

function linesOf({ type, coordinates }: { readonly type: string; readonly coordinates?: unknown }): Line[] {
  if (type === 'LineString') return [line.parse(coordinates)];
  return type === 'MultiLineString' ? z.array(line).parse(coordinates) : [];
}

function isInside(municipality: Municipality) {
  return (positions: Line): boolean =>
    positions.some(
      ([longitude, latitude]) => neighbourhoodAt(municipality, { latitude, longitude }) !== 'outside',
    );
}

interface SortedRoads {
  readonly listed: ReadonlyMap<string, readonly ExportedRoad[]>;
  readonly own: readonly ExportedRoad[];
  readonly other: readonly ExportedRoad[];
}

/** A road belongs to the list by a name or number that the list has, and to the municipality by its class. */
function sortRoads(all: readonly ExportedRoad[], { roads, roadRules }: Municipality): SortedRoads {
  const folded = (name: string): string => foldedWords(name).join(' ');
  const slugs = new Map(
    roads.flatMap(({ slug, name, aliases }) => [name, ...aliases].map(one => [folded(one), slug] as const)),
  );
  const slugOf = ({ names }: ExportedRoad): string | undefined =>
    names.map(name => slugs.get(folded(name))).find(slug => slug !== undefined);
  const rest = all.filter(road => slugOf(road) === undefined);
  const isOwn = ({ highway }: ExportedRoad): boolean => roadRules.ownClasses.includes(highway);
  return {
    listed: new Map(roads.map(({ slug }) => [slug, all.filter(road => slugOf(road) === slug)])),
    own: rest.filter(isOwn),
    other: rest.filter(road => !isOwn(road)),
  };
}

function reportOf({ listed, own, other }: SortedRoads, { roads }: Municipality): string[] {
  const found = (road: KeptRoad): readonly ExportedRoad[] => listed.get(road.slug) ?? [];
  const lacking = roads.filter(road => found(road).length === 0);
  const names = [
    ...new Set(other.map(({ names: [name], highway }) => `${name ?? 'without a name'} (${highway})`)),
  ];
  return [
    'Roads of places/roads.yaml:',
    ...roads
      .filter(road => found(road).length > 0)
      .map(road => {
        const operators = [...new Set(found(road).flatMap(({ operator }) => operator ?? []))];
        const kept = `kept by ${road.keeper}${operators.length > 0 ? `, operator: ${operators.join(', ')}` : ''}`;
        return `  ${road.slug}: ${road.name}, ${kilometres(found(road))}, ${kept}`;
      }),
    ...lacking.map(({ slug, name }) => `  ${slug}: ${name}, no line found`),
    `Streets of the municipality by their class: ${own.length}, ${kilometres(own)}.`,
    `Neither listed nor of such a class, so that a pin there goes to the desk: ${other.length}, ${kilometres(other)}.`,
    ...names.sort().map(name => `  ${name}`),
  ];
}

function kilometres(roads: readonly ExportedRoad[]): string {
  const metres = roads.flatMap(({ lines }) => lines).reduce((sum, corners) => sum + lengthOf(corners), 0);
  return `${(metres / 1000).toFixed(1)} km`;
}

function lengthOf(corners: Line): number {
  const points = corners.map(([longitude, latitude]) => ({ latitude, longitude }));
  return points.reduce((sum, point, i) => sum + metresBetween(points[i - 1] ?? point, point), 0);
}

function fileOf({ listed, own, other }: SortedRoads, attribution: string): RoadLinesFile {
  type Feature = RoadLinesFile['features'][number];
  const featureOf = (properties: Feature['properties'], roads: readonly ExportedRoad[]): Feature => ({
    type: 'Feature',
    properties,
    geometry: {
      type: 'MultiLineString',
      coordinates: roads.flatMap(({ lines }) =>
        lines.map(corners => corners.map(([x, y]): [number, number] => [x, y])),
      ),
    },
  });
  const features = [
    ...[...listed].map(([slug, roads]) => featureOf({ kind: 'listed', slug }, roads)),
    featureOf({ kind: 'own' }, own),
    featureOf({ kind: 'other' }, other),
  ];
  return {
    type: 'FeatureCollection',
    attribution,
    features: features.filter(({ geometry }) => geometry.coordinates.length > 0),
  };
}
