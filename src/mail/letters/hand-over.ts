import type { LetterData, LetterWords } from './letter-data';

export const handOver: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: () => 'Görev size devredildi',
  lead: ({ department }) => [
    `${department} üzerindeki bu görev, bir çalışma arkadaşınız tarafından size devredildi.`,
    'Bağlantı size özeldir; görevi bu bağlantıdan yürütebilirsiniz.',
  ],
};
