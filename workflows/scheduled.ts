import { ActivityFailure } from '@temporalio/common';
import { log, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RecordFamily } from '../src/domain/retention';
import type { FigureActivities, OperatorActivities, RetentionActivities } from './contract';
import { mail } from './proxies';

/**
 * Mails a department the list of its open tasks. Started by a Temporal Schedule, and with the time `at` (epoch ms UTC) of
 * a list that came back as mail.
 */
export async function departmentDigest({
  department,
  at = Date.now(),
}: {
  department: string;
  at?: number;
}): Promise<void> {
  try {
    await mail.mailDigest.executeWithOptions({ summary: 'Günlük görev listesi' }, [{ department, at }]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('digest not delivered', { department });
  }
}

const {
  planLastRungs,
  mailLastRungs,
  planLegalDigest,
  mailLegalDigest,
  planWeeklyLetter,
  mailWeeklyLetter,
  mailNotice,
} = proxyActivities<OperatorActivities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '72h',
  retry: { initialInterval: '5s', maximumInterval: '10m' },
});

/** Mails the figures of the previous week to each recipient once. */
export async function weeklyLetter(): Promise<void> {
  const at = workflowInfo().startTime.getTime();
  const { recipients, ...week } = await planWeeklyLetter({ at });
  await Promise.all(
    recipients.map(recipient =>
      mailWeeklyLetter.executeWithOptions({ summary: `Haftalık mektup: ${recipient}` }, [
        { ...week, recipient },
      ]),
    ),
  );
}

/** Reminds superiors of cases that have not moved since the last step of their ladder: one letter to each. */
export async function lastRungs(): Promise<void> {
  const at = workflowInfo().startTime.getTime();
  const { superiors } = await planLastRungs({ at });
  await Promise.all(
    superiors.map(superior =>
      mailLastRungs.executeWithOptions({ summary: `İlerlemeyen kayıtlar: ${superior}` }, [{ at, superior }]),
    ),
  );
}

/** Mails the managers the open cases whose legal limit is near or has passed: one letter to each. */
export async function legalDigest(): Promise<void> {
  const at = workflowInfo().startTime.getTime();
  const { recipients } = await planLegalDigest({ at });
  await Promise.all(
    recipients.map(recipient =>
      mailLegalDigest.executeWithOptions({ summary: `Yasal süresi yaklaşan kayıtlar: ${recipient}` }, [
        { at, recipient },
      ]),
    ),
  );
}

const { reconcile: compare } = proxyActivities<OperatorActivities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '10s', maximumInterval: '5m', maximumAttempts: 10 },
});

/**
 * Compares records with running workflows, repairs what is safe to repair, and notifies the operator of the
 * rest.
 */
export async function reconcile(): Promise<Awaited<ReturnType<typeof compare>>> {
  return compare.executeWithOptions({ summary: 'Kayıtlar ve iş akışları karşılaştırılıyor' }, []);
}

const { refreshFigures } = proxyActivities<FigureActivities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout: '2m',
  retry: { initialInterval: '10s', maximumInterval: '10m', maximumAttempts: 20 },
});

/** Writes the daily rows of the statistics. Started every hour, and by `admin figures rebuild` for all days. */
export async function figures({ whole = false }: { whole?: boolean } = {}): Promise<
  Awaited<ReturnType<typeof refreshFigures>>
> {
  return refreshFigures.executeWithOptions({ summary: 'İstatistik satırları yazılıyor' }, [{ whole }]);
}

const { finishErasures, closeRequest, planRetention, recordRetention } = proxyActivities<RetentionActivities>(
  {
    startToCloseTimeout: '6h',
    heartbeatTimeout: '5m',
    retry: { initialInterval: '10s', maximumInterval: '10m' },
  },
);

/** It heartbeats after each page, so that a run goes on soon after its worker has died. */
const { applyRetention } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '10s', maximumInterval: '10m' },
});

/** Letters and answers that must not hold up an erasure for long. */
const { answerErasure, remindOfRequests } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '1m',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '5s', maximumInterval: '10m' },
});

/**
 * Tells a citizen the decision about a request, while the number is still known, and then erases what may go. Started
 * when the last approval or a refusal is recorded.
 */
export async function erasure({ requestId }: { requestId: string }): Promise<void> {
  const order = { requestId };
  try {
    await answerErasure.executeWithOptions({ summary: 'Vatandaşa silme isteğinin sonucu' }, [order]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('decision not delivered', order);
  }
  await closeRequest.executeWithOptions({ summary: 'Reddedilen istek kapatılıyor' }, [order]);
  await finishErasures.executeWithOptions({ summary: 'Silme isteği yerine getiriliyor' }, [order]);
}

/**
 * Erases and anonymises what is due, one family after the other, and records the counts. `at` (epoch ms UTC) is the
 * date for which it runs; the start of the run by default.
 */
export async function retention({ at }: { at?: number } = {}): Promise<
  Partial<Record<RecordFamily, number>>
> {
  const { startTime, runId } = workflowInfo();
  const date = at ?? startTime.getTime();
  await finishErasures.executeWithOptions({ summary: 'Bekleyen silme istekleri' }, []);
  const { families } = await planRetention();
  const counts: Partial<Record<RecordFamily, number>> = {};
  for (const family of families) {
    const { count } = await applyRetention.executeWithOptions({ summary: `Saklama süresi: ${family}` }, [
      { family, at: date },
    ]);
    counts[family] = count;
  }
  await recordRetention.executeWithOptions({ summary: 'İmha tutanağı' }, [{ runId, at: date, counts }]);
  if (patched('2026-11-requests')) await remind(startTime.getTime());
  return counts;
}

/** The letters are repeated the next night. */
async function remind(at: number): Promise<void> {
  try {
    await remindOfRequests.executeWithOptions({ summary: 'Süresi yaklaşan silme istekleri' }, [{ at }]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('reminder not delivered');
  }
}

/**
 * Mails a notice from Meta about the account to the operator. The web role starts it when the notice arrives.
 */
export async function accountNotice({ noticeId }: { noticeId: string }): Promise<void> {
  await mailNotice.executeWithOptions({ summary: 'Meta bildirimi operatöre iletiliyor' }, [{ noticeId }]);
}
