import { ROWS_OF_PAGE } from '../src/web/list-view';
import { acted, DAY, HOUR, T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('list');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

const recipient = { name: 'Fen İşleri Müdürlüğü', address: 'fen.isleri@etimesgut.example' };

async function listLink(department = 'fen-isleri'): Promise<string> {
  const { tokenHash, url } = desk.links.issue('list');
  const expiresAt = new Date(T0 + DAY);
  await desk.store.listLinks.add({ tokenHash, department, recipient, createdAt: new Date(T0), expiresAt });
  return url;
}

const nonceIn = (html: string): string => /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
const numbersIn = (html: string): string[] =>
  [...html.matchAll(/name="caseNumber" value="([^"]+)"/g)].map(match => match[1] ?? '');

describe('the list of a department', () => {
  it('shows and counts only its own open tasks, by due time', async () => {
    const late = await desk.openCase({ openedAt: T0 - 5 * HOUR });
    const fresh = await desk.openCase({ openedAt: T0 - HOUR });
    const waiting = await desk.openCase({ openedAt: T0 - 6 * HOUR });
    const ended = await desk.openCase({ openedAt: T0 - HOUR });
    const foreign = await desk.openCase({ desk: 'park-ve-bahceler' });
    await desk.take(waiting.caseNumber, acted('accept', 'list-accept'));
    await desk.take(waiting.caseNumber, {
      type: 'acted',
      act: { actionId: 'list-ask', action: 'askCitizen', task: 1 },
    });
    await desk.take(ended.caseNumber, acted('reject', 'list-reject'));
    const page = await pageOf(await listLink());
    expect(numbersIn(page)).toEqual([late, fresh, waiting].map(({ caseNumber }) => caseNumber));
    expect(page).not.toContain(foreign.caseNumber);
    expect(page).toMatch(/<strong>3<\/strong> açık görev/);
    expect(page).toMatch(/<strong>1<\/strong> süresi geçmiş/);
    expect(page).toMatch(/<strong>1<\/strong> süresi duran/);
    expect(page).toContain('sokakta çukur var');

    const filtered = await pageOf(`${await listLink()}?stage=waitingCitizen&order=newest`);
    expect(numbersIn(filtered)).toEqual([waiting.caseNumber]);
    expect(numbersIn(await pageOf(`${await listLink()}?stage[$ne]=x&subject=yok`))).toEqual([]);
  });

  it('lists the tasks of a colleague by an id that stays the same and names nobody', async () => {
    const [first, second, third, open] = await Promise.all([1, 2, 3, 4].map(() => desk.openCase()));
    const [ayse, ali] = ['ayse.kaya@etimesgut.example', 'ali.er@etimesgut.example'];
    let actions = 0;
    const take = (number: string | undefined, action: 'accept' | 'handOver', who: string) =>
      desk.store.tasks.addAction({
        ...{ actionId: `taken-${(actions += 1)}`, caseNumber: number ?? '', task: 1, action, words: null },
        ...{ reason: null, department: null, role: 'department', at: new Date(T0 + actions) },
        ...(action === 'handOver' ? { actor: recipient.address, colleague: who } : { actor: who }),
      });
    await take(first?.caseNumber, 'accept', ayse);
    await take(first?.caseNumber, 'accept', ali);
    await take(second?.caseNumber, 'accept', recipient.address);
    await take(second?.caseNumber, 'handOver', ayse);
    await take(third?.caseNumber, 'accept', ali);
    const page = await pageOf(await listLink());
    const id = /<option value="([0-9a-f]{16})">Ayse Kaya<\/option>/.exec(page)?.[1] ?? '';
    const mine = await pageOf(`${await listLink()}?holder=${id}&order=oldest`);
    expect(numbersIn(mine).sort()).toEqual([first?.caseNumber, second?.caseNumber].sort());
    expect(mine).toContain('üstlenen Ayse Kaya');
    expect(mine).toContain(`<option value="${id}" selected>Ayse Kaya</option>`);
    expect(page).toContain(`href="?holder=`);
    expect(mine).not.toContain(open?.caseNumber);
    expect(numbersIn(await pageOf(`${await listLink()}?holder=yok`))).toEqual([]);
  });

  it('lists the task of a colleague who got it by hand-over and acts by an own link', async () => {
    const usta = { name: 'Fen İşleri çalışanı', address: 'usta@etimesgut.example' };
    const { caseNumber, link } = await desk.openCase();
    const handOver = fieldsOf(await pageOf(link.url), 'handOver');
    const given = await post(link.url, {
      ...handOver,
      ...{ colleague: 'usta@etimesgut.example', words: 'Sizin bölgeniz.', confirm: 'yes' },
    });
    expect(given.status).toBe(303);
    const own = await desk.linkTo(caseNumber, { recipient: usta });
    const accept = fieldsOf(await pageOf(own.url), 'accept');
    expect((await post(own.url, { ...accept, confirm: 'yes' })).status).toBe(303);
    const page = await pageOf(await listLink());
    const id = /<option value="([0-9a-f]{16})">Usta<\/option>/.exec(page)?.[1] ?? '';
    expect(numbersIn(await pageOf(`${await listLink()}?holder=${id}`))).toEqual([caseNumber]);
  });

  it('shows street, words, photo and urgency of each task, and a sheet by neighbourhood with map links', async () => {
    const location = {
      ...({ source: 'words', precision: 'street', street: '1234. sokakta', address: '1234. Sokak' } as const),
      ...{ road: 'street' as const, keptRoad: null, namedInWords: null, borderMetres: null, neighbour: null },
    };
    const messages = [
      { words: `Okulun önü ${'ç'.repeat(300)}` },
      { type: 'image', media: { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' } as const },
    ];
    const { caseNumber, messageIds } = await desk.openCase({ messages, intake: { location } });
    const state = desk.line.states.get(caseNumber);
    if (state) desk.line.states.set(caseNumber, { ...state, hazard: true });
    await desk.take(caseNumber, acted('note', `${caseNumber}-n`));
    const id = messageIds[1] ?? '';
    const jpeg = Buffer.from('jpeg');
    const size = { width: 8, height: 6, takenAt: null, keptAt: new Date() };
    await desk.store.photos.add({ id, caseNumber, jpeg, thumbnail: jpeg, ...size });
    const foreign = await desk.openCase({ desk: 'park-ve-bahceler', messages });
    const other = foreign.messageIds[1] ?? '';
    await desk.store.photos.add({
      id: other,
      caseNumber: foreign.caseNumber,
      jpeg,
      thumbnail: jpeg,
      ...size,
    });
    const url = await listLink();
    const page = await pageOf(url);
    expect(page).toMatch(/<strong class="flag">ACİL<\/strong> Yol çukuru, Süvari Mah\., 1234\. Sokak/);
    expect(page).toMatch(/Okulun önü ç+…/);
    expect(page).toContain(`photos/${id}"`);
    expect((await fetch(`${url}/photos/${id}`)).headers.get('content-type')).toBe('image/jpeg');
    expect((await fetch(`${url}/photos/${other}`)).status).toBe(404);
    const sheet = await pageOf(`${url}?sheet`);
    expect(sheet).toMatch(/<h2>Süvari \(\d+\)<\/h2>/);
    expect(sheet).toContain('openstreetmap.org/?mlat=39.94712');
    expect(sheet).not.toContain('<form');
  });

  it('shows a long list in pages that keep the filter, and all of it on the sheet', async () => {
    const many = ROWS_OF_PAGE + 2;
    const opened: string[] = [];
    for (let number = 0; number < many; number += 1) {
      const { caseNumber } = await desk.openCase({ desk: 'zabita', openedAt: T0 - HOUR - number });
      opened.push(caseNumber);
    }
    const url = await listLink('zabita');
    const first = await pageOf(`${url}?order=oldest`);
    expect(Buffer.byteLength(first)).toBeLessThanOrEqual(60_000);
    const [, next = ''] = /href="\?([^"]+)">Sonraki görevler/.exec(first) ?? [];
    const second = await pageOf(`${url}?${next.replaceAll('&amp;', '&')}`);
    expect([...numbersIn(first), ...numbersIn(second)]).toEqual([...opened].reverse());
    for (const page of [first, second]) expect(page).toContain('sokakta çukur var');
    expect(second).toContain('Önceki görevler');
    expect(second).not.toContain('Sonraki görevler');
    expect(numbersIn(await pageOf(`${url}?page=99`))).toHaveLength(2);
    const sheet = await pageOf(`${url}?sheet`);
    expect(opened.filter(number => !sheet.includes(number))).toEqual([]);
  });

  it('is reached from each task by a link of its own for sixty days, until an administrator ends it', async () => {
    const { link } = await desk.openCase();
    expect(await pageOf(link.url)).toContain('← Açık görevler');
    const answer = await post(`${link.url}?list`, {});
    expect(answer.status).toBe(303);
    const list = new URL(answer.headers.get('location') ?? '', link.url).href;
    desk.setClock(T0 + 59 * DAY);
    expect((await fetch(list)).status).toBe(200);
    desk.setClock(T0 + 61 * DAY);
    expect((await fetch(list)).status).toBe(404);
    desk.setClock(T0);
    const valid = await desk.store.listLinks.revoke('fen-isleri', recipient.address, new Date(T0));
    expect(valid).toBeGreaterThan(0);
    expect((await fetch(list)).status).toBe(404);
    expect((await post(`${desk.base}/t/x?list`, {})).status).toBe(404);
  });

  it('opens a task by issuing a new link, and changes nothing when viewed', async () => {
    const { caseNumber } = await desk.openCase();
    const url = await listLink();
    const before = await desk.store.tasks.links.countDocuments({ caseNumber });
    const page = await pageOf(url);
    await fetch(url, { method: 'HEAD' });
    expect(await desk.store.tasks.links.countDocuments({ caseNumber })).toBe(before);
    const answer = await post(url, { nonce: nonceIn(page), caseNumber });
    expect(answer.status).toBe(303);
    const task = new URL(answer.headers.get('location') ?? '', url).href;
    expect(task).toMatch(/\/t\/k1\./);
    expect(await pageOf(task)).toContain('id="resolve-act"');
  });

  it.each([
    ['a task of another department', { desk: 'park-ve-bahceler' }, 404],
    ['a nonce of another link', { nonce: 'x' }, 400],
    ['an invalid case number', { caseNumber: '../x' }, 400],
  ])('opens nothing for %s', async (_, over: Record<string, string>, status) => {
    const { caseNumber } = await desk.openCase({ ...(over['desk'] && { desk: over['desk'] }) });
    const url = await listLink();
    const fields = { nonce: nonceIn(await pageOf(await listLink())), caseNumber, ...over };
    delete (fields as Partial<typeof over>)['desk'];
    const own = { ...fields, ...(over['nonce'] ? {} : { nonce: await ownNonce(url) }) };
    expect((await post(url, own)).status).toBe(status);
  });

  const ownNonce = async (url: string): Promise<string> => {
    await desk.openCase();
    return nonceIn(await pageOf(url));
  };

  it('expires after a day', async () => {
    const url = await listLink();
    desk.setClock(T0 + DAY);
    expect((await fetch(url)).status).toBe(404);
  });
});
