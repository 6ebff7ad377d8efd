import { composeLetter } from '../src/mail/letters/letters';
import { HOUR } from './support/cases';
import { letterData as data, letterTime as now, town } from './support/letters';

const legal = { clock: 'legal', level: 2 } as const;

describe('the subject of a letter', () => {
  it.each([
    ['task', data, 'Yol çukuru, Süvari 1234. Sk. · Yeni görev · PK-7K2M-9QRT'],
    [
      'task',
      { ...data, stage: 'triage' },
      'Yol çukuru, Süvari 1234. Sk. · Yönlendirme bekliyor · PK-7K2M-9QRT',
    ],
    ['reminder', data, 'Yol çukuru, Süvari 1234. Sk. · Süre azalıyor (kabul süresi) · PK-7K2M-9QRT'],
    [
      'breach',
      { ...data, stage: 'accepted' },
      'Yol çukuru, Süvari 1234. Sk. · Süre aşıldı (çözüm süresi) · PK-7K2M-9QRT',
    ],
    [
      'escalation',
      { ...data, rung: legal },
      'Yol çukuru, Süvari 1234. Sk. · Üst makama bildirim (yasal süre doluyor) · PK-7K2M-9QRT',
    ],
    [
      'escalation',
      { ...data, acceptBy: now - HOUR, rung: { clock: 'accept', level: 2 } },
      'Yol çukuru, Süvari 1234. Sk. · Üst makama bildirim (kabul süresi aşıldı) · PK-7K2M-9QRT',
    ],
    [
      'citizenAdded',
      { ...data, neighbourhood: null, address: null },
      'Yol çukuru · Vatandaş ekleme yaptı · PK-7K2M-9QRT',
    ],
    ['reopened', data, 'Yol çukuru, Süvari 1234. Sk. · Yeniden açıldı · PK-7K2M-9QRT'],
  ] as const)('of %s starts with the matter and its place', (kind, given, subject) => {
    expect(composeLetter(kind, given).subject).toBe(subject);
  });

  it('stays in its header and is short', () => {
    const subject = `Yol\r\nBcc: a@example.org\u202e${'ç'.repeat(500)}`;
    const letter = composeLetter('task', { ...data, subject });
    expect(letter.subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect([...letter.subject].length).toBeLessThanOrEqual(120);
  });
});

describe('a letter', () => {
  it.each(['task', 'reminder', 'breach', 'escalation', 'citizenAdded', 'reopened'] as const)(
    'of kind %s has the same content in HTML and text, with one button',
    kind => {
      const { html, text } = composeLetter(kind, { ...data, photos: 2 });
      for (const part of [html, text]) {
        expect(part).toContain('PK-7K2M-9QRT');
        expect(part).toContain('Sayın Fen İşleri Müdürlüğü,');
        expect(part).toContain('Süvari mahallesi 1234. sokakta çukur var');
        expect(part).toContain('Okulun önü');
        expect(part).toContain('39.94712, 32.63321');
        expect(part).toContain('2 fotoğraf, görev sayfasında');
        expect(part).toContain(data.link);
      }
      expect(text).toContain("Kabul: bugün 17:00'ye kadar, 3 saat kaldı");
      expect(html).toContain('Kabul: <b>bugün 17:00&#39;ye kadar, 3 saat kaldı</b>');
      expect(html.split(`"${data.link}"`)).toHaveLength(2);
      expect(html).toContain('>Süvari mahallesi 1234. sokakta çukur var Okulun önü</div>');
      for (const part of [html, text]) {
        expect(part).toContain(`${data.link}?act=accept`);
        expect(part).toContain(`${data.link}?act=resolve`);
      }
    },
  );

  it('omits the accept target after acceptance', () => {
    expect(composeLetter('reminder', { ...data, stage: 'accepted' }).text).not.toContain('Kabul:');
  });

  it('marks a reopening as information for a superior', () => {
    const { text } = composeLetter('reopened', { ...data, recipient: { name: 'Müdür', role: 'chief' } });
    expect(text).toContain('bilginiz içindir');
  });

  it.each([
    ['HTML', '<script>alert(1)</script><img src=x onerror=y>'],
    ['an attribute', '" onmouseover="x" \''],
    ['template marks', '<%= it.link %> <% while(true){} %> {{it}} ${1}'],
    ['entities', '&lt;b&gt; &amp;'],
  ])('shows %s as text', (_, words) => {
    const { html, text } = composeLetter('task', { ...data, words: [words] });
    const escaped = words
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;');
    expect(html).toContain(escaped);
    expect(text).toContain(`> ${words.trim()}`);
    expect(html.split('<script')).toHaveLength(1);
  });

  it('removes characters that change the direction of text, and keeps line breaks', () => {
    const { text } = composeLetter('task', { ...data, words: ['bir\u202eiki\r\nüç\u0000dört'] });
    expect(text).toContain('> biriki\n> üçdört');
  });

  it('quotes at most 4,000 characters', () => {
    const { text } = composeLetter('task', { ...data, words: ['ş'.repeat(10_000)] });
    expect(text).toContain(`${'ş'.repeat(4_000)}…`);
    expect(text).not.toContain('ş'.repeat(4_001));
  });

  it('to the operator contains the case and the recipient that was not reached, without a link', () => {
    const alert = composeLetter('operatorAlert', {
      municipality: town,
      now,
      caseNumber: 'PK-7K2M-9QRT',
      undelivered: 4,
      to: 'chief',
      fallback: null,
    });
    expect(alert.subject).toBe('PK-7K2M-9QRT · Bildirim ulaştırılamadı');
    expect(alert.text).toContain('e-posta (alıcı: şef) ulaştırılamadı');
    expect(alert.html).not.toContain('href');
  });
});
