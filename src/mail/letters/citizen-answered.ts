import type { LetterData, LetterWords } from './letter-data';

export const citizenAnswered: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: () => 'Vatandaş yanıt verdi',
  lead: () => [
    'Vatandaş sorunuza yanıt verdi; duran hizmet süresi kaldığı yerden işlemeye başladı.',
    'Lütfen yanıtı inceleyip işe devam ediniz.',
  ],
};
