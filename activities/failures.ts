import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { AppError, type ErrorCode } from '../src/errors';

/** Errors that no further try can mend; a case or citizen that is missing may still be restored. */
const final: readonly ErrorCode[] = [
  'message-missing',
  'whatsapp-refused',
  'mail-refused',
  'photo-unreadable',
];

/**
 * An activity error as Temporal keeps it: the code as type, the reason as message, nothing else. Messages and
 * stacks of foreign errors stay outside the history, because they can quote what a citizen wrote.
 */
export function toFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (!(error instanceof AppError)) {
    const type = error instanceof Error ? error.name : 'Error';
    return withoutStack(ApplicationFailure.create({ type, message: 'unexpected error' }));
  }
  const { code, reason, retryAfterMs } = error;
  return withoutStack(
    ApplicationFailure.create({
      type: code,
      message: reason ?? code,
      nonRetryable: final.includes(code),

      // A wait that the other side asked for is no trouble of ours.
      ...(retryAfterMs !== undefined && {
        nextRetryDelay: retryAfterMs,
        category: ApplicationFailureCategory.BENIGN,
      }),
    }),
  );
}

function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}
