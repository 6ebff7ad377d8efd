import { holdWords } from '../../domain/case/case-labels';
import { isOnHold, isWithDepartment } from '../../domain/case/case';
import { bindingDeadline } from '../../domain/sla/sla';
import { dueTextOf, momentText, type DueText } from '../../mail/due-text';
import type { CaseProgress } from '../../store/case-records';

export interface ClocksView {
  /** The clocks that run, the one the department works towards first. */
  running: ({ name: string; isBinding: boolean } & DueText)[];
  /** Since when the service clock stands, why, and until when at most; null while it runs. */
  paused: { reason: string; since: string; limit: string | null; institution: string | null } | null;
  /** The day for which the work is planned. */
  plannedFor: string | null;
}

/** The clocks of a task in words; `now` is epoch ms UTC. Null when none runs any more. */
export function clocksView(progress: CaseProgress, now: number, timeZone: string): ClocksView | null {
  const { plan, stage, pausedSince, pauseLimitAt, waitingFor, plannedFor } = progress;
  if (!isWithDepartment(stage)) return null;
  const accept = { name: stage === 'triage' ? 'İlk işlem' : 'Kabul', at: plan.acceptBy };
  const isAccepting = stage === 'triage' || stage === 'assigned';
  const service = isOnHold(stage)
    ? []
    : [
        ...(isAccepting ? [accept] : []),
        { name: 'Çözüm', at: plan.resolveBy },
        ...(plan.overall ? [{ name: 'Toplam çözüm (ilk müdürlükten beri)', at: plan.overall.by }] : []),
      ];
  const binding = bindingDeadline(progress);
  return {
    running: [...service, { name: 'Yasal yanıt', at: plan.legalBy }].map(({ name, at }) => ({
      name,
      isBinding: at === binding,
      ...dueTextOf(at, now, timeZone),
    })),
    paused:
      pausedSince !== null && isOnHold(stage)
        ? {
            reason: holdWords[stage],
            since: momentText(pausedSince, timeZone),
            limit: pauseLimitAt === null ? null : momentText(pauseLimitAt, timeZone),
            institution: waitingFor?.name ?? null,
          }
        : null,
    plannedFor: plannedFor === null ? null : momentText(plannedFor, timeZone),
  };
}
