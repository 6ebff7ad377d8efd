import { createLetterOutbox, createMailer, type LetterOutbox, type Mailer } from '../src/mail/letter-outbox';
import { AppError } from '../src/errors';
import { openStore, type Store } from '../src/store/store';
import { mapConcurrently } from '../src/whatsapp/hand-over';
import { amount, noteFigure } from './support/proving';
import { testMongoUri } from './support/services';
import { startSmtpBox, type SmtpBox } from './support/smtp-box';

const EACH = amount({ proof: 300, test: 40 });
const AT_ONCE = 8;
const moments = ['before the send', 'after the send and before the record', 'after the record'] as const;
type Moment = (typeof moments)[number];

/** Simulates the end of a process: no later step runs. */
class Killed extends Error {}

let box: SmtpBox;
let mailer: Mailer;
let store: Store;
beforeAll(async () => {
  store = openStore(testMongoUri('letter-crash'), { operationLimitMs: 10_000 });
  box = await startSmtpBox();
  mailer = createMailer({
    ...{ smtpUrl: box.url, from: { name: 'Bildirim Hattı', address: 'bildirim@etimesgut.example' } },
  });
});
afterAll(async () => {
  mailer.close();
  await box.stop();
  await store.close();
});

/** A worker that is killed at the given moment, if any. Its clock is ahead by `aheadMs`. */
function worker(killedAt: Moment | null, aheadMs = 0): LetterOutbox {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Killed();
  };
  const alive = <Parts extends unknown[], T>(work: (...parts: Parts) => Promise<T>) => {
    return async (...parts: Parts): Promise<T> => (isDead ? die() : work(...parts));
  };
  const { outbox } = store;
  return createLetterOutbox({
    mailer: {
      domain: mailer.domain,
      async send(mail) {
        if (killedAt === 'before the send') die();
        const answer = await mailer.send(mail);
        return killedAt === 'after the send and before the record' ? die() : answer;
      },
    },
    store: {
      outbox: {
        ...outbox,
        pending: alive((key: string) => outbox.pending(key)),
        failed: alive((key: string, code: string) => outbox.failed(key, code)),
        async accepted(...parts) {
          await outbox.accepted(...parts);
          if (killedAt === 'after the record') die();
        },
      },
    },
    recordLimitMs: 0,
    now: () => new Date(Date.now() + aheadMs),
  });
}

/**
 * Sends a letter with a worker that is killed, then retries with others like Temporal. Returns the Message-IDs
 * of the copies that arrived.
 */
async function story(moment: Moment, number: number): Promise<string[]> {
  const key = `crash:${moments.indexOf(moment)}-${number}`;
  const letter = { subject: key, html: '<p>Görev</p>', text: 'Görev', pictures: [] };
  const to = { name: 'Fen İşleri', address: 'fen.isleri@etimesgut.example' };
  const given = { key, recipient: 'department:fen-isleri', caseNumber: null, to, letter, thread: key };
  await expect(worker(moment).send(given)).rejects.toThrow(Killed);
  for (let aheadMs = 0, isSent = false; !isSent;) {
    try {
      await worker(null, aheadMs).send(given);
      isSent = true;
    } catch (error) {
      if (!(error instanceof AppError) || error.retryAfterMs === undefined) throw error;
      aheadMs += error.retryAfterMs;
    }
  }
  expect(await store.outbox.get(key)).toMatchObject({ state: 'accepted' });
  return box.mails.flatMap(mail => (mail.subject === key ? [mail.messageId ?? ''] : []));
}

describe('a worker killed while it sends a letter', () => {
  it.each([
    ['before the send', 1],
    ['after the send and before the record', 2],
    ['after the record', 1],
  ] as const)(
    '%s: copies that arrive: %d at most',
    async (moment, most) => {
      const numbers = Array.from({ length: EACH }, (_, number) => number);
      const copies = await mapConcurrently(numbers, AT_ONCE, number => story(moment, number));
      const counts = Object.fromEntries(
        [1, 2, 3].map(n => [n, copies.filter(ids => ids.length === n).length]),
      );
      noteFigure(EACH, `letters killed ${moment}, by copies: ${JSON.stringify(counts)}`);
      expect(copies.filter(ids => ids.length < 1 || ids.length > most)).toEqual([]);
      // Mail programs recognise the copies.
      expect(copies.filter(ids => new Set(ids).size !== 1)).toEqual([]);
    },
    180_000,
  );
});
