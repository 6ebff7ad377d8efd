import { plainText } from '../src/mail/plain-text';
import { acted } from './support/cases';
import { fieldsOf, municipality, pageOf, post, startDesk, type Desk } from './support/task-desk';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('acts');
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.line.isAway = false;
  desk.line.isPending = false;
  desk.line.acts.length = 0;
});

const stageOf = async (caseNumber: string): Promise<string | undefined> =>
  (await desk.store.cases.get(caseNumber))?.progress?.stage;
const actionsOf = (caseNumber: string): Promise<number> =>
  desk.store.tasks.actions.countDocuments({ caseNumber });
const followed = (answer: Response, from: string): Promise<string> =>
  pageOf(new URL(answer.headers.get('location') ?? '', from).href);

type Filled = Record<string, string>;
const filled: Record<string, Filled> = {
  accept: { confirm: 'yes' },
  resolve: { words: 'Çukur kapatıldı.\r\nTeşekkürler.', confirm: 'yes' },
  reject: { words: 'Yerinde bakıldı.', reason: 'not-found', confirm: 'yes' },
  reroute: { words: 'Park alanı.', department: 'park-ve-bahceler', confirm: 'yes' },
  note: { words: 'Ekip yolda.' },
};

/** A fresh case with the fields of one of its forms, filled in. */
async function ready(action: string, over: Filled = {}) {
  const opened = await desk.openCase();
  const fields = { ...fieldsOf(await pageOf(opened.link.url), action), ...filled[action], ...over };
  return { ...opened, url: opened.link.url, fields };
}

describe('an act on the task page', () => {
  it.each([
    ['accept', 'accepted', 'İş kabul edildi: Fen İşleri Müdürlüğü'],
    ['resolve', 'resolved', 'Çukur kapatıldı.<br>Teşekkürler.'],
    ['reject', 'rejected', 'Yerinde yapılan incelemede sorun görülmedi'],
    ['reroute', 'assigned', 'Yönlendirildi: Fen İşleri Müdürlüğü → Park ve Bahçeler Müdürlüğü'],
    ['note', 'assigned', 'Ekip yolda.'],
  ])('%s leads to the stage %s, is confirmed and told on the page', async (action, stage, told) => {
    const { caseNumber, url, fields } = await ready(action);
    const answer = await post(url, fields);
    expect(answer.status).toBe(303);
    expect(await stageOf(caseNumber)).toBe(stage);
    const page = await followed(answer, url);
    expect(page).toContain('İşleminiz kaydedildi');
    expect(page).toContain(told);
  });

  it.each(Object.keys(filled))(
    '%s writes its words down under the nonce, and tells the case no words',
    async action => {
      const { caseNumber, url, fields } = await ready(action);
      await post(url, fields);
      const { words = null, reason = null, department = null } = fields as Partial<Filled>;
      expect(await desk.store.tasks.action(fields['nonce'] ?? '')).toMatchObject({
        caseNumber,
        action,
        task: 1,
        words: words?.replaceAll('\r\n', '\n') ?? null,
        reason,
        department,
        role: 'department',
      });
      expect(desk.line.acts).toEqual([
        { actionId: fields['nonce'], action, task: 1, ...(department && { department }) },
      ]);
    },
  );

  it('names the role of the link that acted', async () => {
    const { caseNumber } = await desk.openCase();
    const link = await desk.linkTo(caseNumber, { role: 'chief' });
    const answer = await post(link.url, { ...fieldsOf(await pageOf(link.url), 'accept'), confirm: 'yes' });
    expect(await followed(answer, link.url)).toContain('İş kabul edildi: Fen İşleri Müdürü<');
  });

  it('sent twice, or fifty times at once, is one act', async () => {
    const { caseNumber, url, fields } = await ready('note');
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(url, fields)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const record = await desk.store.cases.get(caseNumber);
    const facts = await desk.store.cases.facts(caseNumber, record?.progress?.revision ?? 0);
    expect(facts.filter(({ type }) => type === 'noted')).toHaveLength(1);
    expect(await actionsOf(caseNumber)).toBe(1);
  });

  it('repeated after the case went on is confirmed, not refused', async () => {
    const { caseNumber, url, fields } = await ready('resolve');
    await post(url, fields);
    await desk.take(caseNumber, { type: 'feedback', messageId: 'f', answer: 'solved' });
    desk.line.states.delete(caseNumber);
    const answer = await post(url, fields);
    expect(answer.status).toBe(303);
    expect(await followed(answer, url)).toContain('İşleminiz kaydedildi');
  });

  it('sent again with other words keeps the first and offers the new ones as another act', async () => {
    const { caseNumber, url, fields } = await ready('note');
    await post(url, fields);
    const answer = await post(url, { ...fields, words: 'Başka sözler.' });
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('Bu form daha önce gönderildi');
    expect(page).toContain('Başka sözler.</textarea>');
    expect(fieldsOf(page, 'note')['nonce']).not.toBe(fields['nonce']);
    expect(await actionsOf(caseNumber)).toBe(1);
  });

  it('confirms nothing that did not happen', async () => {
    const { link } = await desk.openCase();
    expect(await pageOf(`${link.url}?done=${desk.links.nonceFor(link.tokenHash)}`)).not.toContain(
      'kaydedildi',
    );
  });
});

describe('an act that the case refuses', () => {
  it('because somebody was faster: the page says so, shows what was done, and keeps the words', async () => {
    const { caseNumber, url, fields } = await ready('resolve');
    await desk.take(caseNumber, acted('reject', 'other'));
    const answer = await post(url, fields);
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('başka bir aşamaya geçti');
    expect(page).toContain('Gerekçeyle reddedildi: Fen İşleri Müdürlüğü');
    expect(page).toContain('Yazdığınız metin:');
    expect(page).toContain('Çukur kapatıldı.<br>Teşekkürler.');
    expect(await stageOf(caseNumber)).toBe('rejected');
  });

  it('because the task went to another department', async () => {
    const { caseNumber, url, fields } = await ready('accept');
    await desk.take(caseNumber, acted('reroute', 'r', { department: 'park-ve-bahceler' }));
    const answer = await post(url, fields);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Bu bağlantının görevi sona ermiş');
    expect(await stageOf(caseNumber)).toBe('assigned');
  });

  it('because it is with that department already', async () => {
    const { url, fields } = await ready('reroute', { department: 'fen-isleri' });
    const answer = await post(url, fields);
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('Kayıt zaten bu müdürlükte');
    expect(page).toContain('Park alanı.</textarea>');
  });
});

describe('while the workflows are away', () => {
  it.each([
    ['isAway', 503, 'Sisteme şu anda ulaşılamıyor'],
    ['isPending', 202, 'İşleminiz alındı, henüz kesinleşmedi'],
  ] as const)('(%s) the same form comes back filled and works later', async (trouble, status, words) => {
    const { caseNumber, url, fields } = await ready('resolve');
    desk.line[trouble] = true;
    const answer = await post(url, fields);
    const page = await answer.text();
    expect(answer.status).toBe(status);
    expect(page).toContain(words);
    expect(page).toContain('Çukur kapatıldı.');
    expect(fieldsOf(page, 'resolve')['nonce']).toBe(fields['nonce']);
    desk.line[trouble] = false;
    expect((await post(url, fields)).status).toBe(303);
    expect(await stageOf(caseNumber)).toBe('resolved');
    expect(await actionsOf(caseNumber)).toBe(1);
  });
});

describe('the preview', () => {
  it('shows exactly what the citizen will read, sends nothing, and keeps the form', async () => {
    const { caseNumber, url, fields } = await ready('resolve', { preview: 'yes', confirm: '' });
    const { confirm, ...unticked } = fields;
    expect(confirm).toBe('');
    const answer = await post(url, unticked);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain('Vatandaş tam olarak bu mesajı alacak:');
    expect(page).toContain(`${caseNumber} numaralı kaydınız sonuçlandı.`);
    expect(page).toContain('Açıklama: Çukur kapatıldı.<br>Teşekkürler.');
    expect(page).toContain('Çözüldü · Kısmen çözüldü · Çözülmedi');
    expect(fieldsOf(page, 'resolve')['nonce']).toBe(fields['nonce']);
    expect(await stageOf(caseNumber)).toBe('assigned');
    expect(await actionsOf(caseNumber)).toBe(0);
  });

  it('is in the citizen’s language, with the reason that was chosen', async () => {
    const opened = await desk.openCase({ intake: { language: 'en' } });
    const fields = {
      ...fieldsOf(await pageOf(opened.link.url), 'reject'),
      ...filled['reject'],
      preview: 'yes',
    };
    const page = await (await post(opened.link.url, fields)).text();
    const reason = municipality.texts.en.rejectionReasons['not-found'] ?? 'none';
    expect(page).toContain(reason.replaceAll("'", '&#39;'));
  });
});

describe('a form that is not in order', () => {
  const long = 'ş'.repeat(801);

  it.each([
    ['no words', 'resolve', { words: '' }, 'Bu alanı doldurunuz.'],
    ['blanks', 'resolve', { words: ' \r\n\t ' }, 'Bu alanı doldurunuz.'],
    ['nothing that can be seen', 'resolve', { words: '\u202e\u0000' }, 'Bu alanı doldurunuz.'],
    [
      '801 characters',
      'resolve',
      { words: long },
      'En çok 800 karakter yazabilirsiniz; metniniz 801 karakter.',
    ],
    [
      '10,000 characters',
      'note',
      { words: 'a'.repeat(10_000) },
      'En çok 1000 karakter yazabilirsiniz; metniniz 10000 karakter.',
    ],
    ['no yes', 'resolve', { confirm: undefined }, 'Devam etmek için bu kutuyu işaretleyiniz.'],
    ['no yes', 'accept', { confirm: undefined }, 'Devam etmek için bu kutuyu işaretleyiniz.'],
    ['no reason', 'reject', { reason: '' }, 'Listeden bir gerekçe seçiniz.'],
    ['a reason of nobody', 'reject', { reason: 'toString' }, 'Listeden bir gerekçe seçiniz.'],
    ['the reason left out', 'reject', { reason: undefined }, 'Listeden bir gerekçe seçiniz.'],
    ['an unknown department', 'reroute', { department: 'yok' }, 'Listeden bir müdürlük seçiniz.'],
    ['a prototype', 'reroute', { department: '__proto__' }, 'Listeden bir müdürlük seçiniz.'],
  ])('with %s (%s) says so beside the field and keeps the rest', async (_, action, over, message) => {
    const { caseNumber, url, fields } = await ready(action);
    const given = Object.fromEntries(
      Object.entries({ ...fields, ...over }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const answer = await post(url, given);
    const page = await answer.text();
    expect(answer.status).toBe(400);
    expect(page).toContain(`<p class="error" id="${action}-${Object.keys(over)[0]}-error">${message}</p>`);
    expect(page).toContain(`<details id="${action}-act" name="act" open>`);
    expect(page).toContain(`${plainText(given['words'] ?? '')}</textarea>`);
    expect(await actionsOf(caseNumber)).toBe(0);
    expect(desk.line.acts).toEqual([]);
    const { nonce = '' } = fieldsOf(page, action);
    expect((await post(url, { action, ...filled[action], nonce })).status).toBe(303);
  });

  it.each([
    ['a field of no form', 'note', { role: 'mayor' }],
    ['a field of another form', 'accept', { words: 'söz' }],
    ['no nonce', 'note', { nonce: undefined }],
    ['a nonce of nobody', 'note', { nonce: 'abc' }],
    ['an action of nobody', 'note', { action: 'close' }],
    ['no action', 'note', { action: undefined }],
    ['a choice that is no choice', 'accept', { confirm: 'on' }],
  ])('%s is refused as a whole', async (_, action, over) => {
    const { caseNumber, url, fields } = await ready(action);
    const given = Object.fromEntries(
      Object.entries({ ...fields, ...over }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const answer = await post(url, given);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/Form işlenmedi|düzeltilmesi gereken alanlar/);
    expect(await actionsOf(caseNumber)).toBe(0);
    expect(desk.line.acts).toEqual([]);
  });

  it('with the nonce of another link is refused', async () => {
    const other = await ready('note');
    const { url, fields, caseNumber } = await ready('note');
    const answer = await post(url, { ...fields, nonce: other.fields['nonce'] ?? '' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Ekip yolda.</textarea>');
    expect(await actionsOf(caseNumber)).toBe(0);
  });

  it.each([
    ['operators of the store', 'words[$ne]=1', 'application/x-www-form-urlencoded'],
    ['a field twice', 'words=a&words=b', 'application/x-www-form-urlencoded'],
    ['a prototype', '__proto__[x]=1&constructor[prototype][x]=1', 'application/x-www-form-urlencoded'],
    ['nothing', '', 'application/x-www-form-urlencoded'],
    ['JSON', '{"action":"note"}', 'application/json'],
    ['text', 'action=note', 'text/plain'],
  ])('with %s is refused', async (_, extra, type) => {
    const { caseNumber, url, fields } = await ready('note');
    const { nonce = '' } = fields;
    const body = type.endsWith('urlencoded') && extra ? `action=note&nonce=${nonce}&${extra}` : extra;
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
    expect(answer.status).toBe(400);
    expect(await actionsOf(caseNumber)).toBe(0);
  });

  it('larger than 64 KB is not read', async () => {
    const { caseNumber, url, fields } = await ready('note', { words: 'a'.repeat(70_000) });
    const answer = await post(url, fields);
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('Metin çok uzun');
    expect(await actionsOf(caseNumber)).toBe(0);
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('a form from another site', () => {
  it.each([
    [{ origin: 'https://kotu.example' }, 403],
    [{ origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, 303],
    [{ origin: 'null' }, 303],
    [{}, 303],
  ])('with %j is answered with %d', async (headers, status) => {
    const { caseNumber, url, fields } = await ready('accept');
    const answer = await post(url, fields, headers);
    expect(answer.status).toBe(status);
    expect(await stageOf(caseNumber)).toBe(status === 303 ? 'accepted' : 'assigned');
  });

  it('is known by the address of this one', async () => {
    const { url, fields } = await ready('accept');
    expect((await post(url, fields, { origin: desk.base })).status).toBe(303);
  });
});
