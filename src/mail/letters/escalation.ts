import type { LetterData, LetterWords } from './letter-data';
import { clockName, clockTitle, isOver } from './rung-words';

export const escalation: LetterWords<LetterData> = {
  tone: 'alarm',
  button: 'Görevi aç',
  state: data => `Üst makama bildirim (${clockTitle(data)} ${isOver(data) ? 'aşıldı' : 'doluyor'})`,
  lead: data => [
    isOver(data)
      ? `${data.department} üzerindeki bu kaydın ${clockName(data)} doldu ve iş hâlâ açık.`
      : `${data.department} üzerindeki bu kaydın ${clockName(data)} dolmak üzere ve iş hâlâ açık.`,
    ...(data.rung ? [`Bildirim kademesi: ${data.rung.level}.`] : []),
    'Görevi bu bağlantıdan görebilir, işlem yapabilir veya not yazabilirsiniz.',
  ],
};
