import type { LetterData, LetterWords } from './letter-data';

export const citizenAnswered: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: () => 'Vatandaş yanıt verdi',
  lead: () => ['Vatandaş sorunuza yanıt verdi. Duran hizmet süresi kaldığı yerden işlemeye başladı.'],
  said: () => 'Sorunuz',
  quoted: 'Vatandaşın yanıtı',
};
