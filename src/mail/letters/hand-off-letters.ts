import { type HandOffLetter, institutionLetters } from '../../domain/case/hand-off';
import { matterRows, type PassedMatter } from '../passed-matter';
import type { Tone } from './letter-data';
import { frameLetter, type Letter, quoteOf } from './letter-frame';

export interface HandOffLetterData extends PassedMatter {
  municipality: { readonly name: string };
  recipient: string;
  /** The recipient's page; null without one. */
  link: string | null;
  /** How our desk reaches the institution. */
  contact: { phone: string; website: string | null; by: 'letter' | 'form' | 'phone' };
  /** The question of the institution or the reply to it. */
  said: string | null;
  /** What the citizen wrote later, if the letter is about that. */
  added: readonly string[];
  /** Whether the letter to the institution was refused. */
  wasRefused: boolean;
  /** Whether it is a hazard, which is passed on at any hour. */
  urgent: boolean;
}

interface Text {
  state: string;
  lead: (data: HandOffLetterData) => string[];
  tone: Tone;
  button: string;
  said?: string;
}

const TO_DESK = 'Bu bağlantı yalnızca bu iletim içindir. Lütfen başkasına iletmeyiniz.';
const TO_INSTITUTION =
  'Bu bağlantı yalnızca bu kayıt içindir ve oturum açmayı gerektirmez. Lütfen yalnızca konuyla ilgilenen birime iletiniz.';

const texts: Readonly<Record<HandOffLetter, Text>> = {
  matter: {
    state: 'Görev alanınızdaki bildirim',
    lead: ({ municipality }) => [
      `${municipality.name} WhatsApp hattına yapılan aşağıdaki bildirim görev alanınızda olduğu için, 3071 sayılı Kanunun 5. maddesi uyarınca size iletilmektedir.`,
      'Lütfen sayfadan işleme aldığınızı, sonucunu ya da konunun size ait olmadığını bildiriniz; yanıtınız vatandaşa aktarılır.',
    ],
    tone: 'calm',
    button: 'Bildirimi aç ve yanıtla',
  },
  reminder: {
    state: 'Hatırlatma: yanıtınız bekleniyor',
    lead: () => [
      'Daha önce ilettiğimiz aşağıdaki bildirim için henüz sonuç bildirilmedi.',
      'Lütfen sayfadan durumu bildiriniz; yanıtınız vatandaşa aktarılır.',
    ],
    tone: 'warning',
    button: 'Bildirimi aç ve yanıtla',
  },
  reply: {
    state: 'Sorunuz yanıtlandı',
    lead: () => ['Bildirimle ilgili sorunuzun yanıtı aşağıdadır. Lütfen sayfadan sonucu bildiriniz.'],
    tone: 'calm',
    button: 'Bildirimi aç ve yanıtla',
    said: 'Yanıtımız',
  },
  addition: {
    state: 'Vatandaş ekleme yaptı',
    lead: () => [
      'Daha önce ilettiğimiz bildirim için vatandaş aşağıdakini ekledi. Bildirimin şimdiki bilgileri aşağıdadır.',
    ],
    tone: 'calm',
    button: 'Bildirimi aç ve yanıtla',
  },
  recall: {
    state: 'İşlem yapmanıza gerek kalmadı',
    lead: () => [
      'Daha önce ilettiğimiz bu bildirim belediyemizce yeniden ele alındı. Tarafınızca işlem yapılmasına gerek kalmamıştır.',
    ],
    tone: 'calm',
    button: '',
  },
  pass: {
    state: 'Kuruma iletilecek bildirim',
    lead: ({ institution, contact, wasRefused }) => [
      ...(wasRefused ? [`${institution} adresi e-postayı kabul etmedi; bildirim iletilemedi.`] : []),
      `Bu bildirim ${institution} görev alanındadır. Lütfen sayfadaki hazır metni ${wayText(contact)} kuruma iletiniz ve ilettiğinizi aynı sayfadan onaylayınız.`,
      'Vatandaşa, bildiriminin görevlimizce kuruma iletileceği söylendi; onayınızla birlikte iletildiği bildirilir.',
    ],
    tone: 'warning',
    button: 'İletim sayfasını aç',
  },
  watch: {
    state: 'Kurumdan yanıt gelmedi',
    lead: ({ institution }) => [
      `${institution} bu bildirime süresinde yanıt vermedi. Lütfen kurumu arayıp durumu öğreniniz ve sayfadan bildiriniz.`,
      'Yanıt gelmezse vatandaşa kurumun yanıt vermediği bildirilir.',
    ],
    tone: 'warning',
    button: 'İletim sayfasını aç',
  },
  question: {
    state: 'Kurumun sorusu var',
    lead: ({ institution }) => [
      `${institution} bu bildirim için soru sordu. Lütfen sayfadan yanıtlayınız; gerekirse önce vatandaşı arayınız.`,
    ],
    tone: 'warning',
    button: 'Soruyu yanıtla',
    said: 'Kurumun sorusu',
  },
  additionToPass: {
    state: 'Vatandaş ekleme yaptı',
    lead: ({ institution, contact }) => [
      `Vatandaş, ${institution} görev alanındaki bildirimine ekleme yaptı. Bildirimi kuruma ilettiyseniz lütfen eklemeyi de ${wayText(contact)} iletiniz; sayfadaki hazır metin eklemeyi içerir.`,
    ],
    tone: 'warning',
    button: 'İletim sayfasını aç',
  },
};

/** Returns how our desk reaches the institution, for use inside a sentence. */
function wayText({ by, phone }: HandOffLetterData['contact']): string {
  return by === 'form' ? 'kurumun internet sitesindeki başvuru formuyla' : `telefonla (${phone})`;
}

/**
 * Composes a letter of a hand-off. The citizen's name and number are in it only if the law asks for them; letters to
 * our desk leave them and the words to the page, and a recall names the case and the subject only.
 */
export function handOffLetter(kind: HandOffLetter, data: HandOffLetterData): Letter {
  const { caseNumber, subject, institution, municipality, recipient, link, contact } = data;
  const { state, lead, tone, button, said } = texts[kind];
  const isOurs = !(institutionLetters as readonly HandOffLetter[]).includes(kind);
  const isOver = kind === 'recall';
  const photos = data.photoIds.map((id, place) => ({
    name: `Fotoğraf ${place + 1}`,
    value: 'aç',
    url: `${link}/photos/${id}`,
  }));
  const ours = [
    { name: 'Konu', value: subject },
    { name: 'Kurum', value: institution },
    { name: 'Telefon', value: contact.phone },
    ...(contact.website === null ? [] : [{ name: 'Site', value: contact.website, url: contact.website }]),
  ];
  return frameLetter({
    subject: [caseNumber, state, subject, ...(isOurs ? [institution] : [])],
    caseNumber,
    state,
    municipality: municipality.name,
    greeting: recipient,
    lead: [
      ...lead(data),
      ...(data.urgent && kind === 'pass'
        ? [`Bu bir tehlike bildirimidir: lütfen mesaiyi beklemeden ${contact.phone} numarasını arayınız.`]
        : []),
    ],
    tone,
    urgent: data.urgent && (kind === 'pass' || kind === 'matter'),
    rows: isOurs ? ours : isOver ? [{ name: 'Konu', value: subject }] : [...matterRows(data), ...photos],
    quotes: [
      quoteOf(said ?? '', said && data.said ? [data.said] : []),
      quoteOf('Eklenenler', isOurs ? [] : data.added),
      quoteOf('Vatandaşın yazdıkları', isOurs || isOver ? [] : data.words),
    ],
    button: link === null ? null : { label: button, url: link, scope: isOurs ? TO_DESK : TO_INSTITUTION },
  });
}
