import { z } from 'zod';
import type { Problem } from '../config-error';
import type { ReadFile } from '../yaml-file';
import { bySlug, entry, line, mailAddress, slug } from './fields';

/** Who works on the staff pages. What each role may do is in src/web/desk/rights.ts. */
export const staffRoles = [
  'manager',
  'chief',
  'deputyMayor',
  'callCentre',
  'dataOfficer',
  'auditor',
] as const;
export type StaffRole = (typeof staffRoles)[number];

/** The roles that see only the cases of their departments. */
const ofDepartments: readonly StaffRole[] = ['chief', 'deputyMayor'];

const grant = {
  role: z.enum(staffRoles),
  departments: z.array(slug).min(1).optional(),
};

interface RoleAndDepartments {
  role: StaffRole;
  departments?: string[] | undefined;
}

const fits = ({ role, departments }: RoleAndDepartments): boolean =>
  ofDepartments.includes(role) === (departments !== undefined);
const fitting = `departments for ${ofDepartments.join(' and ')}, and only for them`;

/** staff.yaml: who may sign in to the staff pages. Everybody else is refused. */
export const staffSchema = entry({
  people: bySlug(entry({ name: line, address: mailAddress, ...grant }).refine(fits, fitting)),
  /** Roles by the groups that the town's OpenID provider tells. */
  groups: z.record(line, entry(grant).refine(fits, fitting)).default({}),
});

export type StaffFile = z.infer<typeof staffSchema>;

/** Returns the departments of staff.yaml that do not exist. */
export function staffProblems(
  { value, at }: ReadFile<StaffFile>,
  departments: object | undefined,
): Problem[] {
  if (!value || !departments) return [];
  return (['people', 'groups'] as const).flatMap(part =>
    Object.entries<RoleAndDepartments>(value[part]).flatMap(([name, { departments: own = [] }]) =>
      own.flatMap((department, place) =>
        Object.hasOwn(departments, department)
          ? []
          : [
              at(
                [part, name, 'departments', place],
                `there is no department "${department}"`,
                Object.keys(departments).join(', '),
              ),
            ],
      ),
    ),
  );
}
