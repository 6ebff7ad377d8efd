import rawBody from 'raw-body';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { z } from 'zod';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Mails } from './mails';

const LARGEST_MAIL = 25 * 1024 * 1024;

export interface SmtpSink {
  port: number;
  stop(): Promise<void>;
}

const reply = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** The internal connection object of the server; the only way to close a connection. */
const isConnection = (value: unknown): value is { id: string; close(): void } =>
  typeof value === 'object' && value !== null && 'id' in value && 'close' in value;

/** Starts an SMTP server, without login and TLS, that puts every mail into the mailbox. */
export async function startSmtpSink(
  options: { host: string; port: number },
  mails: Mails,
  faults: SmtpFaults,
): Promise<SmtpSink> {
  const cut = (session: SMTPServerSession): void => {
    for (const connection of server.connections as Set<unknown>) {
      if (isConnection(connection) && connection.id === session.id) connection.close();
    }
  };

  const server: SMTPServer = new SMTPServer({
    name: 'mail.sandbox.test',
    size: LARGEST_MAIL,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 500,
    onMailFrom(_address, _session, done) {
      done(
        faults.take('421') === undefined
          ? null
          : reply(421, '4.3.2 Service not available, closing transmission channel'),
      );
    },
    onRcptTo(_address, _session, done) {
      done(faults.take('550') === undefined ? null : reply(550, '5.1.1 Mailbox unavailable'));
    },
    onData(stream, session, done) {
      const fault = faults.take('451', 'slow', 'drop');
      const finish = async (): Promise<void> => {
        const raw = await rawBody(stream, { limit: LARGEST_MAIL });
        if (fault?.kind === 'drop') return cut(session);
        if (fault?.kind === '451')
          return done(reply(451, '4.3.0 Requested action aborted: local error in processing'));
        if (fault?.kind === 'slow') await pause(fault.delayMs);
        const { mailFrom, rcptTo } = session.envelope;
        await mails.receive({
          sender: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map(recipient => recipient.address),
          raw,
        });
        done();
      };
      finish().catch((error: unknown) =>
        done(error instanceof Error ? error : new Error('The mail is unreadable')),
      );
    },
  });
  server.on('error', error => console.error('The local mail server:', error.message));

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** A fault of the mail server, injected through the control API. It affects the next `count` mails. */
export const smtpFaultOrder = z.object({
  kind: z.enum(['421', '451', '550', 'slow', 'drop']),
  count: z.number().int().min(1).max(100_000).default(1),
  /** For `slow`: the delay of the response to DATA. */
  delayMs: z.number().int().min(0).max(600_000).default(10_000),
});

type SmtpFaultOrder = z.infer<typeof smtpFaultOrder>;
type SmtpFault = SmtpFaultOrder & { left: number };

export interface SmtpFaults {
  add(order: SmtpFaultOrder): SmtpFault;
  list(): SmtpFault[];
  clear(): void;
  /** Consumes one use of the oldest fault, if it applies at this point of the dialogue. */
  take(...kinds: SmtpFaultOrder['kind'][]): SmtpFault | undefined;
}

export function createSmtpFaults(onChange: () => void): SmtpFaults {
  let faults: SmtpFault[] = [];
  return {
    add(order) {
      const fault = { ...order, left: order.count };
      faults.push(fault);
      onChange();
      return fault;
    },
    list: () => faults.map(fault => ({ ...fault })),
    clear() {
      faults = [];
      onChange();
    },
    take(...kinds) {
      const first = faults[0];
      if (first === undefined || !kinds.includes(first.kind)) return undefined;
      first.left -= 1;
      faults = faults.filter(fault => fault.left > 0);
      onChange();
      return first;
    },
  };
}
