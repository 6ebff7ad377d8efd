import type { CaseProgress } from './case';
import type { CaseFact } from './case-events';

/** What the municipality's own systems can hear of. Names never change, because receivers know them. */
export const eventKinds = [
  'case.opened',
  'case.accepted',
  'case.unaccepted',
  'case.rerouted',
  'case.planned',
  'case.breached',
  'case.escalated',
  'case.resolved',
  'case.rejected',
  'case.handed_off',
  'case.withdrawn',
  'case.objected',
  'case.reopened',
  'case.closed',
] as const;

export type EventKind = (typeof eventKinds)[number];

/** The facts of a case that become events. `case.unaccepted` is a hazard (P1) that nobody has accepted yet. */
const kindOf: Partial<Record<CaseFact['type'], EventKind>> = {
  opened: 'case.opened',
  accepted: 'case.accepted',
  alarmed: 'case.unaccepted',
  rerouted: 'case.rerouted',
  reassigned: 'case.rerouted',
  plannedAhead: 'case.planned',
  planMoved: 'case.planned',
  breached: 'case.breached',
  escalated: 'case.escalated',
  resolved: 'case.resolved',
  rejected: 'case.rejected',
  handedOff: 'case.handed_off',
  withdrawn: 'case.withdrawn',
  objected: 'case.objected',
  reopened: 'case.reopened',
  takenBack: 'case.reopened',
  overturned: 'case.reopened',
  closed: 'case.closed',
};

/** An event for the municipality's own systems: ids, closed words and times only. */
export interface OutgoingEvent {
  /** The number of the fact in its case; with the case number the id of the event. */
  number: number;
  kind: EventKind;
  /** Epoch ms UTC. */
  at: number;
  data: Readonly<Record<string, string | number | boolean | null>>;
}

/** Returns the events of the facts of one turn, after which the case is as given. */
export function outgoingEvents(progress: CaseProgress, facts: readonly CaseFact[]): OutgoingEvent[] {
  const first = progress.revision - facts.length + 1;
  return facts.flatMap((fact, place): OutgoingEvent[] => {
    const kind = kindOf[fact.type];
    if (kind === undefined) return [];
    return [{ number: first + place, kind, at: fact.at, data: { ...stateOf(progress), ...detailsOf(fact) } }];
  });
}

function stateOf(progress: CaseProgress): OutgoingEvent['data'] {
  const { caseNumber, category, neighbourhood, priority, plan, stage, outcome, hazard, institution } =
    progress;
  return {
    ...{ caseNumber, category: category.slug, neighbourhood: neighbourhood?.slug ?? null, priority },
    ...{ hazard: hazard === true, department: plan.desk.slug, institution: institution?.slug ?? null },
    ...{ stage, outcome, resolveBy: new Date(plan.resolveBy).toISOString() },
  };
}

function detailsOf(fact: CaseFact): OutgoingEvent['data'] {
  switch (fact.type) {
    case 'alarmed':
      return { turn: fact.turn, times: fact.times };
    case 'breached':
    case 'escalated':
      return { clock: fact.clock, level: fact.level };
    case 'closed':
      return { reason: fact.reason };
    default:
      return {};
  }
}
