import sharp from 'sharp';
import type { Deps } from '../activities/deps';
import { tellCitizen } from '../activities/tell-citizen';
import { messageTemplates } from '../src/config/approved-templates';
import { createTexts } from '../src/config/texts';
import { createCitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { createGraphClient, type GraphClient } from '../src/whatsapp/graph-client';
import { acted } from './support/cases';
import { startTestSandbox, token, type TestSandbox } from './support/local-sandbox';
import { openGate } from './support/sending';
import { type Desk, municipality, startDesk } from './support/task-desk';
import { phoneNumberId } from './support/webhook-bodies';

let desk: Desk;
let sandbox: TestSandbox;
let graph: GraphClient;

beforeAll(async () => {
  desk = await startDesk('outcome-picture');
  sandbox = await startTestSandbox({
    templates: messageTemplates(municipality, 'https://bildirim.example/s/{{1}}'),
  });
  const options = { url: sandbox.graphUrl, version: 'v26.0', accessToken: token, phoneNumberId };
  graph = createGraphClient(options);
});
afterAll(() => Promise.all([desk.stop(), sandbox.dispose()]));

interface Shown {
  type: string;
  content: {
    interactive?: { header?: { type: string; image: { id: string } }; action: { buttons: object[] } };
  };
}

/** Sends an outcome with a photo to a citizen who has just written. */
async function toldWith(
  upload: GraphClient['upload'],
  { hidden = null }: { hidden?: Buffer | null } = {},
): Promise<Shown[]> {
  const { store } = desk;
  const { id, phone, bsuid } = await sandbox.newCitizen();
  const names = { phone, bsuid, profileName: null, language: null };
  await store.citizens.seen(id, { ...names, at: new Date(), isMessage: true });
  const { caseNumber } = await desk.openCase({ intake: { citizenId: id } });
  const actionId = `${caseNumber}-done`;
  const jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#777' } })
    .jpeg()
    .toBuffer();
  const photo = { caseNumber, digest: 'd', jpeg, thumbnail: jpeg, width: 64, height: 48, keptAt: new Date() };
  await store.workPhotos.add(actionId, photo);
  if (hidden) {
    const [photoId = ''] = await store.workPhotos.ofAct(actionId);
    const regions = [{ left: 0, top: 0, width: 500, height: 500 }];
    const cover = { photoId, revision: 1, caseNumber, regions, jpeg: hidden, thumbnail: hidden };
    await store.photoCovers.cover({ ...cover, by: 'fen.isleri@etimesgut.example', at: new Date() });
  }
  await desk.take(caseNumber, acted('resolve', actionId));
  const citizenOutbox = createCitizenOutbox({ store, graph: { ...graph, upload }, gate: openGate });
  const deps = { store, municipality, say: createTexts(municipality), taskLinks: desk.links, citizenOutbox };
  const tell = tellCitizen({ ...deps, now: () => new Date() } as unknown as Deps);
  await tell({ caseNumber, effect: 9, news: 'resolved', actionId });
  const { json } = await sandbox.control('GET', `/citizens/${id}/messages`);
  return (json['messages'] as Shown[]).filter(({ type }) => type === 'interactive');
}

test('the photo of the finished work is shown above the outcome and its buttons', async () => {
  const [message] = await toldWith(jpeg => graph.upload(jpeg));
  const { header, action } = message?.content.interactive ?? { action: { buttons: [] } };
  expect(header?.type).toBe('image');
  expect(action.buttons).toHaveLength(3);
  const kept = await graph.download(header?.image.id ?? '', 1_000_000);
  const parts: Uint8Array[] = [];
  for await (const part of kept) parts.push(part);
  expect((await sharp(Buffer.concat(parts)).metadata()).width).toBe(64);
});

test('the citizen gets the photo without what was hidden of it', async () => {
  const hidden = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#111' } })
    .jpeg()
    .toBuffer();
  const uploads: Buffer[] = [];
  const upload = (jpeg: Buffer) => {
    uploads.push(jpeg);
    return graph.upload(jpeg);
  };
  await toldWith(upload, { hidden });
  expect(uploads).toEqual([hidden]);
});

test('an outcome is sent without its photo if Meta rejects the upload', async () => {
  const [message] = await toldWith(() => graph.upload(Buffer.alloc(6 * 1024 * 1024)));
  expect(message?.content.interactive?.header).toBeUndefined();
  expect(message?.content.interactive?.action.buttons).toHaveLength(3);
});

test.each([
  ['of an unknown id', '0000', 400],
  ['that is not a picture', 'pdf', 400],
])('the stand-in rejects a header %s', async (_, kind, status) => {
  const { phone } = await sandbox.newCitizen();
  const id = kind === 'pdf' ? await uploaded('application/pdf') : kind;
  const answer = await sandbox.send({
    to: `+${phone}`,
    type: 'interactive',
    interactive: {
      type: 'button',
      header: { type: 'image', image: { id } },
      body: { text: 'Sonuç' },
      action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'A' } }] },
    },
  });
  expect(answer.status).toBe(status);
});

async function uploaded(type: string): Promise<string> {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', type);
  form.set('file', new Blob(['%PDF-1.4'], { type }), 'a.pdf');
  const url = `${sandbox.graphUrl}/v26.0/${phoneNumberId}/media`;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body: form });
  return ((await response.json()) as { id: string }).id;
}
