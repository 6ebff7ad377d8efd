import { AppError } from '../errors';
import { errorFields, type Log } from '../logging';
import type { SendingPause } from '../store/sending-records';
import type { Store } from '../store/store';

export interface SendingGateDeps {
  pauses: Store['sendingPauses'];
  /** Tells the operator of a pause; called again at each vain try, and must then do nothing. */
  alarm: (pause: SendingPause) => Promise<void>;
  log: Pick<Log, 'warn'>;
  now?: () => Date;
}

/** Whether the line may send at all. While token or account are in trouble all messages wait; none is lost. */
export interface SendingGate {
  /**
   * Rejects with `whatsapp-retry` (`paused`) while sending is paused, but for the message whose turn it is to try.
   * Returns the moment of passing, for `works`.
   */
  pass(): Promise<Date>;
  /** Meta refused because of token or account: pauses sending, or goes on pausing it, and returns the next try. */
  trouble(reason: string): Promise<Date>;
  /** Meta took a message that passed at that moment: a pause that had begun before is over. */
  works(passedAt: Date): Promise<void>;
}

/** How long a worker may go on by what it knew of the pause. */
const KNOWN_FOR_MS = 5_000;
const FIRST_PROBE_MS = 15_000;
const LONGEST_PROBE_MS = 5 * 60_000;

const waitAfter = (probes: number): number => Math.min(FIRST_PROBE_MS * 2 ** probes, LONGEST_PROBE_MS);

export function createSendingGate({
  pauses,
  alarm,
  log,
  now = () => new Date(),
}: SendingGateDeps): SendingGate {
  let known: { at: number; pause: SendingPause | null } | undefined;

  async function look(): Promise<SendingPause | null> {
    const pause = await pauses.current();
    known = { at: now().getTime(), pause };
    return pause;
  }

  async function current(): Promise<SendingPause | null> {
    return known && now().getTime() - known.at < KNOWN_FOR_MS ? known.pause : look();
  }

  return {
    async pass() {
      const pause = await current();
      const passedAt = now();
      if (!pause) return passedAt;
      const waitMs = pause.probeAt.getTime() - now().getTime();
      if (waitMs > 0) {
        throw new AppError('whatsapp-retry', { status: 503, reason: 'paused', retryAfterMs: waitMs });
      }
      // Before anything is awaited, so that of all that wait here only one tries.
      pause.probeAt = new Date(now().getTime() + waitAfter(pause.probes));
      await pauses.nextProbe(pause.probeAt);
      return passedAt;
    },

    async trouble(reason) {
      const before = await look();
      const probes = before ? before.probes + 1 : 0;
      const probeAt = new Date(now().getTime() + waitAfter(probes));
      if (before) await pauses.goOn({ reason, probes, probeAt });
      else await pauses.begin({ since: now(), reason, probes, probeAt });
      // Another worker may have paused at the same moment; all alarm by the beginning that was kept.
      const pause = await look();
      if (pause) {
        log.warn({ reason, probes }, 'sending to WhatsApp is paused');
        await alarm(pause).catch((error: unknown) =>
          log.warn(errorFields(error), 'operator not alarmed yet'),
        );
      }
      return probeAt;
    },

    async works(passedAt) {
      // What was on its way when the trouble began tells nothing of its end.
      if (!known?.pause || passedAt <= known.pause.since) return;
      known = { at: now().getTime(), pause: null };
      await pauses.end();
      log.warn('sending to WhatsApp works again');
    },
  };
}
