import { runningSlaState } from './case-clocks';
import {
  type CaseState,
  isEnded,
  isHeldByIncident,
  isOnHold,
  isOnService,
  isWithDepartment,
  type Stage,
  termsOf,
} from './case';
import type { Role, ServiceClock } from '../sla/sla';
import { type Correction, type ManagerAct, refusalOf, type TaskAct } from './acts';
import type { CaseEvent, CitizenSent } from './case-events';
import { follow, hearsAfterEnd, join, onCitizenAdded, passOnAfterEnd, separate } from './citizen-turns';
import { leaveIncident } from './incident-turns';
import { confirmOutcome, overturnOutcome } from './objection-turns';
import { movePlan, putOnProgramme } from './programme-turns';
import { bringBack, close, end, hold, leaveHold, resume } from './stage-changes';
import { leaveForPlanning, replan, sendLetter, startAlarm, takeCorrection, type Turn } from './turn';

/**
 * What earlier versions did not do. `passesOn`: a hand-off is passed on to the institution. `guides`: the cases that
 * follow hear of a corrected priority and owner. `places`: they hear of a corrected place.
 */
interface Ways {
  passesOn: boolean;
  guides: boolean;
  places: boolean;
}

/** Applies an act of the department. The act must be legal by the stage table. */
export function departmentAct(turn: Turn, given: TaskAct, ways: Ways): void {
  const { passesOn } = ways;
  const { state, now } = turn;
  const { actionId } = given;
  const desk = state.plan.desk.slug;
  switch (given.action) {
    case 'accept':
      accept(turn, actionId, given.plannedFor);
      return;
    case 'schedule':
      schedule(turn, actionId, given.plannedFor ?? now);
      return;
    case 'start':
      state.stage = 'inProgress';
      state.plannedFor = null;
      turn.record({ type: 'started', actionId, desk });
      return;
    case 'askCitizen':
      hold(turn, 'waitingCitizen', { until: now + termsOf(state).citizenWaitMs, actionId });
      turn.issue({ type: 'tellCitizen', news: 'question', actionId });
      return;
    case 'waitInstitution': {
      const until = given.until ?? now + termsOf(state).institutionWaitMs;
      const { institution } = given;
      hold(turn, 'waitingInstitution', { until, actionId, ...(institution && { institution }) });
      turn.issue({ type: 'tellCitizen', news: 'waitingInstitution', actionId });
      return;
    }
    case 'resume':
      resume(turn, 'department', actionId);
      return;
    case 'reroute':
      reroute(turn, actionId, given.department ?? desk);
      return;
    case 'correct':
      correct(turn, given, ways);
      return;
    case 'handOff': {
      const institution = given.institution ?? { slug: desk, name: state.plan.desk.name };
      const stood = leaveHold(turn, actionId);
      state.institution = institution;
      turn.record({ type: 'handedOff', institution: institution.slug, actionId, desk });
      end(turn, 'handedOff', actionId, stood, passesOn ? institution.slug : undefined);
      return;
    }
    case 'resolve': {
      const outcome = given.outcome ?? 'resolved';
      const stood = leaveHold(turn, actionId);
      turn.record({ type: 'resolved', actionId, desk, ...(given.outcome && { outcome }) });
      end(turn, outcome, actionId, stood);
      return;
    }
    case 'reject': {
      const stood = leaveHold(turn, actionId);
      turn.record({ type: 'rejected', actionId, desk });
      end(turn, 'rejected', actionId, stood);
      return;
    }
    case 'inform':
      turn.record({ type: 'informed', actionId, desk });
      turn.issue({ type: 'tellCitizen', news: 'interim', actionId });
      return;
    case 'planAhead': {
      const time = { by: given.plannedFor ?? now, precision: given.precision ?? 'day' };
      if (state.stage === 'planned') movePlan(turn, actionId, time);
      else putOnProgramme(turn, actionId, time);
      return;
    }
    case 'note':
      turn.record({ type: 'noted', actionId, desk });
      return;
    case 'handOver':
      turn.record({ type: 'handedOver', actionId, desk });
      sendLetter(turn, 'handOver', 'department', { actionId });
      return;
    case 'join':
      follow(turn, given.leader ?? '', actionId);
      turn.issue({ type: 'tellCitizen', news: 'joined' });
      return;
    case 'separate':
      if (isHeldByIncident(state)) leaveIncident(turn, actionId);
      else separate(turn, actionId);
      return;
    case 'reopen':
      overturnOutcome(turn, actionId, given.department);
      return;
    case 'confirm':
      confirmOutcome(turn, actionId);
      return;
  }
}

/** `tells`: the citizen hears of the act together with the new department. */
function reroute(turn: Turn, actionId: string, asked: string, tells = false): void {
  const { state } = turn;
  const from = state.plan.desk.slug;
  leaveHold(turn, actionId);
  state.rerouteCount += 1;
  const department = isPingPong(state) ? (termsOf(state).pingPong?.desk ?? asked) : asked;
  const instead = department !== asked && { asked };
  turn.record({ type: 'rerouted', actionId, from, to: department, ...instead });
  leaveForPlanning(turn, department, 'reroute', tells ? actionId : undefined);
}

/**
 * Corrects the case as its citizen says. Where a department could not correct it, the messages are added for those who
 * work on it.
 */
export function onCitizenCorrected(
  turn: Turn,
  {
    actionId,
    correction,
    passesOn = false,
    places = false,
    late,
    ...sent
  }: Extract<CaseEvent, { type: 'citizenCorrected' }>,
): void {
  const { state, now } = turn;
  const given = { action: 'correct', actionId, task: state.task, correction } as const;
  if (state.handled.includes(actionId)) return;
  if (late && isCorrectedLate(state.stage)) {
    amendLate(turn, { actionId, correction, ...sent });
    return;
  }
  if (refusalOf(state, given, now) !== null) {
    onCitizenAdded(turn, { ...sent, type: 'citizenAdded' });
    return;
  }
  turn.isFirst(actionId);
  const fresh = sent.messageIds.filter(id => turn.isFirst(id));
  join(turn, fresh, sent.fileMessageIds);
  correct(turn, given, { passesOn, guides: true, places }, fresh);
  if (state.stage === 'waitingCitizen') resume(turn, 'answered');
}

/** Stages in which a correction changes neither owner nor deadlines. */
function isCorrectedLate(stage: Stage): boolean {
  return stage === 'duplicate' || stage === 'resolved' || stage === 'objected' || hearsAfterEnd(stage);
}

/** Takes over what a citizen corrects, and tells whoever has the matter now. */
function amendLate(
  turn: Turn,
  {
    actionId,
    correction,
    messageIds,
    fileMessageIds,
  }: { actionId: string; correction: Correction } & CitizenSent,
): void {
  const { state } = turn;
  turn.isFirst(actionId);
  const fresh = messageIds.filter(id => turn.isFirst(id) && !state.messageIds.includes(id));
  if (fresh.length === 0) return;
  join(turn, fresh, fileMessageIds);
  takeCorrection(turn, actionId, { subject: correction.subject, place: correction.place });
  passOnAfterEnd(turn, fresh, actionId);
  turn.issue({ type: 'tellCitizen', news: isEnded(state.stage) ? 'heardAfterEnd' : 'amended', actionId });
}

/**
 * Corrects subject, priority or place. If another owner is responsible, the case moves to it. Otherwise the rest of
 * the time is planned anew; on hold, when the clock resumes. A case with an outcome keeps its course. `added` are the
 * messages of a citizen who corrects the case and always hears of it.
 */
function correct(
  turn: Turn,
  { actionId, correction }: TaskAct | ManagerAct,
  { passesOn, guides, places }: Ways,
  added?: string[],
): void {
  if (!correction) return;
  const { state } = turn;
  const { subject, priority, place, hazard, retargets, owner } = correction;
  const desk = state.plan.desk.slug;
  const from = state.neighbourhood?.slug ?? null;
  takeCorrection(turn, actionId, { subject, priority, place });
  const passed = {
    ...(subject && { subject }),
    ...(guides && priority && { priority }),
    ...(guides && owner && 'department' in owner && { department: owner.department }),
    ...(places && place && { place: { from, ...place } }),
  };
  if (Object.keys(passed).length > 0) {
    const news = {
      type: 'leaderCorrected',
      actionId,
      ...passed,
      ...(guides && { hazard }),
      retargets,
    } as const;
    for (const caseNumber of state.members) turn.issue({ type: 'tellCase', caseNumber, news });
  }
  if (!isWithDepartment(state.stage)) return;
  const wasHazard = state.hazard === true;
  state.hazard = hazard;
  state.retargets ||= retargets && isOnService(state.stage);
  if (owner && 'department' in owner) {
    reroute(turn, actionId, owner.department, added !== undefined);
    return;
  }
  if (owner) {
    const { institution } = owner;
    const stood = leaveHold(turn, actionId);
    state.institution = institution;
    turn.record({ type: 'handedOff', institution: institution.slug, actionId, desk });
    // The reason of the correction is not for the citizen.
    end(turn, 'handedOff', null, stood, passesOn ? institution.slug : undefined);
    return;
  }
  if (hazard !== wasHazard) startAlarm(turn);
  if (state.retargets && !isOnHold(state.stage)) {
    replan(turn, 'correct', undefined, added && actionId);
    return;
  }
  sendLetter(turn, 'corrected', 'department', { actionId, ...(added && { added }) });
  if (added) turn.issue({ type: 'tellCitizen', news: 'amended', actionId });
}

/**
 * Repeated reroutes mean that desks disagree about responsibility. The triage desk decides, and is free to
 * reroute.
 */
function isPingPong(state: CaseState): boolean {
  const { plan, rerouteCount } = state;
  const { pingPong } = termsOf(state);
  return pingPong !== undefined && rerouteCount >= pingPong.reroutes && plan.desk.slug !== pingPong.desk;
}

/** Ends the accept clock. If a day for the work is given, the citizen is notified. */
function accept(turn: Turn, actionId: string, plannedFor: number | undefined): void {
  const { state, now } = turn;
  state.acceptedAt = now;
  state.steps = state.steps.filter(step => step.clock !== 'accept');
  state.waitingLetters = state.waitingLetters.filter(({ step }) => step.clock !== 'accept');
  state.slaState = runningSlaState(state);
  const desk = state.plan.desk.slug;
  if (plannedFor === undefined) {
    state.stage = 'accepted';
    turn.record({ type: 'accepted', actionId, desk });
    return;
  }
  state.stage = 'scheduled';
  state.plannedFor = plannedFor;
  turn.record({ type: 'accepted', actionId, desk, plannedFor });
  turn.issue({ type: 'tellCitizen', news: 'scheduled' });
}

function schedule(turn: Turn, actionId: string, plannedFor: number): void {
  const { state } = turn;
  state.stage = 'scheduled';
  state.plannedFor = plannedFor;
  turn.record({ type: 'scheduled', actionId, desk: state.plan.desk.slug, plannedFor });
  turn.issue({ type: 'tellCitizen', news: 'scheduled' });
}

const FIRST_ESCALATION = 2;

/**
 * Applies a manager's act. The act must be legal by the stage table. With `alarms`, its priority decides whether the
 * case is a hazard.
 */
export function managerAct(
  turn: Turn,
  given: ManagerAct,
  { alarms, ...ways }: Ways & { alarms: boolean },
): void {
  const { state } = turn;
  const { actionId } = given;
  const desk = state.plan.desk.slug;
  switch (given.action) {
    case 'extend': {
      const until = given.until ?? state.plan.resolveBy;
      turn.record({ type: 'extended', actionId, until });
      replan(turn, 'extend', until);
      return;
    }
    case 'reassign': {
      const department = given.department ?? desk;
      leaveHold(turn, actionId);
      state.rerouteCount += 1;
      turn.record({ type: 'reassigned', actionId, from: desk, to: department });
      leaveForPlanning(turn, department, 'reassign');
      return;
    }
    case 'setPriority': {
      const from = state.priority;
      state.priority = given.priority ?? from;
      if (alarms) {
        state.hazard = state.priority === 'p1';
        startAlarm(turn);
      }
      turn.record({ type: 'prioritised', actionId, from, to: state.priority });
      replan(turn, 'priority');
      return;
    }
    case 'correct':
      correct(turn, given, ways);
      return;
    case 'escalate':
      escalateNow(turn, actionId);
      return;
    case 'reopen':
      bringBack(turn);
      turn.record({ type: 'takenBack', actionId });
      turn.record({ type: 'reopened', count: state.reopenCount });
      leaveForPlanning(turn, given.department ?? desk, 'takeBack');
      return;
    case 'decide':
      if (given.verdict === 'reopen') overturnOutcome(turn, actionId, given.department);
      else confirmOutcome(turn, actionId);
      return;
    case 'note':
      turn.record({ type: 'managerNoted', actionId });
      return;
    case 'instruct':
      turn.record({ type: 'instructed', actionId });
      sendLetter(turn, 'instruction', 'department', { actionId });
      return;
    case 'release':
      leaveIncident(turn, actionId);
      return;
    case 'confirm':
      state.feedback = 'solved';
      turn.record({ type: 'confirmedForCitizen', actionId });
      close(turn, 'confirmed');
      turn.issue({ type: 'tellCitizen', news: 'closed' });
      return;
  }
}

/**
 * Escalates to the next level now and drops that level's own step. A breach is still recorded at its own
 * time.
 */
function escalateNow(turn: Turn, actionId: string): void {
  const { state } = turn;
  const clock: ServiceClock = state.acceptedAt === null && state.stage !== 'triage' ? 'accept' : 'resolve';
  const next = state.steps.find(
    step => step.clock === clock && step.level >= FIRST_ESCALATION && step.level > state.escalationLevel,
  );
  const level = next?.level ?? Math.max(FIRST_ESCALATION, state.escalationLevel + 1);
  const to: Role = next?.to ?? 'deputyMayor';
  state.steps = state.steps.filter(step => step.clock !== clock || step.level !== level);
  state.escalationLevel = level;
  turn.record({ type: 'escalatedByManager', actionId, level, to });
  for (const role of [to, ...(next?.also ?? [])]) {
    sendLetter(turn, 'escalation', role, { rung: { clock, level }, actionId });
  }
}
