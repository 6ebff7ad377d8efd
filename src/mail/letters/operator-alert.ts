import { roleWords } from '../../domain/case/case-labels';
import type { LetterWords, OperatorAlertData } from './letter-data';

function fallbackWords({ fallback }: OperatorAlertData): string[] {
  if (!fallback) return [];
  const { name, state } = fallback;
  switch (state) {
    case 'sent':
      return [`Aynı e-posta yedek adrese gönderildi: ${name}.`];
    case 'refused':
      return [`Yedek adres de e-postayı kabul etmedi: ${name}.`];
    case 'waiting':
      return [`Yedek adrese gönderim deneniyor: ${name}.`];
  }
}

export const operatorAlert: LetterWords<OperatorAlertData> = {
  tone: 'alarm',
  button: null,
  state: () => 'Bildirim ulaştırılamadı',
  lead: data => [
    data.to === 'citizen'
      ? 'Vatandaşa gönderilen WhatsApp mesajı ulaştırılamadı. Vatandaşı telefonla bilgilendirmek gerekebilir.'
      : `Göreve ilişkin e-posta (alıcı: ${roleWords[data.to]}) ulaştırılamadı. Alıcının adresini kontrol ediniz ve ilgiliyi başka yoldan bilgilendiriniz.`,
    ...fallbackWords(data),
    data.undelivered === null
      ? `Konu: ${data.caseNumber}.`
      : `Kayıt: ${data.caseNumber}, gönderi sırası: ${data.undelivered}.`,
  ],
};
