import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract';

type Records = Pick<
  Activities,
  'readMessage' | 'openCase' | 'addToCase' | 'withdrawCase' | 'noteMessages' | 'planTask' | 'recordCase'
>;

/**
 * Work on records, done beside the workflow task itself: quick, and repeated for ever, because a case that cannot
 * be recorded must wait for its store.
 */
export const records = proxyLocalActivities<Records>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' },
  localRetryThreshold: '10s',
});

const patient = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' };

/** A message to a citizen waits out a week in which the account is in trouble; templates get past the window. */
export const whatsapp = proxyActivities<Pick<Activities, 'reply' | 'tellCitizen'>>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '7d',
  retry: patient,
});

/** Three days outlast a weekend with the mail server down. */
export const mail = proxyActivities<
  Pick<Activities, 'mailLetter' | 'alertOperator' | 'tellStaff' | 'mailDigest'>
>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '72h',
  retry: patient,
});

/** Meta keeps a file for seven days; the last tries end before that. */
export const media = proxyActivities<Pick<Activities, 'keepPhoto'>>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '30s',
  scheduleToCloseTimeout: '6d',
  retry: patient,
});
