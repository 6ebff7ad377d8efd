import { ActivityFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import { mail } from './asking';

/** Sends a department the list of its open tasks; Temporal starts it by the clock. */
export async function departmentDigest({ department }: { department: string }): Promise<void> {
  try {
    await mail.mailDigest.executeWithOptions({ summary: 'Günlük görev listesi' }, [
      { department, at: Date.now() },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('digest could not be delivered', { department });
  }
}
