import { maskedCaller } from '../src/mail/case-text';
import { type LetterDesk, startLetterDesk } from './support/letter-desk';
import { type Desk, startDesk } from './support/task-desk';
import { acted } from './support/cases';

jest.setTimeout(60_000);

const names = { phone: '905551112233', bsuid: null, profileName: 'Ayşe Iğdır', language: null };
const pin = { latitude: 39.947121, longitude: 32.633214, name: 'Göksu Parkı', address: 'Göksu Cad. 5' };

it.each([
  ['Ayşe Iğdır', '905551112233', { name: 'A*** I***', phone: '+90 *** *** 33' }],
  ['  ', '905551112233', { name: null, phone: '+90 *** *** 33' }],
  [null, '905551112233', { name: null, phone: '+90 *** *** 33' }],
  ['👩‍🔧 Şule', '905551112233', { name: '👩*** Ş***', phone: '+90 *** *** 33' }],
])('the caller %j is masked', (name, phone, masked) => {
  expect(maskedCaller(name, phone)).toEqual(masked);
});

describe('a letter about a case', () => {
  let desk: LetterDesk;
  beforeAll(async () => {
    desk = await startLetterDesk('least-data-letters');
  });
  afterAll(() => desk.stop());

  it.each([
    ['is open: with the exact place and the photo', 'assigned', /39\.94712/, 1, /5551112233/],
    [
      'is resolved: with the exact place and without the photo',
      'resolved',
      /39\.94712/,
      0,
      /5551112233|Fotoğraf:/,
    ],
    [
      'is disputed: with the exact place, and the photo behind the link',
      'objected',
      /39\.94712[^]*1 fotoğraf/,
      0,
      /5551112233/,
    ],
    [
      'has ended: with the place to about 100 metres and without the photo',
      'closed',
      /39\.94700, 32\.63300/,
      0,
      /39\.9471|32\.6332|Göksu|Fotoğraf:/,
    ],
  ] as const)('that %s', async (_, stage, place, pictures, absent) => {
    const media = { kind: 'image', mediaId: '1', mimeType: 'image/jpeg' } as const;
    const { caseNumber, messageIds } = await desk.openCase({ messages: [{ place: pin, media }] });
    const jpeg = Buffer.from('/9j/4AAQ', 'base64');
    await desk.store.photos.add({
      ...{ id: messageIds[0] ?? '', caseNumber, jpeg, thumbnail: jpeg, width: 4, height: 3 },
      ...{ takenAt: null, keptAt: new Date() },
    });
    const progress = (await desk.store.cases.get(caseNumber))?.progress;
    if (!progress) throw new Error('no progress');
    await desk.store.cases.write({ ...progress, stage, revision: progress.revision + 1 }, []);
    desk.box.mails.length = 0;
    await desk.send(caseNumber, 2, { letter: 'lowRating', added: [messageIds[0] ?? ''] });
    const [mail] = desk.box.mails;
    expect(mail?.text).toMatch(place);
    expect(mail?.attachments).toHaveLength(pictures);
    expect(`${mail?.text ?? ''}${mail?.html ?? ''}`).not.toMatch(absent);
  });
});

describe('the task page', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await startDesk('least-data-page');
    await desk.store.citizens.seen('c-1', { ...names, at: new Date() });
  });
  afterAll(() => desk.stop());

  const pageOf = async (url: string): Promise<string> => (await fetch(url)).text();

  it.each([
    ['needs a call back', 'aid', true],
    ['does not', 'pothole', false],
  ])('names the citizen of a subject that %s: %s, %s', async (_, slug, isNamed) => {
    const { link } = await desk.openCase({ intake: { category: { slug, name: 'x' } } });
    const page = await pageOf(link.url);
    expect(page.includes('href="tel:+905551112233"')).toBe(isNamed);
    expect(page.includes('Ayşe Iğdır')).toBe(isNamed);
  });

  it('names nobody once the task has ended', async () => {
    const { caseNumber, link } = await desk.openCase({ intake: { category: { slug: 'aid', name: 'x' } } });
    await desk.take(caseNumber, acted('resolve', `${caseNumber}-r`));
    expect(await pageOf(link.url)).not.toMatch(/5551112233|Ayşe Iğdır|39\.947121/);
  });
});
