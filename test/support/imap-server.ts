import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { onPath } from '../../src/local/services/command';
import { anyFree } from '../../src/local/services/port';
import { until } from './until';

/** Debian's folder for servers is not on everybody's path. */
const program = onPath('dovecot') ?? ['/usr/sbin/dovecot'].find(existsSync);

/** `describe` where Dovecot is found, `describe.skip` elsewhere. `npm test` installs it where it can. */
export const describeWithImap = program === undefined ? describe.skip : describe;

export interface ImapServer {
  /** With login and folder, for IMAP_URL. */
  url: string;
  /** Puts a mail into the mailbox. */
  deliver(mail: string): Promise<void>;
  /** Subjects and flags of all mails, in the order of their delivery. */
  mails(): Promise<{ subject: string; flags: string[] }[]>;
  stop(): Promise<void>;
}

const [user, password] = ['hat@etimesgut.example', 'gizli söz/1'];

/** Starts Dovecot with one mailbox on a free port of 127.0.0.1, as root or as any other user. */
export async function startImapServer(): Promise<ImapServer> {
  const folder = mkdtempSync(join(tmpdir(), 'paydaskent-imap-'));
  const mailFolder = join(folder, 'mail');
  const port = await anyFree();
  mkdirSync(mailFolder);
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0;
  const own = userInfo();
  // Dovecot refuses to run its login as root. Debian's package brings these users.
  const mailOwner = isRoot ? { uid: 8, gid: 8 } : own;
  if (isRoot) chownSync(mailFolder, mailOwner.uid, mailOwner.gid);
  const runners = isRoot
    ? { internal: 'dovecot', login: 'dovenull', group: 'dovecot' }
    : { internal: own.username, login: own.username, group: String(own.gid) };
  writeFileSync(join(folder, 'users'), `${user}:{PLAIN}${password}\n`);
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = ${runners.internal}
default_internal_group = ${runners.group}
default_login_user = ${runners.login}
first_valid_uid = 1
mail_location = maildir:${mailFolder}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${mailOwner.uid} gid=${mailOwner.gid} home=${mailFolder}
}
`,
  );
  const server = spawn(program ?? 'dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });

  async function withClient<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      ...{ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, logger: false },
      auth: { user, pass: password },
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.mailboxOpen('INBOX');
      return await work(client);
    } finally {
      await client.logout().catch(() => client.close());
    }
  }
  await until(() => withClient(async () => true).catch(() => false), 'Dovecot to answer');

  return {
    url: `imap://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/INBOX`,
    deliver: mail =>
      withClient(async client => void (await client.append('INBOX', mail.replace(/\r?\n/g, '\r\n')))),
    mails: () =>
      withClient(async client => {
        const found = await client.fetchAll('1:*', { envelope: true, flags: true });
        return found.map(({ envelope, flags }) => ({
          subject: envelope?.subject ?? '',
          flags: [...(flags ?? [])].sort(),
        }));
      }),
    async stop() {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ended(server: ChildProcess): Promise<void> {
  const gone = new Promise<void>(resolve => server.once('exit', () => resolve()));
  server.kill();
  await gone;
}
