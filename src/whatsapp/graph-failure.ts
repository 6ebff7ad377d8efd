import { AppError } from '../errors';
import { asNumber, field } from './loose-json';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Refusals of Meta that pass by themselves or with the operator's help: first and last code, and how long to stay
 * away. From the Cloud API's error reference.
 */
const passing: readonly (readonly [first: number, last: number, waitMs: number])[] = [
  [131056, 131056, 6 * SECOND], // pair limit: one message in six seconds
  [130429, 130429, 5 * SECOND],
  [4, 4, MINUTE],
  [80007, 80007, MINUTE],
  [131000, 131000, 2 * SECOND],
  [131016, 131016, 10 * SECOND],
  [131057, 131057, MINUTE],
  [133016, 133016, MINUTE],
  // The token or its rights: the message itself is in order, and goes out once the operator has renewed them.
  [0, 0, 5 * MINUTE],
  [10, 10, 5 * MINUTE],
  [190, 190, 5 * MINUTE],
  [200, 299, 5 * MINUTE],
];

/** No answer came, or none that can be read: whether Meta took the message is not known. */
export function noAnswer(cause?: unknown): AppError {
  return new AppError('whatsapp-retry', { status: 503, reason: 'no-answer', cause });
}

export function refused(reason: string): AppError {
  return new AppError('whatsapp-refused', { status: 502, reason });
}

/** Whether Meta may have taken the message all the same, so that its echo must be awaited before another try. */
export function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof AppError) || error.reason === 'no-answer';
}

/** The error of an answer that is not a success: `whatsapp-retry` when it passes, else `whatsapp-refused`. */
export function graphFailure(response: Response, answer: unknown): AppError {
  const { status } = response;
  const code = asNumber(field(field(answer, 'error'), 'code'));
  if (code === null && status >= 500) return noAnswer();
  const reason = code === null ? `http-${status}` : String(code);
  const asked = asNumber(response.headers.get('retry-after'));
  const known = passing.find(([first, last]) => code !== null && first <= code && code <= last);
  const passes = known !== undefined || status === 401 || status === 408 || status === 429 || status >= 500;
  if (!passes) return refused(reason);
  const waitMs = asked === null ? (known?.[2] ?? 5 * SECOND) : asked * SECOND;
  return new AppError('whatsapp-retry', { status: 503, reason, retryAfterMs: waitMs });
}
