import sharp from 'sharp';
import { startDesk, type Desk } from './support/task-desk';
import { fieldsOf, filled, pageOf } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('work-photos');
});
afterAll(() => desk.stop());

const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 300, channels: 3, background } })
    .withExif({ IFD3: { GPSLatitude: '39/1 56/1 0/1' } })
    .jpeg()
    .toBuffer();

interface File {
  name: string;
  bytes: Buffer;
}

/** Submits a form with files like a browser. */
function send(url: string, fields: Record<string, string>, files: File[]): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const { name, bytes } of files) body.append('photos', new Blob([bytes], { type: 'image/jpeg' }), name);
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

async function ready(over: Record<string, string> = {}) {
  const { caseNumber, link } = await desk.openCase();
  const fields = { ...fieldsOf(await pageOf(link.url), 'resolve'), ...filled['resolve'], ...over };
  return { caseNumber, url: link.url, fields };
}

const kept = ({ nonce = '' }: Record<string, string>): Promise<string[]> =>
  desk.store.workPhotos.ofAct(nonce);

describe('photos of the finished work', () => {
  it('are stored re-encoded with the act and shown on the page', async () => {
    const { caseNumber, url, fields } = await ready();
    const files = [
      { name: 'bir.jpg', bytes: await picture('red') },
      {
        name: 'iki.png',
        bytes: await sharp(await picture('blue'))
          .png()
          .toBuffer(),
      },
    ];
    expect((await send(url, fields, files)).status).toBe(303);
    expect((await desk.store.cases.get(caseNumber))?.progress?.stage).toBe('resolved');
    const ids = await kept(fields);
    expect(ids).toHaveLength(2);
    expect(await pageOf(url)).toContain(`/work/${ids[0]}?size=small`);
    const answer = await fetch(`${url}/work/${ids[0]}`);
    const metadata = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([metadata.format, metadata.exif]).toEqual(['jpeg', undefined]);
    const other = await desk.openCase();
    expect((await fetch(`${other.link.url}/work/${ids[0]}`)).status).toBe(404);
  });

  it('stay with the form through preview and errors, and are stored once if it is submitted twice', async () => {
    const { url, fields } = await ready({ preview: 'yes' });
    const files = [{ name: 'a.jpg', bytes: await picture('red') }];
    const preview = await (await send(url, fields, files)).text();
    expect(preview).toContain('1 fotoğraf eklendi');
    expect(fieldsOf(preview, 'resolve')['nonce']).toBe(fields['nonce']);
    const { preview: _, confirm: __, ...unconfirmed } = fields;
    expect((await send(url, unconfirmed, [])).status).toBe(400);
    const final = { ...unconfirmed, confirm: 'yes' };
    const answers = await Promise.all([send(url, final, files), send(url, final, files)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(await kept(fields)).toHaveLength(1);
  });

  it('can be blurred from the preview, before anybody gets them', async () => {
    const { caseNumber, url, fields } = await ready({ preview: 'yes' });
    const plate = {
      input: await sharp(await picture('white'))
        .resize(40)
        .toBuffer(),
      left: 0,
      top: 0,
    };
    const bytes = await sharp(await picture('red'))
      .composite([plate])
      .jpeg()
      .toBuffer();
    const preview = await (await send(url, fields, [{ name: 'a.jpg', bytes }])).text();
    const [id = ''] = await kept(fields);
    expect(preview).toContain(`/cover/${id}" target="_blank">`);
    const page = await pageOf(`${url}/cover/${id}`);
    expect(page).toContain('alt="Yapılan işin fotoğrafı"');
    const valueOf = (name: string): string =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
    const body = new URLSearchParams({ act: 'blur', nonce: valueOf('nonce'), revision: '0', cell: '1' });
    const blur = () => fetch(`${url}/cover/${id}`, { method: 'POST', body, redirect: 'manual' });
    expect((await blur()).status).toBe(303);
    expect((await blur()).status).toBe(409);
    expect(await pageOf(`${url}/cover/${id}`)).toContain('1 bölgesi kapalı');

    const { preview: _, ...final } = fields;
    await send(url, final, []);
    const { tokenHash, url: status } = desk.links.issue('status');
    await desk.store.statusLinks.add({ tokenHash, caseNumber, createdAt: new Date() });
    const bytesOf = async (at: string) => Buffer.from(await (await fetch(at)).arrayBuffer());
    const original = (await desk.store.workPhotos.get(id))?.jpeg ?? Buffer.alloc(0);
    for (const at of [`${url}/work/${id}`, `${status}/photos/${id}`]) {
      const shown = await bytesOf(at);
      expect([at, shown.length > 0, shown.equals(original)]).toEqual([at, true, false]);
    }
    const other = await desk.openCase();
    expect((await fetch(`${other.link.url}/cover/${id}`)).status).toBe(404);
  });

  it.each([
    [
      'no picture',
      'Okunamayan dosya: not &lt;b&gt;.jpg',
      [{ name: 'not <b>.jpg', bytes: Buffer.from('<svg/>') }],
    ],
    ['more than 8 MB', 'en çok 8 MB', [{ name: 'x.jpg', bytes: Buffer.alloc(8 * 1024 * 1024 + 1) }]],
    [
      'four files',
      'En çok 3 fotoğraf',
      Array.from({ length: 4 }, () => ({ name: 'x', bytes: Buffer.from('x') })),
    ],
  ])('with %s the form is shown again with the error', async (_, words, files) => {
    const { caseNumber, url, fields } = await ready();
    const answer = await send(url, fields, files);
    const page = await answer.text();
    expect(answer.status).toBe(400);
    expect(page).toContain(words);
    expect(page).toContain('Çukur kapatıldı.\nTeşekkürler.</textarea>');
    expect((await desk.store.cases.get(caseNumber))?.progress?.stage).toBe('assigned');
  });

  it.each([
    ['nested names', [['a[b][c][d]', 'x']]],
    ['a huge index', [['a[99999999]', 'x']]],
    [
      'prototypes',
      [
        ['__proto__[x]', 'x'],
        ['constructor[prototype][x]', 'x'],
      ],
    ],
    ['forty fields', Array.from({ length: 40 }, (_, n) => [`f${n}`, 'x'])],
    ['a long name', [['n'.repeat(5_000), 'x']]],
  ])('a form with %s is refused, and the page still answers', async (_, extra) => {
    const { url, fields } = await ready();
    const body = new FormData();
    for (const [name, value] of [...Object.entries(fields), ...extra]) body.append(name ?? '', value ?? '');
    const answer = await fetch(url, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect((await fetch(url)).status).toBe(200);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
