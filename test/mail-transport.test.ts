import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createMailer, type Mailer, type OutgoingMail } from '../src/mail/letter-outbox';
import { startSmtpBox, type SmtpBox } from './support/smtp-box';

const from = { name: 'Etimesgut Bildirim Hattı', address: 'bildirim@etimesgut.example' };
const mail: OutgoingMail = {
  to: { name: 'Özel Kalem, “Şube” <İğdır>', address: 'ozel.kalem@etimesgut.example' },
  subject: 'PK-7K2M-9QRT · Süre azalıyor (çözüm süresi) · Çöp ve ağaç · Süvari',
  text: 'Ağaç, çöp, ışık, İ ı ş ğ',
  html: '<p>Ağaç, çöp, ışık, İ ı ş ğ</p>',
  messageId: '<1234@etimesgut.example>',
  references: ['<thread@etimesgut.example>'],
};

let box: SmtpBox;
let mailer: Mailer;
beforeEach(async () => {
  box = await startSmtpBox();
  mailer = createMailer({ smtpUrl: box.url, from });
});
afterEach(async () => {
  mailer.close();
  await box.stop();
});

describe('a letter over SMTP', () => {
  it('arrives with Turkish letters in subject, names and text, and with its headers', async () => {
    await expect(mailer.send(mail)).resolves.toContain('queued as 4711');
    const [got] = box.mails;
    expect(got?.subject).toBe(mail.subject);
    expect(got?.from?.value).toEqual([from]);
    expect(got?.headers.get('to')).toMatchObject({ value: [mail.to] });
    expect(got?.to).toEqual([mail.to.address]);
    expect(got?.text?.trim()).toBe(mail.text);
    expect(got?.html).toContain(mail.text);
    expect(got?.messageId).toBe(mail.messageId);
    expect(got?.references).toBe('<thread@etimesgut.example>');
    expect(got?.inReplyTo).toBe('<thread@etimesgut.example>');
    expect(got?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('carries pictures that its HTML can show', async () => {
    const content = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
    await mailer.send({
      ...mail,
      attachments: [{ filename: 'çukur.jpg', content, contentType: 'image/jpeg', cid: 'photo-1' }],
    });
    expect(box.mails[0]?.attachments).toMatchObject([
      { filename: 'çukur.jpg', contentType: 'image/jpeg', cid: 'photo-1', content },
    ]);
  });

  it('has one recipient and no injected header', async () => {
    const to = { name: 'Ad\r\nBcc: kurban@example.org', address: mail.to.address };
    const subject = 'Konu\r\nBcc: kurban@example.org\r\n\r\ngövde';
    await mailer.send({ ...mail, to, subject });
    expect(box.mails[0]?.to).toEqual([mail.to.address]);
    expect(box.mails[0]?.headers.has('bcc')).toBe(false);
    expect(box.mails[0]?.text?.trim()).toBe(mail.text);
  });

  it('reads neither files nor URLs named by an attachment', async () => {
    const attachments = [{ filename: 'x', contentType: 'text/plain', path: '/etc/hostname' } as never];
    await expect(mailer.send({ ...mail, attachments })).rejects.toMatchObject({ code: 'mail-retry' });
    expect(box.mails).toEqual([]);
  });
});

describe('a server that refuses', () => {
  it.each([
    ['an unknown recipient', 550, 'mail-refused'],
    ['a recipient of another server', 551, 'mail-refused'],
    ['a full mailbox', 452, 'mail-retry'],
    ['greylisting', 451, 'mail-retry'],
    ['a closing service', 421, 'mail-retry'],
    ['a wrong order of commands', 503, 'mail-retry'],
  ])('%s (%d at RCPT) leads to %s', async (_, code, expected) => {
    box.atRecipient.push(code);
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: expected, reason: String(code) });
    await expect(mailer.send(mail)).resolves.toContain('queued');
  });

  it.each([
    [554, 'mail-refused'],
    [552, 'mail-refused'],
    [451, 'mail-retry'],
  ])('%d after DATA leads to %s', async (code, expected) => {
    box.atData.push(code);
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: expected, reason: String(code) });
  });

  it.each(['hang up'] as const)('to %s during a send is retried', async answer => {
    box.atData.push(answer);
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'mail-retry' });
    box.atRecipient.push(answer);
    await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'mail-retry' });
  });

  it('is not quoted, because its replies contain addresses', async () => {
    box.atRecipient.push(550);
    const error: unknown = await mailer.send(mail).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).cause).toBeUndefined();
    expect(JSON.stringify([(error as Error).message, error])).not.toContain('@');
  });

  it('because of the password does not drop letters', async () => {
    const locked = createMailer({ smtpUrl: box.url.replace('//', '//hat:yanlis@'), from });
    await expect(locked.send(mail)).rejects.toMatchObject({ code: 'mail-retry' });
    locked.close();
  });
});

describe('the connection', () => {
  it('is reused for later letters', async () => {
    for (let round = 1; round <= 4; round += 1) await mailer.send(mail);
    expect([box.visits, box.mails.length]).toEqual([1, 4]);
  });

  it('that the server closed is replaced, and the letter is sent once', async () => {
    for (let round = 1; round <= 5; round += 1) {
      await mailer.send(mail);
      box.hangUp();
    }
    await mailer.send(mail);
    expect(box.mails).toHaveLength(6);
  });

  it('sends many concurrent letters over a few connections, each letter once', async () => {
    const ids = Array.from({ length: 40 }, (_, place) => `<${place}@etimesgut.example>`);
    await Promise.all(ids.map(messageId => mailer.send({ ...mail, messageId })));
    expect(box.mails.map(({ messageId }) => messageId).sort()).toEqual([...ids].sort());
    expect(box.visits).toBeLessThanOrEqual(5);
  });

  it('to an unresponsive server times out, and the letter is not sent later', async () => {
    const hasty = createMailer({ smtpUrl: box.url, from, sendLimitMs: 1_000 });
    box.atRecipient.push('silence');
    await expect(hasty.send(mail)).rejects.toMatchObject({ code: 'mail-retry', reason: 'EABORT' });
    await expect(hasty.send(mail)).resolves.toContain('queued');
    expect(box.mails).toHaveLength(1);
    hasty.close();
  });
});

it('an unreachable server causes a retry', async () => {
  const nobody = createServer();
  await new Promise<void>(resolve => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise(resolve => nobody.close(resolve));
  const alone = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
  await expect(alone.send(mail)).rejects.toMatchObject({ code: 'mail-retry' });
  alone.close();
});
