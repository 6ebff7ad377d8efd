import { proxyActivities } from '@temporalio/workflow';
import type { OperatorActivities } from '../activities/contract';

const { reconcile: compare } = proxyActivities<OperatorActivities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '10s', maximumInterval: '5m', maximumAttempts: 10 },
});

/** Compares the records with what runs, mends what is safe to mend, and tells the operator of the rest. */
export async function reconcile(): Promise<Awaited<ReturnType<typeof compare>>> {
  return compare.executeWithOptions({ summary: 'Kayıtlar ve iş akışları karşılaştırılıyor' }, []);
}
