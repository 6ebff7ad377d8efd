import type { RoadFound, RoadClass } from '../place/road';
import type { Owner } from './category';

/** The same words in both languages of the line. */
interface Why {
  readonly tr: string;
  readonly en: string;
}

/** Where the owner of a subject differs from the usual one. */
export interface JurisdictionRule {
  readonly subjects: readonly string[];
  /** Undefined: on every road. */
  readonly road?: RoadClass | undefined;
  /** Undefined: everywhere. */
  readonly neighbourhoods?: readonly string[] | undefined;
  /** `keeper`: the institution that keeps the road. */
  readonly owner: Owner | 'keeper';
  readonly why: Why;
}

/** Who owns a matter at a place, and by which rule; null when the usual owner of the subject does. */
export interface Jurisdiction {
  readonly owner: Owner;
  readonly why: Why | null;
}

/** The owner of a subject at a place: that of the first rule that fits, else the usual one. */
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
