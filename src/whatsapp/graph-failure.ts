import { MINUTE_MS, SECOND_MS } from '../domain/durations';
import { AppError } from '../errors';
import { asNumber, field } from './loose-json';

/** The class of an error of Meta, which decides the reaction. */
type Trouble =
  /** Temporary, with the delay before a retry. */
  | { about: 'moment'; waitMs: number }
  /** Token, permissions or account: nothing can be sent until the operator fixes it. */
  | { about: 'account' };

/** Ranges of temporary error codes (Cloud API error codes). */
const troubles: readonly (readonly [first: number, last: number, Trouble])[] = [
  [131056, 131056, { about: 'moment', waitMs: 6 * SECOND_MS }], // pair rate limit: one message in six seconds
  [130429, 130429, { about: 'moment', waitMs: 5 * SECOND_MS }],
  [1, 2, { about: 'moment', waitMs: 10 * SECOND_MS }],
  [4, 4, { about: 'moment', waitMs: MINUTE_MS }],
  [80007, 80007, { about: 'moment', waitMs: MINUTE_MS }],
  [131000, 131000, { about: 'moment', waitMs: 2 * SECOND_MS }],
  [131016, 131016, { about: 'moment', waitMs: 10 * SECOND_MS }],
  [131057, 131057, { about: 'moment', waitMs: MINUTE_MS }],
  [133016, 133016, { about: 'moment', waitMs: MINUTE_MS }],
  [131064, 131064, { about: 'moment', waitMs: 60 * MINUTE_MS }], // limit of messages outside the window, in 24 hours
  [0, 0, { about: 'account' }],
  [3, 3, { about: 'account' }],
  [10, 10, { about: 'account' }],
  [190, 190, { about: 'account' }],
  [200, 299, { about: 'account' }],
  [368, 368, { about: 'account' }], // restricted for a policy violation
  [131005, 131005, { about: 'account' }],
  [131031, 131031, { about: 'account' }], // locked
  [131037, 131037, { about: 'account' }], // the display name is not approved
  [131042, 131042, { about: 'account' }], // payment problem
  [131045, 131045, { about: 'account' }], // the number's certificate is missing
  [131048, 131048, { about: 'account' }], // restricted as spam
  [133010, 133010, { about: 'account' }], // the number is not registered
];

/** Errors specific to one template: wrong format, missing, paused or disabled. Another template may succeed. */
const templateCodes: readonly string[] = [
  '132000',
  '132001',
  '132005',
  '132007',
  '132012',
  '132015',
  '132016',
];

/** The 24-hour window was closed. */
export const WINDOW_CLOSED = '131047';
/** The pair rate limit was exceeded. */
export const PAIR_LIMIT = '131056';

/** There was no readable response; it is unknown whether Meta accepted the message. */
export function noAnswer(cause?: unknown): AppError {
  return new AppError('whatsapp-retry', { status: 503, reason: 'no-answer', cause });
}

export function refused(reason: string): AppError {
  return new AppError('whatsapp-refused', { status: 502, reason });
}

/** Returns whether Meta may have accepted the message, so that a retry must wait for its status webhook. */
export function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof AppError) || error.reason === 'no-answer';
}

/** Returns whether the template was rejected, not its content. */
export function isTemplateRefusal(error: unknown): boolean {
  return isRefusal(error) && templateCodes.includes(error.reason ?? '');
}

/** Returns whether the message can never be sent. */
export function isRefusal(error: unknown): error is AppError & { code: 'whatsapp-refused' } {
  return error instanceof AppError && error.code === 'whatsapp-refused';
}

/**
 * Converts an error response: `whatsapp-retry` if temporary, `whatsapp-account` if the operator must act first,
 * otherwise `whatsapp-refused`.
 */
export function graphFailure(response: Response, answer: unknown): AppError {
  const { status } = response;
  const code = asNumber(field(field(answer, 'error'), 'code'));
  if (code === null && status >= 500) return noAnswer();
  const reason = code === null ? `http-${status}` : String(code);
  const known = troubles.find(([first, last]) => code !== null && first <= code && code <= last)?.[2];
  if (known?.about === 'account' || (!known && status === 401)) {
    return new AppError('whatsapp-account', { status: 503, reason });
  }
  if (!known && status !== 408 && status !== 429 && status < 500) return refused(reason);
  const asked = askedWait(response.headers.get('retry-after'));
  const retryAfterMs = asked ?? known?.waitMs ?? 5 * SECOND_MS;
  return new AppError('whatsapp-retry', { status: 503, reason, retryAfterMs });
}

const SHORTEST_WAIT_MS = SECOND_MS;
/** Longer than any limit of Meta. A longer wait would exceed the retries of the message. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

/** Parses a `Retry-After` header in seconds or as a date (RFC 9110). Returns bounded ms, or null without one. */
export function askedWait(header: string | null): number | null {
  const seconds = asNumber(header);
  const ms = seconds === null ? Date.parse(header ?? '') - Date.now() : seconds * SECOND_MS;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
