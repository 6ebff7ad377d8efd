import type { RoadFound, RoadClass } from '../place/road';
import type { Owner } from './category';

/** The same text in both languages. */
interface Why {
  readonly tr: string;
  readonly en: string;
}

/** An exception to the usual owner of a subject. */
export interface JurisdictionRule {
  readonly subjects: readonly string[];
  /** Undefined for every road. */
  readonly road?: RoadClass | undefined;
  /** Undefined for every neighbourhood. */
  readonly neighbourhoods?: readonly string[] | undefined;
  /** `keeper` is the institution that keeps the road. */
  readonly owner: Owner | 'keeper';
  readonly why: Why;
}

/** The owner of a matter at a place, and the reason. The reason is null if the usual owner is responsible. */
export interface Jurisdiction {
  readonly owner: Owner;
  readonly why: Why | null;
}

/** Returns the owner of a subject at a place: that of the first matching rule, otherwise the usual one. */
export function jurisdictionOf(
  rules: readonly JurisdictionRule[],
  subject: { readonly slug: string; readonly owner: Owner },
  { road, neighbourhood }: { readonly road: RoadFound; readonly neighbourhood: string | null },
): Jurisdiction {
  for (const rule of rules) {
    if (!rule.subjects.includes(subject.slug)) continue;
    if (rule.road !== undefined && rule.road !== road.class) continue;
    if (rule.neighbourhoods && (neighbourhood === null || !rule.neighbourhoods.includes(neighbourhood)))
      continue;
    if (rule.owner !== 'keeper') return { owner: rule.owner, why: rule.why };
    if (road.road) return { owner: { institution: road.road.keeper }, why: rule.why };
  }
  return { owner: subject.owner, why: null };
}
