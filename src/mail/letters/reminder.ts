import type { LetterData, LetterWords } from './letter-data';
import { clockName, clockTitle } from './rung-words';

export const reminder: LetterWords<LetterData> = {
  tone: 'warning',
  button: 'Görevi aç',
  state: data => `Süre azalıyor (${clockTitle(data)})`,
  lead: data => [
    `Bu kaydın ${clockName(data)} dolmak üzere.`,
    'İş tamamlandıysa görev sayfasında sonuçlandırınız; sürüyorsa durumu not olarak yazabilirsiniz.',
  ],
};
