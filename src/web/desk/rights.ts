import { type StaffFile, type StaffRole, staffRoles } from '../../config/schemas/staff';
import type { StaffIdentity } from '../../store/staff-records';

/** What each role may do on the staff pages. Whatever is not listed is refused. docs/desk.md shows the same table. */
export const staffRights = {
  /** One's own session. */
  session: staffRoles,
  /** Figures without personal data. */
  figures: staffRoles,
  /** Lists of cases, without what citizens wrote. */
  cases: staffRoles,
  /** The same as a file. */
  export: ['manager', 'chief', 'deputyMayor', 'auditor'],
  /** What citizens wrote, their photos, and the place of a report. */
  words: ['manager', 'chief', 'deputyMayor', 'callCentre', 'dataOfficer'],
  /** Names and numbers of citizens, and the search by number. */
  people: ['manager', 'callCentre', 'dataOfficer'],
  /** Requests for the erasure of personal data, and legal holds. */
  erasures: ['dataOfficer'],
  /** Enters the report of a caller, of somebody at the counter, or of a muhtar. */
  newReport: ['manager', 'callCentre'],
  /** Announces an incident, changes its end, or ends it. */
  incidents: ['manager', 'callCentre'],
  /** Says who acts for somebody who is away. */
  absences: ['manager'],
  /** Closes a day of the calendars, or opens it again. */
  closures: ['manager'],
  /** To take over the chat with a citizen. */
  talk: ['manager', 'callCentre'],
  /** Acts on all cases of a list; each act needs its own right as well. */
  bulk: ['manager', 'deputyMayor'],
  /** Sends a message or letter of a case again. */
  resend: ['manager', 'callCentre'],
  /** Keeps a photo out of letters, or lets it in again. */
  flagPhoto: ['manager', 'chief', 'deputyMayor', 'dataOfficer'],
  /** Stops answering a citizen until a day, or ends that. */
  block: ['manager'],
  // The acts on a case, by name.
  extend: ['manager', 'deputyMayor'],
  reassign: ['manager', 'chief', 'deputyMayor', 'callCentre'],
  setPriority: ['manager', 'chief', 'deputyMayor'],
  correct: ['manager', 'chief', 'deputyMayor', 'callCentre'],
  escalate: ['manager', 'chief'],
  reopen: ['manager', 'deputyMayor'],
  confirm: ['manager', 'callCentre'],
  release: ['manager', 'callCentre'],
  decide: ['manager', 'deputyMayor'],
  instruct: ['manager', 'chief', 'deputyMayor'],
  note: ['manager', 'chief', 'deputyMayor', 'callCentre', 'dataOfficer'],
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

const rolesWith = (right: StaffRight): readonly StaffRole[] => staffRights[right];

/** Returns whether one of the roles has a right. */
export function hasRight(grants: readonly Grant[], right: StaffRight): boolean {
  return grants.some(({ role }) => rolesWith(right).includes(role));
}

/** Returns the departments for which the roles have a right; null for all. */
export function departmentsFor(grants: readonly Grant[], right: StaffRight): readonly string[] | null {
  const having = grants.filter(({ role }) => rolesWith(right).includes(role));
  return having.some(({ departments }) => departments === null)
    ? null
    : having.flatMap(({ departments }) => departments ?? []);
}

/** Returns whether the roles have a right for the cases of a department. */
export function hasRightFor(grants: readonly Grant[], right: StaffRight, department: string): boolean {
  return departmentsFor(grants, right)?.includes(department) ?? hasRight(grants, right);
}
