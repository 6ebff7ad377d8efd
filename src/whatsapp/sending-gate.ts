import { MINUTE_MS } from '../domain/durations';
import { AppError } from '../errors';
import { errorFields, type Log } from '../logging';
import type { SendingPause } from '../store/sending-records';
import type { Store } from '../store/store';

export interface SendingGateDeps {
  pauses: Store['sendingPauses'];
  /** Notifies the operator of a pause. Called again after each failed attempt, so it must be idempotent. */
  alarm: (pause: SendingPause) => Promise<void>;
  log: Pick<Log, 'warn'>;
  now?: () => Date;
}

/** Pauses all sending while the token or the account is invalid. Messages wait; none is lost. */
export interface SendingGate {
  /**
   * Rejects with `whatsapp-retry` (`paused`) during a pause, except for the one message that probes. Returns the time
   * of passing, for `works`.
   */
  pass(): Promise<Date>;
  /** Starts or extends a pause after Meta rejected token or account. Returns the time of the next attempt. */
  trouble(reason: string): Promise<Date>;
  /** Ends a pause that began before `passedAt`, because Meta accepted a message that passed then. */
  works(passedAt: Date): Promise<void>;
}

/** How long a worker caches the state of the pause. */
const KNOWN_FOR_MS = 5_000;
const FIRST_PROBE_MS = 15_000;
const LONGEST_PROBE_MS = 5 * MINUTE_MS;

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
      // Set before the first await, so that only one waiting message probes.
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
      // Another worker may have paused at the same time. All notify with the stored start, so that one letter is
      // sent.
      const pause = await look();
      if (pause) {
        log.warn({ reason, probes }, 'sending paused');
        await alarm(pause).catch((error: unknown) =>
          log.warn(errorFields(error), 'operator not notified yet'),
        );
      }
      return probeAt;
    },

    async works(passedAt) {
      // A message already in flight when the pause began does not prove that it is over.
      if (!known?.pause || passedAt <= known.pause.since) return;
      known = { at: now().getTime(), pause: null };
      await pauses.end();
      log.warn('sending resumed');
    },
  };
}
