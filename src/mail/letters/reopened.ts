import type { LetterData, LetterWords } from './letter-data';

export const reopened: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: () => 'Yeniden açıldı',
  lead: ({ department, recipient, occasion }) => [
    occasion?.type === 'takenBack'
      ? 'Yönetici bu kaydı yeniden açtı; süreler yeniden başladı.'
      : 'Vatandaş sorunun çözülmediğini bildirdi; kayıt yeniden açıldı ve süreler yeniden başladı.',
    recipient.role === 'department'
      ? 'Lütfen durumu yerinde yeniden değerlendiriniz.'
      : `Görev yeniden ${department} üzerindedir; bu ileti bilginiz içindir.`,
  ],
  said: () => 'Yöneticinin gerekçesi',
};
