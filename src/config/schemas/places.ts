import { z } from 'zod';
import { roadClasses } from '../../domain/place/place-words';
import { ownerSchema } from './categories';
import { bilingual, bySlug, count, entry, line, slug, webUrl } from './fields';

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const rings = z.array(z.array(position).min(4));
/** A GeoJSON area, WGS84. */
export const areaSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Polygon'), coordinates: rings }),
  z.strictObject({ type: z.literal('MultiPolygon'), coordinates: z.array(rings) }),
]);

/** A GeoJSON collection of named areas, WGS84. */
export const areasSchema = z.looseObject({
  type: z.literal('FeatureCollection'),
  features: z
    .array(z.looseObject({ properties: z.looseObject({ slug, name: line }), geometry: areaSchema }))
    .min(1),
});

/** places/names.yaml: the names people use for neighbourhoods. */
export const placeNamesSchema = entry({
  /** Neighbourhoods with ambiguous names. They match only together with "mahallesi". */
  commonWords: z.array(slug),
  aliases: bySlug(z.array(line).min(1)),
});

/** places/roads.yaml: the roads that another authority maintains. */
export const roadsSchema = bySlug(
  entry({
    name: line,
    aliases: z.array(line).default([]),
    /** An institution of institutions.yaml. */
    keeper: slug,
    /** Width in metres, kerb to kerb. */
    width: count.optional(),
  }),
);

/** places/road-lines.geojson, written by `admin roads import`. */
const roadLinesSchema = z.looseObject({
  type: z.literal('FeatureCollection'),
  /** Whose data it is, as its licence asks. */
  attribution: line,
  features: z.array(
    z.strictObject({
      type: z.literal('Feature'),
      /** `listed`: the road with this slug in places/roads.yaml; `own`: streets of the municipality; `other`: the rest. */
      properties: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('listed'), slug }),
        z.strictObject({ kind: z.literal('own') }),
        z.strictObject({ kind: z.literal('other') }),
      ]),
      geometry: z.strictObject({
        type: z.literal('MultiLineString'),
        coordinates: z.array(z.array(position).min(2)),
      }),
    }),
  ),
});

export type RoadLinesFile = z.infer<typeof roadLinesSchema>;

/** The file of road lines, and what is read without it. */
export const roadLinesFile = {
  file: 'places/road-lines.geojson',
  schema: roadLinesSchema,
  absent: { type: 'FeatureCollection' as const, attribution: '', features: [] },
  mend: 'the file that `admin roads import` writes; import again, or delete it',
};

/** places/neighbours.yaml: the municipalities to name to a citizen whose pin lies outside the district. */
export const neighboursSchema = bySlug(
  entry({
    name: line,
    website: webUrl,
    phone: line.optional(),
    /** Points in the populated parts. The nearest point of all municipalities decides. */
    centres: z.array(position).min(1),
  }),
);

/** jurisdiction.yaml: exceptions to the usual owner of a subject. The first matching rule wins. */
export const jurisdictionSchema = z.array(
  entry({
    subjects: z.array(slug).min(1),
    road: z.enum(roadClasses).optional(),
    neighbourhoods: z.array(slug).min(1).optional(),
    owner: z.union([ownerSchema, z.literal('keeper')], 'department: slug, institution: slug, or keeper'),
    why: bilingual,
  }),
);

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

/** sandbox.yaml: the settings of the sandbox of `npm start`. */
export const sandboxSchema = entry({
  /** The locations that the phone can send. One outside the district shows the answer to such reports. */
  pins: z.array(entry({ name: line, latitude, longitude })).min(1),
  /** The demo's citizen and report, and the department's answer. */
  demo: entry({ citizen: line, report: line, pin: entry({ latitude, longitude }), answer: line }),
});

export type SandboxFile = z.infer<typeof sandboxSchema>;
export type Neighbour = z.infer<typeof neighboursSchema>[string] & { slug: string };
