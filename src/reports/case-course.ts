import type { Municipality } from '../config/municipality';
import { TRIAGE } from '../config/schemas/town';
import { OTHER_CATEGORY, ownerKey } from '../domain/routing/category';
import type { CaseState, Named } from '../domain/case/case';

/** What the record of a case tells of its routing. */
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
}

/** How a case found its owner; owners are `ownerKey`s, null stands for the desk that sorts. */
export interface CaseCourse {
  /** What the words alone spoke for most. */
  readonly guessed: { readonly subject: string; readonly owner: string } | null;
  readonly first: string | null;
  readonly last: string | null;
  /** The usual owner of the subject under which it was recorded; null for "other". */
  readonly usual: string | null;
  readonly subject: string;
  readonly reroutes: number;
  /** Who decided the first owner: the words, the citizen by the list, or nobody yet. */
  readonly decidedBy: 'words' | 'citizen' | 'nobody';
  readonly matched: readonly string[];
  /** Whether its owner has answered it: what was decided about it stands. */
  readonly settled: boolean;
}

/** Reads from a case's record how it found its owner. */
export function courseOf(
  { categories }: Pick<Municipality, 'categories'>,
  { intake, progress }: RoutedCase,
): CaseCourse {
  const usualOf = (slug: string | undefined): string | null => {
    const category = slug === OTHER_CATEGORY ? undefined : categories.find(each => each.slug === slug);
    return category ? ownerKey(category.owner) : null;
  };
  const department = (slug: string): string | null =>
    slug === TRIAGE ? null : ownerKey({ department: slug });
  const institution = (slug: string): string => ownerKey({ institution: slug });
  const [best] = intake.guessed ?? [];
  const guess = usualOf(best?.slug);
  const first = intake.institution ? institution(intake.institution.slug) : department(intake.desk);
  const { outcome, plan, rerouteCount } = progress;
  const isHandedOff = outcome === 'handedOff' && progress.institution !== null;
  return {
    guessed: best && guess !== null ? { subject: best.slug, owner: guess } : null,
    first,
    last: isHandedOff ? institution(progress.institution?.slug ?? '') : department(plan.desk.slug),
    usual: usualOf(intake.category.slug),
    subject: intake.category.slug,
    reroutes: rerouteCount,
    decidedBy: first === null ? 'nobody' : intake.chosenByCitizen ? 'citizen' : 'words',
    matched: intake.matchedWords,
    settled: ['resolved', 'partlyResolved', 'planned', 'handedOff'].includes(outcome ?? ''),
  };
}

/**
 * Whose matter the words of a case are, as people decided; null when nobody did. Where nothing was corrected that is
 * the usual owner of the subject: an owner by place says nothing about the words.
 */
export function labelOf({ first, last, usual }: CaseCourse): string | null {
  return last !== null && last === first ? usual : last;
}
