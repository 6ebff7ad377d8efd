import { HOUR_MS } from '../src/domain/durations';
import type { Store } from '../src/store/store';
import { caseTalk } from '../src/whatsapp/case-talk';
import { createCitizenOutbox, type CitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { refused } from '../src/whatsapp/graph-failure';
import { wordsMessage } from './support/cases';
import { startKeptFiles, type KeptFiles } from './support/kept-files';
import { noUploads, openGate } from './support/sending';

const at = new Date('2026-11-24T09:00:00Z');

let kept: KeptFiles;
let store: Store;
let clock: Date;
let outbox: CitizenOutbox;
let number = 0;

beforeAll(async () => {
  kept = await startKeptFiles('talk');
  store = kept.store;
  const graph = {
    upload: noUploads,
    send: async (_: unknown, content: { type: string; body?: string }) => {
      if (content.body === 'refuse') throw refused('131026');
      number += 1;
      return `wamid.${number}`;
    },
  };
  outbox = createCitizenOutbox({ store, graph, gate: openGate, now: () => clock });
});
afterAll(() => kept.stop());

const text = (body: string) => ({ type: 'text', body }) as const;
const status = (key: string, name: string) =>
  store.deliveryStatuses.add({ key, status: name, at: clock, errorCode: null });

describe('the messages of a case', () => {
  it('are listed in order, with delivery states and charges', async () => {
    const caseNumber = await kept.newCase();
    await store.messages.add(wordsMessage({ sentAt: at, words: 'Çukur var', caseNumber }));
    const names = { phone: '905321110000', bsuid: null, profileName: null, language: null };
    await store.citizens.seen('c-1', { ...names, at });
    await store.cases.model.updateOne(
      { _id: caseNumber },
      { $set: { progress: { caseNumber, revision: 1, messageIds: ['m-1'] }, 'intake.receivedAt': at } },
    );

    const send = (key: string, hours: number, body: string, ofCase: string | null = caseNumber) => {
      clock = new Date(at.getTime() + hours * HOUR_MS + 1);
      const template = { type: 'template', name: 'case_update', language: 'tr', parameters: [] } as const;
      const message = { key, citizenId: 'c-1', content: text(body), caseNumber: ofCase };
      return outbox.send({ ...message, outsideWindow: [template] }).catch(() => undefined);
    };
    await send('m-1:askPlace', 0, 'Nerede?', null);
    await send('m-other:greeting', 0, 'Merhaba', null);
    await send(`${caseNumber}:1`, 1, 'Alındı');
    await send(`${caseNumber}:2`, 2, 'refuse');
    await send(`${caseNumber}:3`, 48, 'Bitti');
    await status('m-1:askPlace', 'read');
    await status('m-1:askPlace', 'delivered');
    const hashId = await store.hashId();
    const provider = (await store.outbox.get(`${caseNumber}:1`))?.providerId ?? '';
    await status(`provider:${hashId(provider)}`, 'delivered');

    const { lines, ledger } = await caseTalk(store, caseNumber);
    expect(lines.map(line => [line.words, 'state' in line ? line.state : line.from])).toEqual([
      ['Çukur var', 'citizen'],
      ['Nerede?', 'read'],
      ['Alındı', 'delivered'],
      ['refuse', 'failed'],
      ['Bitti', 'accepted'],
    ]);
    expect(lines.find(line => line.words === 'refuse')).toMatchObject({ errorCode: '131026' });
    expect(ledger).toEqual({
      charged: 3,
      inWindow: 2,
      outsideWindow: 1,
      byKind: { text: 2, template: 1 },
    });
  });

  it('of an unknown case are an error', async () => {
    await expect(caseTalk(store, 'PK-0000-0000')).rejects.toMatchObject({ code: 'case-missing' });
  });
});
