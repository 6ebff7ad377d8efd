import type { LetterData, LetterWords } from './letter-data';

export const replanned: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: ({ occasion }) =>
    occasion?.type === 'prioritised' ? 'Öncelik ve süreler değişti' : 'Süreler değişti',
  lead: ({ occasion }) => [
    occasion?.type === 'prioritised'
      ? `${
          occasion.actionId === undefined
            ? 'Aynı sorunu bildirenlerin sayısı arttığı için bu kaydın önceliği yükseltildi'
            : 'Yönetici bu kaydın önceliğini değiştirdi'
        }; süreler yeni önceliğe göre yeniden belirlendi.`
      : 'Yönetici bu kaydın çözüm süresini değiştirdi.',
  ],
  said: () => 'Yöneticinin gerekçesi',
};
