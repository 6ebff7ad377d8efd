import type { LetterData, LetterWords } from './letter-data';

export const task: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: ({ stage, occasion }) => {
    if (stage === 'triage') return 'Yönlendirme bekliyor';
    return occasion === null ? 'Yeni görev' : 'Size yönlendirilen görev';
  },
  lead: ({ stage, department, occasion }) => {
    if (stage === 'triage') {
      return [
        'Bu bildirimin hangi müdürlüğü ilgilendirdiği kesin olarak belirlenemedi.',
        'Lütfen görev sayfasında ilgili müdürlüğe yönlendiriniz ya da vatandaşa yanıt veriniz.',
      ];
    }
    return [
      occasion === null
        ? `${department} için yeni bir vatandaş bildirimi var.`
        : `Bir vatandaş bildirimi ${department} birimine yönlendirildi.`,
      'Lütfen görev sayfasında işi kabul ediniz; size ait değilse ilgili müdürlüğe yönlendiriniz.',
    ];
  },
  said: () => 'Yönlendirme gerekçesi',
};
