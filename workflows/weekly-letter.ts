import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { OperatorActivities } from '../activities/contract';

const { planWeeklyLetter, mailWeeklyLetter } = proxyActivities<OperatorActivities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '72h',
  retry: { initialInterval: '5s', maximumInterval: '10m' },
});

/** Sends the figures of the week before to everyone who follows them, each once. */
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
