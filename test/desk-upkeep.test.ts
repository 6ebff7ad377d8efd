import { standInFor } from '../src/domain/absence';
import { T0 } from './support/cases';
import { nonceIn, people, staffVisitor, type Visitor } from './support/staff-line';
import { type Desk, startDesk } from './support/task-desk';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('desk-upkeep');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

const signedIn = (role: keyof typeof people): Promise<Visitor> => staffVisitor(desk, role);

describe('legal holds', () => {
  const home = (): string => `${desk.base}/desk/holds`;
  const begin = async (visitor: Visitor, form: Record<string, string>) => {
    const { html } = await visitor.go(home());
    const filled = { nonce: nonceIn(html), do: 'begin', until: '2028-12-31', reason: 'Dava 2026/12' };
    return visitor.go(home(), { form: { ...filled, ...form } });
  };

  it('keep a case from being erased until they are ended, each with a reason in the trail', async () => {
    const visitor = await signedIn('dataOfficer');
    const { caseNumber } = await desk.openCase();
    const page = await begin(visitor, { about: caseNumber });
    for (const text of ['Hukuki saklama başladı', `${caseNumber} kaydı`, 'Dava 2026/12', '31 Aralık 2028'])
      expect(page.html).toContain(text);
    const [hold] = (await desk.store.holds.inForce(new Date(T0))).filter(
      each => each.caseNumber === caseNumber,
    );
    expect(hold).toMatchObject({ actor: `KVKK İrtibat Kişisi <${people.dataOfficer}>` });
    const end = { nonce: nonceIn(page.html), do: 'end', hold: hold?.id ?? '', reason: 'Dava bitti' };
    expect((await visitor.go(home(), { form: { ...end, reason: '' } })).status).toBe(400);
    expect((await visitor.go(home(), { form: end })).html).toContain('Hukuki saklama sona erdi');
    expect((await visitor.go(home(), { form: end })).status).toBe(409);
    const trail = await desk.store.trail.of(caseNumber, '');
    expect(trail.filter(({ what }) => what === 'deskActed').map(({ reason }) => reason)).toEqual([
      'Dava 2026/12',
      'Dava bitti',
    ]);
  });

  it('begin once for a form that is sent twice', async () => {
    const visitor = await signedIn('dataOfficer');
    const { caseNumber } = await desk.openCase();
    const { html } = await visitor.go(home());
    const form = {
      nonce: nonceIn(html),
      do: 'begin',
      about: caseNumber,
      until: '2028-12-31',
      reason: 'Dava',
    };
    await Promise.all([visitor.go(home(), { form }), visitor.go(home(), { form })]);
    const holds = await desk.store.holds.inForce(new Date(T0));
    expect(holds.filter(each => each.caseNumber === caseNumber)).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown case', { about: 'PK-0000-0000' }, 'bulunamadı'],
    ['an unknown number', { about: '0555 111 22 33' }, 'bulunamadı'],
    ['a day that is over', { until: '2020-01-01' }, 'Son gün hatalı'],
    ['no day', { until: 'yarın' }, 'Son gün hatalı'],
    ['no reason', { reason: ' ' }, 'Gerekçe eksik'],
  ])('are refused for %s, and the form keeps what was typed', async (_, wrong, told) => {
    const visitor = await signedIn('dataOfficer');
    const { caseNumber } = await desk.openCase();
    const before = await desk.store.holds.inForce(new Date(T0));
    const answer = await begin(visitor, { about: caseNumber, ...wrong });
    expect([answer.status, answer.html.includes(told)]).toEqual([400, true]);
    expect(answer.html).toContain(`value="${wrong['about'] ?? caseNumber}"`);
    expect(await desk.store.holds.inForce(new Date(T0))).toEqual(before);
  });
});

describe('absences', () => {
  const home = (): string => `${desk.base}/desk/absences`;
  const add = async (visitor: Visitor, form: Record<string, string>) => {
    const { html } = await visitor.go(home());
    const filled = {
      ...{ nonce: nonceIn(html), do: 'add', role: 'chief:fen-isleri', from: '2026-11-26', to: '2026-11-30' },
      ...{ name: 'Ali Er', address: 'ali.er@etimesgut.example' },
    };
    return visitor.go(home(), { form: { ...filled, ...form } });
  };
  const chief = { name: 'Fen İşleri Müdürü', address: people.chief };
  const actingAt = async (at: number) =>
    standInFor(chief, await desk.store.absences.since(new Date(T0)), new Date(at));

  it('send what the absent would get to the substitute, until the last day or the end', async () => {
    const visitor = await signedIn('manager');
    const page = await add(visitor, {});
    for (const text of ['Vekâlet kaydedildi', 'Fen İşleri Müdürü', 'Ali Er', '30 Kasım'])
      expect(page.html).toContain(text);
    expect((await actingAt(Date.parse('2026-11-30T20:59:00Z'))).address).toBe('ali.er@etimesgut.example');
    expect((await actingAt(Date.parse('2026-11-30T21:00:00Z'))).address).toBe(people.chief);
    expect((await add(visitor, {})).status).toBe(409);
    const [record] = await desk.store.absences.since(new Date(T0));
    const end = { nonce: nonceIn(page.html), do: 'end', absence: record?.id ?? '' };
    expect((await visitor.go(home(), { form: end })).html).toContain('Vekâlet bitirildi');
    expect(await desk.store.absences.since(new Date(T0))).toEqual([]);
    expect((await visitor.go(home(), { form: end })).status).toBe(409);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown role', { role: 'chief:yok' }, 'Eksik veya hatalı'],
    ['no address', { address: 'ali.er' }, 'Eksik veya hatalı'],
    ['no name', { name: '  ' }, 'Eksik veya hatalı'],
    ['days in the wrong order', { from: '2026-11-30', to: '2026-11-27' }, 'Günler ters'],
    ['days that are over', { from: '2026-11-02', to: '2026-11-03' }, 'Günler geçmişte'],
    ['the absent as substitute', { address: people.chief }, 'birbirinin yerine'],
  ])('are refused with %s, and the form keeps what was typed', async (_, wrong, told) => {
    const answer = await add(await signedIn('manager'), wrong);
    expect([answer.status, answer.html.includes(told)]).toEqual([400, true]);
    expect(answer.html).toContain(`value="${wrong['to'] ?? '2026-11-30'}"`);
    expect(await desk.store.absences.since(new Date(T0))).toEqual([]);
  });
});

describe('incidents', () => {
  const home = (): string => `${desk.base}/desk/incidents`;
  const words = 'Kesinti var; saat 18.00’e kadar giderilecek.';
  const send = async (visitor: Visitor, form: Record<string, string>) => {
    const { html } = await visitor.go(home());
    return visitor.go(home(), { form: { nonce: nonceIn(html), ...form } });
  };
  const filled = {
    ...{ do: 'add', name: 'Su kesintisi', words, subject: 'water-cut', neighbourhood: 'suvari' },
    ...{ to: '2026-11-27T18:00', reason: 'ASKİ duyurusu' },
  };

  it('are announced, moved and ended, with what they cover and who did it', async () => {
    const visitor = await signedIn('callCentre');
    const page = await send(visitor, filled);
    for (const text of ['Olay duyuruldu', 'Su kesintisi', 'Süvari', '<strong>0</strong> bildirim'])
      expect(page.html).toContain(text);
    const [record] = await desk.store.incidents.since(new Date(T0));
    expect(record).toMatchObject({
      ...{ subjects: ['water-cut'], neighbourhoods: ['suvari'], words: { tr: words, en: null } },
      ...{ to: new Date('2026-11-27T15:00:00Z'), addedBy: `Bildirim Masası <${people.callCentre}>` },
    });
    expect((await send(visitor, filled)).status).toBe(409);
    const about = { incident: record?.id ?? '', reason: 'Onarım uzadı' };
    const moved = await send(visitor, { do: 'move', to: '2026-11-27T21:00', ...about });
    expect(moved.html).toContain('Bitiş değiştirildi');
    expect((await desk.store.incidents.get(about.incident))?.to).toEqual(new Date('2026-11-27T18:00:00Z'));
    expect((await send(visitor, { do: 'end', ...about, reason: ' ' })).status).toBe(400);
    desk.line.isAway = true;
    const away = await send(visitor, { do: 'end', ...about });
    desk.line.isAway = false;
    expect([away.status, (await desk.store.incidents.since(new Date(T0))).length]).toEqual([503, 1]);
    expect((await send(visitor, { do: 'end', ...about })).html).toContain('Olay sona erdi');
    expect((await send(visitor, { do: 'end', ...about })).status).toBe(409);
    expect(await desk.store.incidents.since(new Date(T0))).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no words', { words: ' ' }, 'Eksik alan'],
    ['an unknown subject', { subject: 'yok' }, 'Eksik alan'],
    ['no end', { to: 'akşam' }, 'Eksik alan'],
    ['no area', { neighbourhood: 'yok' }, 'Alan belirsiz'],
    ['two areas', { everywhere: 'yes' }, 'Alan belirsiz'],
    ['an end that is over', { to: '2026-11-01T18:00' }, 'Bitiş hatalı'],
    ['an end too far away', { to: '2027-05-01T18:00' }, 'Bitiş hatalı'],
    ['words that are too long', { words: 'x'.repeat(501) }, 'Metin çok uzun'],
  ])('are refused with %s, and the form keeps what was typed', async (_, wrong, told) => {
    const answer = await send(await signedIn('manager'), { ...filled, ...wrong });
    expect([answer.status, answer.html.includes(told)]).toEqual([400, true]);
    expect(answer.html).toContain('value="Su kesintisi"');
    expect(await desk.store.incidents.since(new Date(T0))).toEqual([]);
  });
});

describe('closures', () => {
  const home = (): string => `${desk.base}/desk/closures`;
  const send = async (visitor: Visitor, form: Record<string, string>) => {
    const { html } = await visitor.go(home());
    return visitor.go(home(), { form: { nonce: nonceIn(html), ...form } });
  };
  const filled = { do: 'add', date: '2026-12-03', from: '13:00', reason: 'Kar tatili' };
  afterEach(async () => {
    for (const { date } of await desk.store.closures.all()) await desk.store.closures.remove(date);
  });

  it('close a day, tell each open case, and open it again, with the reason in the trail', async () => {
    const { caseNumber } = await desk.openCase();
    const visitor = await signedIn('manager');
    const page = await send(visitor, filled);
    for (const text of ['Gün kapatıldı', '3 Aralık', '13:00 saatinden sonra', 'Kar tatili'])
      expect(page.html).toContain(text);
    expect(desk.line.replanned.toSorted()).toEqual([...desk.line.states.keys()].toSorted());
    expect(await desk.store.closures.all()).toMatchObject([
      { date: '2026-12-03', closedFrom: '13:00', calendars: null },
    ]);
    expect((await send(visitor, filled)).status).toBe(409);
    const removal = { do: 'remove', date: '2026-12-03', reason: 'Vazgeçildi' };
    expect((await send(visitor, removal)).html).toContain('Gün yeniden açıldı');
    expect((await send(visitor, removal)).status).toBe(409);
    expect(await desk.store.closures.all()).toEqual([]);
    expect(desk.line.replanned.filter(told => told === caseNumber)).toHaveLength(2);
    const trail = await desk.store.trail.between(T0, T0 + 1);
    expect(trail.filter(({ detail }) => detail?.startsWith('/desk/closures add'))).toMatchObject([
      { reason: 'Kar tatili', actor: expect.stringContaining(people.manager) as string },
    ]);
  });

  it('change nothing while the cases cannot be told, and can be told again', async () => {
    const visitor = await signedIn('manager');
    const { html } = await visitor.go(home());
    desk.line.isAway = true;
    const answer = await visitor.go(home(), { form: { nonce: nonceIn(html), ...filled } });
    desk.line.isAway = false;
    expect([answer.status, await desk.store.closures.all()]).toEqual([503, []]);
    expect(answer.html).toContain('value="Kar tatili"');
    const again = await send(visitor, { do: 'replan', reason: 'Yarıda kaldı' });
    expect(again.html).toContain('Süreler yeniden hesaplandı');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a day that is over', { date: '2026-11-01' }, 'Gün veya saat hatalı'],
    ['no day', { date: 'yarın' }, 'Gün veya saat hatalı'],
    ['a time that does not exist', { from: '25:00' }, 'Gün veya saat hatalı'],
    ['no reason', { reason: ' ' }, 'Gerekçe eksik'],
  ])('are refused for %s, and the form keeps what was typed', async (_, wrong, text) => {
    const answer = await send(await signedIn('manager'), { ...filled, ...wrong });
    expect([answer.status, answer.html.includes(text)]).toEqual([400, true]);
    expect(answer.html).toContain(`value="${wrong['from'] ?? '13:00'}"`);
    expect(await desk.store.closures.all()).toEqual([]);
  });
});
