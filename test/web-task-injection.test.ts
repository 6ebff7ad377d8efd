import { escaped, hostileWords, skeleton } from './support/hostile-words';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('injection');
});
afterAll(() => desk.stop());

describe('text of people is escaped', () => {
  it.each(hostileWords)('%s from the citizen', async (_, text) => {
    const plain = await desk.openCase({ words: ['düz'] });
    const { link } = await desk.openCase({ words: [text] });
    const page = await pageOf(link.url);
    expect(page).toContain(escaped(text));
    expect(skeleton(page)).toEqual(skeleton(await pageOf(plain.link.url)));
  });

  it.each(hostileWords)('%s as the name of a place', async (_, text) => {
    const place = { latitude: 39.9, longitude: 32.6, name: text, address: text };
    const { link } = await desk.openCase({ intake: { place } });
    expect(await pageOf(link.url)).toContain(escaped(`${text}, ${text}`));
  });

  it.each(hostileWords)(
    '%s from the department: in the form, the preview and the history',
    async (_, text) => {
      const { link } = await desk.openCase();
      const fields = { ...fieldsOf(await pageOf(link.url), 'resolve'), words: text, preview: 'yes' };
      const preview = await (await post(link.url, fields)).text();
      expect(preview).toContain(`${escaped(text)}</textarea>`);
      expect(preview).toContain(`Açıklama: ${escaped(text)}<br>`);
      const { preview: _preview, ...rest } = fields;
      const answer = await post(link.url, { ...rest, confirm: 'yes' });
      expect(answer.status).toBe(303);
      expect(await pageOf(link.url)).toContain(escaped(text));
    },
  );

  it('and cannot change the direction or lines of other text', async () => {
    const { link } = await desk.openCase({ words: ['önce\u202eters\u2066\r\nsonra\u0007\u0085'] });
    const page = await pageOf(link.url);
    expect(page).toContain('<p class="words" dir="auto">önceters<br>sonra</p>');
  });

  it('also if it is 10 KB long or malformed', async () => {
    const { link } = await desk.openCase({ words: ['ğ'.repeat(5_000), 'yarım \ud83d çift', '🚧'] });
    const page = await pageOf(link.url);
    expect(page).toContain('ğ'.repeat(5_000));
    expect(page).toContain('yarım \ufffd çift');
    expect(page).toContain('🚧');
  });
});
