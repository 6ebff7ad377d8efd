import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { createTexts } from '../src/config/texts';
import { newCaseState } from '../src/domain/case/case';
import type { CitizenNews } from '../src/domain/case/case-events';
import type { CaseIntake, LocationNote } from '../src/store/case-records';
import { newsContent, type NewsContent } from '../src/whatsapp/case-news';
import { createGraphClient } from '../src/whatsapp/graph-client';
import { opening } from './support/cases';
import { startTestSandbox, token } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const say = createTexts(municipality, 'https://bildirim.example.org');
const input = opening();
const link = 'https://bildirim.example.org/s/k1.abc.def';
const pin = { latitude: 39.947121, longitude: 32.633214, name: null, address: null };

const written: LocationNote = {
  source: 'words',
  precision: 'street',
  street: '1234. Sokak',
  address: '1234. Sokak No: 5',
  road: 'street',
  keptRoad: null,
  namedInWords: null,
  borderMetres: null,
  neighbour: null,
};
const unwritten: LocationNote = { ...written, street: null, address: null };

function told(over: Partial<CaseIntake> = {}, news: CitizenNews = 'acknowledged'): NewsContent {
  const { handled, ...progress } = newCaseState(input);
  const intake: CaseIntake = {
    openedBy: 'm-1',
    citizenId: 'c-1',
    language: 'tr',
    kind: 'problem',
    category: { slug: 'pothole', name: 'Yol çukuru' },
    priority: 'p2',
    confidence: 0.99,
    matchedWords: ['çukur'],
    neighbourhood: { slug: 'suvari', name: 'Süvari' },
    place: null,
    outside: false,
    location: written,
    desk: 'fen-isleri',
    institution: null,
    photographed: true,
    withNotice: false,
    receivedAt: new Date(input.receivedAt),
    ...over,
  };
  const opened = { caseNumber: input.caseNumber, intake, progress };
  return newsContent({ municipality, say }, opened, news, {
    action: null,
    leader: null,
    link,
    now: input.receivedAt,
  });
}

describe('the receipt', () => {
  it('has five lines after its heading: number, subject, place with street, department and target day', () => {
    const content = told();
    expect(content.body.split('\n')).toEqual([
      'Bildiriminiz alındı.',
      `Kayıt no: ${input.caseNumber}`,
      'Konu: Yol çukuru',
      'Yer: Süvari Mah., 1234. Sokak No: 5',
      'İlgili birim: Fen İşleri Müdürlüğü',
      expect.stringMatching(/^Hedeflenen çözüm: \d{1,2} \p{L}+ \d{4}$/u) as string,
    ]);
  });

  it('opens the case by a button; its text contains no link', () => {
    expect(told()).toMatchObject({ type: 'link', title: 'Kaydımı aç', url: link });
    expect(told().body).not.toContain('http');
  });

  it('carries the privacy notice once, with the first case', () => {
    expect(told({ withNotice: true }).body).toContain('https://bildirim.example.org/aydinlatma');
    expect(told().body).not.toContain('aydinlatma');
  });

  it.each<[string, Partial<CaseIntake>, place: string]>([
    ['a pin without words', { place: pin, location: unwritten }, 'gönderdiğiniz konum: Süvari'],
    [
      'a pin with a name',
      { place: { ...pin, name: 'Göksu Parkı' }, location: unwritten },
      'gönderdiğiniz konum: Göksu Parkı, Süvari',
    ],
    ['a pin and a street', { place: pin }, 'Süvari Mah., 1234. Sokak No: 5'],
    [
      'a pin in no neighbourhood',
      { place: pin, neighbourhood: null, location: unwritten },
      'gönderdiğiniz konum',
    ],
    ['a neighbourhood', { location: unwritten }, 'Süvari Mahallesi'],
    ['nothing', { neighbourhood: null, location: unwritten }, 'belirtilmedi'],
  ])('shows the place as understood: %s', (_, intake, place) => {
    expect(told(intake).body.split('\n')[3]).toBe(`Yer: ${place}`);
  });

  it.each([
    ['2026-11-14T20:59:00Z', false],
    ['2026-11-14T21:00:00Z', true],
    ['2026-12-31T12:00:00Z', true],
    ['2027-03-31T20:59:00Z', true],
    ['2027-03-31T21:00:00Z', false],
  ])('says first what the town does in the season of a subject: %s', (at, isIn) => {
    const snow = { category: { slug: 'snow-ice', name: 'Kar ve buz' }, receivedAt: new Date(at) };
    for (const news of ['acknowledged', 'known'] as const)
      expect(told(snow, news).body.startsWith('Karla mücadele ekiplerimiz sahada')).toBe(isIn);
    expect(told({ ...snow, language: 'en' }).body.startsWith('Our snow crews')).toBe(isIn);
    expect(told({ receivedAt: new Date(at) }).body.startsWith('Bildiriminiz alındı.')).toBe(true);
  });

  it('names the department in English to an English-speaking citizen', () => {
    expect(told({ language: 'en' }).body).toContain('Department: Public Works');
  });

  it('promises no target for thanks, suggestions and places outside the district', () => {
    for (const over of [{ kind: 'thanks' }, { kind: 'suggestion' }, { outside: true, place: pin }] as const) {
      expect(told(over).body).not.toMatch(/Hedeflenen/);
    }
  });

  it('is one clear answer for a pin outside the district', () => {
    const content = told({ outside: true, place: pin });
    expect(content.type).toBe('text');
    expect(content.body).toMatch(/sınırları dışında/);
    expect(content.body).not.toMatch(/Bildiriminiz alındı/);
  });

  it('names the owner of a matter of another institution, and promises no answer from us', () => {
    const institution = { slug: 'ego', name: 'EGO' };
    const { body } = told({ institution }, 'handedOff');
    expect(body).toMatch(/görev alanında değildir/);
    expect(body).toMatch(/Telefon: 153/);
    expect(body).toMatch(/iletilmemiştir/);
    expect(body).not.toMatch(/Bildiriminiz alındı/);
  });
});

test('Meta accepts the receipt as a message with a link button', async () => {
  const sandbox = await startTestSandbox();
  try {
    const { id, phone, bsuid } = await sandbox.newCitizen();
    const graph = createGraphClient({
      url: sandbox.graphUrl,
      version: 'v26.0',
      accessToken: token,
      phoneNumberId,
    });
    expect(await graph.send({ phone, bsuid }, told(), 'key')).toMatch(/^wamid\./);
    const { json } = await sandbox.control('GET', `/citizens/${id}/messages`);
    const [message] = json['messages'] as { content: object }[];
    expect(message?.content).toMatchObject({
      interactive: {
        type: 'cta_url',
        action: { name: 'cta_url', parameters: { display_text: 'Kaydımı aç', url: link } },
      },
    });
  } finally {
    await sandbox.dispose();
  }
});
