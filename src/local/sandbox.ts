import type { Router } from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type CloudApi, createCloudApi } from './cloud-api/cloud-api';
import type { StatusPace } from './cloud-api/statuses';
import type { ApprovedTemplate } from './cloud-api/templates';
import { mailboxPageRoutes, mailRoutes } from './mailbox/mailbox-routes';
import { createMails, type Mails } from './mailbox/mails';
import { createSmtpFaults, type SmtpFaults, type SmtpSink, startSmtpSink } from './mailbox/smtp-sink';
import { type Changes, createChanges, eventRoutes } from './phone/changes';
import { citizenRoutes } from './phone/citizen-routes';
import { controlRoutes } from './phone/control-routes';
import { localTimes } from './phone/local-times';
import { assetRoutes } from './phone/page-assets';
import { phonePageRoutes, type Pin } from './phone/page-routes';

/** The municipality as phone and Cloud API show it. */
interface SandboxTown {
  name: string;
  /** The number of the line: digits with country code. */
  phone: string;
  /** IANA name. */
  timeZone: string;
  pins: readonly Pin[];
}

export interface SandboxOptions {
  /** 0 chooses a free port. */
  port: number;
  smtpPort: number;
  phoneNumberId: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  webhookUrl: string;
  /** Like `v26.0`. */
  graphVersion: string;
  /** Folder for chats, media and mails, loaded again at the next start. */
  dataDir: string;
  /** False if the product uses the real Cloud API: starts no stand-in and no phone. */
  graph?: boolean;
  /** False if the product uses a real mail server: starts no sink and no mailbox. */
  mail?: boolean;
  /** The listen address; 127.0.0.1 outside containers. */
  host?: string;
  town: SandboxTown;
  templates?: readonly ApprovedTemplate[];
  /** The throughput limit of the number in messages per second, both directions. */
  messagesPerSecond?: number;
  /** Epoch ms; tests replace it. */
  now?: () => number;
  pace?: StatusPace;
  retryDelayMs?: (attempt: number) => number;
}

export interface Sandbox {
  url: string;
  /** The value for WHATSAPP_GRAPH_URL; empty without the stand-in. */
  graphUrl: string;
  /** The value for SMTP_URL; empty without the sink. */
  smtpUrl: string;
  stop(): Promise<void>;
}

const ACCOUNT_ID = '102290129340398';
const USUAL_PACE: StatusPace = { sentAfterMs: 150, deliveredAfterMs: 400 };
const USUAL_THROUGHPUT = 80;

function openCloudApi(options: SandboxOptions, changes: Changes, now: () => number): CloudApi {
  return createCloudApi({
    line: {
      accountId: ACCOUNT_ID,
      phoneNumberId: options.phoneNumberId,
      displayPhoneNumber: options.town.phone,
      verifiedName: options.town.name,
    },
    accessToken: options.accessToken,
    appSecret: options.appSecret,
    verifyToken: options.verifyToken,
    webhookUrl: options.webhookUrl,
    graphVersion: options.graphVersion,
    dataDir: options.dataDir,
    templates: options.templates ?? [],
    messagesPerSecond: options.messagesPerSecond ?? USUAL_THROUGHPUT,
    now,
    pace: options.pace ?? USUAL_PACE,
    retryDelayMs: options.retryDelayMs,
    onThread: id => changes.tell({ topic: 'thread', id }),
    onChange: () => changes.tell({ topic: 'sandbox' }),
  });
}

interface Mailbox {
  mails: Mails;
  faults: SmtpFaults;
  sink: SmtpSink;
}

async function openMailbox(
  options: SandboxOptions,
  host: string,
  changes: Changes,
  now: () => number,
): Promise<Mailbox> {
  const mails = await createMails(path.join(options.dataDir, 'mails'), now, id =>
    changes.tell({ topic: 'mail', id }),
  );
  const faults = createSmtpFaults(() => changes.tell({ topic: 'sandbox' }));
  return { mails, faults, sink: await startSmtpSink({ host, port: options.smtpPort }, mails, faults) };
}

/** Without phones the mailbox is the home page. */
async function mailboxFirst(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  if (ctx.path === '/') ctx.redirect('/mailbox');
  else await next();
}

/** Error codes of a closed event stream, which are expected. */
const partings: readonly (string | undefined)[] = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'];

function report(error: NodeJS.ErrnoException): void {
  if (!partings.includes(error.code)) console.error('Sandbox:', error.message);
}

/** Serves the app. Returns its port and a function that closes it with all connections. */
async function listen(
  app: Koa,
  host: string,
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Starts the sandbox: the Cloud API stand-in with phone page and control API, and the mail sink with its mailbox
 * page. It communicates with the product only by signed webhooks, the Graph API and SMTP. Rejects with `EADDRINUSE`
 * if a port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  const now = options.now ?? Date.now;
  const changes = createChanges();
  const times = localTimes(options.town.timeZone);
  const mailbox = options.mail === false ? undefined : await openMailbox(options, host, changes, now);
  const api = options.graph === false ? undefined : openCloudApi(options, changes, now);

  const app = new Koa();
  app.on('error', report);
  const use = (router: Router): void => {
    app.use(router.routes());
  };
  app.use(refuseForeignPages);
  if (api !== undefined) {
    use(api.routes);
    use(citizenRoutes(api, now));
    use(controlRoutes(api));
    use(phonePageRoutes(api, options.town.pins, times, now, mailbox !== undefined));
  } else if (mailbox !== undefined) {
    app.use(mailboxFirst);
  }
  if (mailbox !== undefined) {
    use(mailRoutes(mailbox.mails, mailbox.faults));
    use(mailboxPageRoutes(mailbox.mails, times, api !== undefined));
  }
  use(eventRoutes(changes));
  use(assetRoutes());

  const stopParts = async (): Promise<void> => {
    await Promise.all([api?.stop(), mailbox?.sink.stop()]);
    await mailbox?.mails.flush();
  };
  const server = await listen(app, host, options.port).catch(async (error: unknown) => {
    await stopParts();
    throw error;
  });
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${name}:${server.port}`;
  return {
    url,
    graphUrl: api === undefined ? '' : `${url}/graph`,
    smtpUrl: mailbox === undefined ? '' : `smtp://${name}:${mailbox.sink.port}`,
    async stop() {
      await server.close();
      await stopParts();
    },
  };
}

/** Rejects requests from other origins, so that no other web page in the same browser can control the sandbox. */
async function refuseForeignPages(ctx: Context, next: Next): Promise<void> {
  const origin = ctx.get('origin');
  if (origin !== '' && origin !== `${ctx.protocol}://${ctx.host}`) {
    ctx.status = 403;
    ctx.body = { error: { message: 'Requests from other origins are not allowed' } };
    return;
  }
  await next();
}
