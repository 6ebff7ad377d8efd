import sharp from 'sharp';
import { acted, HOUR, T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { pageOf } from './support/task-forms';

let desk: Desk;
let jpeg: Buffer;
beforeAll(async () => {
  desk = await startDesk('pages');
  desk.setClock(T0);
  jpeg = await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

const image = { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' } as const;

/** Opens a case with text, a stored photo, a rejected photo and a pin. */
async function richCase() {
  const opened = await desk.openCase({
    messages: [
      { words: 'Süvari mahallesi 1234. sokakta çukur var' },
      { type: 'image', words: 'Okulun önü', media: image },
      { type: 'image', media: image },
      {
        type: 'location',
        place: { latitude: 39.9471, longitude: 32.6332, name: 'Süvari İlkokulu', address: null },
      },
    ],
  });
  const photoId = opened.messageIds[1] ?? '';
  const { caseNumber } = opened;
  const kept = { thumbnail: jpeg, width: 8, height: 6, takenAt: null, keptAt: new Date() };
  await desk.store.photos.add({ id: photoId, caseNumber, jpeg, ...kept });
  return { ...opened, photoId };
}

const acts = async (caseNumber: string, ...actions: ('accept' | 'resolve' | 'reject' | 'note')[]) => {
  for (const action of actions) {
    const actionId = `${caseNumber}-${action}`;
    await desk.store.tasks.addAction({
      actionId,
      caseNumber,
      task: 1,
      action,
      words: action === 'accept' ? null : `Sözler: ${action}`,
      reason: action === 'reject' ? 'not-found' : null,
      department: null,
      role: 'department',
      actor: 'fen.isleri@etimesgut.example',
      at: new Date(),
    });
    await desk.take(caseNumber, acted(action, actionId));
  }
};

describe('the page of a task', () => {
  it('shows the report, the place, the remaining time and the history', async () => {
    const { caseNumber, link, photoId } = await richCase();
    const page = await pageOf(link.url);
    for (const part of [
      caseNumber,
      'Yol çukuru',
      'Sorun',
      'Müdürlüğe iletildi',
      'Fen İşleri Müdürlüğü',
      'Süvari mahallesi 1234. sokakta çukur var',
      'Okulun önü',
      `${link.token}/photos/${photoId}`,
      'Fotoğraf alınamadı veya henüz alınmadı.',
      'Süvari Mahallesi',
      'Süvari İlkokulu',
      '39.94710, 32.63320',
      'openstreetmap.org/?mlat=39.94710&amp;mlon=32.63320',
      'bugün 13:00&#39;e kadar',
      '3 saat kaldı',
      'Bildirim alındı',
      '25 Kasım 2026 Çarşamba 09:00',
      'Konu şu sözcüklerden belirlendi: çukur',
    ]) {
      expect(page).toContain(part);
    }
  });

  it('says where pin and text disagree, and why the case came to this desk', async () => {
    const location = {
      ...({ source: 'pin', precision: 'point', street: null, road: 'street', keptRoad: null } as const),
      ...{ namedInWords: { slug: 'etiler', name: 'Etiler' }, borderMetres: 60, neighbour: null },
    };
    const { link } = await desk.openCase({ intake: { location, deskReason: 'Yolun sahibi belirsiz.' } });
    const page = await pageOf(link.url);
    expect(page).toContain('Metinde Etiler Mahallesi geçiyor');
    expect(page).toContain('ilçe sınırına yaklaşık 60 metre uzaklıkta');
    expect(page).toContain('Yolun sahibi belirsiz.');
  });

  it('offers what is legal now, in the order of use', async () => {
    const { caseNumber, link } = await desk.openCase();
    const offered = async (): Promise<string[]> =>
      [...(await pageOf(link.url)).matchAll(/id="(\w+)-act"/g)].map(match => match[1] ?? '');
    expect(await offered()).toEqual([
      ...['accept', 'resolve', 'planAhead', 'inform', 'askCitizen', 'reroute', 'handOff', 'handOver'],
      ...['correct', 'reject', 'join', 'note'],
    ]);
    await acts(caseNumber, 'accept');
    expect(await offered()).toEqual([
      ...['start', 'schedule', 'resolve', 'planAhead', 'inform', 'askCitizen', 'waitInstitution'],
      ...['reroute', 'handOff', 'handOver', 'correct', 'reject', 'join', 'note'],
    ]);
    await acts(caseNumber, 'resolve');
    expect(await offered()).toEqual(['note']);
  });

  it('shows a missed deadline, and the current clock after acceptance', async () => {
    const { caseNumber, link } = await desk.openCase();
    desk.setClock(T0 + 5 * HOUR);
    const late = await pageOf(link.url);
    expect(late).toContain('class="card clocks late"');
    expect(late).toContain('süre doldu: bugün 13:00');
    await acts(caseNumber, 'accept');
    const working = await pageOf(link.url);
    expect(working).not.toContain('clocks late');
    expect(working).not.toContain('Kabul:');
    expect(working).toMatch(/class="binding"><strong>Çözüm:/);
  });

  it.each(['chief', 'deputyMayor'] as const)('is the same for a link of the %s', async role => {
    const { caseNumber } = await desk.openCase();
    const link = await desk.linkTo(caseNumber, { role });
    const page = await pageOf(link.url);
    expect(page).toContain('id="resolve-act"');
    expect(page).toContain('Süvari mahallesi');
  });

  it('quotes earlier words and names who wrote them', async () => {
    const { caseNumber, link } = await desk.openCase();
    await acts(caseNumber, 'note');
    const page = await pageOf(link.url);
    expect(page).toContain('Not eklendi: Fen İşleri Müdürlüğü');
    expect(page).toContain('Sözler: note');
  });

  it('stays below 60 KB without its photos and loads nothing from elsewhere', async () => {
    const { link } = await richCase();
    const page = await pageOf(link.url);
    expect(Buffer.byteLength(page)).toBeLessThan(60_000);
    expect(page).not.toMatch(/<script|<link|src="http|url\(/);
    expect(page).not.toMatch(/ style="/);
  });

  it('is not cached, framed or indexed, and sends no referrer', async () => {
    const { link } = await desk.openCase();
    const { headers } = await fetch(link.url);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src|unsafe/);
  });

  it('changes nothing when viewed repeatedly', async () => {
    const { caseNumber, link } = await desk.openCase();
    const before = await desk.store.cases.get(caseNumber);
    const agents = ['WhatsApp/2.23', 'facebookexternalhit/1.1', 'Mozilla/5.0 SafeLinks'];
    for (let round = 0; round < 20; round += 1) {
      const headers = { 'user-agent': agents[round % 3] ?? '' };
      await (await fetch(link.url, { headers })).text();
      await fetch(link.url, { method: 'HEAD', headers });
      await fetch(`${link.url}?action=accept&confirm=yes&done=1`, { headers });
    }
    expect(await desk.store.cases.get(caseNumber)).toEqual(before);
    expect(await desk.store.tasks.actions.countDocuments({ caseNumber })).toBe(0);
    expect(desk.line.acts).toEqual([]);
  });

  it('answers HEAD like GET, without the page', async () => {
    const { link } = await desk.openCase();
    const head = await fetch(link.url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });

  it('accepts no other method', async () => {
    const { link } = await desk.openCase();
    const answers = await Promise.all(['PUT', 'DELETE', 'PATCH'].map(method => fetch(link.url, { method })));
    expect(answers.map(answer => answer.status)).toEqual([405, 405, 405]);
  });
});

describe('after the task ended', () => {
  const citizensOwn = ['sokakta çukur var', 'Okulun önü', 'İlkokulu', '39.94', 'photos/', 'Süvari'];

  it.each([
    ['resolved', ['accept', 'note', 'resolve'], 'vatandaşın yanıtı bekleniyor'],
    ['rejected', ['note', 'reject'], 'sonuç: reddedildi'],
  ] as const)('%s: the link shows the outcome and nothing about the citizen', async (_, actions, words) => {
    const { caseNumber, link, photoId } = await richCase();
    await acts(caseNumber, ...actions);
    const page = await pageOf(link.url);
    expect(page).toContain(words);
    expect(page).toContain(`Sözler: ${actions.at(-1)}`);
    expect(page).not.toContain('Sözler: note');
    for (const part of citizensOwn) expect(page).not.toContain(part);
    expect((await fetch(`${link.url}/photos/${photoId}`)).status).toBe(404);
  });

  it('a link of an earlier task is revoked; the holder of one of its forms still sees the result', async () => {
    const { caseNumber, link, photoId } = await richCase();
    await desk.take(caseNumber, acted('reroute', 'r-1', { department: 'park-ve-bahceler' }));
    const later = await desk.linkTo(caseNumber, { task: 2, department: 'park-ve-bahceler' });
    await desk.take(caseNumber, acted('accept', 'a-2', { task: 2 }));
    expect((await fetch(link.url)).status).toBe(404);
    expect((await fetch(`${link.url}?done=${desk.links.nonceFor(later.tokenHash)}`)).status).toBe(404);
    const page = await pageOf(`${link.url}?done=${desk.links.nonceFor(link.tokenHash)}`);
    expect(page).toContain('Bu bağlantının görevi sona erdi');
    expect(page).toContain('Yönlendirildi: Fen İşleri Müdürlüğü → Park ve Bahçeler Müdürlüğü');
    expect(page).not.toContain('İş kabul edildi');
    expect(page).not.toContain('<form');
    for (const part of citizensOwn) expect(page).not.toContain(part);
    expect((await fetch(`${link.url}/photos/${photoId}`)).status).toBe(404);
    const current = await pageOf(later.url);
    expect(current).toContain('sokakta çukur var');
    expect(current).toContain('İş kabul edildi: Park ve Bahçeler Müdürlüğü');
  });
});

describe('a photo', () => {
  it('is shown by a link of its case, as the JPEG that was kept', async () => {
    const { link, photoId } = await richCase();
    const answer = await fetch(`${link.url}/photos/${photoId}`);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await answer.arrayBuffer()).equals(jpeg)).toBe(true);
  });

  it('is not shown by a link of another case', async () => {
    const { photoId } = await richCase();
    const { link } = await desk.openCase();
    expect((await fetch(`${link.url}/photos/${photoId}`)).status).toBe(404);
    expect((await fetch(`${link.url}/photos/unknown`)).status).toBe(404);
    expect((await fetch(`${link.url}/photos/..%2f..%2fetc`)).status).toBe(404);
  });
});
