import { join } from 'node:path';
import { type Closure, planAsked, planFor } from '../../src/config/calendars';
import { loadMunicipality } from '../../src/config/municipality';
import { categoryOf } from '../../src/config/offices';
import { type ManagerAct, type Refusal, refusalOf, type TaskAct } from '../../src/domain/case/acts';
import { type CaseState, type NewCase, newCaseState } from '../../src/domain/case/case';
import type { SlaState } from '../../src/domain/sla/sla';
import { nextDeadline } from '../../src/domain/case/case-clocks';
import type { CaseEvent, CaseFact } from '../../src/domain/case/case-events';
import { openedEvent, takeTurn } from '../../src/domain/case/case-life';
import { DAY, told } from './cases';

export const municipality = loadMunicipality(join(__dirname, '../../config/etimesgut'));

/** Parses a local time in Istanbul (UTC+3 all year), such as "2027-05-14 16:00". Returns epoch ms. */
export function at(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}:00+03:00`);
}

export function local(utcMs: number): string {
  return new Date(utcMs + 3 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

type DeskAct = Omit<TaskAct, 'actionId' | 'task' | 'action'>;
type TopAct = Omit<ManagerAct, 'actionId' | 'by' | 'action'>;

export interface TownCase {
  readonly state: CaseState;
  readonly facts: CaseFact[];
  /** All notifications: "2026-11-25 10:00 citizen:acknowledged". */
  readonly told: string[];
  /** When the service clock's state changed: "2026-11-25 10:00 onTrack". */
  readonly sla: string[];
  closures: Closure[];
  /** Advances to a local time and processes every deadline at its time. */
  until(moment: string): void;
  /** Advances without a worker: processes all due deadlines at the end. */
  away(moment: string): void;
  take(event: CaseEvent): void;
  desk(action: TaskAct['action'], over?: DeskAct): Refusal | null;
  manager(action: ManagerAct['action'], over?: TopAct): Refusal | null;
}

interface TownCaseOptions {
  category?: string;
  department?: string;
  over?: Partial<NewCase>;
}

/** A case of Etimesgut with its calendars, run by the domain rules alone from a local time. */
export function townCase(
  received: string,
  { category = 'pothole', department = 'fen-isleri', over = {} }: TownCaseOptions = {},
): TownCase {
  const subject = categoryOf(municipality, category);
  const receivedAt = at(received);
  const { kind, priority } = { ...subject, ...over };
  const about = { municipality, category: subject, kind, priority };
  const opening: NewCase = {
    caseNumber: 'PK-0000-0001',
    citizenId: 'c-1',
    kind: subject.kind,
    category: { slug: subject.slug, name: subject.name.tr },
    priority: about.priority,
    neighbourhood: null,
    institution: null,
    receivedAt,
    messageIds: ['m-1'],
    fileMessageIds: [],
    plan: planFor({ ...about, closures: [], department }, receivedAt),
    closeAfterMs: 7 * DAY,
    terms: {
      reopenLimit: 2,
      surveyReminderAfterMs: 3 * DAY,
      takeBackWithinMs: 7 * DAY,
      citizenWaitMs: 7 * DAY,
      institutionWaitMs: 30 * DAY,
    },
    ...over,
  };
  let now = receivedAt;
  let state = newCaseState(opening);
  let seen: SlaState | null = null;
  let acts = 0;
  const facts: CaseFact[] = [];
  const messages: string[] = [];
  const sla: string[] = [];

  function take(event: CaseEvent): void {
    const turn = takeTurn(state, event, now);
    state = turn.state;
    facts.push(...turn.facts);
    messages.push(...told(turn).map(what => `${local(now)} ${what}`));
    if (state.slaState !== seen) sla.push(`${local(now)} ${state.slaState}`);
    seen = state.slaState;
    for (const effect of turn.effects) {
      if (effect.type !== 'plan') continue;
      const { hazard } = state;
      const subject = { ...about, category: categoryOf(municipality, state.category.slug) };
      const flags = hazard !== undefined && { hazard };
      const plan = planAsked({ ...subject, ...flags, closures: made.closures }, receivedAt, effect);
      const act = effect.actionId !== undefined && { actionId: effect.actionId };
      take({ type: 'planned', plan, after: effect.after, effect: effect.effect, ...act });
    }
  }

  function act(given: TaskAct | ManagerAct): Refusal | null {
    take({ type: 'timePassed', inHours: true });
    const refusal = refusalOf(state, given, now);
    if (!refusal) take({ type: 'acted', act: given });
    return refusal;
  }

  const made: TownCase = {
    get state() {
      return state;
    },
    facts,
    told: messages,
    sla,
    closures: [],
    until(moment) {
      const end = at(moment);
      for (let next = nextDeadline(state); next && next.at <= end; next = nextDeadline(state)) {
        now = Math.max(now, next.at);
        take({ type: 'timePassed', inHours: true });
      }
      now = end;
    },
    away(moment) {
      now = at(moment);
      take({ type: 'timePassed', inHours: true });
    },
    take,
    desk: (action, more = {}) => act({ actionId: `a-${(acts += 1)}`, task: state.task, action, ...more }),
    manager: (action, more = {}) => act({ actionId: `a-${(acts += 1)}`, by: 'manager', action, ...more }),
  };
  take(openedEvent(opening));
  return made;
}
