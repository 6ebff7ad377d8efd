import type { LetterData, LetterWords } from './letter-data';

export const withdrawn: LetterWords<LetterData> = {
  tone: 'calm',
  button: null,
  state: () => 'Vatandaş geri çekti',
  lead: () => ['Vatandaş bildirimini geri çekti; görev sona erdi ve yapılacak bir işlem kalmadı.'],
};
