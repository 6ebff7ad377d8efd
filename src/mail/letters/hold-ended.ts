import type { LetterData, LetterWords } from './letter-data';

export const holdEnded: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: () => 'Bekleme süresi doldu',
  lead: () => [
    'Bu kayıtta bir yanıt veya işlem bekleniyordu; en uzun bekleme süresi doldu ve hizmet süresi kaldığı yerden işlemeye başladı.',
    'Lütfen işi eldeki bilgilerle sürdürünüz, sonuçlandırınız ya da gerekçesiyle yeniden beklemeye alınız.',
  ],
};
