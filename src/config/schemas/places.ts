import { z } from 'zod';
import { bySlug, entry, line, slug } from './fields';

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const rings = z.array(z.array(position).min(4));
const area = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Polygon'), coordinates: rings }),
  z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(rings) }),
]);

/** A GeoJSON collection of named areas, WGS84. */
export const areasSchema = z.looseObject({
  type: z.literal('FeatureCollection'),
  features: z
    .array(z.looseObject({ properties: z.looseObject({ slug, name: line }), geometry: area }))
    .min(1),
});

/** aliases.yaml: how people name the neighbourhoods. */
export const placeNamesSchema = entry({
  /** Neighbourhoods whose name alone may mean something else; they count only with "mahallesi". */
  commonWords: z.array(slug),
  aliases: bySlug(z.array(line).min(1)),
});

export type Area = z.infer<typeof area>;
