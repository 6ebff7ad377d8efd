import type { Municipality } from '../config/municipality';
import { TRIAGE } from '../config/schemas/town';
import { OTHER_CATEGORY, ownerKey } from '../domain/routing/category';
import type { CaseState } from '../domain/case/case';
import type { Named } from '../domain/named';

/** The part of a case record that routing reports read. */
export interface RoutedCase {
  readonly intake: {
    readonly category: Named;
    readonly matchedWords: readonly string[];
    readonly guessed?: readonly { readonly slug: string }[];
    readonly chosenByCitizen?: boolean;
    readonly desk: string;
    readonly institution: Named | null;
  };
  readonly progress: Pick<CaseState, 'outcome' | 'plan' | 'rerouteCount' | 'institution'>;
  /** What people corrected since. */
  readonly corrected?: { readonly category: Named };
}

/** How a case was routed. Owners are `ownerKey`s; null is the triage desk. */
export interface CaseCourse {
  /** The most likely subject by text alone. */
  readonly guessed: { readonly subject: string; readonly owner: string } | null;
  readonly first: string | null;
  readonly last: string | null;
  /** The usual owner of the subject as people left it; null for "other". */
  readonly usual: string | null;
  /** The recorded subject, and the one that people corrected it to; null without a correction. */
  readonly subject: string;
  readonly corrected: string | null;
  readonly reroutes: number;
  /** Who chose the first owner: the text, the citizen from the list, or nobody yet. */
  readonly decidedBy: 'words' | 'citizen' | 'nobody';
  readonly matched: readonly string[];
  /** Whether the owner has answered, so that its routing is final. */
  readonly settled: boolean;
}

/** Returns how a case was routed. */
export function courseOf(
  { categories }: Pick<Municipality, 'categories'>,
  { intake, progress, corrected }: RoutedCase,
): CaseCourse {
  const usualOf = (slug: string | undefined): string | null => {
    const category = slug === OTHER_CATEGORY ? undefined : categories.find(each => each.slug === slug);
    return category ? ownerKey(category.owner) : null;
  };
  const department = (slug: string): string | null =>
    slug === TRIAGE ? null : ownerKey({ department: slug });
  const institution = (slug: string): string => ownerKey({ institution: slug });
  const recorded = intake.category.slug;
  const right = corrected?.category.slug ?? recorded;
  const [best] = intake.guessed ?? [];
  const guess = usualOf(best?.slug);
  const first = intake.institution ? institution(intake.institution.slug) : department(intake.desk);
  const { outcome, plan, rerouteCount } = progress;
  const isHandedOff = outcome === 'handedOff' && progress.institution !== null;
  return {
    guessed: best && guess !== null ? { subject: best.slug, owner: guess } : null,
    first,
    last: isHandedOff ? institution(progress.institution?.slug ?? '') : department(plan.desk.slug),
    usual: usualOf(right),
    subject: recorded,
    corrected: right === recorded ? null : right,
    reroutes: rerouteCount,
    decidedBy: first === null ? 'nobody' : intake.chosenByCitizen ? 'citizen' : 'words',
    matched: intake.matchedWords,
    settled: ['resolved', 'partlyResolved', 'planned', 'handedOff'].includes(outcome ?? ''),
  };
}

/**
 * Returns the owner that people confirmed for the text of a case; null if nobody did. This is the usual owner of a
 * corrected subject, and of a subject that stayed where it went first: an owner chosen by place says nothing about
 * the text. The subject is known only if people corrected it.
 */
export function labelOf({ first, last, usual, corrected }: CaseCourse): {
  owner: string | null;
  subject: string | null;
} {
  const isUsual = corrected !== null || (last !== null && last === first);
  return { owner: isUsual ? usual : last, subject: corrected };
}
