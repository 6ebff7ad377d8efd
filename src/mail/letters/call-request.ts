import { oneLine } from '../plain-text';
import { frameLetter, quoteOf, type Letter } from './letter-frame';

export interface CallRequestData {
  municipality: { readonly name: string };
  name: string | null;
  /** Digits with country code; null for citizens who hide their number behind a username. */
  phone: string | null;
  /** The citizen's open cases. */
  caseNumbers: readonly string[];
  words: readonly string[];
}

/** Somebody has to call a citizen back, so this letter names the citizen and the number. */
export function composeCallRequest(data: CallRequestData): Letter {
  const { municipality, name, phone, caseNumbers, words } = data;
  const state = 'Vatandaş görüşmek istiyor';
  return frameLetter({
    subject: [state, caseNumbers[0]],
    state,
    caseNumber: caseNumbers[0] ?? 'Kayıt yok',
    municipality: municipality.name,
    greeting: null,
    lead: [
      'WhatsApp hattına yazan bir vatandaş, bir görevliyle görüşmek istediğini bildirdi. Vatandaşa çağrı merkezinin numarası ve çalışma saatleri iletildi.',
      phone === null
        ? 'Vatandaşın telefon numarası WhatsApp tarafından gizlendiği için bilinmiyor; kendisinin araması beklenir.'
        : 'Uygun olduğunuzda vatandaşı arayınız.',
    ],
    tone: 'calm',
    rows: [
      ...(name === null ? [] : [{ name: 'Ad', value: oneLine(name, 80) }]),
      ...(phone === null ? [] : [{ name: 'Telefon', value: `+${phone}` }]),
      ...(caseNumbers.length > 0 ? [{ name: 'Açık kayıtlar', value: caseNumbers.join(', ') }] : []),
    ],
    quotes: [quoteOf('Vatandaşın yazdıkları', words)],
    button: null,
  });
}
