import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { keepFile } from '../../activities/keep-file';
import { loadMunicipality } from '../../src/config/municipality';
import { createTexts } from '../../src/config/texts';
import { caseNumberOf } from '../../src/domain/identifiers';
import { AppError } from '../../src/errors';
import type { Media, Place } from '../../src/store/message-records';
import { openStore, type Store } from '../../src/store/store';
import type { CitizenMessage } from '../../src/whatsapp/citizen-outbox';
import { createGraphClient } from '../../src/whatsapp/graph-client';
import { startGraphServer } from './graph-server';
import { testMongoUri } from './services';

export interface KeptFiles {
  store: Store;
  /** The messages to the citizen. */
  told: CitizenMessage[];
  /** A case with or without a pin. */
  newCase(place?: Place | null): Promise<string>;
  /** Adds a message with a file to the case. Returns its id. */
  sent(caseNumber: string, bytes: Buffer, kind?: Media['kind'], announced?: object): Promise<string>;
  /** Runs the activity as the given attempt. */
  keep(caseNumber: string, messageId: string, attempt?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Rejections are expected here, so the log is silent. */
const quiet = new DefaultLogger('ERROR');

/** The activity that copies files, with a store and a Graph API that has the files of the test. */
export async function startKeptFiles(name: string): Promise<KeptFiles> {
  const store = openStore(testMongoUri(name));
  const files = new Map<string, { bytes: Buffer; announced: object }>();
  const told: CitizenMessage[] = [];
  const server = await startGraphServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://graph');
    const [, first = '', id = ''] = pathname.split('/');
    const file = files.get(id);
    if (!file) response.writeHead(400).end(JSON.stringify({ error: { code: 100 } }));
    else if (first === 'file') response.end(file.bytes);
    else response.end(JSON.stringify({ url: `${server.url}/file/${id}`, ...file.announced }));
  });
  const graph = createGraphClient({
    url: server.url,
    version: 'v26.0',
    accessToken: 'token',
    phoneNumberId: '1',
  });
  const run = keepFile({
    store,
    graph,
    say: createTexts(loadMunicipality('config/etimesgut')),
    citizenOutbox: {
      async send(message) {
        if (!told.some(({ key }) => key === message.key)) told.push(message);
      },
      mend: async () => false,
    },
    now: () => new Date(),
  });

  return {
    store,
    told,
    async newCase(place = null) {
      const caseNumber = caseNumberOf(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 'PK');
      await store.cases.open(caseNumber, {
        openedBy: 'm-1',
        citizenId: 'c-1',
        language: 'tr',
        kind: 'problem',
        category: { slug: 'pothole', name: 'Yol çukuru' },
        priority: 'p2',
        confidence: 1,
        matchedWords: [],
        neighbourhood: null,
        place,
        outside: false,
        desk: 'fen-isleri',
        institution: null,
        withNotice: false,
        receivedAt: new Date(),
      });
      return caseNumber;
    },
    async sent(caseNumber, bytes, kind = 'image', announced = {}) {
      const id = randomUUID();
      files.set(id, { bytes, announced });
      await store.messages.add({
        id,
        citizenId: 'c-1',
        sentAt: new Date(),
        type: kind,
        words: null,
        place: null,
        media: { kind, mediaId: id, mimeType: 'application/octet-stream' },
        tap: null,
        says: 'attachment',
        language: 'tr',
        caseNumber,
        handledAt: null,
      });
      return id;
    },
    async keep(caseNumber, messageId, attempt = 1) {
      await new MockActivityEnvironment({ attempt }, { logger: quiet }).run(run, { caseNumber, messageId });
    },
    async stop() {
      await server.stop();
      await store.close();
    },
  };
}

/** Returns code and reason of a rejected call. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof AppError)) return String(error);
  return [error.code, error.reason].filter(part => part).join(' ');
}
