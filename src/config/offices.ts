import type { SlaPolicy } from '../domain/sla';
import type { Municipality } from './municipality';
import type { Category } from './schemas/categories';
import type { Department, Institution } from './schemas/departments';

function found<Value>(value: Value | undefined, kind: string, slug: string): Value {
  if (value === undefined) throw new RangeError(`The configuration has no ${kind} "${slug}"`);
  return value;
}

/** The department with this slug, the triage desk included. Throws a RangeError when there is none. */
export function departmentOf(municipality: Municipality, slug: string): Department {
  return found(municipality.departments[slug], 'department', slug);
}

/** The subject with this slug. Throws a RangeError when there is none. */
export function categoryOf(municipality: Municipality, slug: string): Category {
  return found(
    municipality.categories.find(category => category.slug === slug),
    'category',
    slug,
  );
}

/** Who acts on a subject: a department of ours, or the institution outside that owns the matter. */
export function ownerOf(
  municipality: Municipality,
  category: Category,
): { readonly department: Department } | { readonly institution: Institution } {
  const { owner } = category;
  return 'department' in owner
    ? { department: departmentOf(municipality, owner.department) }
    : { institution: found(municipality.institutions[owner.institution], 'institution', owner.institution) };
}

/** The targets, ladder and legal limit of a subject; minutes of business time, legal days of the calendar. */
export function slaPolicyOf(municipality: Municipality, category: Category): SlaPolicy {
  const { classes, ladder, legal } = municipality.sla;
  return { ...found(classes[category.slaClass], 'SLA class', category.slaClass), ladder, legal };
}
