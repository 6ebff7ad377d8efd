import { DAY } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('correct-form');
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.line.acts.length = 0;
});

const reason = 'Yerinde bakıldı.';

async function sent(over: Readonly<Record<string, string>>, opened = desk.openCase()) {
  const { caseNumber, link } = await opened;
  const fields = { ...fieldsOf(await pageOf(link.url), 'correct'), words: reason, confirm: 'yes', ...over };
  // A browser leaves out a box that is not ticked.
  const ticked = Object.entries(fields).filter(([name, value]) => name !== 'confirm' || value === 'yes');
  const answer = await post(link.url, Object.fromEntries(ticked));
  return { caseNumber, link, answer, page: await answer.text() };
}

const formIn = (page: string): string => /<details id="correct-act"[^]*?<\/details>/.exec(page)?.[0] ?? '';

describe('the form', () => {
  it('offers every subject but the present one and "other", by owner, and leaves all as it is', async () => {
    const { link } = await desk.openCase();
    const form = formIn(await pageOf(link.url));
    expect(form).toContain('<optgroup label="Park ve Bahçeler Müdürlüğü">');
    expect(form).toContain('<option value="tree">');
    expect(form).not.toContain('<option value="pothole">');
    expect(form).not.toContain('<option value="other">');
    expect(form).not.toContain('<option value="p2">');
    expect(form.match(/<option value="">Değişmesin<\/option>/g)).toHaveLength(3);
  });

  it.each([
    ['no change', {}, 'subject', 'en az birini değiştiriniz'],
    ['an unknown subject', { subject: 'toString' }, 'subject', 'Listeden bir seçenek seçiniz.'],
    ['an unknown priority', { priority: 'p0' }, 'priority', 'Listeden bir seçenek seçiniz.'],
    ['a text without coordinates', { pin: 'belediyenin önü' }, 'pin', 'Koordinat bulunamadı'],
    ['a pin in another district', { pin: '39.92077, 32.85411' }, 'pin', 'ilçe sınırları dışında'],
    [
      'a pin and another neighbourhood',
      { pin: '39.947121, 32.633214', neighbourhood: 'alsancak' },
      'neighbourhood',
      'bu mahallede değil',
    ],
    ['no reason', { subject: 'tree', words: '' }, 'words', 'Bu alanı doldurunuz.'],
    ['no confirmation', { subject: 'tree', confirm: '' }, 'confirm', 'işaretleyiniz'],
  ])('with %s shows the error at its field and does nothing', async (_, over, field, error) => {
    const { answer, page, caseNumber } = await sent(over);
    expect(answer.status).toBe(400);
    expect(page).toMatch(new RegExp(`id="correct-${field}-error">[^<]*${error}`));
    expect(desk.line.acts).toEqual([]);
    expect(await desk.store.tasks.actionsOf(caseNumber)).toEqual([]);
  });
});

describe('the preview', () => {
  it.each([
    [
      'another department',
      { subject: 'tree' },
      ['Konu: Ağaç', 'Öncelik: P3 (şimdi P2).', 'Kayıt Park ve Bahçeler Müdürlüğü birimine geçer'],
      /class="bubble"[^]*Yeni birim: Park ve Bahçeler Müdürlüğü/,
    ],
    [
      'an institution',
      { street: 'İstanbul Yolu 5' },
      ['Kayıt kapanır ve yetkili kuruma iletilir: Ankara Büyükşehir Belediyesi'],
      /class="bubble"[^]*Yetkili kurum: Ankara Büyükşehir Belediyesi/,
    ],
    [
      'another target',
      { priority: 'p4' },
      ['Öncelik: P4 (şimdi P2).', 'Hedeflenen çözüm: '],
      /class="bubble"[^]*hedeflenen tarih değişti/,
    ],
    [
      'no new date',
      { neighbourhood: 'alsancak' },
      ['Mahalle: Alsancak.', 'Süreler ve sorumlu birim değişmez.'],
      /Vatandaşa mesaj gitmez\./,
    ],
  ] as const)(
    'of a correction to %s says what would happen and does nothing',
    async (_, over, lines, told) => {
      const { answer, page, caseNumber } = await sent({ ...over, preview: 'yes', confirm: '' });
      const form = formIn(page);
      expect(answer.status).toBe(200);
      for (const line of lines) expect(form).toContain(line);
      expect(form).toMatch(told);
      expect(form).toContain(`${reason}</textarea>`);
      expect(desk.line.acts).toEqual([]);
      expect(await desk.store.tasks.actionsOf(caseNumber)).toEqual([]);
    },
  );

  it('of a case whose target was missed promises no other date', async () => {
    const opened = desk.openCase({ openedAt: Date.now() - 20 * DAY });
    await desk.take((await opened).caseNumber, { type: 'timePassed' });
    const { page } = await sent({ priority: 'p4', preview: 'yes' }, opened);
    expect(formIn(page)).toContain('Süreler ve sorumlu birim değişmez.');
    expect(formIn(page)).toContain('Vatandaşa mesaj gitmez.');
  });
});

describe('a correction', () => {
  it('keeps pin, street and reason in the record of the act; the case gets slugs only', async () => {
    const { answer, caseNumber } = await sent({
      subject: 'pavement',
      pin: 'https://www.google.com/maps?q=39.95212,32.66721',
      street: ' 6789. Sokak No 5 ',
    });
    expect(answer.status).toBe(303);
    const [act] = await desk.store.tasks.actionsOf(caseNumber);
    expect(act).toMatchObject({
      ...{ action: 'correct', subject: 'pavement', pin: '39.95212,32.66721', street: '6789. Sokak No 5' },
      ...{ words: reason, actor: 'fen.isleri@etimesgut.example' },
    });
    expect(desk.line.acts).toHaveLength(1);
    const travelled = JSON.stringify(desk.line.acts);
    expect(travelled).toContain('"slug":"pavement"');
    for (const personal of ['39.95', '32.66', '6789', reason]) expect(travelled).not.toContain(personal);
  });

  it('sent twice happens once', async () => {
    const { caseNumber, link } = await desk.openCase();
    const fields = {
      ...{ ...fieldsOf(await pageOf(link.url), 'correct'), words: reason },
      ...{ priority: 'p4', confirm: 'yes' },
    };
    expect((await post(link.url, fields)).status).toBe(303);
    expect((await post(link.url, fields)).status).toBe(303);
    const facts = await desk.store.cases.facts(caseNumber, 20);
    expect(facts.filter(({ type }) => type === 'corrected')).toHaveLength(1);
  });

  it('from a page on which others have acted since needs a second look', async () => {
    const { caseNumber, link } = await desk.openCase();
    const old = fieldsOf(await pageOf(link.url), 'correct');
    await sent({ priority: 'p3' }, Promise.resolve({ caseNumber, link, messageIds: [] }));
    const answer = await post(link.url, { ...old, words: reason, subject: 'tree', confirm: 'yes' });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Kayıt düzeltildi: Fen İşleri Müdürlüğü; öncelik P2 → P3');
    expect(desk.line.acts).toHaveLength(1);
  });

  it('while the workflows cannot be reached keeps the form', async () => {
    desk.line.isAway = true;
    const { answer, page } = await sent({ subject: 'tree' });
    desk.line.isAway = false;
    expect(answer.status).toBe(503);
    expect(formIn(page)).toMatch(/<option value="tree" selected>/);
  });
});
