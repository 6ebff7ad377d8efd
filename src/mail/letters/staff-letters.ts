import type { Municipality } from '../../config/municipality';
import { oneLine } from '../plain-text';
import { frameLetter, type Letter, quoteOf } from './letter-frame';

export interface CallRequestData {
  municipality: { readonly name: string };
  name: string | null;
  /** Digits with country code; null for citizens with a username only. */
  phone: string | null;
  /** The citizen's open cases. */
  caseNumbers: readonly string[];
  words: readonly string[];
}

/** A call-back request. This letter contains the citizen's name and number. */
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

const MOST_NAMED = 20;

/** The findings of the comparison of records and workflows: case numbers and delivery keys. */
export interface ReconcileFindings {
  readonly restarted: readonly string[];
  readonly mailed: readonly string[];
  readonly unknown: readonly string[];
  readonly stuck: readonly string[];
}

/** Composes the letter to the operator about these findings. */
export function reconcileLetter({ name }: Pick<Municipality, 'name'>, findings: ReconcileFindings): Letter {
  const { restarted, mailed, unknown, stuck } = findings;
  const needsPerson = unknown.length + stuck.length > 0;
  const row = (title: string, found: readonly string[]): { name: string; value: string }[] =>
    found.length === 0 ? [] : [{ name: title, value: listOf(found) }];
  return frameLetter({
    subject: ['Kayıt denetimi', needsPerson ? 'bakılması gerekenler var' : 'eksikler giderildi'],
    caseNumber: 'Kayıt denetimi',
    state: needsPerson ? 'Bakılması gerekenler var' : 'Eksikler giderildi',
    municipality: name,
    greeting: null,
    lead: [
      'Kayıtlarla süren iş akışları karşılaştırıldı. Aynı bulgu için yeniden mektup gönderilmez.',
      ...(needsPerson
        ? ['Kaydı olmayan iş akışları ve gönderilemeyen iletiler kendiliğinden düzelmez; lütfen inceleyiniz.']
        : ['Bulunan eksikler giderildi; yapmanız gereken bir işlem yoktur.']),
    ],
    tone: needsPerson ? 'alarm' : 'warning',
    rows: [
      ...row('Yeniden başlatılan kayıtlar', restarted),
      ...row('Görev e-postası yeniden gönderilen kayıtlar', mailed),
      ...row('Kaydı olmayan iş akışları', unknown),
      ...row('Gönderilemeyen iletiler', stuck),
    ],
    button: null,
  });
}

function listOf(found: readonly string[]): string {
  const rest = found.length - MOST_NAMED;
  return `${found.length}: ${found.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` ve ${rest} kayıt daha` : ''}`;
}
