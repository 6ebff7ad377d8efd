import type { Municipality } from '../../config/municipality';
import { frameLetter, type Letter } from './letter-frame';

interface CallTask {
  municipality: Pick<Municipality, 'name'>;
  caseNumber: string;
  /** The subject's name, from the configuration. */
  subject: string;
  desk: string;
  /** Whether a call is the agreed way to answer, because the citizen did not report on WhatsApp. */
  isAgreed: boolean;
  /** Which of how many tries. */
  attempt: number;
  tries: number;
  link: string;
}

/**
 * Composes the task to phone a citizen, usually one whom WhatsApp did not reach. Mailboxes are shared, so the name, the
 * number and the text are on the page only.
 */
export function callLetter({ municipality, ...task }: CallTask): Letter {
  const { caseNumber, subject, desk, isAgreed, attempt, tries, link } = task;
  const state = attempt === 1 ? 'Lütfen arayınız' : 'Lütfen yeniden arayınız';
  return frameLetter({
    subject: [state, caseNumber, subject],
    caseNumber,
    state,
    municipality: municipality.name,
    greeting: desk,
    lead: [
      isAgreed
        ? 'Bu kayıt WhatsApp dışından geldi; yanıtın telefonla verilmesi gerekiyor.'
        : 'Bu kayıtla ilgili bilgi, vatandaşa WhatsApp ile ulaştırılamadı.',
      'Lütfen vatandaşı telefonla arayıp sayfadaki metni okuyunuz ve sonucu aynı sayfadan bildiriniz.',
      ...(attempt === tries ? ['Bu son denemedir; ulaşılamazsa durum kayda not edilir.'] : []),
    ],
    tone: attempt === 1 ? 'calm' : 'warning',
    rows: [
      { name: 'Konu', value: subject },
      { name: 'Deneme', value: `${attempt} / ${tries}` },
    ],
    button: {
      label: 'Arama sayfasını aç',
      url: link,
      scope:
        'Bu bağlantı yalnızca bu arama içindir; vatandaşın adını ve numarasını gösterir. Lütfen paylaşmayınız.',
    },
  });
}
