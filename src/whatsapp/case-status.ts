import type { Municipality } from '../config/municipality';
import { departmentOf, deskName } from '../config/offices';
import { plannedText, type Say, townDay } from '../config/texts';
import { handOffTexts, type MessageKey } from '../config/schemas/texts';
import { type ObjectionRefusal, objectionsUntil } from '../domain/case/acts';
import { type CaseProgress, isHeldByIncident, termsOf } from '../domain/case/case';
import type { HandOffStep } from '../domain/case/hand-off';
import { AppError } from '../errors';
import type { OpenedCase } from '../store/case-records';

interface StatusDeps {
  municipality: Municipality;
  say: Say;
}

/** Returns the status of a case at `now` (epoch ms UTC) as one message. */
export function statusText(deps: StatusDeps, opened: OpenedCase, now: number): string {
  const { municipality, say } = deps;
  const { caseNumber, intake, progress } = opened;
  const { language } = intake;
  const status = say(language, 'status', {
    caseNumber,
    stage: say(language, `stages.${progress.stage}`, {}),
    department: progress.institution?.name ?? deskName(municipality, language, progress.plan.desk),
  });
  return [status, ...promiseLines(deps, opened, now)].join('\n');
}

/**
 * Returns the promises or the outcome of a case as lines for its citizen. Passed dates are never repeated,
 * and no target is named while the service clock is paused.
 */
export function promiseLines(deps: StatusDeps, opened: OpenedCase, now: number): string[] {
  const { municipality, say } = deps;
  const { language } = opened.intake;
  const { stage, outcome, plan, plannedFor, programme, objection } = opened.progress;
  const day = (at: number): string => townDay(municipality, language, at);
  if (isHeldByIncident(opened.progress)) return [say(language, 'statusIncident', {})];
  switch (stage) {
    case 'received':
    case 'duplicate':
      return [];
    case 'triage':
    case 'assigned':
    case 'accepted':
    case 'inProgress':
    case 'scheduled':
      if (termsOf(opened.progress).answerEnds) return [];
      if (plannedFor !== null && plannedFor > now)
        return [say(language, 'lateScheduled', { day: day(plannedFor) })];
      return plan.resolveBy > now
        ? [say(language, 'statusDue', { due: day(plan.resolveBy) })]
        : [say(language, 'statusOverdue', {})];
    case 'waitingCitizen':
      return [say(language, 'lateYourAnswer', {})];
    case 'waitingInstitution':
      return [institutionAwaited(deps, opened)];
    case 'planned': {
      if (programme === null) return [];
      const when = plannedText(deps, language, programme);
      return programme.by > now
        ? [say(language, 'statusPlanned', { when })]
        : [say(language, 'statusPlanPassed', {})];
    }
    case 'objected': {
      const { by = 'chief', decideBy = null } = objection ?? {};
      if (decideBy === null) return [];
      const decider = departmentOf(municipality, plan.desk.slug)[by].name;
      return decideBy > now
        ? [say(language, 'statusDecision', { decider, date: day(decideBy) })]
        : [say(language, 'statusDecisionLate', { decider })];
    }
    case 'resolved':
    case 'closed':
    case 'rejected':
    case 'handedOff':
    case 'withdrawn':
      return outcome === null
        ? []
        : [
            say(language, 'statusResult', { outcome: say(language, `statusOutcomes.${outcome}`, {}) }),
            ...handOffLines(deps, opened),
          ];
  }
}

/** Says how far the hand-off to an institution is. */
function handOffLines({ say }: StatusDeps, { intake, progress }: OpenedCase): string[] {
  const { handOff } = progress;
  if (handOff === null) return [];
  const step = handOff.awaits === 'passing' ? 'deskAsked' : (handOffStepTold(handOff.step) ?? 'awaited');
  return [say(intake.language, `handOffSteps.${step}`, {})];
}

/** Returns a step of a hand-off as the citizen sees it; null for those between us and the institution. */
export function handOffStepTold(step: HandOffStep): (typeof handOffTexts)[number] | null {
  if (step === 'undelivered') return 'deskAsked';
  return handOffTexts.find(text => text === step) ?? null;
}

/** Says that a promised date has passed, with the reason and the new date if they are known; `now` is epoch ms UTC. */
export function lateWords(deps: StatusDeps, opened: OpenedCase, now: number): string[] {
  const { municipality, say } = deps;
  const { caseNumber, intake, progress } = opened;
  const { language } = intake;
  const { stage, plan, plannedFor } = progress;
  const late = say(language, 'late', { caseNumber, department: plan.desk.name });
  if (stage === 'waitingCitizen') return [late, say(language, 'lateYourAnswer', {})];
  if (stage === 'waitingInstitution') return [late, institutionAwaited(deps, opened)];
  if (plannedFor !== null && plannedFor > now) {
    return [late, say(language, 'lateScheduled', { day: townDay(municipality, language, plannedFor) })];
  }
  if (plan.resolveBy > now) {
    return [late, say(language, 'lateNewDue', { due: townDay(municipality, language, plan.resolveBy) })];
  }
  return [late, say(language, 'lateNoDate', {})];
}

function institutionAwaited(deps: StatusDeps, opened: OpenedCase): string {
  const { waitingFor } = opened.progress;
  const institution = institutionName(deps, opened, waitingFor?.slug) ?? waitingFor?.name ?? '';
  return deps.say(opened.intake.language, 'lateInstitution', { institution });
}

/** Returns the name of an institution in the citizen's language. */
export function institutionName(
  { municipality }: Pick<StatusDeps, 'municipality'>,
  { intake }: Pick<OpenedCase, 'intake'>,
  slug = '',
): string | undefined {
  return municipality.institutions[slug]?.name[intake.language];
}

/** Returns the institution that owns the matter. A follower was handed off together with its leading case. */
export function institutionText(
  deps: StatusDeps,
  opened: OpenedCase,
  leader: CaseProgress | null,
): { institution: string; phone: string } {
  const { progress, intake } = opened;
  const passed = progress.handOff && {
    slug: progress.handOff.institution,
    name: progress.handOff.institution,
  };
  const owner = progress.institution ?? passed ?? leader?.institution ?? intake.institution;
  if (!owner) throw new AppError('case-missing', { reason: 'institution' });
  return {
    institution: institutionName(deps, opened, owner.slug) ?? owner.name,
    phone: deps.municipality.institutions[owner.slug]?.phone ?? deps.municipality.callCentre.phone,
  };
}

/** Says who reads what the citizen wrote about a case that has ended. */
export function heardAfterEnd(deps: StatusDeps, opened: OpenedCase, leader: CaseProgress | null): string {
  const { caseNumber, intake, progress } = opened;
  const { language } = intake;
  if (progress.stage !== 'handedOff') {
    const department = deskName(deps.municipality, language, progress.plan.desk);
    return deps.say(language, 'addedAfterEnd', { caseNumber, department });
  }
  const { institution, phone } = institutionText(deps, opened, leader);
  const { awaits = null, way } = progress.handOff ?? {};
  if (awaits === null) return deps.say(language, 'addedInVain', { caseNumber, institution, phone });
  const key = way === 'desk' || awaits === 'passing' ? 'addedToDesk' : 'addedToInstitution';
  return deps.say(language, key, { caseNumber, institution });
}

/** Explains to the citizen why an outcome cannot be disputed. */
export function notObjectableWords(
  { municipality, say }: StatusDeps,
  { caseNumber, intake, progress }: OpenedCase,
  refusal: ObjectionRefusal,
): string {
  const { language } = intake;
  if (refusal !== 'tooLate') return say(language, notObjectable[refusal], { caseNumber });
  const date = townDay(municipality, language, objectionsUntil(progress));
  return say(language, 'objectTooLate', { caseNumber, date });
}

const notObjectable = {
  stillOpen: 'objectStillOpen',
  followsAnother: 'objectFollowsAnother',
  underWay: 'objectUnderWay',
  withdrawn: 'objectWithdrawn',
  emergency: 'objectEmergency',
  final: 'objectFinal',
} as const satisfies Record<Exclude<ObjectionRefusal, 'tooLate'>, MessageKey>;
