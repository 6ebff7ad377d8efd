import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import rawBody from 'raw-body';
import { SMTPServer } from 'smtp-server';

type SmtpAnswer = number | 'hang up' | 'silence';

export interface SmtpBox {
  url: string;
  mails: (ParsedMail & { raw: string; to: string[] })[];
  /** The replies to the next RCPT and DATA commands, in order; 250 if empty. */
  atRecipient: SmtpAnswer[];
  atData: SmtpAnswer[];
  /** The number of connections so far. */
  visits: number;
  /** Closes every connection, like a server after a time-out. */
  hangUp(): void;
  stop(): Promise<void>;
}

const refused = (code: number): Error =>
  Object.assign(new Error(`${code} no <kimse@gizli.example>`), { responseCode: code });

/** An SMTP server that accepts letters or replies as the test configures. */
export async function startSmtpBox(): Promise<SmtpBox> {
  const hangUp = (): void => {
    for (const connection of server.connections as Set<{ close(): void }>) connection.close();
  };
  const box: Omit<SmtpBox, 'url' | 'stop'> = { mails: [], atRecipient: [], atData: [], visits: 0, hangUp };
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onConnect(_session, done) {
      box.visits += 1;
      done();
    },
    onAuth: (_auth, _session, done) => done(refused(535)),
    onRcptTo(_address, _session, done) {
      const answer = box.atRecipient.shift() ?? 250;
      if (answer === 'hang up') hangUp();
      else if (answer !== 'silence') done(answer === 250 ? null : refused(answer));
    },
    onData(stream, session, done) {
      const answer = box.atData.shift() ?? 250;
      void (async () => {
        const raw = await rawBody(stream);
        if (answer === 'hang up') return hangUp();
        if (answer === 'silence') return;
        if (answer !== 250) return done(refused(answer));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        box.mails.push(Object.assign(await simpleParser(raw), { raw: raw.toString('latin1'), to }));
        done(null, 'queued as 4711');
      })().catch(done);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(box, {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    stop: () => new Promise<void>(resolve => server.close(() => resolve())),
  });
}
