import type Koa from 'koa';

/** What the outside may know of an error: a status, nothing else. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  if ('status' in error && typeof error.status === 'number') return error.status;
  // The driver's errors: the records are out of reach, which passes.
  return error.name.startsWith('Mongo') ? 503 : 500;
}

/**
 * Answers whatever a route throws by Koa's contract: `status` decides, and only what is not the sender's fault is
 * reported to the application's one place that logs. People get a page, programs, whose paths have none, an empty body.
 */
export function errorHandler(pageFor: (path: string, status: number) => string | null): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if ((ctx.status === 404 || ctx.status === 405) && !ctx.body) ctx.throw(ctx.status);
    } catch (error) {
      const status = statusOf(error);
      ctx.status = status;
      const page = pageFor(ctx.path, status);
      if (page !== null) ctx.type = 'html';
      ctx.body = page ?? '';
      if (status >= 500) ctx.app.emit('error', error, ctx);
    }
  };
}
