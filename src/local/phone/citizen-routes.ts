import { Router, type RouterContext } from '@koa/router';
import { z } from 'zod';
import { createCitizen, digitsOf, WINDOW_MS } from '../cloud-api/citizens';
import type { CloudApi } from '../cloud-api/cloud-api';
import type { Thread } from '../cloud-api/threads';
import { phoneMessage, sentContent } from './citizen-content';
import { readControl, refuseControl } from './control-routes';
import { citizenView, messageView } from './thread-view';

const phone = z
  .string()
  .refine(text => /^\d{8,15}$/.test(digitsOf(text)), 'a phone number with country code, 8 to 15 digits');

const newCitizen = z.object({
  name: z.string().trim().min(1).max(100),
  phone: phone.optional(),
  username: z
    .string()
    .regex(/^[a-z0-9._]{3,35}$/)
    .optional(),
  /** If false, webhooks of this person contain no BSUID. */
  bsuid: z.boolean().optional(),
});

const citizenChange = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  online: z.boolean().optional(),
  hasAccount: z.boolean().optional(),
  sendsReadReceipts: z.boolean().optional(),
});

const windowMove = z.union([
  z.object({ open: z.boolean() }),
  z.object({ remainingMs: z.number().int().min(0).max(WINDOW_MS) }),
]);

const look = z.object({ forMs: z.number().int().min(0).max(600_000).default(0) });

/** `/control/citizens`: people, their messages, and the state of their phones. */
export function citizenRoutes(api: CloudApi, now: () => number): Router {
  const router = new Router({ prefix: '/control/citizens' });

  const threadOf = (ctx: RouterContext): Thread | undefined => {
    const thread = api.threads.get(ctx.params['id'] ?? '');
    if (thread === undefined) refuseControl(ctx, 404, 'No such citizen');
    return thread;
  };

  router.get('/', ctx => {
    ctx.body = { citizens: api.threads.all().map(thread => citizenView(thread, now())) };
  });

  router.post('/', async ctx => {
    const body = await readControl(ctx, newCitizen);
    if (body === undefined) return;
    const key = body.phone === undefined ? `@${body.username ?? ''}` : digitsOf(body.phone);
    const known = api.threads.find(key);
    ctx.status = known === undefined ? 201 : 200;
    ctx.body = citizenView(known ?? api.threads.add(createCitizen(body, now())), now());
  });

  router.get('/:id', ctx => {
    const thread = threadOf(ctx);
    if (thread !== undefined) ctx.body = citizenView(thread, now());
  });

  router.patch('/:id', async ctx => {
    const thread = threadOf(ctx);
    if (thread === undefined) return;
    const body = await readControl(ctx, citizenChange);
    if (body === undefined) return;
    const { citizen } = thread;
    citizen.name = body.name ?? citizen.name;
    citizen.online = body.online ?? citizen.online;
    citizen.hasAccount = body.hasAccount ?? citizen.hasAccount;
    citizen.sendsReadReceipts = body.sendsReadReceipts ?? citizen.sendsReadReceipts;
    api.threads.changed(thread);
    if (citizen.online) api.statuses.wake(thread);
    ctx.body = citizenView(thread, now());
  });

  router.get('/:id/messages', ctx => {
    const thread = threadOf(ctx);
    if (thread === undefined) return;
    ctx.body = { citizen: citizenView(thread, now()), messages: thread.entries.map(messageView) };
  });

  router.post('/:id/messages', async ctx => {
    const thread = threadOf(ctx);
    if (thread === undefined) return;
    const body = await readControl(ctx, phoneMessage);
    if (body === undefined) return;
    const { threads, media, line } = api;
    const deps = { threads, media, displayPhoneNumber: line.displayPhoneNumber };
    const outcome = await sentContent(deps, thread, body);
    if ('problem' in outcome) return refuseControl(ctx, 400, outcome.problem);
    const entry = api.receive(thread, outcome.content);
    ctx.status = 201;
    ctx.body = { id: entry.wamid };
  });

  router.post('/:id/window', async ctx => {
    const thread = threadOf(ctx);
    if (thread === undefined) return;
    const body = await readControl(ctx, windowMove);
    if (body === undefined) return;
    const remainingMs = 'open' in body ? (body.open ? WINDOW_MS : 0) : body.remainingMs;
    thread.citizen.windowClosesAt = now() + remainingMs;
    api.threads.changed(thread);
    ctx.body = citizenView(thread, now());
  });

  router.post('/:id/look', async ctx => {
    const thread = threadOf(ctx);
    if (thread === undefined) return;
    const body = await readControl(ctx, look);
    if (body === undefined) return;
    api.statuses.look(thread, body.forMs);
    ctx.body = citizenView(thread, now());
  });

  return router;
}
