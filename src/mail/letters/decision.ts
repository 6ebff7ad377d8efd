import { momentText } from '../due-words';
import type { LetterData, LetterWords } from './letter-data';

export const decision: LetterWords<LetterData> = {
  tone: 'alarm',
  button: 'Kaydı aç',
  state: () => 'Yönetici kararı bekleniyor',
  lead: ({ department, closeAt, municipality }) => [
    `Vatandaş, ${department} tarafından verilen sonuçtan yeniden memnun kalmadı. Kayıt izin verilen sayıda yeniden açıldığı için bu kez kendiliğinden açılmadı.`,
    closeAt === null
      ? 'Kaydın yeniden açılıp açılmayacağına karar vermeniz beklenmektedir.'
      : `Kaydın yeniden açılıp açılmayacağına karar vermeniz beklenmektedir. Karar verilmezse kayıt ${momentText(closeAt, municipality.timeZone)} tarihinde kapanır.`,
  ],
  said: () => 'Müdürlüğün son yanıtı',
};
