import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from './contract';

type Decided = Pick<Activities, 'openCase' | 'addToCase' | 'giveFeedback' | 'objectTo' | 'withdrawCase'>;
type Records = Decided & Pick<Activities, 'readMessage' | 'noteMessages' | 'planTask' | 'recordCase'>;

const untilDone = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/**
 * Work on records, done beside the workflow task itself: quick, and repeated for ever, because a case that cannot
 * be recorded must wait for its store.
 */
export const records = proxyLocalActivities<Records>({
  startToCloseTimeout: '10s',
  retry: untilDone,
  localRetryThreshold: '10s',
});

/**
 * What a talk does once it has decided. The decision stands in the history first: a workflow task that is done over
 * may have heard more meanwhile, and would decide anew about what has already been done.
 */
export const decided = proxyActivities<Decided>({ startToCloseTimeout: '30s', retry: untilDone });

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
