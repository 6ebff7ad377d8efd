import sharp from 'sharp';
import { startLetterDesk, type LetterDesk } from './support/letter-desk';

const fenIsleri = 'fen.isleri@etimesgut.example';
const chief = 'fen.isleri.sorumlu@etimesgut.example';
const operator = 'bildirim.hatti@etimesgut.example';
const photo = {
  type: 'image',
  words: null,
  media: { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' },
} as const;

let desk: LetterDesk;
beforeAll(async () => {
  desk = await startLetterDesk('delivery');
});
beforeEach(() => {
  desk.box.mails.length = 0;
  desk.box.atRecipient.length = 0;
  desk.box.atData.length = 0;
});
afterAll(() => desk.stop());

const tokenIn = (text: string | undefined): string => /\/t\/([\w.-]+)/.exec(text ?? '')?.[1] ?? '';

describe('a letter', () => {
  it('has one recipient with a separate link, and suppresses automatic replies', async () => {
    const { caseNumber } = await desk.openCase();
    await desk.send(caseNumber, 1);
    await desk.send(caseNumber, 2, { to: 'chief', letter: 'breach' });
    const links = await Promise.all(
      desk.box.mails.map(async ({ text, html, to }) => {
        const token = tokenIn(text);
        expect((html || '').split(`${token}"`)).toHaveLength(2);
        const link = await desk.store.tasks.link(desk.links.hashOf(token) ?? '');
        return { to, address: link?.recipient.address, role: link?.role };
      }),
    );
    expect(links).toEqual([
      { to: [fenIsleri], address: fenIsleri, role: 'department' },
      { to: [chief], address: chief, role: 'chief' },
    ]);
    for (const { headers } of desk.box.mails) expect(headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('opens its task for at most sixty days', async () => {
    const { caseNumber } = await desk.openCase();
    await desk.send(caseNumber, 1);
    const link = await desk.store.tasks.link(desk.links.hashOf(tokenIn(desk.box.mails[0]?.text)) ?? '');
    expect((link?.expiresAt.getTime() ?? 0) - (link?.createdAt.getTime() ?? 0)).toBe(60 * 86_400_000);
  });

  it('shows the first photos as thumbnails, without flagged ones', async () => {
    const jpeg = await sharp({ create: { width: 320, height: 240, channels: 3, background: 'gray' } })
      .jpeg()
      .toBuffer();
    const { caseNumber, messageIds } = await desk.openCase({ messages: [{}, photo, photo] });
    for (const id of messageIds.slice(1)) {
      const size = { width: 1600, height: 1200 };
      const about = { id, caseNumber, ...size, takenAt: null, keptAt: new Date() };
      await desk.store.photos.add({ ...about, jpeg, thumbnail: jpeg });
    }
    const [, shown = '', hidden = ''] = messageIds;
    await desk.store.photos.flag(hidden, true);
    await desk.send(caseNumber, 1);
    const [mail] = desk.box.mails;
    expect(mail?.attachments.map(({ cid, filename }) => [cid, filename])).toEqual([[shown, 'foto-1.jpg']]);
    // The parser inserts the picture where the HTML references it.
    expect(mail?.html).toContain('src="data:image/jpeg;base64,');
    expect(mail?.html).not.toContain('cid:');
    expect(mail?.text).toContain('1 fotoğraf daha, görev sayfasında');
  });

  it('is sent without a photo that does not arrive in time', async () => {
    const { caseNumber } = await desk.openCase({ messages: [photo] });
    await desk.send(caseNumber, 1);
    expect(desk.box.mails[0]?.attachments).toEqual([]);
    expect(desk.box.mails[0]?.text).toContain('1 fotoğraf, görev sayfasında');
  });

  it.each([
    ['aid', true],
    ['pothole', false],
  ])('about %s asks to call the citizen back: %s, and never names name or number', async (slug, isNamed) => {
    const sighting = { phone: '905551112233', bsuid: null, profileName: 'Ayşe Iğdır', language: null };
    await desk.store.citizens.seen('c-1', { ...sighting, at: new Date() });
    const category = { slug, name: 'x' };
    const { caseNumber } = await desk.openCase({ intake: { category } });
    await desk.send(caseNumber, 1);
    const [mail] = desk.box.mails;
    const masked = 'Geri arama: A*** I***, +90 *** *** 33; tamamı görev sayfasında';
    expect(mail?.text?.includes(masked)).toBe(isNamed);
    expect(`${mail?.text ?? ''} ${mail?.html ?? ''} ${mail?.raw ?? ''}`).not.toMatch(/5551112233|Ayşe|Iğdır/);
  });
});

describe('an address that rejects the letter', () => {
  it('temporarily: causes a retry and no other letter', async () => {
    const { caseNumber } = await desk.openCase();
    desk.box.atRecipient.push(451, 452);
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-retry', reason: '451' });
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-retry', reason: '452' });
    await desk.send(caseNumber, 1);
    expect(desk.box.mails.map(({ to }) => to)).toEqual([[fenIsleri]]);
  });

  it('permanently: the fallback gets it with a separate link and the operator is notified, each once', async () => {
    const { caseNumber } = await desk.openCase();
    desk.box.atRecipient.push(550);
    const before = Date.now();
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-refused', reason: '550' });
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-refused', reason: '550' });
    expect(Date.now() - before).toBeLessThan(60_000);
    const [fallback, alert] = desk.box.mails;
    expect(desk.box.mails.map(({ to }) => to)).toEqual([[chief], [operator]]);
    const link = await desk.store.tasks.link(desk.links.hashOf(tokenIn(fallback?.text)) ?? '');
    expect(link?.recipient.address).toBe(chief);
    expect(alert?.text).toContain('Aynı e-posta yedek adrese gönderildi: Fen İşleri Müdürü.');
    expect(alert?.text).not.toContain('/t/');
    const keys = [`${caseNumber}:1`, `${caseNumber}:1:fallback`, `${caseNumber}:1:undelivered`];
    const states = await Promise.all(keys.map(async key => (await desk.store.outbox.get(key))?.state));
    expect(states).toEqual(['failed', 'accepted', 'accepted']);
  });

  it('like its fallback: the operator is notified of both, without further attempts', async () => {
    const { caseNumber } = await desk.openCase();
    desk.box.atRecipient.push(550, 553);
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-refused', reason: '550' });
    expect(desk.box.mails.map(({ to }) => to)).toEqual([[operator]]);
    expect(desk.box.mails[0]?.text).toContain('Yedek adres de e-postayı kabul etmedi: Fen İşleri Müdürü.');
  });

  it('while its fallback fails temporarily: the operator is notified immediately and the fallback retried', async () => {
    const { caseNumber } = await desk.openCase();
    desk.box.atRecipient.push(550, 451);
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-retry', reason: '451' });
    expect(desk.box.mails.map(({ to }) => to)).toEqual([[operator]]);
    await expect(desk.send(caseNumber, 1)).rejects.toMatchObject({ code: 'mail-refused', reason: '550' });
    expect(desk.box.mails.map(({ to }) => to)).toEqual([[operator], [chief]]);
  });
});
