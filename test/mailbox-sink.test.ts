import nodemailer, { type SendMailOptions } from 'nodemailer';
import { startTestSandbox, type TestSandbox } from './support/local-sandbox';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.dispose());

const mail = (over: SendMailOptions = {}): SendMailOptions => ({
  from: 'Etimesgut Belediyesi <bildirim@etimesgut.test>',
  to: 'fen-isleri@etimesgut.test',
  subject: 'Yeni görev: Yol çukuru · Süvari',
  text: 'Görevi açın: http://127.0.0.1:3000/t/abc.',
  html: '<p>Merhaba</p><a href="http://127.0.0.1:3000/t/abc?a=1&amp;b=2">Görevi aç</a>',
  ...over,
});
async function post(over: SendMailOptions = {}): Promise<unknown> {
  const transport = nodemailer.createTransport(sandbox.smtpUrl);
  try {
    return await transport.sendMail(mail(over));
  } finally {
    transport.close();
  }
}
const mails = async (query = '') =>
  (await sandbox.control('GET', `/mails${query}`)).json['mails'] as Record<string, unknown>[];

describe('the mailbox', () => {
  it('stores a mail unchanged, with its links', async () => {
    await post();
    const [received] = await mails();
    expect(received).toMatchObject({
      from: '"Etimesgut Belediyesi" <bildirim@etimesgut.test>',
      to: ['fen-isleri@etimesgut.test'],
      subject: 'Yeni görev: Yol çukuru · Süvari',
      text: expect.stringContaining('Görevi açın') as string,
      html: expect.stringContaining('Görevi aç') as string,
      links: ['http://127.0.0.1:3000/t/abc?a=1&b=2', 'http://127.0.0.1:3000/t/abc'],
      messageId: expect.stringMatching(/^<.+>$/) as string,
      receivedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    const one = await sandbox.control('GET', `/mails/${String(received?.['id'])}`);
    expect(one.json).toEqual(received);
  });

  it('lists the newest first, and by recipient, including Bcc', async () => {
    await post({ subject: 'bir' });
    await post({ subject: 'iki', to: 'temizlik@etimesgut.test', bcc: 'mudur@etimesgut.test' });
    expect((await mails()).map(received => received['subject'])).toEqual(['iki', 'bir']);
    const toChief = await mails('?to=MUDUR@etimesgut.test');
    expect(toChief.map(received => received['subject'])).toEqual(['iki']);
    expect(await mails('?to=nobody@etimesgut.test')).toEqual([]);
  });

  it('survives a restart', async () => {
    await post();
    const [received] = await mails();
    await sandbox.stop();
    const again = await startTestSandbox({ dataDir: sandbox.dataDir });
    expect((await again.control('GET', '/mails')).json).toEqual({ mails: [received] });
    await again.dispose();
  });

  it('answers 404 for an unknown mail', async () => {
    expect((await sandbox.control('GET', '/mails/m-0')).status).toBe(404);
  });
});

describe('faults of the mail server', () => {
  it.each([
    ['421', 'responseCode', 421],
    ['451', 'responseCode', 451],
    ['550', 'responseCode', 550],
    ['drop', 'code', 'ECONNECTION'],
  ])('%s rejects the given number of mails and stores none of them', async (kind, key, value) => {
    await sandbox.control('POST', '/smtp-faults', { kind, count: 2 });
    for (let sent = 0; sent < 2; sent += 1) {
      const error: unknown = await post().catch((reason: unknown) => reason);
      expect(error).toHaveProperty(key, value);
    }
    await post();
    expect(await mails()).toHaveLength(1);
  });

  it('slow accepts after the given delay', async () => {
    await sandbox.control('POST', '/smtp-faults', { kind: 'slow', delayMs: 120 });
    const before = Date.now();
    await post();
    expect(Date.now() - before).toBeGreaterThanOrEqual(115);
    expect(await mails()).toHaveLength(1);
  });

  it('are listed with their remaining uses and can be removed', async () => {
    await sandbox.control('POST', '/smtp-faults', { kind: '550', count: 3 });
    expect((await sandbox.control('GET', '/smtp-faults')).json).toMatchObject({
      faults: [{ kind: '550', left: 3 }],
    });
    await sandbox.control('DELETE', '/smtp-faults');
    await post();
    expect(await mails()).toHaveLength(1);
  });
});
