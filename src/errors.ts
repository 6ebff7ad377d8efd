/** All error codes. They are safe to log. */
export type ErrorCode =
  | 'store-unavailable'
  | 'temporal-unavailable'
  | 'case-missing'
  | 'message-missing'
  | 'citizen-missing'
  | 'act-refused'
  | 'act-pending'
  | 'whatsapp-retry'
  | 'whatsapp-refused'
  | 'whatsapp-account'
  | 'speech-retry'
  | 'speech-refused'
  | 'mail-retry'
  | 'mail-refused'
  | 'event-retry'
  | 'event-refused'
  | 'file-unreadable'
  | 'bad-request'
  | 'not-found'
  | 'unauthorised'
  | 'sign-in-refused'
  | 'sign-in-unavailable'
  | 'busy'
  | 'too-slow'
  | 'too-often';

export interface AppErrorOptions {
  /** The HTTP status, as in Koa. */
  status?: number;
  /** Whether the message may be shown to the client. */
  expose?: boolean;
  cause?: unknown;
  /** The reason as one word, such as a refusal or a provider's error number; never personal data. */
  reason?: string;
  /** The minimum delay before a retry, in ms. */
  retryAfterMs?: number;
}

/** The error class of the project. Follows Koa's contract of `status` and `expose`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly status: number;
  readonly expose: boolean;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    { status = 500, expose = status < 500, cause, reason, retryAfterMs }: AppErrorOptions = {},
  ) {
    super(reason ? `${code}: ${reason}` : code, { cause });
    this.status = status;
    this.expose = expose;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What unknown addresses and invalid links get alike. */
export const notFound = (): AppError => new AppError('not-found', { status: 404 });

/** Whether a mail server refused a letter for good. */
export const isMailRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'mail-refused';
