import { oneLine, plainText } from '../plain-text';
import { createTemplates } from '../templates';
import type { Letter } from './compose-letter';

export interface CallRequestData {
  municipality: { readonly name: string };
  name: string | null;
  /** Digits with country code; null for citizens who hide their number behind a username. */
  phone: string | null;
  /** The citizen's open cases. */
  caseNumbers: readonly string[];
  words: readonly string[];
}

const templates = createTemplates(__dirname);

/** The one letter that names a citizen and the number: somebody has to call back. */
export function composeCallRequest(data: CallRequestData): Letter {
  const { municipality, name, phone, caseNumbers, words } = data;
  const values = {
    state: 'Vatandaş görüşmek istiyor',
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
    words: words.map(plainText).filter(text => text !== ''),
    button: null,
  };
  return {
    subject: ['Vatandaş görüşmek istiyor', caseNumbers[0]].filter(part => part).join(' · '),
    html: templates.html('letter-html', values),
    text: templates.text('letter-text', values),
  };
}
