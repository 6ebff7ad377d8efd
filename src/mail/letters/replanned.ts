import type { LetterData, LetterWords } from './letter-data';

export const replanned: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: () => 'Süreler değişti',
  lead: () => [
    'Yönetici bu kaydın önceliğini veya süresini değiştirdi; geçerli süreler aşağıdadır.',
    'Yapılan değişikliği ve gerekçesini görev sayfasında görebilirsiniz.',
  ],
};
