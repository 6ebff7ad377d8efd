import { z } from 'zod';
import { bySlug, line, slug } from './fields';

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

/** aliases.yaml: other names by which people know a neighbourhood. */
export const aliasesSchema = bySlug(z.array(line).min(1));

export type Area = z.infer<typeof area>;
