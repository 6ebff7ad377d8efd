import type { Context, Next } from 'koa';

/** A web page opened elsewhere in the same browser must not drive the stage: browsers name its origin. */
export async function refuseForeignPages(ctx: Context, next: Next): Promise<void> {
  const origin = ctx.get('origin');
  if (origin !== '' && origin !== `${ctx.protocol}://${ctx.host}`) {
    ctx.status = 403;
    ctx.body = { error: { message: 'Another page may not use the stage' } };
    return;
  }
  await next();
}
