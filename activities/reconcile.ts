import { createHash } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import { MINUTE_MS } from '../src/domain/durations';
import { reconcileLetter } from '../src/mail/letters/staff-letters';
import type { CaseRecord } from '../src/store/case-records';
import type { Findings, OperatorActivities } from '../workflows/contract';
import type { Deps } from './deps';
import { mailLetter } from './mail-letter';
import { restartCase } from './open-case';

/** Younger findings may still be in progress. */
const SETTLED_AFTER_MS = 10 * MINUTE_MS;
const STUCK_AFTER_MS = 6 * 60 * MINUTE_MS;
const MOST_NAMED = 50;
/** Send slots and arrivals are read for minutes only. */
const SLOTS_KEPT_MS = 60 * MINUTE_MS;

/**
 * Compares records and workflows. Restarts lost workflows and sends missing task letters. Workflows without a
 * record and stuck deliveries are reported to the operator, each finding once.
 */
export function reconcile(deps: Deps): OperatorActivities['reconcile'] {
  const { store, caseList, now } = deps;

  return async () => {
    const at = now().getTime();
    const [listed, numbers] = await Promise.all([caseList.running(), store.stories.underWay()]);
    const running = new Set(listed);
    const findings: Findings = { restarted: [], unknown: [], stuck: [], mailed: [] };
    for (const caseNumber of numbers) {
      heartbeat();
      const record = await store.cases.get(caseNumber);
      if (!record || at - movedAt(record) < SETTLED_AFTER_MS) continue;
      if (!running.has(caseNumber) && (await restartCase(deps, record))) findings.restarted.push(caseNumber);
      if (await mailedAgain(deps, record)) findings.mailed.push(caseNumber);
    }
    const known = new Set(numbers);
    for (const caseNumber of listed.filter(number => !known.has(number))) {
      // A case that has just opened or ended may be in only one of the two lists.
      if ((await store.cases.get(caseNumber)) === null) findings.unknown.push(caseNumber);
    }
    const expired = new Date(at - SLOTS_KEPT_MS);
    await Promise.all([store.sendingSlots.forgetBefore(expired), store.inbox.forgetArrivals(expired)]);
    findings.stuck = await store.outbox.stuck(new Date(at - STUCK_AFTER_MS), MOST_NAMED);
    await tell(deps, findings);
    return findings;
  };
}

function movedAt({ intake, progress }: CaseRecord): number {
  return progress?.plan.basis?.from ?? intake.receivedAt.getTime();
}

/** Returns whether a task letter was missing and has been sent. */
async function mailedAgain(deps: Deps, { caseNumber, progress }: CaseRecord): Promise<boolean> {
  if (progress?.stage !== 'assigned' && progress?.stage !== 'triage') return false;
  const { plan, task } = progress;
  const department = plan.desk.slug;
  const since = new Date(plan.basis?.from ?? progress.receivedAt);
  if (await deps.store.outbox.hasLetter(caseNumber, `department:${department}`, since)) return false;
  // Effect numbers of a case are positive. A repeated task letter uses the negative task number.
  await mailLetter(deps)({
    caseNumber,
    effect: -task,
    order: { letter: 'task', to: 'department', department, task },
  });
  return true;
}

/** Sends one letter per set of new findings. */
async function tell({ letterOutbox, municipality }: Deps, findings: Findings): Promise<void> {
  const found = Object.values(findings).flat().sort();
  if (found.length === 0) return;
  const digest = createHash('sha256').update(found.join('\n')).digest('hex').slice(0, 16);
  await letterOutbox.send({
    key: `reconcile:${digest}`,
    recipient: 'operator',
    caseNumber: null,
    to: municipality.operator,
    letter: reconcileLetter(municipality, findings),
    thread: 'reconcile',
  });
}
