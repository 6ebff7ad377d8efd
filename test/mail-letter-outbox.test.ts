import {
  createLetterOutbox,
  createMailer,
  type LetterOutbox,
  type LetterToSend,
  type Mailer,
} from '../src/mail/letter-outbox';
import { openStore, type Store } from '../src/store/store';
import { testMongoUri } from './support/services';
import { startSmtpBox, type SmtpBox } from './support/smtp-box';

const from = { name: 'Bildirim Hattı', address: 'bildirim@etimesgut.example' };
const secret = 'https://bildirim.example.org/t/k1.mac.random';
const letterFor = (key: string, over: Partial<LetterToSend> = {}): LetterToSend => ({
  key,
  recipient: 'department:fen-isleri',
  caseNumber: 'PK-0000-0001',
  to: { name: 'Fen İşleri Müdürlüğü', address: 'fen.isleri@etimesgut.example' },
  letter: {
    subject: 'PK-0000-0001 · Yeni görev',
    html: `<a href="${secret}">Aç</a>`,
    text: secret,
    pictures: [],
  },
  thread: 'PK-0000-0001',
  ...over,
});

let box: SmtpBox;
let mailer: Mailer;
let store: Store;
let outbox: LetterOutbox;
beforeAll(async () => {
  store = openStore(testMongoUri('letters'));
  box = await startSmtpBox();
  mailer = createMailer({ smtpUrl: box.url, from });
  outbox = createLetterOutbox({ store, mailer });
});
beforeEach(() => {
  box.mails.length = 0;
});
afterAll(async () => {
  mailer.close();
  await box.stop();
  await store.close();
});

it('repeated calls send a letter once', async () => {
  await outbox.send(letterFor('a:1'));
  await outbox.send(letterFor('a:1'));
  expect(box.mails).toHaveLength(1);
  expect(await store.outbox.get('a:1')).toMatchObject({
    channel: 'mail',
    state: 'accepted',
    attempts: 1,
    recipient: 'department:fen-isleri',
    providerId: expect.stringContaining('queued') as string,
  });
});

it('a retry has the same Message-ID', async () => {
  box.atData.push('hang up', 451);
  await expect(outbox.send(letterFor('b:1'))).rejects.toMatchObject({ code: 'mail-retry' });
  expect(await store.outbox.get('b:1')).toMatchObject({ state: 'pending', attempts: 1 });
  await expect(outbox.send(letterFor('b:1'))).rejects.toMatchObject({ code: 'mail-retry', reason: '451' });
  await outbox.send(letterFor('b:1'));
  const record = await store.outbox.get('b:1');
  expect(record).toMatchObject({ state: 'accepted', attempts: 3 });
  expect(record?.content).toMatchObject({ messageId: box.mails[0]?.messageId });
});

describe('while another worker may still be sending a letter', () => {
  const at = new Date();
  const lettersAt = (aheadMs: number): LetterOutbox =>
    createLetterOutbox({ store, mailer, now: () => new Date(at.getTime() + aheadMs) });

  beforeEach(async () => {
    await store.outbox.model.deleteMany({ channel: 'mail' });
    const { key, recipient, caseNumber } = letterFor('s:1');
    await store.outbox.prepare({ key, channel: 'mail', recipient, caseNumber, content: {}, createdAt: at });
    await store.outbox.sending(key, at);
  });

  it('the letter is not sent again, and the caller retries after a minute', async () => {
    await expect(lettersAt(20_000).send(letterFor('s:1'))).rejects.toMatchObject({
      ...{ code: 'mail-retry', retryAfterMs: 40_000 },
    });
    expect(box.mails).toEqual([]);
  });

  it('its acceptance is found by the retry', async () => {
    await store.outbox.accepted('s:1', 'queued');
    await lettersAt(60_000).send(letterFor('s:1'));
    expect(box.mails).toEqual([]);
  });

  it('the letter is sent after a minute without an acceptance', async () => {
    await lettersAt(60_000).send(letterFor('s:1'));
    expect(box.mails).toHaveLength(1);
  });
});

it('a refused letter is not sent again', async () => {
  box.atRecipient.push(550);
  await expect(outbox.send(letterFor('c:1'))).rejects.toMatchObject({ code: 'mail-refused', reason: '550' });
  expect(await store.outbox.get('c:1')).toMatchObject({ state: 'failed', errorCode: '550' });
  await expect(outbox.send(letterFor('c:1'))).rejects.toMatchObject({ code: 'mail-refused', reason: '550' });
  expect(box.mails).toEqual([]);
});

it('letters of one case form one thread, each with a Message-ID in the sender’s domain', async () => {
  await outbox.send(letterFor('d:1'));
  await outbox.send(letterFor('d:2'));
  await outbox.send(letterFor('e:1', { thread: 'PK-0000-0002' }));
  const [first, second, other] = box.mails;
  expect(first?.references).toBe(second?.references);
  expect(other?.references).not.toBe(first?.references);
  const ids = box.mails.map(({ messageId }) => messageId ?? '');
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{32}@etimesgut\.example>$/);
});

it('the record holds the letter without its link', async () => {
  await outbox.send(letterFor('f:1'));
  const record = await store.outbox.get('f:1');
  expect(record?.content).toMatchObject({ subject: 'PK-0000-0001 · Yeni görev' });
  expect(JSON.stringify(record)).not.toContain('/t/');
});

describe('an accepted letter whose record cannot be written', () => {
  /** An outbox that fails the given number of times to record an acceptance. */
  function failing(times: number): { letters: LetterOutbox; waits: number[] } {
    const waits: number[] = [];
    const accepted: typeof store.outbox.accepted = async (key, providerId) => {
      if (waits.length < times) throw new Error('away');
      await store.outbox.accepted(key, providerId);
    };
    const letters = createLetterOutbox({
      store: { outbox: { ...store.outbox, accepted } },
      mailer,
      recordLimitMs: 60_000,
      pause: async ms => void waits.push(ms),
    });
    return { letters, waits };
  }

  it('is not sent again, and is recorded when the records are back', async () => {
    const { letters, waits } = failing(7);
    await letters.send(letterFor('g:1'));
    await letters.send(letterFor('g:1'));
    expect(box.mails).toHaveLength(1);
    expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(await store.outbox.get('g:1')).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  it('stops waiting when its activity is cancelled', async () => {
    const letters = createLetterOutbox({
      store: { outbox: { ...store.outbox, accepted: () => Promise.reject(new Error('away')) } },
      mailer,
      pause: () => Promise.reject(new Error('cancelled')),
    });
    await expect(letters.send(letterFor('h:1'))).rejects.toThrow('cancelled');
  });
});
