import { type CaseState, isEnded } from './case';
import { bindingDeadline } from './case-clocks';

/**
 * Search attributes for managers. Only enums, slugs and times, because Temporal does not encrypt search
 * attributes.
 */
export const attributeTypes = {
  CaseStage: 'Keyword',
  SlaState: 'Keyword',
  Department: 'Keyword',
  Category: 'Keyword',
  Neighbourhood: 'Keyword',
  CaseKind: 'Keyword',
  CasePriority: 'Keyword',
  CaseOutcome: 'Keyword',
  SlaDueAt: 'Datetime',
  LegalDueAt: 'Datetime',
  ResolvedAt: 'Datetime',
  EscalationLevel: 'Int',
  ReopenCount: 'Int',
  ObjectionCount: 'Int',
  SlaBreached: 'Bool',
} as const;

export type AttributeName = keyof typeof attributeTypes;
type ValueOf<T> = T extends 'Int' | 'Datetime' ? number : T extends 'Bool' ? boolean : string;

/** A value for each search attribute. Datetimes are epoch ms UTC; null means not set. */
export type CaseAttributes = { [Name in AttributeName]: ValueOf<(typeof attributeTypes)[Name]> | null };

export function caseAttributes(state: CaseState): CaseAttributes {
  // A case that belonged to an institution from the start has no task.
  const isOurs = state.task > 0 || state.institution === null;
  return {
    CaseStage: state.stage,
    SlaState: isOurs ? state.slaState : null,
    Department: isOurs ? state.plan.desk.slug : null,
    Category: state.category.slug,
    Neighbourhood: state.neighbourhood?.slug ?? null,
    CaseKind: state.kind,
    CasePriority: state.priority,
    CaseOutcome: state.outcome,
    SlaDueAt: bindingDeadline(state),
    LegalDueAt: state.resolvedAt === null && !isEnded(state.stage) ? state.plan.legalBy : null,
    ResolvedAt: state.resolvedAt,
    EscalationLevel: state.escalationLevel,
    ReopenCount: state.reopenCount,
    ObjectionCount: state.objectionCount,
    SlaBreached: state.everBreached,
  };
}

/** Returns the attributes that changed, with their new values. */
export function changedAttributes(before: CaseAttributes, after: CaseAttributes): Partial<CaseAttributes> {
  const names = Object.keys(attributeTypes) as AttributeName[];
  return Object.fromEntries(
    names.filter(name => before[name] !== after[name]).map(name => [name, after[name]]),
  );
}
