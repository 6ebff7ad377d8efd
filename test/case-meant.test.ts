import { isElsewhere } from '../activities/case-lookup';
import {
  type Beside,
  type CaseAtHand,
  caseMeant,
  followsCase,
  followsEnded,
  stateAsked,
  type Tie,
  wrongIn,
} from '../src/domain/talk/case-meant';
import type { Follows } from '../src/domain/talk/conversation-state';
import type { CaseIntake } from '../src/store/case-records';
import { municipality } from './support/town-case';

const { followUp } = municipality.language;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = 100 * DAY;
const limits = { openedMs: 6 * HOUR, toldMs: 3 * DAY };

/** A case opened, and last written about, the given time ago. */
function atHand(
  caseNumber: string,
  over: Partial<CaseAtHand> & { opened?: number; told?: number } = {},
): CaseAtHand {
  const { opened = 10 * DAY, told = 10 * DAY, ...rest } = over;
  const times = { openedAt: now - opened, toldAt: now - told };
  return { caseNumber, stage: 'assigned', subject: 'pothole', reasonsAskedAt: null, ...times, ...rest };
}

const meant = (cases: CaseAtHand[], said: { named?: string[]; subject?: string } = {}) =>
  caseMeant({ named: said.named ?? [], subject: said.subject ?? null }, cases, limits, now);

describe('the case that a message means', () => {
  const asked = (over = {}) => atHand('PK-ASKED', { stage: 'waitingCitizen', told: 6 * DAY, ...over });
  const survey = (over = {}) => atHand('PK-SURVEY', { stage: 'resolved', told: 6 * DAY, ...over });
  const told = (over = {}) => atHand('PK-TOLD', { told: 2 * DAY, ...over });
  const opened = (over = {}) => atHand('PK-OPENED', { opened: 5 * HOUR, told: 5 * HOUR, ...over });

  test.each<[string, CaseAtHand[], Parameters<typeof meant>[1], [string, Tie] | null]>([
    ['waits for an answer, also after six days', [asked()], {}, ['PK-ASKED', 'asked']],
    [
      'waits for an answer, while newer ones are open',
      [opened(), asked(), survey()],
      {},
      ['PK-ASKED', 'asked'],
    ],
    ['waits for the survey, while a newer one is open', [opened(), survey()], {}, ['PK-SURVEY', 'survey']],
    ['was written about lately', [told()], {}, ['PK-TOLD', 'told']],
    ['was opened lately', [opened()], {}, ['PK-OPENED', 'opened']],
    ['was written about last', [opened(), told({ told: HOUR })], {}, ['PK-TOLD', 'told']],
    ['is not one last written about long ago', [told({ told: 4 * DAY })], {}, null],
    ['is not one that has ended', [told({ stage: 'closed' }), opened({ stage: 'rejected' })], {}, null],
    [
      'was given a low rating lately, although it has ended',
      [atHand('PK-RATED', { stage: 'closed', reasonsAskedAt: now - DAY })],
      {},
      ['PK-RATED', 'asked'],
    ],
    [
      'is not one that was given a low rating long ago',
      [atHand('PK-RATED', { stage: 'closed', reasonsAskedAt: now - 4 * DAY })],
      {},
      null,
    ],
    ['is the one that it names', [opened(), asked()], { named: ['PK-OPENED'] }, ['PK-OPENED', 'named']],
    ['is not a named case of another citizen', [asked()], { named: ['PK-OTHER'] }, ['PK-ASKED', 'asked']],
    [
      'is the one whose subject its text clearly names',
      [opened({ subject: 'garbage' }), asked()],
      { subject: 'garbage' },
      ['PK-OPENED', 'opened'],
    ],
  ])('%s', (_, cases, said, expected) => {
    const found = meant(cases, said);
    expect(found && [found.caseNumber, found.tie]).toEqual(expected);
  });

  test('is asked for when several wait in the same way, latest first', () => {
    const cases = [survey({ caseNumber: 'PK-1' }), survey({ caseNumber: 'PK-2', told: DAY }), opened()];
    expect(meant(cases)).toEqual({ caseNumber: 'PK-2', tie: 'survey', alike: ['PK-1'] });
  });

  test('is not asked for when the text names its subject', () => {
    const cases = [
      survey({ caseNumber: 'PK-1', subject: 'garbage' }),
      survey({ caseNumber: 'PK-2', told: DAY }),
    ];
    expect(meant(cases, { subject: 'garbage' })).toMatchObject({ caseNumber: 'PK-1', alike: [] });
  });
});

describe('a message while a case is open', () => {
  const plain: Beside = {
    tie: 'opened',
    words: '',
    subject: 'none',
    sure: false,
    tellsPlace: false,
    otherPlace: false,
    asked: false,
  };
  const same = { subject: 'same', sure: true } as const;
  const other = { subject: 'other', sure: true } as const;

  test.each<[Follows, string | null, Partial<Beside>]>([
    ['addition', 'Hâlâ duruyor', { tie: 'named', ...other }],
    ['addition', '1234. sokak, okulun önü', { tellsPlace: true }],
    ['addition', 'Adresi unuttum: okulun arkası', {}],
    ['addition', 'Yıldız Kebap', { asked: true }],
    ['addition', 'Çukur çok derin, araba düştü', same],
    ['new', 'Çöp konteyneri de dolu', other],
    ['new', 'Başka bir sorun daha var', {}],
    ['new', 'Yeni bir bildirim yapacağım', { subject: 'same' }],
    ['new', 'another problem', {}],
    ['likelyNew', '1250. sokakta da çukur var', { ...same, tellsPlace: true }],
    ['likelyNew', 'bir de ağaçlar var', { subject: 'other' }],
    ['likelyAddition', 'hala gelen giden yok', {}],
    ['addition', null, { tie: 'opened' }],
    ['likelyAddition', null, { tie: 'told' }],
    ['likelyAddition', 'Çukur çok derin', { tie: 'told', ...same }],
    ['likelyAddition', '1234. sokak, okulun önü', { tie: 'told', tellsPlace: true }],
    ['addition', 'Fotoğrafı ekliyorum', { tie: 'told' }],
    ['new', 'Çöp konteyneri de dolu', { tie: 'told', ...other }],
  ])('%s: %s', (follows, words, known) => {
    expect(followsCase({ ...plain, words, ...known }, followUp)).toBe(follows);
  });

  test.each<[Follows, string | null, Partial<Beside>]>([
    ['addition', null, {}],
    ['addition', 'Gül apartmanı no 12 önü', {}],
    ['addition', '1250. sokak no 12', { tellsPlace: true, otherPlace: true }],
    ['addition', 'Çukur okulun tam önünde', same],
    ['addition', 'ağacın dibinde', { subject: 'other' }],
    ['likelyNew', 'çöp konteynerinin yanı', other],
    ['new', 'Bizim sokakta çöpler üç gündür alınmadı', other],
    ['new', '12. sokakta çöp', { ...other, tellsPlace: true }],
    ['likelyNew', '1250. sokakta da çukur var', { ...same, tellsPlace: true, otherPlace: true }],
    ['new', 'Başka bir sorun daha var', {}],
  ])('with an open question of the department: %s: %s', (follows, words, known) => {
    expect(followsCase({ ...plain, tie: 'asked', words, ...known }, followUp)).toBe(follows);
  });

  test.each<[Follows, string | null, Partial<Beside>]>([
    ['addition', null, {}],
    ['addition', 'sadece üstüne toprak atmışlar', {}],
    ['likelyNew', 'ağaçlar da budanmadı', { subject: 'other' }],
    ['new', 'çöpler alınmadı', other],
    ['new', 'Bizim sokakta çöpler üç gündür alınmadı', other],
  ])('with an open survey: %s: %s', (follows, words, known) => {
    expect(followsCase({ ...plain, tie: 'survey', words, ...known }, followUp)).toBe(follows);
  });
});

test.each<[string, string, boolean]>([
  ['1234. Sokak', 'Süvari mahallesi 1234. sokakta çukur var', false],
  ['1234. sk', '1234. sokakta çukur var', false],
  ['1234. Sokak', '1250. sokakta çukur var', true],
  ['Lale Gül Caddesi', 'gül caddesinde çukur var', false],
  ['Lale Gül Caddesi', 'menekşe caddesinde çukur var', true],
  ['Lale Gül Caddesi', 'hâlâ çukur var', false],
])('beside a report in %s, "%s" is elsewhere: %s', (street, words, expected) => {
  const intake = { neighbourhood: null, location: { street } } as CaseIntake;
  expect(isElsewhere(municipality, words, intake)).toBe(expected);
});

describe('a question about the state of a case', () => {
  const asked = (words: string, over: Partial<Parameters<typeof stateAsked>[1]> = {}) =>
    stateAsked(words, { subject: 'none', sure: false, otherPlace: false, ...over }, followUp);

  test.each([
    'ne oldu',
    'bizim çukur işi ne oldu hocam',
    'bizim cukur isi ne oldu hocam',
    'NOLDU BİZİM İŞ',
    'ne zaman gelecekler',
    'bugün gelir misiniz',
    'çukura ne zaman bakacaksınız',
    'yapıldı mı acaba',
    'bir gelişme var mı',
    'haber var mı',
    'kaç gün sürer',
    'ne durumda bizim sokak',
    'any news about my report',
    'when will they come',
  ])('is asked by "%s"', words => {
    expect(asked(words)).toBe('asks');
    expect(asked(words, { subject: 'same', sure: true })).toBe('asks');
  });

  test.each([
    'hala gelen yok',
    'hâlâ gelmediler',
    'unuttunuz mu bizi',
    'gelen giden yok',
    'üç gün oldu kimse gelmedi',
    'ses seda yok',
    'cevap gelmedi bana',
    'halen bekliyoruz',
    'çukur hala duruyor',
    'still waiting',
    'nobody came',
  ])('is a complaint about delay in "%s"', words => {
    expect(asked(words)).toBe('delayed');
  });

  test.each<[string, string, Parameters<typeof asked>[1]]>([
    ['another subject', 'çöpler alınmadı ne zaman gelecekler', { subject: 'other', sure: true }],
    ['another place', 'yan sokaktaki çukur ne oldu', { subject: 'same', otherPlace: true }],
    ['a new report', 'başka bir sorun var ne zaman bakarsınız', {}],
    ['a further report', 'çukur büyüdü araba düşecek', {}],
    ['thanks', 'teşekkürler iyi çalışmalar', {}],
    ['an answer', 'Gül apartmanı no 12 önü', {}],
    [
      'a long text',
      'geçen hafta da yazmıştım sokağımızdaki lambalar yanmıyor çocuklar karanlıkta yürüyor yaşlılar düşüyor ne zaman bakacaksınız acaba',
      {},
    ],
  ])('is not %s', (_what, words, over) => {
    expect(asked(words, over)).toBeNull();
  });
});

test.each<[string, Parameters<typeof followsEnded>[1], boolean, Follows]>([
  [
    'dün de geldiler baktılar ama yapmadan gittiler',
    { subject: 'none', tellsPlace: false },
    true,
    'addition',
  ],
  ['komşular da aynı yerden şikayetçi', { subject: 'none', tellsPlace: false }, false, 'addition'],
  ['hâlâ gelen giden yok', { subject: 'same', tellsPlace: false }, true, 'addition'],
  ['lamba yanmıyor', { subject: 'same', tellsPlace: false }, true, 'likelyNew'],
  ['lamba yanmıyor', { subject: 'same', tellsPlace: false }, false, 'new'],
  ['1234. sokakta lamba yanmıyor', { subject: 'same', tellsPlace: true }, true, 'new'],
  ['geldiler ama çöp de alınmadı', { subject: 'other', tellsPlace: false }, true, 'new'],
  ['başka bir sorun daha var aynı yerde', { subject: 'none', tellsPlace: false }, true, 'new'],
  ['iyi akşamlar nasılsınız', { subject: 'none', tellsPlace: false }, true, 'new'],
])('after the end of a case, "%s" (%j, awaited: %s) follows as %s', (words, beside, isAwaited, expected) => {
  expect(followsEnded(words, beside, isAwaited, followUp)).toBe(expected);
});

test.each([
  ['pardon sokak numarası 1989 olacaktı', true],
  ['1989. sokak olacaktı', true],
  ['Piyade mahallesi olacaktı', true],
  ['bu sokak üç gün olacak karanlık', false],
  ['yarın olacak mı', false],
  ['aslında bu sokak güzeldir', false],
])('"%s" names the place that was meant: %s', (words, expected) => {
  expect(wrongIn(words, followUp)?.isReplaced ?? false).toBe(expected);
});

describe('a correction of the place', () => {
  test.each<[words: string, value: string]>([
    ['1834 değil 1843 yazacaktım sokağı', '1843. sokagi'],
    ['1843 olacaktı sokak', '1843. sokak'],
    ['pardon 1843', '1843. sokak'],
    ['özür dilerim 1843 olacaktı', '1843. sokak'],
    ['1834 yazmışım 1843 olacaktı doğrusu', '1843. sokak'],
    ['1843 olmalıydı 1834 yazmışım', '1843. sokak'],
    ['düzeltiyorum 1843', '1843. sokak'],
  ])('"%s" names "%s"', (words, value) => {
    expect(wrongIn(words, followUp)?.parts[0] ?? '').toContain(value);
  });

  test.each([
    ['a figure of speech', 'bu çukur değil resmen krater'],
    ['two places', 'sadece 1353 değil 1354. sokakta da var'],
    ['a number alone', '1843'],
    ['a question', 'kaç gün sürer'],
    ['a thing of the street', 'sokak tabelası yanlış asılmış bizim orada'],
    ['a thing of the road', 'cadde levhası yanlış yere konmuş'],
  ])('is not %s: %s', (_what, words) => {
    expect(wrongIn(words, followUp)).toBeNull();
  });

  test('of a house number is no correction of the street', () => {
    expect(wrongIn('kapı numarası 5 değil 7', followUp)).toMatchObject({
      isOfNumber: true,
      isReplaced: false,
    });
  });

  test('is about what was written', () => {
    expect(wrongIn('sokak adını yanlış yazdım Gül sokak olacak', followUp)?.isWritten).toBe(true);
  });
});
