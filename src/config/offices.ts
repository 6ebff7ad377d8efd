import type { CaseKind } from '../domain/case/case';
import type { HandOffWay } from '../domain/case/hand-off';
import type { LegalPolicy, Priority, SlaPolicy, Target } from '../domain/sla/sla';
import type { Municipality } from './municipality';
import type { Answer, AnswerPurpose } from './schemas/answers';
import type { Category } from './schemas/categories';
import type { Department, Institution } from './schemas/town';
import type { LegalLimit } from './schemas/sla';
import type { Language } from './schemas/texts';

function found<Value>(value: Value | undefined, kind: string, slug: string): Value {
  if (value === undefined) throw new RangeError(`The configuration has no ${kind} "${slug}"`);
  return value;
}

/** Returns the department (or the triage desk) with this slug. Throws a RangeError if there is none. */
export function departmentOf(municipality: Municipality, slug: string): Department {
  return found(municipality.departments[slug], 'department', slug);
}

/** Returns a desk's name in the citizen's language; the recorded name if the desk is no longer configured. */
export function deskName(
  { departments }: Municipality,
  language: Language,
  { slug, name }: { readonly slug: string; readonly name: string },
): string {
  return language === 'en' ? (departments[slug]?.englishName ?? name) : name;
}

/** Returns the subjects and departments that a new case or task can get, in file order. */
export function offered<Entry extends { readonly retired: boolean }>(all: readonly Entry[]): Entry[] {
  return all.filter(({ retired }) => !retired);
}

/** Returns the subject with this slug. Throws a RangeError if there is none. */
export function categoryOf(municipality: Municipality, slug: string): Category {
  return found(
    municipality.categories.find(category => category.slug === slug),
    'category',
    slug,
  );
}

/** Returns the institution with this slug. Throws a RangeError if there is none. */
export function institutionOf(municipality: Municipality, slug: string): Institution {
  return found(municipality.institutions[slug], 'institution', slug);
}

/** Returns how matters reach an institution: by letter, or by our desk; null if only the citizen can turn to it. */
export function handOffWay({ handOff }: Institution): HandOffWay | null {
  if (handOff === 'citizen') return null;
  return handOff.to === 'form' || handOff.to === 'phone' ? 'desk' : 'letter';
}

/**
 * Whether a report needs its place. It does not if no crew goes there, or if the subject is an institution's and no
 * rule of jurisdiction.yaml assigns it to another owner on some road.
 */
export function dependsOnPlace({ jurisdiction }: Municipality, { slug, owner, place }: Category): boolean {
  return place && ('department' in owner || jurisdiction.some(({ subjects }) => subjects.includes(slug)));
}

/** Whether the owner of a subject depends on who keeps the road. */
export function dependsOnRoad(
  { jurisdiction }: Pick<Municipality, 'jurisdiction'>,
  subject: string,
): boolean {
  return jurisdiction.some(({ road, subjects }) => road !== undefined && subjects.includes(subject));
}

/** The owner of a subject: one of our departments or an outside institution. */
export function ownerOf(
  municipality: Municipality,
  category: Category,
): { readonly department: Department } | { readonly institution: Institution } {
  const { owner } = category;
  return 'department' in owner
    ? { department: departmentOf(municipality, owner.department) }
    : { institution: institutionOf(municipality, owner.institution) };
}

/** Returns whether reports of this kind end with the department's answer, without a survey. */
export function isAnswerOnly({ sla }: Municipality, kind: CaseKind): boolean {
  return sla.answerOnly.kinds.includes(kind);
}

/** Returns the targets, ladder and legal limit for a subject, kind and priority. */
export function slaPolicyOf(
  municipality: Municipality,
  category: Category,
  kind: CaseKind,
  priority: Priority,
): SlaPolicy {
  const { version, classes, ladder, legal, answerOnly } = municipality.sla;
  const slaClass = isAnswerOnly(municipality, kind) ? answerOnly.slaClass : category.slaClass;
  const targets = found(classes[slaClass], 'SLA class', slaClass);
  const own = targets.priorities?.[priority] ?? {};
  return {
    version,
    accept:
      targetOf(own.acceptMinutes, own.acceptDays) ?? firstTarget(targets.acceptMinutes, targets.acceptDays),
    resolve:
      targetOf(own.resolveMinutes, own.resolveDays) ??
      firstTarget(targets.resolveMinutes, targets.resolveDays),
    ladder,
    legal: legalOf(legal[category.legal]),
  };
}

function legalOf(limit: LegalLimit): LegalPolicy {
  const { steps } = limit;
  return 'days' in limit
    ? { days: limit.days, workingDays: false, steps }
    : { days: limit.workingDays, workingDays: true, steps };
}

const DAY_MINUTES = 1_440;

function targetOf(minutes: number | undefined, days: number | undefined): Target | null {
  if (minutes !== undefined) return { minutes, around: false };
  return days === undefined ? null : { minutes: days * DAY_MINUTES, around: true };
}

function firstTarget(minutes: number | undefined, days: number | undefined): Target {
  return found(targetOf(minutes, days) ?? undefined, 'target in', 'minutes or days');
}

/**
 * Returns the prepared answers for a purpose: first those that the subject names, then those for every subject.
 */
export function readyAnswers(
  { answers, categories }: Pick<Municipality, 'answers' | 'categories'>,
  subject: string,
  purpose: AnswerPurpose,
): Answer[] {
  const named = categories.find(({ slug }) => slug === subject)?.answers ?? [];
  const always = Object.entries(answers).flatMap(([slug, answer]) => (answer.always ? [slug] : []));
  return [...new Set([...named, ...always])].flatMap(slug => {
    const answer = answers[slug];
    return answer?.for === purpose ? [{ ...answer, slug }] : [];
  });
}

/** Returns the holder of a role (`chief:SLUG`, `deputyMayor:SLUG`, `department:SLUG`, `duty:PERSON`); null if it is unknown. */
export function roleHolder(
  { departments, duty }: Pick<Municipality, 'departments' | 'duty'>,
  role: string,
): { name: string; address: string } | null {
  const [kind = '', slug = ''] = role.split(':');
  const desk = Object.hasOwn(departments, slug) ? departments[slug] : undefined;
  switch (kind) {
    case 'chief':
    case 'deputyMayor':
      return desk?.[kind] ?? null;
    case 'department':
      return desk?.mail ?? null;
    case 'duty':
      return Object.hasOwn(duty.people, slug) ? (duty.people[slug] ?? null) : null;
    default:
      return null;
  }
}

/** Returns the roles that somebody can stand in for, with their Turkish names. */
export function rolesOf({
  departments,
  duty,
}: Pick<Municipality, 'departments' | 'duty'>): { value: string; name: string }[] {
  const desks = offered(Object.values(departments));
  return [
    ...desks.map(({ slug, chief }) => ({ value: `chief:${slug}`, name: chief.name })),
    ...desks.map(({ slug, deputyMayor, name }) => ({
      value: `deputyMayor:${slug}`,
      name: `${deputyMayor.name} (${name})`,
    })),
    ...desks.map(({ slug, name }) => ({ value: `department:${slug}`, name: `${name}, e-posta kutusu` })),
    ...Object.entries(duty.people).map(([slug, { name }]) => ({
      value: `duty:${slug}`,
      name: `Nöbetçi: ${name}`,
    })),
  ];
}
