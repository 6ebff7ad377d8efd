import pino, { type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** The length of a phone number. Nothing logged on purpose has this many digits in a string. */
const PHONE_LIKE = /\d{10,15}/g;

/**
 * Creates the logger: JSON lines on standard output. Log only ids, codes and counts; numbers that could be phone
 * numbers are masked as a safeguard.
 */
export function createLog(level: string, role: string): Log {
  return pino({
    level,
    base: { role },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map(masked) as Parameters<typeof method>);
      },
    },
  });
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(PHONE_LIKE, '[masked]');
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, typeof part === 'string' ? masked(part) : part]),
  );
}

/**
 * Returns the loggable part of an error: name, code and stack location. Messages of foreign errors may quote data, so
 * they are omitted.
 */
export function errorFields(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
  const place = /\n\s+at (.+)/.exec(error.stack ?? '')?.[1];
  return { error: error.name, code, reason, place };
}
