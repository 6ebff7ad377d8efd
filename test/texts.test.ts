import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { createTexts, type TextKey } from '../src/config/texts';
import { languages, messageParams, type MessageKey } from '../src/config/schemas/texts';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const say = createTexts(municipality);
const keys = Object.keys(messageParams) as MessageKey[];

function filled(key: MessageKey): Record<string, string> {
  return Object.fromEntries(messageParams[key].map(name => [name, `<${name}>`]));
}

/** Renders a key with all parameters of its type. */
function sayAny(language: 'tr' | 'en', key: MessageKey): string {
  return say(language, key, filled(key) as never);
}

describe.each(languages)('%s', language => {
  test.each(keys)('%s is completely filled in and fits a message', key => {
    const text = sayAny(language, key);
    for (const value of Object.values(filled(key))) expect(text).toContain(value);
    expect(text).not.toMatch(/\{\{|\}\}|undefined/);
    expect(text.length).toBeLessThan(1000);
  });

  test.each(['buttons.solved', 'buttons.partly', 'buttons.unsolved'] as const)('%s fits a button', key => {
    expect(say(language, key, {}).length).toBeLessThanOrEqual(20);
  });

  test('names every stage', () => {
    for (const stage of Object.keys(municipality.texts[language].stages)) {
      expect(say(language, `stages.${stage}` as TextKey & `stages.${string}`, {})).not.toContain('stages.');
    }
  });
});

test('the texts of both languages differ', () => {
  for (const key of keys) expect(sayAny('tr', key)).not.toBe(sayAny('en', key));
});

test('the acknowledgement has five lines after its heading: number, subject, place, department and target', () => {
  const text = say('tr', 'acknowledged', {
    caseNumber: 'PK-7K3M-9QX2',
    subject: 'Yol çukuru',
    place: 'Süvari Mah., 1234. Sokak',
    department: 'Fen İşleri Müdürlüğü',
    due: '30 Kasım 2026',
  });
  expect(text).toBe(
    [
      'Bildiriminiz alındı.',
      'Kayıt no: PK-7K3M-9QX2',
      'Konu: Yol çukuru',
      'Yer: Süvari Mah., 1234. Sokak',
      'İlgili birim: Fen İşleri Müdürlüğü',
      'Hedeflenen çözüm: 30 Kasım 2026',
    ].join('\n'),
  );
});

test('a department’s text is unchanged: nothing escaped, nothing expanded', () => {
  const words = '<b>Çukur & yama "bitti"</b> {{caseNumber}} $t(help) $& $1 {{callCentre}}';
  const text = say('tr', 'resolved', { caseNumber: 'PK-1', department: 'Fen İşleri', words });
  expect(text).toBe(`PK-1 numaralı kaydınız sonuçlandı.\nBirim: Fen İşleri\nAçıklama: ${words}`);
});

test('common placeholders are filled from municipality.yaml', () => {
  expect(say('tr', 'help', {})).toContain(municipality.callCentre.phone);
  expect(say('en', 'help', {})).toContain(municipality.officeHours.en);
});
