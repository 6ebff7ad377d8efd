import type { LetterData, LetterWords } from './letter-data';

export const handOver: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: () => 'Görev size devredildi',
  lead: ({ department }) => [
    `${department} üzerindeki bu görevi bir çalışma arkadaşınız size devretti.`,
    'Görevi aşağıdaki bağlantıdan yürütebilirsiniz; süreler işlemeye devam eder.',
  ],
  said: () => 'Çalışma arkadaşınızın notu',
};
