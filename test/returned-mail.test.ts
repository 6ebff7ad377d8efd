import { readMail } from '../src/mail/returned-mail';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseNumberIn } from './support/line/phones';
import { reported, roads } from './support/line/reported';
import { openTask } from './support/line/task-page';
import { describeWithImap, type ImapServer, startImapServer } from './support/imap-server';
import { bounceMail, plainMail } from './support/mails';

const read = (mail: string) => readMail(Buffer.from(mail.replace(/\n/g, '\r\n')));
const ours = '<0123456789abcdef@etimesgut.example>';

describe('a mail is read as', () => {
  it('a bounce with the address that failed and the letter it is about', async () => {
    expect(await read(bounceMail({ address: 'Fen@etimesgut.example', messageId: ours }))).toMatchObject({
      kind: 'bounce',
      about: [ours],
      failed: [
        { address: 'fen@etimesgut.example', status: '5.1.1' },
        { address: 'fen@etimesgut.example', status: '5.1.1' },
      ],
    });
  });

  it('a bounce without a failure while the delivery is only delayed', async () => {
    const mail = bounceMail({ address: 'a@b.example', messageId: ours, action: 'delayed', status: '4.4.1' });
    expect(await read(mail)).toMatchObject({ kind: 'bounce', failed: [] });
  });

  it('a bounce that returns only the headers of the letter', async () => {
    const mail = bounceMail({ address: 'a@b.example', messageId: ours });
    expect((await read(mail.replace('message/rfc822', 'text/rfc822-headers'))).about).toEqual([ours]);
  });

  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Auto-Submitted: auto-generated'],
    ['X-Autoreply: yes'],
    ['Precedence: bulk'],
    ['List-Id: <haber.example>'],
  ])('automatic with %s', async header => {
    const mail = plainMail({ from: 'a@b.example', subject: 'İzin', words: 'İzindeyim', headers: [header] });
    expect((await read(mail)).kind).toBe('automatic');
  });

  it('automatic from a null sender or a mailer daemon', async () => {
    const from = (sender: string) => read(plainMail({ from: sender, subject: '', words: '' }));
    expect((await from('')).kind).toBe('automatic');
    expect((await from('MAILER-DAEMON@mx.example')).kind).toBe('automatic');
  });

  it('a reply of a person otherwise, without the links of the letter that it quotes', async () => {
    const mail = plainMail({
      ...{ from: 'Ali <Ali@b.example>', subject: 'Yn: görev', headers: [`In-Reply-To: ${ours}`] },
      words: 'Ekip gitti.\n> Görevi aç: https://hat.example/t/k1.a.b',
    });
    expect(await read(mail)).toMatchObject({
      ...{ kind: 'reply', from: 'ali@b.example', about: [ours] },
      words: 'Ekip gitti.\n> Görevi aç: [bağlantı]',
    });
  });
});

const operator = 'bildirim.hatti@etimesgut.example';

describeWithImap('the mailbox of MAIL_FROM', () => {
  let line: TestLine;
  let imap: ImapServer;
  beforeAll(async () => {
    imap = await startImapServer();
    line = await startLine('returned', {
      environment: { IMAP_URL: imap.url, IMAP_EVERY_SECONDS: '1' },
    });
  }, 120_000);
  afterAll(async () => {
    await line.stop();
    await imap.stop();
  });

  async function letterOf(caseNumber: string): Promise<{ key: string; messageId: string }> {
    const record = (await line.store.outbox.ofCase(caseNumber)).find(each => each.channel === 'mail');
    return {
      key: record?.key ?? '',
      messageId: (record?.content as { messageId: string } | undefined)?.messageId ?? '',
    };
  }
  const taken = (subject: string) =>
    awaited(`the mail "${subject}" to be read`, async () =>
      (await imap.mails()).find(mail => mail.subject === subject && mail.flags.includes('\\Seen')),
    );
  const operatorMails = async (about: string): Promise<number> =>
    (await line.phones.mails(operator)).filter(mail => `${mail.subject} ${mail.text}`.includes(about)).length;

  it('makes a bounced letter a delivery failure: the fallback gets it, the operator hears, the case knows', async () => {
    const { caseNumber } = await reported(line);
    const { key, messageId } = await letterOf(caseNumber);
    await imap.deliver(bounceMail({ address: roads, messageId }));
    const chief = await line.phones.mailed('fen.isleri.sorumlu@etimesgut.example', caseNumber);
    expect((await openTask(chief.links.find(url => url.includes('/t/')) ?? '')).status).toBe(200);
    expect((await line.phones.mailed(operator, caseNumber)).text).toContain('ulaştırılamadı');
    const facts = await awaited('the fact', async () => {
      const revision = (await line.store.cases.get(caseNumber))?.progress?.revision ?? 0;
      const found = await line.store.cases.facts(caseNumber, revision);
      return found.find(({ type }) => type === 'notDelivered');
    });
    expect(facts).toMatchObject({ recipient: 'department', undelivered: Number(key.split(':')[1]) });
    expect(await line.store.outbox.get(key)).toMatchObject({ state: 'failed', errorCode: '5.1.1' });
  }, 90_000);

  it('ignores a bounce about a letter that it did not send, or another address', async () => {
    const { caseNumber } = await reported(line);
    const { key, messageId } = await letterOf(caseNumber);
    await imap.deliver(bounceMail({ address: roads, messageId: ours }));
    await imap.deliver(bounceMail({ address: 'baska@etimesgut.example', messageId }));
    await imap.deliver(bounceMail({ address: roads, messageId, action: 'delayed', status: '4.4.1' }));
    await awaited('the bounces to be read', async () =>
      (await imap.mails()).every(({ flags }) => flags.includes('\\Seen')),
    );
    expect(await line.store.outbox.get(key)).toMatchObject({ state: 'accepted' });
  }, 60_000);

  /** A matter of ASKİ, whose letter comes back. */
  async function handedOff(): Promise<{ caseNumber: string; messageId: string }> {
    const citizen = await line.phones.newPerson();
    const body = 'Süvari mah. 1234. sokakta sular kesik, su yok';
    await line.phones.write(citizen, { type: 'text', body });
    const caseNumber = caseNumberIn((await line.phones.hears(citizen, /PK-/)).text);
    await line.phones.mailed('bildirim@aski.example', caseNumber);
    return { caseNumber, messageId: (await letterOf(caseNumber)).messageId };
  }

  it('has our desk pass on a matter whose letter to the institution came back, and the case shows it', async () => {
    const { caseNumber, messageId } = await handedOff();
    await imap.deliver(bounceMail({ address: 'bildirim@aski.example', messageId }));
    const task = await line.phones.mailed('bildirim.masasi@etimesgut.example', caseNumber);
    expect(task.subject).toContain('Kuruma iletilecek bildirim');
    const handOff = await awaited('the step', async () => {
      const found = (await line.store.cases.get(caseNumber))?.progress?.handOff;
      return found?.step === 'undelivered' && found;
    });
    expect(handOff).toMatchObject({ awaits: 'passing', way: 'desk' });
    expect(await operatorMails(caseNumber)).toBe(0);
  }, 60_000);

  it('makes a bounce of the letter of an opening one of each letter that it gathers', async () => {
    const both = await Promise.all([reported(line), reported(line)]);
    const keys = await Promise.all(both.map(async ({ caseNumber }) => (await letterOf(caseNumber)).key));
    const messageId = '<opening-1@etimesgut.example>';
    await line.store.outbox.begin({
      ...{ key: `opening:${keys[0]}`, channel: 'mail', recipient: 'department:fen-isleri', caseNumber: null },
      ...{ content: { to: { name: 'Fen İşleri', address: roads }, messageId }, createdAt: new Date() },
      gathers: keys,
    });
    await imap.deliver(bounceMail({ address: roads, messageId, status: '5.2.2' }));
    for (const { caseNumber } of both)
      await line.phones.mailed('fen.isleri.sorumlu@etimesgut.example', caseNumber);
    expect(await Promise.all(keys.map(key => line.store.outbox.get(key)))).toMatchObject(
      keys.map(() => ({ state: 'failed', errorCode: '5.2.2' })),
    );
  }, 60_000);

  it('mails a daily list that came back to the fallback, and tells the operator', async () => {
    await reported(line);
    const at = Date.parse('2026-11-25T07:00:00Z');
    const messageId = '<digest-1@etimesgut.example>';
    await line.store.outbox.begin({
      ...{ key: 'digest:fen-isleri:2026-11-25', channel: 'mail', recipient: 'department:fen-isleri' },
      ...{ content: { to: { name: 'Fen İşleri', address: roads }, messageId }, createdAt: new Date() },
      ...{ caseNumber: null, about: { type: 'digest', department: 'fen-isleri', at } },
    });
    await imap.deliver(bounceMail({ address: roads, messageId }));
    await line.phones.mailed('fen.isleri.sorumlu@etimesgut.example', 'Açık görevler');
    expect((await line.phones.mailed(operator, 'Günlük görev listesi')).text).toContain('yedek adrese');
  }, 60_000);

  it('keeps an answer to a letter as a note of the case', async () => {
    const { caseNumber, link } = await reported(line);
    const { messageId } = await letterOf(caseNumber);
    const headers = [`References: ${messageId}`];
    await imap.deliver(plainMail({ from: roads, subject: 'yanit', words: 'Ekip yarın gidecek.', headers }));
    const page = await awaited('the note', async () => {
      const { html } = await openTask(link);
      return html.includes('Ekip yarın gidecek.') && html;
    });
    expect(page).toContain('E-posta yanıtı:');
    expect((await taken('yanit')).flags).not.toContain('\\Flagged');
    expect(await operatorMails('Ekip yarın')).toBe(0);
  }, 60_000);

  it('passes other mail on to the operator, without answering its sender', async () => {
    await imap.deliver(plainMail({ from: 'Can <can@x.example>', subject: 'soru', words: 'Nasıl yazarım?' }));
    const mail = await line.phones.mailed(operator, 'Nasıl yazarım?');
    expect(mail.text).toContain('can@x.example');
    expect(await line.phones.mails('can@x.example')).toEqual([]);
  }, 60_000);

  it('makes no loop: neither with itself, nor with the operator, nor with a busy answering machine', async () => {
    const auto = ['Auto-Submitted: auto-replied'];
    const send = (from: string, subject: string, headers = auto) =>
      imap.deliver(plainMail({ from, subject, words: `${subject} metni`, headers }));
    await send(operator, 'operatör izinde');
    await send('paydaskent@etimesgut.example', 'kendi adresi', []);
    for (let round = 1; round <= 5; round += 1) await send('makine@x.example', `makine ${round}`);
    await taken('makine 5');
    await awaited('the operator to hear', async () => (await operatorMails('makine')) >= 3);
    expect([await operatorMails('operatör izinde'), await operatorMails('kendi adresi')]).toEqual([0, 0]);
    expect(await operatorMails('makine')).toBe(3);
    const flags = new Map((await imap.mails()).map(mail => [mail.subject, mail.flags]));
    for (const subject of ['operatör izinde', 'kendi adresi', 'makine 4', 'makine 5'])
      expect([subject, flags.get(subject)]).toEqual([subject, ['\\Flagged', '\\Seen']]);
  }, 60_000);
});
