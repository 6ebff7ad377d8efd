import pino, { type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** As long as a phone number: nothing that we log on purpose has so many digits in a text. */
const PHONE_LIKE = /\d{10,15}/g;

/**
 * Structured log lines on standard output. Only ids, codes and counts belong in them; a number in a text that
 * could be somebody's phone is masked all the same.
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
 * What may be logged of an error: its name, code and place. Messages of foreign errors can quote data, so they
 * stay out.
 */
export function errorFields(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
  const place = /\n\s+at (.+)/.exec(error.stack ?? '')?.[1];
  return { error: error.name, code, reason, place };
}
