import type { LetterData, LetterWords } from './letter-data';

function waitWords({ occasion }: LetterData): string {
  if (occasion?.type !== 'paused') return 'Bu kayıtta beklenen yanıt gelmedi.';
  switch (occasion.stage) {
    case 'waitingCitizen':
      return 'Vatandaş sorunuza yanıt vermedi.';
    case 'waitingInstitution':
      return 'Kurumdan beklenen yanıt veya işlem gelmedi.';
    case 'duplicate':
      return 'Bağlı olduğu kayıt sonuçlanmadı.';
  }
}

export const holdEnded: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: () => 'Bekleme süresi doldu',
  lead: data => [
    `${waitWords(data)} En uzun bekleme süresi doldu; hizmet süresi kaldığı yerden işlemeye başladı.`,
    'Lütfen işi eldeki bilgilerle sürdürünüz, sonuçlandırınız ya da gerekçesiyle yeniden beklemeye alınız.',
  ],
  said: ({ occasion }) =>
    occasion?.type === 'paused' && occasion.stage === 'waitingCitizen'
      ? 'Yanıt bekleyen soru'
      : 'Bekleme notu',
};
