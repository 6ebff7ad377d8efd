import { AppError } from '../errors';
import type { CaseIntake, CaseProgress } from '../store/case-records';
import type { OpenedCase } from '../store/case-records';
import type { NewsDeps } from './news-deps';

/** The name of an institution in the citizen's language. */
export function institutionName(
  { municipality }: NewsDeps,
  { intake }: OpenedCase,
  slug = '',
): string | undefined {
  return municipality.institutions[slug]?.name[intake.language];
}

/** Who owns the matter; a case that follows another was handed off with it. */
export function institutionText(
  deps: NewsDeps,
  opened: OpenedCase,
  leader: CaseProgress | null,
): { institution: string; phone: string } {
  const owner = opened.progress.institution ?? leader?.institution ?? opened.intake.institution;
  if (!owner) throw new AppError('case-missing', { reason: 'institution' });
  return {
    institution: institutionName(deps, opened, owner.slug) ?? owner.name,
    phone: deps.municipality.institutions[owner.slug]?.phone ?? deps.municipality.callCentre.phone,
  };
}

/** Who owns a matter that is not the municipality's, why, and how to reach them (Law 3071, article 5). */
export function handOffWords(
  deps: NewsDeps,
  opened: OpenedCase,
  leader: CaseProgress | null,
  registered: { caseNumber: string; date: string; subject: string },
): string[] {
  const { intake } = opened;
  const { language, handOff } = intake;
  const owner = institutionText(deps, opened, leader);
  const slug = (opened.progress.institution ?? intake.institution)?.slug ?? '';
  const why = handOff?.why ?? deps.municipality.institutions[slug]?.why[language] ?? '';
  const website = handOff?.website ?? deps.municipality.institutions[slug]?.website;
  return [
    deps.say(language, 'handedOff', { ...registered, ...owner, why }),
    ...(website ? [deps.say(language, 'institutionWebsite', { website })] : []),
  ];
}

/** That a pin lies outside the district, and whose it is there, where that can be told. */
export function outsideWords({ say }: NewsDeps, { language, location }: CaseIntake): string[] {
  const neighbour = location?.neighbour;
  const contact = neighbour && [neighbour.phone, neighbour.website].filter(part => part !== null).join(', ');
  return [
    say(language, 'outsideDistrict', {}),
    ...(neighbour && contact ? [say(language, 'outsideNeighbour', { name: neighbour.name, contact })] : []),
  ];
}
