import sharp from 'sharp';
import { DAY, T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { pageOf } from './support/task-forms';

let desk: Desk;
let jpeg: Buffer;
beforeAll(async () => {
  desk = await startDesk('status-acts');
  await desk.store.citizens.seen('c-1', {
    ...{ bsuid: null, phone: '905551112233', profileName: null, language: null },
    ...{ at: new Date(T0), isMessage: true },
  });
  jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'gray' } })
    .jpeg()
    .toBuffer();
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.setClock(T0);
  desk.line.isAway = false;
});

async function statusLink(caseNumber: string): Promise<string> {
  const { tokenHash, url } = desk.links.issue('status');
  await desk.store.statusLinks.add({ tokenHash, caseNumber, createdAt: new Date(T0) });
  return url;
}

async function caseWith(...actions: ('askCitizen' | 'resolve' | 'reject')[]) {
  const { caseNumber } = await desk.openCase();
  for (const action of actions) {
    const actionId = `${caseNumber}-${action}`;
    await desk.store.tasks.addAction({
      ...{ actionId, caseNumber, task: 1, action, words: 'Hangi <kapı>?', reason: 'not-found' },
      ...{ department: null, role: 'department', actor: null, at: new Date(T0) },
    });
    await desk.take(caseNumber, { type: 'acted', act: { actionId, action, task: 1 } });
  }
  return { caseNumber, url: await statusLink(caseNumber) };
}

const actsOf = (page: string): string[] =>
  [...page.matchAll(/name="act" value="(\w+)"/g)].map(found => found[1] ?? '');

function nonceOf(page: string, act: string): string {
  const found = new RegExp(`name="act" value="${act}">\\s*<input type="hidden" name="nonce" value="([^"]+)"`);
  return found.exec(page)?.[1] ?? '';
}

async function send(url: string, fields: Record<string, string>, photos: Buffer[] = []): Promise<Response> {
  const body = photos.length > 0 ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  if (body instanceof FormData) {
    for (const photo of photos) body.append('photos', new Blob([new Uint8Array(photo)]), 'a.jpg');
  }
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

async function form<Fields extends Record<string, string>>(url: string, act: string, fields: Fields) {
  return { act, nonce: nonceOf(await pageOf(url), act), ...fields };
}

const progressOf = async (caseNumber: string) => (await desk.store.cases.get(caseNumber))?.progress;

describe('the status page offers', () => {
  it.each([
    [[], ['add']],
    [['askCitizen'], ['add']],
    [['resolve'], ['add', 'survey', 'object']],
    [['reject'], ['object']],
  ] as const)('(%j) the acts %j', async (actions, acts) => {
    const { url } = await caseWith(...actions);
    expect(actsOf(await pageOf(url))).toEqual(acts);
  });

  it('nothing to a blocked citizen', async () => {
    const { url } = await caseWith('resolve');
    const act = { citizenId: 'c-1', actor: 'Memur', reason: 'x', at: new Date(T0) };
    await desk.store.blocks.block({ ...act, until: new Date(T0 + DAY) });
    expect(actsOf(await pageOf(url))).toEqual([]);
    await desk.store.blocks.unblock(act);
    expect(actsOf(await pageOf(url))).toContain('survey');
  });
});

describe('a citizen', () => {
  it('answers the question with text and photos, which are added to the case', async () => {
    const { caseNumber, url } = await caseWith('askCitizen');
    const page = await pageOf(url);
    expect(page).toContain('Hangi &lt;kapı&gt;?');
    expect(page).toContain('Soruyu yanıtlayın');
    const fields = await form(url, 'add', { words: 'Gül apartmanı, <b>no 12</b>' });
    const answer = await send(url, fields, [jpeg, jpeg]);
    expect(answer.status).toBe(303);
    const progress = await progressOf(caseNumber);
    expect(progress?.stage).toBe('assigned');
    const [first = '', second = ''] = progress?.messageIds.slice(-2) ?? [];
    expect(await desk.store.messages.get(first)).toMatchObject({ words: fields.words, caseNumber });
    expect(await desk.store.messages.get(second)).toMatchObject({ words: null, caseNumber });
    expect(await desk.store.photos.get(second)).toMatchObject({ caseNumber, takenAt: null });
    const after = await pageOf(url + (answer.headers.get('location') ?? '').replace(/^[^?]*/, ''));
    expect(after).toContain('Gönderdiğiniz kaydınıza işleniyor');
    expect(after).toContain('Gül apartmanı, &lt;b&gt;no 12&lt;/b&gt;');
  });

  it('confirms the outcome and then rates it', async () => {
    const { caseNumber, url } = await caseWith('resolve');
    expect((await send(url, await form(url, 'survey', { answer: 'solved' }))).status).toBe(303);
    expect(await progressOf(caseNumber)).toMatchObject({ stage: 'closed', feedback: 'solved' });
    expect((await send(url, await form(url, 'rate', { rating: '4' }))).status).toBe(303);
    expect(await desk.store.ratings.of(caseNumber)).toBe(4);
    expect(actsOf(await pageOf(url))).not.toContain('rate');
  });

  it('reopens the case by answering that it is not solved', async () => {
    const { caseNumber, url } = await caseWith('resolve');
    await send(url, await form(url, 'survey', { answer: 'unsolved' }));
    expect(await progressOf(caseNumber)).toMatchObject({ stage: 'assigned', reopenCount: 1 });
  });

  it('objects to a rejection, and the decider gets the reasons', async () => {
    const { caseNumber, url } = await caseWith('reject');
    const fields = await form(url, 'object', { words: 'Orası kaçak kat.' });
    expect((await send(url, fields)).status).toBe(303);
    const progress = await progressOf(caseNumber);
    expect(progress?.stage).toBe('objected');
    expect((await desk.store.messages.get(progress?.messageIds.at(-1) ?? ''))?.words).toBe(fields.words);
    expect(actsOf(await pageOf(url))).not.toContain('object');
  });

  it('can submit a form twice without a second effect', async () => {
    const { caseNumber, url } = await caseWith();
    const fields = await form(url, 'add', { words: 'Bir kez' });
    expect([(await send(url, fields)).status, (await send(url, fields)).status]).toEqual([303, 303]);
    expect((await progressOf(caseNumber))?.messageIds).toHaveLength(2);
  });

  it('keeps the entered text while the workflows are unavailable, and the same form works later', async () => {
    const { caseNumber, url } = await caseWith();
    const fields = await form(url, 'add', { words: 'Yine geldim' });
    desk.line.isAway = true;
    const answer = await send(url, fields);
    const page = await answer.text();
    expect(answer.status).toBe(503);
    expect(page).toContain('Yine geldim</textarea>');
    expect(nonceOf(page, 'add')).toBe(fields.nonce);
    desk.line.isAway = false;
    expect((await send(url, fields)).status).toBe(303);
    expect((await progressOf(caseNumber))?.messageIds.at(-1)).toBe(fields.nonce);
  });
});

describe('a form of the status page is refused', () => {
  it.each([
    ['without words and photos', { words: ' \u202e ' }, 400, 'Lütfen bir şey yazınız'],
    ['with 1,001 characters', { words: 'a'.repeat(1_001) }, 400, 'En çok 1.000 karakter'],
    ['with a field of another form', { words: 'a', rating: '5' }, 400, 'eksik veya bozuk'],
    ['with an unknown nonce', { words: 'a', nonce: 'abc' }, 400, 'eksik veya bozuk'],
    ['for an unknown act', { words: 'a', act: 'close' }, 400, 'eksik veya bozuk'],
  ])('%s', async (_, over, status, text) => {
    const { caseNumber, url } = await caseWith();
    const answer = await send(url, { ...(await form(url, 'add', {})), ...over });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
    expect((await progressOf(caseNumber))?.messageIds).toHaveLength(1);
  });

  it('with a file that is not a photo', async () => {
    const { caseNumber, url } = await caseWith();
    const answer = await send(url, await form(url, 'add', { words: 'Bakınız' }), [Buffer.from('no photo')]);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Bakınız</textarea>');
    expect((await progressOf(caseNumber))?.messageIds).toHaveLength(1);
  });

  it('with the nonce of another case’s page', async () => {
    const [one, other] = [await caseWith(), await caseWith()];
    const { nonce } = await form(other.url, 'add', {});
    expect((await send(one.url, { act: 'add', nonce, words: 'a' })).status).toBe(400);
  });

  it('when the stage of the case has changed meanwhile', async () => {
    const { caseNumber, url } = await caseWith('resolve');
    const fields = await form(url, 'survey', { answer: 'unsolved' });
    await desk.take(caseNumber, { type: 'feedback', messageId: `${caseNumber}-f`, answer: 'solved' });
    const answer = await send(url, fields);
    expect([answer.status, (await progressOf(caseNumber))?.stage]).toEqual([409, 'closed']);
    expect(await answer.text()).toContain('Kayıt bu arada değişti');
  });

  it('when it comes from another site', async () => {
    const { url } = await caseWith();
    const body = new URLSearchParams(await form(url, 'add', { words: 'a' }));
    const headers = { origin: 'https://kotu.example' };
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(403);
  });
});
