import type { Correction } from './acts';
import { openClocks, runningSlaState } from './case-clocks';
import { DAY_MS, MINUTE_MS } from '../durations';
import { type CaseState, isOnService, termsOf } from './case';
import type { Clock, Pause, Plan, ReplanReason, Role, Step } from '../sla/sla';
import type { CaseEffect, CaseFact, LetterKind, LetterOrder, StartReason } from './case-events';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const HANDLED_IDS_KEPT = 200;

/**
 * One turn of a case: a copy of its state, with the facts and effects that an event adds. Each fact
 * increments the revision of the record; each effect gets the next effect number, so that it is carried out
 * once.
 */
export class Turn {
  readonly state: CaseState;
  readonly facts: CaseFact[] = [];
  readonly effects: CaseEffect[] = [];

  constructor(
    before: CaseState,
    readonly now: number,
  ) {
    this.state = { ...before };
  }

  /** Returns whether this message or action id is new, and remembers it. */
  isFirst(id: string): boolean {
    if (this.state.handled.includes(id)) return false;
    this.state.handled = [...this.state.handled, id].slice(-HANDLED_IDS_KEPT);
    return true;
  }

  record(fact: Without<CaseFact, 'at'>): void {
    this.facts.push({ at: this.now, ...fact });
    this.state.revision += 1;
  }

  issue(effect: Without<CaseEffect, 'effect'>): void {
    this.state.effects += 1;
    this.effects.push({ effect: this.state.effects, ...effect });
  }
}

/** Assigns the task to the desk of the plan, with a new task number and new clocks. */
export function assign(turn: Turn, plan: Plan): void {
  const { state } = turn;
  state.stage = plan.triage ? 'triage' : 'assigned';
  state.task += 1;
  state.plan = plan;
  state.steps = plan.steps;
  state.waitingLetters = [];
  state.waitEnded = null;
  state.reached = {};
  state.slaState = 'onTrack';
  state.escalationLevel = 0;
  state.acceptedAt = null;
  state.retargets = false;
  startAlarm(turn);
  promise(state);
  turn.record({ type: 'planned', desk: plan.desk.slug, ...deadlinesOf(plan) });
}

/** Starts the alarm of a hazard. Its first letter is the one that announces the task. */
export function startAlarm({ state, now }: Turn): void {
  const { alarm } = termsOf(state);
  state.alarm = state.hazard && alarm ? { turn: 0, sent: 1, at: now + alarm.everyMs } : null;
}

/** Remembers the promised target, so that the citizen is notified if it passes. */
export function promise(state: CaseState): void {
  const { tellsLateness, answerEnds, emergency } = termsOf(state);
  const isPromised = tellsLateness && !answerEnds && !emergency;
  state.lateNewsAt = isPromised ? (state.plan.lateNewsAt ?? null) : null;
}

function deadlinesOf({ acceptBy, resolveBy, legalBy, calendarVersion, basis }: Plan) {
  return {
    acceptBy,
    resolveBy,
    legalBy,
    calendarVersion,
    ...(basis && { policyVersion: basis.policyVersion }),
  };
}

/** Orders a letter about the current task. */
export function sendLetter(
  turn: Turn,
  letter: LetterKind,
  to: Role,
  occasion: Pick<LetterOrder, 'rung' | 'added' | 'actionId' | 'turn'> = {},
): void {
  const { plan, task } = turn.state;
  turn.issue({ type: 'mail', letter, to, department: plan.desk.slug, task, ...occasion });
}

/** Announces the plan of a new task: a letter to the desk and the new date to the citizen. */
export function onTaskPlanned(turn: Turn, plan: Plan, after: StartReason, actionId?: string): void {
  const { state } = turn;
  switch (after) {
    case 'reroute':
    case 'reassign':
      assign(turn, plan);
      turn.issue({ type: 'tellCitizen', news: 'rerouted', ...(actionId !== undefined && { actionId }) });
      sendLetter(turn, 'task', 'department');
      if (after === 'reroute' && wentToAndFro(state)) sendLetter(turn, 'task', 'chief');
      return;
    case 'reopen':
    case 'takeBack':
      assign(turn, plan);
      turn.issue({ type: 'tellCitizen', news: 'reopened' });
      sendLetter(turn, 'reopened', 'department');
      sendLetter(turn, 'reopened', 'chief');
      return;
    case 'returned':
      assign(turn, plan);
      turn.issue({ type: 'tellCitizen', news: 'returned', ...(actionId !== undefined && { actionId }) });
      sendLetter(turn, 'reopened', 'department');
      return;
    case 'decision':
      assign(turn, plan);
      turn.issue({
        type: 'tellCitizen',
        news: 'objectionAccepted',
        ...(actionId !== undefined && { actionId }),
      });
      sendLetter(turn, 'reopened', 'department');
      sendLetter(turn, 'reopened', 'chief');
  }
}

/** Whether repeated reroutes brought the case to the triage desk. Its chief is notified then. */
function wentToAndFro(state: CaseState): boolean {
  const { plan, rerouteCount } = state;
  const { pingPong } = termsOf(state);
  return pingPong !== undefined && rerouteCount >= pingPong.reroutes && plan.desk.slug === pingPong.desk;
}

/**
 * Returns the steps of a clock that were not taken before its times changed. Later repetitions of a breach
 * are kept.
 */
export function aheadOf({ state, now }: Turn, clock: Clock, steps: readonly Step[]): Step[] {
  const reached = state.reached[clock] ?? -1;
  return steps.filter(({ level, at }) => level > reached || (level > 0 && at > now));
}

/** Applies new deadlines to the current task. `actionId` is the citizen's correction that led to them. */
export function adopt(turn: Turn, plan: Plan, reason: ReplanReason, actionId?: string): void {
  const { state } = turn;
  if (!isOnService(state.stage)) return;
  const isSame = sameTimes(state, plan);
  const { retargets, plan: before } = state;
  const legalAhead = state.steps.filter(({ clock }) => clock === 'legal');
  state.plan = plan;
  state.retargets = false;
  state.steps = plan.steps.filter(({ clock, level, to }) =>
    clock === 'legal'
      ? (retargets && plan.legalBy !== before.legalBy) ||
        legalAhead.some(step => step.level === level && step.to === to)
      : clock !== 'accept' || state.acceptedAt === null,
  );
  state.slaState = runningSlaState(state);
  if (!isSame) turn.record({ type: 'replanned', reason, desk: plan.desk.slug, ...deadlinesOf(plan) });
  if (reason === 'correct') sendLetter(turn, 'corrected', 'department');
  else if (!isSame && (reason === 'extend' || reason === 'priority')) {
    sendLetter(turn, 'replanned', 'department');
  }
  if (retargets) promiseAnew(turn, before, actionId);
  if (state.waitEnded) planWaitEnd(turn, state.waitEnded, plan);
}

/** The plan of the remaining time knows when the desk works. */
function planWaitEnd(turn: Turn, { letterAt }: NonNullable<CaseState['waitEnded']>, plan: Plan): void {
  const at = letterAt ?? plan.opensAt ?? turn.now;
  turn.state.waitEnded = at > turn.now ? { letterAt: at } : null;
  if (at <= turn.now) sendLetter(turn, 'holdEnded', 'department');
}

/**
 * Tells the citizen the new target if a correction moved it to another day. The citizen's own correction is always
 * confirmed.
 */
function promiseAnew(turn: Turn, before: Plan, actionId?: string): void {
  const { state } = turn;
  const { resolveBy, utcOffsetMinutes } = state.plan;
  const dayOf = (at: number): number => Math.floor((at + utcOffsetMinutes * MINUTE_MS) / DAY_MS);
  const act = actionId !== undefined && { actionId };
  if (termsOf(state).answerEnds || dayOf(resolveBy) === dayOf(before.resolveBy)) {
    if (act) turn.issue({ type: 'tellCitizen', news: 'amended', ...act });
    return;
  }
  promise(state);
  turn.issue({ type: 'tellCitizen', news: 'corrected', ...act });
}

function sameTimes({ plan, steps }: CaseState, next: Plan): boolean {
  const times = ({ acceptBy, resolveBy, legalBy, overall }: Plan): number[] => [
    acceptBy,
    resolveBy,
    legalBy,
    overall?.by ?? 0,
  ];
  const ats = [...times(plan), ...steps.map(({ at }) => at)];
  const nextAts = [...times(next), ...next.steps.map(({ at }) => at)];
  return ats.length === nextAts.length && ats.every((at, place) => at === nextAts[place]);
}

/** Requests new deadlines. Until they arrive, no step of the service clock is taken. */
export function replan(turn: Turn, after: ReplanReason, until?: number, actionId?: string): void {
  const { state, now } = turn;
  const { plan, steps, priority } = state;
  turn.issue({
    type: 'plan',
    after,
    department: plan.desk.slug,
    from: now,
    priority,
    ...(actionId !== undefined && { actionId }),
    left: {
      plan,
      steps,
      pauses: pausesUntil(state, now),
      open: openClocks(state),
      ...(state.retargets && { retargets: true }),
      ...(until !== undefined && { until }),
    },
  });
  state.planning = state.effects;
}

/** Returns all pauses, including the current one. */
function pausesUntil({ pauses, pausedSince }: CaseState, now: number): Pause[] {
  return pausedSince === null ? pauses : [...pauses, { from: pausedSince, to: now }];
}

/** Ends the current task and requests the plan of the next one. Until it arrives, nobody can act. */
export function leaveForPlanning(
  turn: Turn,
  department: string,
  after: StartReason,
  actionId?: string,
): void {
  const { state, now } = turn;
  const { plan, priority, pauses } = state;
  // Planned work has left its service clocks.
  const moves = (after === 'reroute' || after === 'reassign') && state.stage !== 'planned';
  const isOverallOpen = openClocks(state).includes(plan.overall ? 'overall' : 'resolve');
  const overall =
    plan.overall ??
    (plan.basis && { from: plan.basis.from, target: plan.basis.resolve, department: plan.desk.slug });
  state.stage = 'received';
  state.steps = [];
  state.waitingLetters = [];
  state.waitEnded = null;
  state.plannedFor = null;
  state.lateNewsAt = null;
  turn.issue({
    type: 'plan',
    after,
    department,
    from: now,
    priority,
    ...(actionId !== undefined && { actionId }),
    ...(moves && overall && { overall: bare(overall), pauses }),
    ...(moves && overall && state.retargets && isOverallOpen && { retargets: true }),
  });
  state.planning = state.effects;
}

function bare({
  from,
  target,
  department,
}: Pick<NonNullable<Plan['overall']>, 'from' | 'target' | 'department'>) {
  return { from, target, department };
}

/** The right values of a corrected case. */
type Right = { [Value in 'subject' | 'priority' | 'place']?: Correction[Value] | undefined };

/** Records a correction and takes over the right values. */
export function takeCorrection(turn: Turn, actionId: string, { subject, priority, place }: Right): void {
  const { state } = turn;
  turn.record({
    type: 'corrected',
    actionId,
    desk: state.plan.desk.slug,
    ...(subject && { subject: { from: state.category.slug, to: subject.slug } }),
    ...(priority && { priority: { from: state.priority, to: priority } }),
    ...(place && { place: { neighbourhood: place.neighbourhood?.slug ?? null } }),
  });
  state.category = subject ?? state.category;
  state.priority = priority ?? state.priority;
  if (place) state.neighbourhood = place.neighbourhood;
}
