import { randomInt } from 'node:crypto';

export type HandshakeState = 'waiting' | 'verified' | 'refused';

export interface Handshake {
  state(): { state: HandshakeState; detail: string };
  /** One try now: the GET with `hub.mode`, `hub.verify_token` and `hub.challenge`. */
  verify(): Promise<HandshakeState>;
  stop(): void;
}

const SLOWEST_RETRY_MS = 10_000;
const HANDSHAKE_WITHIN_MS = 5_000;

/**
 * Verifies the webhook as Meta does when it is configured: the challenge must come back alone with a 200. It is
 * tried from the start until it succeeds, since the product may come up after the stage.
 */
export function createHandshake(webhookUrl: string, verifyToken: string, onChange: () => void): Handshake {
  let current: { state: HandshakeState; detail: string } = { state: 'waiting', detail: '' };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const ask = async (): Promise<{ state: HandshakeState; detail: string }> => {
    const challenge = String(randomInt(1_000_000_000, 10_000_000_000));
    const url = new URL(webhookUrl);
    url.searchParams.set('hub.mode', 'subscribe');
    url.searchParams.set('hub.challenge', challenge);
    url.searchParams.set('hub.verify_token', verifyToken);
    try {
      const answer = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.timeout(HANDSHAKE_WITHIN_MS),
      });
      const body = await answer.text();
      if (answer.status === 200 && body === challenge) return { state: 'verified', detail: '' };
      return {
        state: 'refused',
        detail: answer.status === 200 ? 'another text than the challenge' : String(answer.status),
      };
    } catch {
      return { state: 'waiting', detail: 'no answer' };
    }
  };
  const verify = async (): Promise<HandshakeState> => {
    const result = await ask();
    if (!stopped) {
      current = result;
      onChange();
    }
    return result.state;
  };
  const tryUntilVerified = async (delayMs: number): Promise<void> => {
    if ((await verify()) === 'verified' || stopped) return;
    timer = setTimeout(() => void tryUntilVerified(Math.min(SLOWEST_RETRY_MS, delayMs * 2)), delayMs);
  };
  void tryUntilVerified(200);

  return {
    state: () => current,
    verify,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
