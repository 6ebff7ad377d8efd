import type { LetterData } from '../../src/mail/letters/letter-data';
import { HOUR } from './cases';

/** Tuesday 24 November 2026, 14:00 in Istanbul. */
export const letterTime = Date.parse('2026-11-24T14:00+03:00');

export const town = { name: 'Etimesgut Belediyesi', timeZone: 'Europe/Istanbul' };

/** A typical task with all letter data except photos. */
export const letterData: LetterData = {
  municipality: town,
  now: letterTime,
  caseNumber: 'PK-7K2M-9QRT',
  subject: 'Yol çukuru',
  department: 'Fen İşleri Müdürlüğü',
  neighbourhood: 'Süvari',
  address: 'Süvari Mah., 1234. Sokak',
  placeNotes: [],
  place: { latitude: 39.947121, longitude: 32.633214, name: 'Süvari İlkokulu', address: '1234. Sokak No: 5' },
  words: ['Süvari mahallesi 1234. sokakta çukur var', 'Okulun önü'],
  photos: 0,
  pictures: [],
  others: 0,
  occasion: null,
  said: null,
  callBack: null,
  stage: 'assigned',
  acceptBy: letterTime + 3 * HOUR,
  resolveBy: letterTime + 75 * HOUR,
  legalBy: letterTime + 30 * 24 * HOUR,
  plannedFor: null,
  programme: null,
  objection: null,
  pauseLimitAt: null,
  closeAt: null,
  recipient: { name: 'Fen İşleri Müdürlüğü', role: 'department' },
  link: 'https://bildirim.example.org/t/k1.mac.random',
};
