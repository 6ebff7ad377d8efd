import { AppError } from '../errors';
import { PAIR_LIMIT } from './graph-failure';

const LONGEST_WAIT_MS = 256_000;

/** Whether Meta's own number says why, and not the line. */
export function isOfMeta({ reason }: AppError): boolean {
  return /^\d+$/.test(reason ?? '');
}

/** The error that asks for the same call after a time. */
export function later(reason: string, retryAfterMs: number): AppError {
  return new AppError('whatsapp-retry', { status: 503, reason, retryAfterMs });
}

/**
 * Meta's rule for its limit per citizen: wait 4^n seconds, n counting the earlier tries. Other waits grow with them,
 * too, and differ, so that what was turned away together does not come back together.
 */
export function spread(error: AppError, earlierTries: number): AppError {
  const { code, reason, retryAfterMs } = error;
  if (code !== 'whatsapp-retry' || reason === undefined) return error;
  if (reason === PAIR_LIMIT) return later(reason, Math.min(4 ** earlierTries * 1_000, LONGEST_WAIT_MS));
  if (retryAfterMs === undefined || !isOfMeta(error)) return error;
  const grown = retryAfterMs * 2 ** Math.min(earlierTries, 5);
  const waitMs = Math.min(grown, Math.max(retryAfterMs, LONGEST_WAIT_MS));
  return later(reason, Math.round(waitMs * (1 + Math.random() / 2)));
}
