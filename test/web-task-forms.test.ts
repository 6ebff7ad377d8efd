import { plainText } from '../src/domain/plain-text';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, filled, pageOf, post, readyForm, type Filled } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('forms');
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.line.acts.length = 0;
});

const stageOf = async (caseNumber: string): Promise<string | undefined> =>
  (await desk.store.cases.get(caseNumber))?.progress?.stage;
const actionsOf = (caseNumber: string): Promise<number> =>
  desk.store.tasks.actions.countDocuments({ caseNumber });
const ready = (action: string, over?: Filled) => readyForm(desk, action, over);

describe('an invalid form', () => {
  const long = 'ş'.repeat(751);

  it.each([
    ['no words', 'resolve', { words: '' }, 'Bu alanı doldurunuz.'],
    ['blanks', 'resolve', { words: ' \r\n\t ' }, 'Bu alanı doldurunuz.'],
    ['only invisible characters', 'resolve', { words: '\u202e\u0000' }, 'Bu alanı doldurunuz.'],
    [
      '751 characters',
      'resolve',
      { words: long },
      'En çok 750 karakter yazabilirsiniz; metniniz 751 karakter.',
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
    ['an unknown reason', 'reject', { reason: 'toString' }, 'Listeden bir gerekçe seçiniz.'],
    ['a missing reason', 'reject', { reason: undefined }, 'Listeden bir gerekçe seçiniz.'],
    ['an unknown department', 'reroute', { department: 'yok' }, 'Listeden bir müdürlük seçiniz.'],
    ['a prototype', 'reroute', { department: '__proto__' }, 'Listeden bir müdürlük seçiniz.'],
  ])(
    'with %s (%s) shows the error beside the field and keeps the other entries',
    async (_, action, over, message) => {
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
      expect(page).toMatch(new RegExp(`<details id="${action}-act" name="(act|more)" open>`));
      expect(page).toContain(`${plainText(given['words'] ?? '')}</textarea>`);
      expect(await actionsOf(caseNumber)).toBe(0);
      expect(desk.line.acts).toEqual([]);
      expect((await post(url, { ...filled[action], ...fieldsOf(page, action) })).status).toBe(303);
    },
  );

  it.each([
    ['an unknown field', 'note', { role: 'mayor' }],
    ['a field of another form', 'accept', { words: 'söz' }],
    ['no nonce', 'note', { nonce: undefined }],
    ['an unknown nonce', 'note', { nonce: 'abc' }],
    ['an unknown action', 'note', { action: 'close' }],
    ['no action', 'note', { action: undefined }],
    ['an invalid choice', 'accept', { confirm: 'on' }],
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
    const { caseNumber, url } = await ready('note');
    const ours = new URLSearchParams(fieldsOf(await pageOf(url), 'note')).toString();
    const body = type.endsWith('urlencoded') && extra ? `${ours}&${extra}` : extra;
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
    expect(answer.status).toBe(400);
    expect(await actionsOf(caseNumber)).toBe(0);
  });

  it('larger than 64 KB is not read', async () => {
    const { caseNumber, url, fields } = await ready('note', { words: 'a'.repeat(70_000) });
    const answer = await post(url, fields);
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('Gönderilen form çok büyük');
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

  it('is recognised by its origin', async () => {
    const { url, fields } = await ready('accept');
    expect((await post(url, fields, { origin: desk.base })).status).toBe(303);
  });
});
