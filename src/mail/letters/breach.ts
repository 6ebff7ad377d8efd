import type { LetterData, LetterWords } from './letter-data';
import { clockName, clockTitle } from './rung-words';

export const breach: LetterWords<LetterData> = {
  tone: 'alarm',
  button: 'Görevi aç',
  state: data => `Süre aşıldı (${clockTitle(data)})`,
  lead: data => [
    `${data.department} üzerindeki bu kaydın ${clockName(data)} doldu.`,
    'Görevi bu bağlantıdan siz de görebilir, işlem yapabilir veya not yazabilirsiniz.',
  ],
};
