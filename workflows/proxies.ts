import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from './contract';

type Decided = Pick<
  Activities,
  'openCase' | 'addToCase' | 'correctCase' | 'giveFeedback' | 'objectTo' | 'undoAnswer' | 'withdrawCase'
>;
type Records = Decided &
  Pick<
    Activities,
    | 'readMessage'
    | 'storedMessages'
    | 'noteMessages'
    | 'planTask'
    | 'recordCase'
    | 'readIncident'
    | 'planCall'
    | 'planHandOff'
  >;

const untilDone = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/**
 * Fast access to records as local activities. Retried forever, because a case must wait until its state can
 * be recorded.
 */
export const records = proxyLocalActivities<Records>({
  startToCloseTimeout: '10s',
  retry: untilDone,
  localRetryThreshold: '10s',
});

/**
 * Effects of a conversation's decision. They are regular activities, so that the decision is in the history
 * before they run: a retried workflow task may have received more messages and would decide again.
 */
export const decided = proxyActivities<
  Decided &
    Pick<
      Activities,
      'joinTalk' | 'noteCall' | 'passOn' | 'passAddition' | 'recallHandOff' | 'noteHandOff' | 'loseOpening'
    >
>({
  startToCloseTimeout: '30s',
  retry: untilDone,
});

const patient = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' };

/**
 * Retried for a week, the longest expected account problem. Templates can be sent after the 24-hour window.
 */
export const whatsapp = proxyActivities<Pick<Activities, 'reply' | 'sendWords' | 'tellCitizen'>>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '7d',
  retry: patient,
});

/**
 * Three days cover a mail server outage over a weekend. One attempt outlasts a short outage of the store, so
 * that an accepted letter is recorded and not sent again.
 */
export const mail = proxyActivities<
  Pick<
    Activities,
    | 'mailLetter'
    | 'alertOperator'
    | 'tellStaff'
    | 'mailDigest'
    | 'askToCall'
    | 'mailHandOff'
    | 'sendCopy'
    | 'mailNewLink'
    | 'mailSignIn'
    | 'mailOpening'
  >
>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '1m',
  scheduleToCloseTimeout: '72h',
  retry: patient,
});

/** A citizen waits for the answer. After a few attempts, a voice note is handled as a recording. */
export const speech = proxyActivities<Pick<Activities, 'transcribe'>>({
  startToCloseTimeout: '4m',
  scheduleToCloseTimeout: '6m',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 4 },
});

/** Meta keeps a file for seven days. The last attempts end before that. */
const { keepPhoto } = proxyActivities<Pick<Activities, 'keepPhoto'>>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '30s',
  scheduleToCloseTimeout: '6d',
  retry: patient,
});
export const media = { keepFile: keepPhoto };
