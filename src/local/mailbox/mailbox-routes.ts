import { Router, type RouterContext } from '@koa/router';
import { Eta } from 'eta';
import { readControl, refuseControl } from '../phone/control-routes';
import type { LocalTimes } from '../phone/local-times';
import { assetFolder, pageHeaders } from '../phone/page-assets';
import type { Mail, Mails } from './mails';
import { smtpFaultOrder, type SmtpFaults } from './smtp-sink';

const tabTitles = { html: 'Görünüm', text: 'Düz metin', links: 'Bağlantılar', headers: 'Başlıklar' } as const;
type Tab = keyof typeof tabTitles;
const isTab = (value: unknown): value is Tab => typeof value === 'string' && value in tabTitles;

/** Blocks scripts and frames of a mail. Its links open in a new tab. */
const MAIL_POLICY =
  "default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox";

function boxesOf(mails: readonly Mail[]): { address: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const mail of mails)
    for (const address of mail.to) counts.set(address, (counts.get(address) ?? 0) + 1);
  return [...counts]
    .map(([address, count]) => ({ address, count }))
    .sort((a, b) => a.address.localeCompare(b.address, 'tr'));
}

function hrefOf(parts: { to?: string | undefined; mail?: string; tab?: Tab }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) query.set(name, value);
  return `/mailbox?${query.toString()}`;
}

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

function rowOf(
  { id, to, receivedAt, subject }: Mail,
  times: LocalTimes,
): { id: string; to: string; time: string; subject: string } {
  return { id, to: to.join(', '), time: times.dayAndHour(Date.parse(receivedAt)), subject };
}

function pageOf(ctx: RouterContext, mails: Mails, times: LocalTimes, hasPhones: boolean): object {
  const to = single(ctx.query['to']);
  const all = mails.list();
  const shown = to === undefined ? all : mails.list(to);
  const mail = mails.get(single(ctx.query['mail']) ?? '');
  const asked = ctx.query['tab'];
  const tab: Tab = isTab(asked) ? asked : mail?.html === '' ? 'text' : 'html';
  const received = mail === undefined ? 0 : Date.parse(mail.receivedAt);
  return {
    hasPhones,
    to,
    total: all.length,
    boxes: boxesOf(all),
    mails: shown.map(one => ({
      ...rowOf(one, times),
      href: hrefOf({ to, mail: one.id }),
      open: one.id === mail?.id,
      beginning: one.text.replace(/\s+/g, ' ').slice(0, 90),
    })),
    mail,
    receivedAt: mail === undefined ? '' : `${times.day(received)} ${times.hour(received)}`,
    tab,
    tabs: (Object.keys(tabTitles) as Tab[]).map(name => ({
      title: tabTitles[name],
      href: hrefOf({ to, mail: mail?.id ?? '', tab: name }),
      open: name === tab,
    })),
  };
}

/** The mails listed beside the phone. */
const LATEST = 4;

/**
 * `GET /mailbox`: the departments' mails by recipient and the opened one. `/mailbox/latest`: the latest
 * mails, shown beside the phone.
 */
export function mailboxPageRoutes(mails: Mails, times: LocalTimes, hasPhones: boolean): Router {
  const eta = new Eta({ views: assetFolder('mailbox'), cache: true });
  const router = new Router({ prefix: '/mailbox' });
  router.use(pageHeaders);

  router.get('/', ctx => {
    ctx.type = 'html';
    ctx.body = eta.render('./mailbox.eta', pageOf(ctx, mails, times, hasPhones));
  });

  router.get('/latest', ctx => {
    const latest = mails.list().slice(0, LATEST);
    const mail = mails.get(single(ctx.query['mail']) ?? latest[0]?.id ?? '');
    ctx.type = 'html';
    ctx.body = eta.render('./latest.eta', { mail, mails: latest.map(one => rowOf(one, times)) });
  });

  router.get('/:id/html', ctx => {
    const mail = mails.get(ctx.params['id'] ?? '');
    if (mail === undefined) return;
    ctx.set('content-security-policy', MAIL_POLICY);
    ctx.type = 'html';
    ctx.body = `<!doctype html><base target="_blank">${mail.html}`;
  });

  return router;
}

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
