import { roleWords } from '../../domain/case-words';
import type { LetterWords, OperatorAlertData } from './letter-data';

export const operatorAlert: LetterWords<OperatorAlertData> = {
  tone: 'alarm',
  button: null,
  state: () => 'Bildirim ulaştırılamadı',
  lead: ({ caseNumber, undelivered, to }) => [
    to === 'citizen'
      ? 'Vatandaşa gönderilen WhatsApp mesajı ulaştırılamadı. Vatandaşı telefonla bilgilendirmek gerekebilir.'
      : `Göreve ilişkin e-posta (alıcı: ${roleWords[to]}) ulaştırılamadı. Alıcının adresini kontrol ediniz ve ilgiliyi başka yoldan bilgilendiriniz.`,
    `Kayıt: ${caseNumber}, gönderi sırası: ${undelivered}.`,
  ],
};
