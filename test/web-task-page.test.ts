import sharp from 'sharp';
import { acted, HOUR, T0 } from './support/cases';
import { municipality, startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post } from './support/task-forms';

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
      '09:00',
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
      ...['resolve', 'start', 'schedule', 'planAhead', 'inform', 'askCitizen', 'waitInstitution'],
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
    expect((await fetch(link.url)).status).toBe(410);
    expect((await fetch(`${link.url}?done=${desk.links.nonceFor(later.tokenHash)}`)).status).toBe(410);
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

describe('the talk and the facts beside it', () => {
  const told = (key: string, caseNumber: string, body: string) =>
    desk.store.outbox.begin({
      ...{ key, caseNumber, channel: 'whatsapp' as const, recipient: 'c-1', outsideWindow: [] },
      ...{ content: { type: 'text', body }, createdAt: new Date(T0) },
    });

  it('show the photos first, then every message: the warning whole, receipts folded, taps as taps, pins', async () => {
    const place = { latitude: 39.9, longitude: 32.6, name: 'Çarşı', address: null };
    const { caseNumber, messageIds, link } = await desk.openCase({
      messages: [
        { words: 'Yangın çıktı' },
        { type: 'location', place },
        { type: 'interactive', words: 'Bu kayıt hakkında', tap: `which:case:PK-0000-0000` },
      ],
    });
    await told(`${messageIds[0]}:emergency`, caseNumber, 'HEMEN 112’yi arayınız.\nBu hat ekip gönderemez.');
    await told(`${caseNumber}:1`, caseNumber, 'Bildiriminiz alındı.\nKonu: Yangın');
    const page = await pageOf(link.url);
    expect(page).toContain('112’yi arayınız.<br>Bu hat ekip gönderemez.');
    expect(page).toMatch(/<details class="fold">\s*<summary dir="auto">Bildiriminiz alındı\.<\/summary>/);
    expect(page).toMatch(/Düğmeye dokundu:<\/span> Bu kayıt hakkında/);
    expect(page).toMatch(/Konum gönderdi: <a [^>]*>Çarşı<\/a>/);
    const rich = await pageOf((await richCase()).link.url);
    expect(rich.indexOf('class="photo"')).toBeLessThan(rich.indexOf('class="message'));
  });

  it('mark a hazard, search the street on a map, name who has taken the task, and tell times one way', async () => {
    const location = {
      ...({ source: 'words', precision: 'street', street: '1234. sokakta', address: '1234. Sokak' } as const),
      ...{ road: 'street' as const, keptRoad: null, namedInWords: null, borderMetres: null, neighbour: null },
    };
    const { caseNumber, link } = await desk.openCase({ intake: { location } });
    expect(await pageOf(link.url)).not.toContain('ACİL');
    const state = desk.line.states.get(caseNumber);
    if (state) desk.line.states.set(caseNumber, { ...state, hazard: true });
    const note = { caseNumber, task: 1, role: 'department' as const, at: new Date(), department: null };
    const given = { ...note, actionId: `${caseNumber}-h`, action: 'handOver' as const, reason: null };
    const colleague = 'ali.usta@etimesgut.example';
    await desk.store.tasks.addAction({ ...given, words: 'Sizin bölgeniz.', actor: null, colleague });
    await desk.take(caseNumber, acted('handOver', given.actionId));
    const page = await pageOf(link.url);
    expect(page).toContain('<strong class="flag">ACİL</strong>');
    expect(page).toContain('search?query=S%C3%BCvari%20Mah.%2C%201234.%20Sokak%2C%20Etimesgut');
    expect(page).toContain('üstlenen Ali Usta');
    expect(page).toMatch(/Görev devredildi: [^<]* → Ali Usta/);
    expect(page).toMatch(/hedeflenen çözüm (yarın \d|\d+ \p{L}+ \d|\d)\d:\d\d/u);
    expect(page).not.toMatch(/2026 (Salı|Çarşamba|Perşembe)/);
    expect(page.length).toBeLessThan(60_000);
  });

  it('open the form that a link names, show no message before its preview, and then the chosen values', async () => {
    const { link } = await desk.openCase();
    const page = await pageOf(`${link.url}?act=resolve`);
    expect(page).toContain('<details id="resolve-act" name="act" open>');
    expect(page).not.toMatch(/class="bubble"|\[Yazdığınız|\[Seçtiğiniz/);
    const fields = fieldsOf(page, 'accept');
    const shown = await post(link.url, { ...fields, day: '2026-11-27', preview: 'yes' });
    const preview = /class="bubble"[^]*?<\/p>/.exec(await shown.text())?.[0] ?? '';
    expect(preview).toContain('27 Kasım');
    const without = await (await post(link.url, { ...fields, preview: 'yes' })).text();
    expect(without).not.toContain('class="bubble"');
  });
});

describe('the cases that a task can be joined to', () => {
  const pin = { latitude: 39.9471, longitude: 32.6332, name: null, address: null };
  const nearness = municipality.categories.find(({ slug }) => slug === 'pothole')?.duplicates;

  async function nearby(words: string, department?: string) {
    const opened = await desk.openCase({
      messages: [{ words }, { type: 'image', media: image }],
      intake: { place: pin },
      ...(department && { desk: department }),
    });
    const { caseNumber, messageIds } = opened;
    const photoId = messageIds[1] ?? '';
    const kept = { thumbnail: jpeg, width: 8, height: 6, takenAt: null, keptAt: new Date() };
    await desk.store.photos.add({ id: photoId, caseNumber, jpeg, ...kept });
    if (nearness)
      await desk.store.reportCells.add('pothole', { caseNumber, ...pin, at: T0 - HOUR }, nearness);
    return { ...opened, photoId };
  }

  it('stand beside it with words and photo, are picked, and only they show their thumbnails', async () => {
    const own = await nearby('Okulun önünde çukur var');
    const other = await nearby('Okulun yanında kocaman çukur');
    const elsewhere = await nearby('Parkın çukuru', 'park-ve-bahceler');
    const page = await pageOf(own.link.url);
    expect(page).toContain(`value="${other.caseNumber}"`);
    expect(page).toContain('Okulun yanında kocaman çukur');
    expect(page).not.toContain(elsewhere.caseNumber);
    const thumbnail = (id: string, size = '?size=small') =>
      fetch(`${own.link.url}/photos/${id}${size}`).then(({ status }) => status);
    expect(await thumbnail(other.photoId)).toBe(200);
    expect(await thumbnail(other.photoId, '')).toBe(404);
    expect(await thumbnail(elsewhere.photoId)).toBe(404);
    const views = await desk.store.linkViews.ofCase(other.caseNumber, 10);
    expect(views.map(({ what, tokenHash }) => [what, tokenHash])).toEqual([['beside', own.link.tokenHash]]);

    const fields = { ...fieldsOf(page, 'join'), confirm: 'yes' };
    const unpicked = await post(own.link.url, { ...fields, leader: '' });
    expect(await unpicked.text()).toContain('Bir kayıt seçiniz veya numarasını yazınız.');
    const joined = await post(own.link.url, { ...fields, leader: '', pick: other.caseNumber });
    expect(joined.status).toBe(303);
    expect((await desk.store.cases.get(own.caseNumber))?.progress?.leader).toBe(other.caseNumber);
  });
});
