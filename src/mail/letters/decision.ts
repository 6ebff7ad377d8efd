import type { LetterData, LetterWords } from './letter-data';

export const decision: LetterWords<LetterData> = {
  tone: 'alarm',
  button: 'Kaydı aç',
  state: () => 'Yönetici kararı bekleniyor',
  lead: ({ department }) => [
    `Vatandaş, ${department} tarafından verilen sonuçtan yeniden memnun kalmadı. Kayıt daha önce izin verilen sayıda açıldığı için bu kez kendiliğinden açılmadı.`,
    'Kaydın yeniden açılıp açılmayacağına yönetici karar verir. Karar verilmezse kayıt bekleme süresi sonunda kapanır.',
  ],
};
