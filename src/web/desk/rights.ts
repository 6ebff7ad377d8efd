import type { StaffFile, StaffRole } from '../../config/schemas/staff';
import type { StaffIdentity } from '../../store/staff-records';

const everybody: readonly StaffRole[] = [
  ...(['manager', 'chief', 'deputyMayor', 'callCentre', 'dataOfficer', 'auditor'] as const),
];

/** What each role may do on the staff pages. Whatever is not listed is refused. docs/desk.md shows the same table. */
export const staffRights = {
  /** One's own session. */
  session: everybody,
  /** Figures without personal data. */
  figures: everybody,
} as const satisfies Record<string, readonly StaffRole[]>;

export type StaffRight = keyof typeof staffRights;

/** A role of a person, and the departments it is limited to; null for all. */
export interface Grant {
  readonly role: StaffRole;
  readonly departments: readonly string[] | null;
}

/** Returns the roles that staff.yaml gives to a person by address and groups; none if it does not know the person. */
export function grantsOf({ people, groups }: StaffFile, { address, groups: own }: StaffIdentity): Grant[] {
  const byAddress = Object.values(people).filter(each => address !== null && each.address === address);
  const byGroup = own.flatMap(name => (Object.hasOwn(groups, name) ? (groups[name] ?? []) : []));
  return [...byAddress, ...byGroup].map(({ role, departments = null }) => ({ role, departments }));
}

/** Returns whether one of the roles has a right. */
export function hasRight(grants: readonly Grant[], right: StaffRight): boolean {
  return grants.some(({ role }) => staffRights[right].includes(role));
}
