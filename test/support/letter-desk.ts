import { randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Deps } from '../../activities/deps';
import { mailDigest } from '../../activities/scheduled-letters';
import { mailLetter } from '../../activities/mail-letter';
import { loadMunicipality, type Municipality } from '../../src/config/municipality';
import type { LetterOrder } from '../../src/domain/case/case-events';
import { openedEvent, takeTurn } from '../../src/domain/case/case-life';
import { caseNumberOf } from '../../src/domain/identifiers';
import { newCaseState } from '../../src/domain/case/case';
import { createLetterOutbox, createMailer } from '../../src/mail/letter-outbox';
import { createTaskLinks, type TaskLinks } from '../../src/mail/task-link';
import type { CaseIntake } from '../../src/store/case-records';
import type { Message } from '../../src/store/message-records';
import { openStore, type Store } from '../../src/store/store';
import { HOUR, opening, planAt, wordsMessage } from './cases';
import { testMongoUri } from './services';
import { startSmtpBox, type SmtpBox } from './smtp-box';

export interface LetterDesk {
  /** The database of its records, for commands. */
  mongoUri: string;
  store: Store;
  box: SmtpBox;
  links: TaskLinks;
  deps: Deps;
  municipality: Municipality;
  /** A case just assigned to its department. */
  openCase(over?: {
    intake?: Partial<CaseIntake>;
    messages?: Partial<Message>[];
    openedAt?: number;
    desk?: string;
  }): Promise<{ caseNumber: string; messageIds: string[] }>;
  /** Sends a letter as the worker does. */
  send(caseNumber: string, effect: number, order?: Partial<LetterOrder>): Promise<void>;
  /** Sends a department's digest as the worker does. */
  digest(department: string, at: number): Promise<void>;
  stop(): Promise<void>;
}

/** The letters of a worker over real SMTP and a real store, without the workflows. */
export async function startLetterDesk(name: string): Promise<LetterDesk> {
  const mongoUri = testMongoUri(name);
  const store = openStore(mongoUri);
  const { sla, ...rest } = loadMunicipality(resolve(__dirname, '../../config/etimesgut'));
  // Letters are gathered by a workflow.
  const municipality = { ...rest, sla: { ...sla, openingLetters: { withinMinutes: 0, laterMinutes: 0 } } };
  const box = await startSmtpBox();
  const from = { name: 'Bildirim Hattı', address: 'bildirim@etimesgut.example' };
  const mailer = createMailer({ smtpUrl: box.url, from });
  const links = createTaskLinks({
    keys: [{ id: 'k1', key: randomBytes(32) }],
    publicBaseUrl: 'https://bildirim.example.org',
  });
  const letters: Pick<Deps, 'store' | 'municipality' | 'letterOutbox' | 'taskLinks' | 'now'> = {
    store,
    municipality,
    letterOutbox: createLetterOutbox({ store, mailer }),
    taskLinks: links,
    now: () => new Date(),
  };
  // The remaining dependencies of a worker are not used for letters.
  const deps = letters as Deps;
  const run = mailLetter(deps);
  const runDigest = mailDigest(deps);

  return {
    mongoUri,
    store,
    box,
    links,
    deps,
    municipality,
    async openCase({ intake = {}, messages = [{}], openedAt = Date.now() - HOUR, desk = 'fen-isleri' } = {}) {
      const caseNumber = caseNumberOf(randomBytes(5), 'PK');
      const ids = messages.map(() => randomUUID().replaceAll('-', ''));
      for (const [place, message] of messages.entries()) {
        const words = 'Süvari mahallesi 1234. sokakta çukur var';
        const about = { id: ids[place] ?? '', sentAt: new Date(openedAt), words, caseNumber };
        await store.messages.add(wordsMessage({ ...about, ...message }));
      }
      const messageIds = messages.map((message, place) => message.id ?? ids[place] ?? '');
      const input = opening({ caseNumber, messageIds, receivedAt: openedAt, plan: planAt(openedAt, desk) });
      await store.cases.open(caseNumber, {
        openedBy: messageIds[0] ?? '',
        citizenId: 'c-1',
        language: 'tr',
        kind: 'problem',
        category: input.category,
        priority: 'p2',
        confidence: 0.9,
        matchedWords: ['çukur'],
        neighbourhood: input.neighbourhood,
        place: null,
        outside: false,
        desk,
        institution: null,
        withNotice: true,
        receivedAt: new Date(openedAt),
        ...intake,
      });
      const { state, facts } = takeTurn(newCaseState(input), openedEvent(input), openedAt);
      const { handled, ...progress } = state;
      await store.cases.write(progress, facts);
      return { caseNumber, messageIds };
    },
    send: (caseNumber, effect, order = {}) =>
      run({
        caseNumber,
        effect,
        order: { letter: 'task', to: 'department', department: 'fen-isleri', task: 1, ...order },
      }),
    digest: (department, at) => runDigest({ department, at }),
    async stop() {
      mailer.close();
      await box.stop();
      await store.close();
    },
  };
}
