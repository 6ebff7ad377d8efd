import type { LetterData, LetterWords } from './letter-data';

export const task: LetterWords<LetterData> = {
  tone: 'calm',
  button: 'Görevi aç',
  state: ({ stage }) => (stage === 'triage' ? 'Yönlendirme bekliyor' : 'Yeni görev'),
  lead: ({ stage, department }) =>
    stage === 'triage'
      ? [
          'Bu bildirimin hangi müdürlüğü ilgilendirdiği kesin olarak belirlenemedi.',
          'Lütfen görev sayfasında ilgili müdürlüğe yönlendiriniz ya da vatandaşa yanıt veriniz.',
        ]
      : [
          `${department} için yeni bir vatandaş bildirimi var.`,
          'Lütfen görev sayfasında işi kabul ediniz; size ait değilse ilgili müdürlüğe yönlendiriniz.',
        ],
};
