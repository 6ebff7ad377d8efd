import type { RouterContext } from '@koa/router';
import { z } from 'zod';
import { readBytes } from '../cloud-api/request-bytes';

/** Photos travel as base64 in JSON, so a body may be large. */
const CONTROL_BYTES = 32 * 1024 * 1024;

/** Answers with a plain refusal of the control API. */
export function refuseControl(ctx: RouterContext, status: number, message: string, issues?: unknown): void {
  ctx.status = status;
  ctx.body = { error: { message, ...(issues === undefined ? {} : { issues }) } };
}

/** The JSON body in the shape asked for; undefined after the refusal has been written. */
export async function readControl<T extends z.ZodType>(
  ctx: RouterContext,
  schema: T,
): Promise<z.output<T> | undefined> {
  let json: unknown;
  try {
    const bytes = await readBytes(ctx.req, CONTROL_BYTES);
    json = bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const large = error instanceof Error && 'status' in error && error.status === 413;
    refuseControl(ctx, large ? 413 : 400, large ? 'The body is too large' : 'The body is not JSON');
    return undefined;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  refuseControl(ctx, 400, z.prettifyError(parsed.error), parsed.error.issues);
  return undefined;
}
