import type { CaseIntake } from '../../src/store/case-records';
import type { Message } from '../../src/store/message-records';
import { type NewCase, newCaseState, type Terms, termsOf } from '../../src/domain/case/case';
import type { Plan, Step } from '../../src/domain/sla/sla';
import type { Store } from '../../src/store/store';
import type { CaseEvent, PlanAsked } from '../../src/domain/case/case-events';
import { openedEvent, takeTurn } from '../../src/domain/case/case-life';
import type { Turn } from '../../src/domain/case/turn';
import type { CaseAbout } from '../../src/reports/case-story';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Wednesday 25 November 2026, 10:00 in Istanbul. */
export const T0 = Date.UTC(2026, 10, 25, 7, 0);

/**
 * Returns a plan with round numbers: accept in 4 hours, resolve in 40, the whole ladder on both, legal in 30
 * days.
 */
export function planAt(from: number, slug = 'fen-isleri', over: Partial<Plan> = {}): Plan {
  const rungs = (clock: 'accept' | 'resolve', target: number) => [
    { clock, level: 0, to: 'department' as const, at: from + 0.75 * target },
    { clock, level: 1, to: 'chief' as const, at: from + target },
    { clock, level: 2, to: 'chief' as const, at: from + 1.25 * target },
    { clock, level: 3, to: 'deputyMayor' as const, at: from + 1.5 * target },
  ];
  return {
    desk: { slug, name: slug === 'triage' ? 'Bildirim Masası' : 'Fen İşleri Müdürlüğü' },
    triage: slug === 'triage',
    acceptBy: from + 4 * HOUR,
    resolveBy: from + 40 * HOUR,
    legalBy: from + 30 * DAY,
    steps: [
      ...rungs('accept', 4 * HOUR),
      ...rungs('resolve', 40 * HOUR),
      { clock: 'legal' as const, level: 2, to: 'chief' as const, at: from + 25 * DAY },
    ].sort((a, b) => a.at - b.at),
    utcOffsetMinutes: 180,
    calendarVersion: 'test',
    ...over,
  };
}

/** Returns the plan that the worker would create for a request. */
export function planned(asked: PlanAsked, now: number): Plan {
  switch (asked.after) {
    case 'programme':
      return ownClockPlan('plan', now, asked.plannedFor);
    case 'objection':
      return ownClockPlan('objection', now, asked.from + DAY);
    case 'resume':
    case 'priority':
    case 'extend':
    case 'calendar':
    case 'correct':
      return planAt(now, asked.department, { steps: asked.left.steps });
    case 'reroute':
    case 'reassign':
    case 'reopen':
    case 'takeBack':
    case 'returned':
    case 'decision':
      return planAt(now, asked.department);
  }
}

function ownClockPlan(clock: 'plan' | 'objection', now: number, by: number): Plan {
  const steps: Step[] = [
    { clock, level: 0, to: 'department', at: by - HOUR },
    { clock, level: 1, to: 'chief', at: by },
    { clock, level: 2, to: 'deputyMayor', at: by + DAY },
  ];
  return planAt(now, 'fen-isleri', { resolveBy: by, steps });
}

/** The policies of new cases. */
export const newTerms: Terms = {
  ...termsOf({}),
  reopenLimit: 2,
  objections: { withinMs: 15 * DAY, deciders: ['chief', 'deputyMayor'] },
  longestPlanMs: 700 * DAY,
  tellsLateness: true,
};

/** Plays events like `play`, and applies every requested plan immediately. */
export function playPlanned(start: NewCase, ...events: [CaseEvent, number][]): Turn[] {
  const turns: Turn[] = [takeTurn(newCaseState(start), openedEvent(start), T0)];
  for (const [event, at] of events) {
    const turn = takeTurn((turns.at(-1) as Turn).state, event, at);
    turns.push(turn);
    for (const effect of turn.effects) {
      if (effect.type !== 'plan') continue;
      const { type: _, effect: number, ...asked } = effect;
      const actionId = 'actionId' in asked ? asked.actionId : undefined;
      const came: CaseEvent = {
        type: 'planned',
        plan: planned(asked, at),
        after: asked.after,
        effect: number,
        ...(actionId !== undefined && { actionId }),
      };
      turns.push(takeTurn((turns.at(-1) as Turn).state, came, at));
    }
  }
  return turns;
}

export function opening(over: Partial<NewCase> = {}): NewCase {
  return {
    caseNumber: 'PK-0000-0001',
    citizenId: 'c-1',
    kind: 'problem',
    category: { slug: 'pothole', name: 'Yol çukuru' },
    priority: 'p2',
    neighbourhood: { slug: 'suvari', name: 'Süvari' },
    institution: null,
    receivedAt: T0,
    messageIds: ['m-1'],
    fileMessageIds: [],
    plan: planAt(T0),
    closeAfterMs: 7 * DAY,
    ...over,
  };
}

/** Applies events in order, each at its time. Returns the last turn. */
export function play(start: NewCase, ...events: [CaseEvent, number][]): Turn {
  const first = takeTurn(newCaseState(start), openedEvent(start), T0);
  return events.reduce((turn, [event, at]) => takeTurn(turn.state, event, at), first);
}

/** Writes an opened case into the records. */
export async function recordCase(
  { cases }: Pick<Store, 'cases'>,
  over: Partial<NewCase> = {},
): Promise<void> {
  const { state, facts } = play(opening(over));
  await cases.open(state.caseNumber, { receivedAt: new Date(T0) } as CaseIntake);
  await cases.write(state, facts);
}

export function acted(
  action: 'accept' | 'resolve' | 'reject' | 'note' | 'reroute' | 'handOver',
  actionId: string,
  over: { task?: number; department?: string } = {},
): CaseEvent {
  return { type: 'acted', act: { actionId, action, task: 1, ...over } };
}

export const timePassed: CaseEvent = { type: 'timePassed' };

/** Returns the notifications of a turn: "citizen:resolved", "mail:breach:chief". */
export function told(turn: Pick<Turn, 'effects'>): string[] {
  return turn.effects.flatMap(effect => {
    if (effect.type === 'tellCitizen') return [`citizen:${effect.news}`];
    if (effect.type === 'mail') return [`mail:${effect.letter}:${effect.to}`];
    if (effect.type === 'passAddition') return [`handOff:${effect.number}:${effect.messageIds.join()}`];
    return [];
  });
}

/** A stored text message that was not processed yet. */
export function wordsMessage(over: Partial<Message>): Message {
  return {
    ...{ id: 'm-1', citizenId: 'c-1', sentAt: new Date(T0), type: 'text', words: null },
    ...{ place: null, media: null, tap: null, says: 'report', language: 'tr' },
    ...{ caseNumber: null, handledAt: null },
    ...over,
  };
}

/** What the usual case is about, before anybody was told anything. */
export const about: CaseAbout = {
  ...{ subject: 'pothole', neighbourhood: null, institution: null, source: 'whatsapp', kind: 'problem' },
  ...{ messages: 0, templates: 0, firstMessageAt: null },
};
