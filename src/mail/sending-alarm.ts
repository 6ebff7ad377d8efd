import type { Municipality } from '../config/municipality';
import type { SendingPause } from '../store/sending-records';
import type { LetterOutbox } from './letter-outbox';
import { composeLetter } from './letters/compose-letter';

export interface SendingAlarmDeps {
  municipality: Municipality;
  letterOutbox: LetterOutbox;
  now?: () => Date;
}

/** Writes to the operator that WhatsApp takes no messages: one letter for each pause, however often it is called. */
export function createSendingAlarm({ municipality, letterOutbox, now = () => new Date() }: SendingAlarmDeps) {
  return async ({ since, reason }: SendingPause): Promise<void> => {
    const key = `sending-paused:${since.getTime()}`;
    const about = { municipality, now: now().getTime(), caseNumber: 'WhatsApp', reason };
    await letterOutbox.send({
      key,
      recipient: 'operator',
      caseNumber: null,
      to: municipality.operator,
      letter: composeLetter('sendingPaused', about),
      thread: key,
    });
  };
}
