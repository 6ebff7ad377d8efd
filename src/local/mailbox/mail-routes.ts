import { Router } from '@koa/router';
import { readControl, refuseControl } from '../phone/control-bodies';
import type { Mails } from './mails';
import { smtpFaultOrder, type SmtpFaults } from './smtp-faults';

/** `/control/mails` and `/control/smtp-faults`. */
export function mailRoutes(mails: Mails, faults: SmtpFaults): Router {
  const router = new Router({ prefix: '/control' });

  router.get('/mails', ctx => {
    const to = ctx.query['to'];
    ctx.body = { mails: mails.list(typeof to === 'string' ? to : undefined) };
  });
  router.delete('/mails', ctx => {
    mails.clear();
    ctx.body = { mails: [] };
  });
  router.get('/mails/:id', ctx => {
    const mail = mails.get(ctx.params['id'] ?? '');
    if (mail === undefined) refuseControl(ctx, 404, 'No such mail');
    else ctx.body = mail;
  });

  router.get('/smtp-faults', ctx => {
    ctx.body = { faults: faults.list() };
  });
  router.post('/smtp-faults', async ctx => {
    const order = await readControl(ctx, smtpFaultOrder);
    if (order === undefined) return;
    ctx.status = 201;
    ctx.body = faults.add(order);
  });
  router.delete('/smtp-faults', ctx => {
    faults.clear();
    ctx.body = { faults: [] };
  });

  return router;
}
