import { composeLetter } from '../src/mail/letters/letters';
import type { LetterData } from '../src/mail/letters/letter-data';
import { HOUR } from './support/cases';
import { letterData as data, letterTime as now } from './support/letters';

const paused = {
  at: now,
  type: 'paused',
  stage: 'waitingCitizen',
  until: null,
  desk: 'fen-isleri',
  actionId: 'a',
} as const;
const takenBack = { at: now, type: 'takenBack', actionId: 'a' } as const;
const rerouted = { at: now, type: 'rerouted', actionId: 'a', from: 'zabita', to: 'fen-isleri' } as const;
const prioritised = { at: now, type: 'prioritised', actionId: 'a', from: 'p3', to: 'p1' } as const;
const corrected = {
  at: now,
  type: 'corrected',
  actionId: 'a',
  desk: 'fen-isleri',
  subject: { from: 'pothole', to: 'tree' },
  place: { neighbourhood: 'suvari' },
} as const;
const said = 'Okulun hangi kapısı?';
const working: LetterData = { ...data, stage: 'inProgress' };

const decision = { actionId: 'a', by: 'chief' } as const;
const confirmed = { at: now, type: 'confirmed', ...decision, isFinal: false } as const;
const overturned = { at: now, type: 'overturned', ...decision, department: 'fen-isleri' } as const;
const disputed: LetterData = {
  ...data,
  ...{ stage: 'objected', said },
  objection: { decider: 'Fen İşleri Müdürü', decideBy: now + 75 * HOUR },
};
const onProgramme: LetterData = {
  ...{ ...data, stage: 'planned' },
  programme: { words: 'Mart 2027', by: now + 14 * 24 * HOUR },
};

describe('a letter says what happened and quotes the text of its act', () => {
  it.each([
    [
      'citizenAnswered',
      { ...working, occasion: paused, said },
      'Vatandaş yanıt verdi',
      ['Sorunuz:\n> Okulun hangi kapısı?', 'Vatandaşın yanıtı:\n> Süvari mahallesi'],
    ],
    ['citizenAdded', working, 'Vatandaş ekleme yaptı', ['Eklenenler:\n> Süvari mahallesi']],
    [
      'holdEnded',
      { ...working, occasion: paused, said },
      'Bekleme süresi doldu',
      ['Vatandaş sorunuza yanıt vermedi.', 'Yanıt bekleyen soru:\n> Okulun'],
    ],
    [
      'holdEnded',
      { ...working, occasion: { ...paused, stage: 'waitingInstitution' }, said },
      'Bekleme süresi doldu',
      ['Kurumdan beklenen yanıt veya işlem gelmedi.', 'Bekleme notu:\n> Okulun'],
    ],
    [
      'handOver',
      { ...working, said },
      'Görev size devredildi',
      ['bir çalışma arkadaşınız size devretti', 'Çalışma arkadaşınızın notu:\n> Okulun'],
    ],
    [
      'task',
      { ...data, occasion: rerouted, said },
      'Size yönlendirilen görev',
      ['birimine yönlendirildi', 'Yönlendirme gerekçesi:\n> Okulun'],
    ],
    [
      'reopened',
      { ...data, occasion: takenBack, said },
      'Yeniden açıldı',
      ['Yönetici bu kaydı yeniden açtı', 'Yöneticinin gerekçesi:\n> Okulun'],
    ],
    ['reopened', data, 'Yeniden açıldı', ['Vatandaş sorunun çözülmediğini bildirdi']],
    [
      'replanned',
      { ...working, occasion: prioritised, said },
      'Öncelik ve süreler değişti',
      ['Yönetici bu kaydın önceliğini değiştirdi', 'Yöneticinin gerekçesi:\n> Okulun'],
    ],
    [
      'corrected',
      { ...working, occasion: corrected, said },
      'Kayıt düzeltildi',
      ['Kayıt düzeltildi: konu, yer. Kaydın şimdiki bilgileri', 'Düzeltmenin gerekçesi:\n> Okulun'],
    ],
    [
      'decision',
      { ...data, stage: 'resolved', closeAt: now + 7 * 24 * HOUR, said },
      'Yönetici kararı bekleniyor',
      ['1 Aralık 2026 Salı 14:00 tarihinde kapanır', 'Müdürlüğün son yanıtı:\n> Okulun'],
    ],
    [
      'objection',
      { ...disputed, recipient: { name: 'Fen İşleri Müdürü', role: 'chief' } },
      'İtiraz: kararınız bekleniyor',
      [
        'kaydı yeniden açabilir ya da sonucu gerekçenizle uygun bulabilirsiniz',
        "Karar: 27 Kasım Cuma 17:00'ye kadar, 3 gün kaldı",
        'Karar verecek: Fen İşleri Müdürü',
        'Müdürlüğün son yanıtı:\n> Okulun',
        data.link,
      ],
    ],
    [
      'objection',
      disputed,
      'Sonuca itiraz edildi',
      ['Karar verecek: Fen İşleri Müdürü.', 'not olarak yazabilirsiniz', data.link],
    ],
    [
      'confirmed',
      { ...data, stage: 'rejected', occasion: confirmed, said },
      'İtiraz reddedildi',
      ['sonuç uygun bulundu. Yapılacak bir işlem kalmadı.', 'Kararın gerekçesi:\n> Okulun'],
    ],
    [
      'reopened',
      { ...data, occasion: overturned, said },
      'Yeniden açıldı',
      ['Vatandaşın sonuca itirazı kabul edildi', 'Yöneticinin gerekçesi:\n> Okulun'],
    ],
    [
      'reminder',
      { ...onProgramme, rung: { clock: 'plan', level: 0 } },
      'Süre azalıyor (program tarihi)',
      ['program tarihi yaklaşıyor', 'yeni tarihi gerekçesiyle bildiriniz', 'Mart 2027'],
    ],
    [
      'breach',
      { ...onProgramme, rung: { clock: 'plan', level: 1 } },
      'Süre aşıldı (program tarihi)',
      ['program tarihi geçti', 'Tarihin geçtiği vatandaşa bildirildi.'],
    ],
    [
      'breach',
      { ...disputed, rung: { clock: 'objection', level: 1 } },
      'Süre aşıldı (itiraz karar süresi)',
      ['hâlâ karara bağlanmadı'],
    ],
  ] as const)('%s', (kind, given, state, parts) => {
    const { subject, text, html } = composeLetter(kind, given);
    expect(subject).toBe(`Yol çukuru, Süvari 1234. Sk. · ${state} · PK-7K2M-9QRT`);
    for (const part of parts) expect(text).toContain(part);
    expect(html).toContain(state);
  });

  it('a letter about a withdrawal has no button', () => {
    const { text, html } = composeLetter('withdrawn', { ...data, stage: 'withdrawn' });
    expect(text).not.toContain(data.link);
    expect(html).not.toContain(data.link);
    expect(text).not.toContain('Çözüm:');
  });
});

describe('the time above the button', () => {
  const dueIn = (given: Partial<LetterData>): string | undefined =>
    composeLetter('reminder', { ...data, ...given })
      .text.split('\n')
      .find(line => /kaldı|geçti|duruyor/.test(line));

  it.each<[string, Partial<LetterData>, string]>([
    ['an unread task', {}, "Kabul: bugün 17:00'ye kadar, 3 saat kaldı"],
    ['triage', { stage: 'triage' }, "İlk işlem: bugün 17:00'ye kadar, 3 saat kaldı"],
    ['work', { stage: 'scheduled' }, "Çözüm: 27 Kasım Cuma 17:00'ye kadar, 3 gün kaldı"],
    ['a late task', { acceptBy: now - HOUR }, 'Kabul: süre doldu: bugün 13:00, 1 saat geçti'],
    [
      'the legal clock',
      { rung: { clock: 'legal', level: 0 } },
      "Yasal süre: 24 Aralık Perşembe 14:00'e kadar, 30 gün kaldı",
    ],
    [
      'a moved case',
      { rung: { clock: 'overall', level: 1 }, overallBy: now - HOUR },
      'Toplam çözüm: süre doldu: bugün 13:00, 1 saat geçti',
    ],
    [
      'a paused clock',
      { stage: 'waitingInstitution', pauseLimitAt: now + 24 * HOUR },
      "Hizmet süresi: duruyor, en geç yarın 14:00'e kadar",
    ],
  ])('of %s', (_, given, expected) => {
    expect(dueIn(given)).toBe(expected);
  });
});

it('contains the number of other reporters and the planned day', () => {
  const { text } = composeLetter('reminder', { ...working, others: 3, plannedFor: now + 72 * HOUR });
  expect(text).toContain('Bildirenler: 3 kişi daha bildirdi');
  expect(text).toContain('Planlanan gün: 27 Kasım Cuma');
});
