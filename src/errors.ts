/** Every way in which the line can fail, by name; the word is safe to log. */
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
  | 'mail-retry'
  | 'mail-refused'
  | 'photo-unreadable'
  | 'bad-request'
  | 'not-found'
  | 'unauthorised'
  | 'busy'
  | 'too-slow'
  | 'too-often';

export interface AppErrorOptions {
  /** HTTP status, as Koa reads it. */
  status?: number;
  /** Whether the message may be shown to the person at the other end. */
  expose?: boolean;
  cause?: unknown;
  /** Why in one enum word, for example a refusal or a provider's error number; never anything personal. */
  reason?: string;
  /** Wait at least this long before the next try, in ms. */
  retryAfterMs?: number;
}

/** The one error class of the project; follows Koa's contract of `status` and `expose`. */
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
