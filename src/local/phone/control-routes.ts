import { Router, type RouterContext } from '@koa/router';
import { z } from 'zod';
import type { CloudApi } from '../cloud-api/cloud-api';
import { noticeEnvelope } from '../cloud-api/envelopes';
import { faultOrder } from '../cloud-api/faults';
import { readBytes } from '../cloud-api/media';
import { approvedTemplate } from '../cloud-api/templates';
import { sampleFile } from './samples';

/** Bodies contain photos as base64. */
const CONTROL_BYTES = 32 * 1024 * 1024;

/** Sends an error response of the control API. */
export function refuseControl(ctx: RouterContext, status: number, message: string, issues?: unknown): void {
  ctx.status = status;
  ctx.body = { error: { message, ...(issues === undefined ? {} : { issues }) } };
}

/** Returns the validated JSON body; undefined if it sent an error response. */
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

const anyPayload = z.object({ payload: z.record(z.string(), z.unknown()) });
const accountNotice = z.object({
  field: z.enum([
    'message_template_status_update',
    'message_template_quality_update',
    'message_template_components_update',
    'template_category_update',
    'phone_number_quality_update',
    'phone_number_name_update',
    'account_update',
    'account_alerts',
    'account_review_update',
    'business_capability_update',
    'security',
  ]),
  value: z.record(z.string(), z.unknown()),
});
const sampleName = z.enum(['pothole', 'rubbish', 'street-lamp', 'voice', 'petition', 'sticker']);

/** `/control`: faults, webhooks, the handshake, templates, and the files a page shows. */
export function controlRoutes(api: CloudApi): Router {
  const router = new Router({ prefix: '/control' });

  router.get('/faults', ctx => {
    ctx.body = { faults: api.faults.list() };
  });
  router.post('/faults', async ctx => {
    const order = await readControl(ctx, faultOrder);
    if (order === undefined) return;
    ctx.status = 201;
    ctx.body = api.faults.add(order);
  });
  router.delete('/faults', ctx => {
    api.faults.clear();
    ctx.body = { faults: [] };
  });

  router.get('/webhooks', ctx => {
    ctx.body = { handshake: api.handshake.state(), ...api.queue.state() };
  });
  /** Sends any payload as a signed webhook, such as batches and malformed ones. */
  router.post('/webhooks', async ctx => {
    const body = await readControl(ctx, anyPayload);
    if (body === undefined) return;
    api.queue.push({ payload: body.payload, about: 'messages' });
    ctx.status = 202;
    ctx.body = api.queue.state();
  });
  /** Sends a notice from Meta about the account. */
  router.post('/notices', async ctx => {
    const notice = await readControl(ctx, accountNotice);
    if (notice === undefined) return;
    const payload = noticeEnvelope(api.line, Date.now(), notice.field, notice.value);
    api.queue.push({ payload, about: 'account' });
    ctx.status = 202;
    ctx.body = api.queue.state();
  });
  router.post('/webhooks/verify', async ctx => {
    await api.handshake.verify();
    ctx.body = api.handshake.state();
  });

  router.get('/templates', ctx => {
    ctx.body = { templates: api.templates() };
  });
  router.post('/templates', async ctx => {
    const template = await readControl(ctx, approvedTemplate);
    if (template === undefined) return;
    api.addTemplate(template);
    ctx.status = 201;
    ctx.body = template;
  });

  router.get('/media/:id', ctx => {
    const item = api.media.get(ctx.params['id'] ?? '');
    if (item === undefined) return;
    ctx.set('content-security-policy', 'sandbox');
    ctx.set('x-content-type-options', 'nosniff');
    if (!/^(image|audio|video)\//.test(item.mimeType)) ctx.attachment(item.filename ?? item.id);
    ctx.type = item.mimeType;
    ctx.body = api.media.read(item);
  });
  router.get('/samples/:name', async ctx => {
    const name = sampleName.safeParse(ctx.params['name']);
    if (!name.success) return;
    const sample = await sampleFile(name.data);
    ctx.type = sample.mimeType;
    ctx.body = sample.bytes;
  });

  return router;
}
