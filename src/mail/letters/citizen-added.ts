import type { LetterData, LetterWords } from './letter-data';

export const citizenAdded: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: () => 'Vatandaş ekleme yaptı',
  lead: () => ['Vatandaş açık kaydına yeni bilgi ekledi. Süreler değişmedi.'],
  quoted: 'Eklenenler',
};
