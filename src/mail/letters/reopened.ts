import type { LetterData, LetterWords } from './letter-data';

export const reopened: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: () => 'Yeniden açıldı',
  lead: ({ department, recipient }) => [
    'Vatandaş sorunun çözülmediğini bildirdi; kayıt yeniden açıldı ve süreler yeniden başladı.',
    recipient.role === 'department'
      ? 'Lütfen durumu yerinde yeniden değerlendiriniz.'
      : `Görev yeniden ${department} üzerindedir; bu mektup bilginiz içindir.`,
  ],
};
