import type { Municipality } from '../../config/municipality';
import type { AccountNotice, NoticeField } from '../../store/account-notice-records';
import { oneLine } from '../../domain/plain-text';
import { dateText, dayText } from '../case-text';
import { frameLetter, type Letter, quoteOf } from './letter-frame';

export interface CallRequestData {
  municipality: { readonly name: string };
  /** The masked name, and the masked number; null for citizens with a username only. */
  name: string | null;
  phone: string | null;
  /** The recipient's page, which shows both. */
  link: string;
  /** The citizen's open cases. */
  caseNumbers: readonly string[];
  /** The citizen's cases at institutions, how far they are, and our page of those that are still watched. */
  handedOff: readonly { state: string; link: string | null }[];
  words: readonly string[];
  /** Whether the citizen reported people in danger. */
  isAlarm: boolean;
}

/** Composes a call-back request. Mailboxes are shared, so name and number are on the page only. */
export function composeCallRequest(data: CallRequestData): Letter {
  const { municipality, name, phone, link, caseNumbers, handedOff, words, isAlarm } = data;
  const state = isAlarm ? 'Can güvenliği bildirimi' : 'Vatandaş görüşmek istiyor';
  return frameLetter({
    subject: [state, caseNumbers[0]],
    state,
    caseNumber: caseNumbers[0] ?? 'Kayıt yok',
    municipality: municipality.name,
    greeting: null,
    lead: [
      isAlarm
        ? 'WhatsApp hattına yazan bir vatandaş, insanların tehlikede olduğunu bildirdi. Kendisine hemen 112’yi araması söylendi; kayıt açılmadı. 112’nin arandığından emin olunuz.'
        : 'WhatsApp hattına yazan bir vatandaş, bir görevliyle görüşmek istediğini bildirdi. Vatandaşa çağrı merkezinin numarası ve çalışma saatleri iletildi.',
      phone === null
        ? 'Vatandaşın telefon numarası WhatsApp tarafından gizlendiği için bilinmiyor; kendisinin araması beklenir.'
        : isAlarm
          ? 'Vatandaşı hemen arayınız; numarası aşağıdaki sayfadadır.'
          : 'Uygun olduğunuzda vatandaşı arayınız; numarası aşağıdaki sayfadadır.',
    ],
    tone: 'calm',
    urgent: isAlarm,
    rows: [
      ...(name === null ? [] : [{ name: 'Ad', value: oneLine(name, 80) }]),
      ...(phone === null ? [] : [{ name: 'Telefon', value: phone }]),
      ...(caseNumbers.length > 0 ? [{ name: 'Açık kayıtlar', value: caseNumbers.join(', ') }] : []),
      ...handedOff.map(({ state: value, link }) => ({
        name: 'Kurumdaki kayıt',
        value,
        ...(link !== null && { url: link }),
      })),
    ],
    quotes: [quoteOf('Vatandaşın yazdıkları', words)],
    button: {
      label: 'Arama sayfasını aç',
      url: link,
      scope:
        'Bu bağlantı yalnızca bu arama içindir; vatandaşın adını ve numarasını gösterir, her açılışı kaydedilir. Lütfen paylaşmayınız.',
    },
  });
}

/** A request of a citizen about personal data. */
export interface DataRequest {
  readonly id: string;
  readonly requestedAt: Date;
  readonly dueBy: Date;
  readonly state: 'asked' | 'approved' | 'refused' | 'waiting' | 'done';
}

const requestStates = {
  asked: 'Kararınız bekleniyor',
  approved: 'Onaylandı, yerine getiriliyor',
  refused: 'Reddedildi',
  waiting: 'Açık kayıt veya saklama kararı nedeniyle bekliyor',
  done: 'Yerine getirildi',
} as const satisfies Record<DataRequest['state'], string>;

const requestHeadings = {
  asked: { state: 'Kişisel verilerin silinmesi istendi', tone: 'calm' },
  near: { state: 'Silme isteğinin süresi doluyor', tone: 'warning' },
  late: { state: 'Silme isteğinin süresi geçti', tone: 'alarm' },
} as const;

/**
 * Composes the letter to the data protection officer about a request for erasure. It names nobody. `page` is the
 * request's staff page.
 */
export function requestLetter(
  { name, timeZone }: Pick<Municipality, 'name' | 'timeZone'>,
  { id, requestedAt, dueBy, state }: DataRequest,
  { news, page, now }: { news: keyof typeof requestHeadings; page: string; now: number },
): Letter {
  const { state: heading, tone } = requestHeadings[news];
  return frameLetter({
    subject: [heading, id],
    caseNumber: `İstek ${id}`,
    state: heading,
    municipality: name,
    greeting: null,
    lead: [
      'Bir vatandaş, WhatsApp hattında kişisel verilerinin silinmesini istedi ve isteğini düğmeyle onayladı (6698 sayılı Kanun, madde 11). İstek en geç 30 gün içinde sonuçlandırılır (madde 13).',
      'Nelerin silineceğini ve nelerin kalması gerektiğini istek sayfasında görür, kararınızı orada verirsiniz. Kararınız vatandaşa hattan bildirilir.',
    ],
    tone,
    rows: [
      { name: 'İstek tarihi', value: dateText(requestedAt.getTime(), timeZone) },
      {
        name: 'Son gün',
        value: `${dateText(dueBy.getTime(), timeZone)} (${dayText(dueBy.getTime(), now, timeZone)})`,
      },
      { name: 'Durum', value: requestStates[state] },
      { name: 'Komutla', value: `admin requests show ${id}` },
    ],
    button: {
      label: 'İsteği aç',
      url: page,
      scope: 'Sayfa görevli girişiyle açılır; açmak hiçbir şeyi silmez.',
    },
  });
}

const MOST_NAMED = 20;

/** The findings of the comparison of records and workflows: case numbers and delivery keys. */
export interface ReconcileFindings {
  readonly restarted: readonly string[];
  readonly called: readonly string[];
  readonly watched: readonly string[];
  readonly rewritten: readonly string[];
  readonly mailed: readonly string[];
  readonly silent: readonly string[];
  readonly unknown: readonly string[];
  readonly stuck: readonly string[];
}

/** Composes the letter to the operator about these findings. */
export function reconcileLetter({ name }: Pick<Municipality, 'name'>, findings: ReconcileFindings): Letter {
  const { restarted, called, watched, rewritten, mailed, unknown, silent, stuck } = findings;
  const needsPerson = unknown.length + silent.length + stuck.length > 0;
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
      ...(unknown.length > 0
        ? [
            'Kaydı ve vatandaşı bilinmeyen iş akışlarını “admin orphan” komutu gösterir, kaydeder veya sonlandırır.',
          ]
        : []),
    ],
    tone: needsPerson ? 'alarm' : 'warning',
    rows: [
      ...row('Yeniden başlatılan kayıtlar', restarted),
      ...row('Vatandaş araması sürdürülen kayıtlar', called),
      ...row('Kuruma iletimi sürdürülen kayıtlar', watched),
      ...row('İş akışından yeniden yazılan kayıtlar', rewritten),
      ...row('Görev e-postası yeniden gönderilen kayıtlar', mailed),
      ...row('Kaydı olmayan iş akışları', unknown),
      ...row('Yanıt vermeyen iş akışları', silent),
      ...row('Gönderilemeyen iletiler', stuck),
    ],
    button: null,
  });
}

function listOf(found: readonly string[]): string {
  const rest = found.length - MOST_NAMED;
  return `${found.length}: ${found.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` ve ${rest} kayıt daha` : ''}`;
}

/** The topic of a notice from Meta and the advice for the operator, by webhook field. */
const noticeTexts: Readonly<Record<NoticeField, { topic: string; advice: string }>> = {
  message_template_status_update: {
    topic: 'Mesaj şablonunun durumu değişti',
    advice:
      'WhatsApp Manager’da şablonu açınız. Reddedildiyse metni düzeltip yeniden onaya gönderiniz; duraklatıldıysa süre dolunca kendiliğinden açılır, bu sırada genel şablon kullanılır. Devre dışı kaldıysa aynı içerikle yeni bir ad altında şablon oluşturunuz.',
  },
  message_template_quality_update: {
    topic: 'Mesaj şablonunun kalite puanı değişti',
    advice:
      'Vatandaşlar bu mesajları engelliyor veya şikâyet ediyor olabilir. Metnin açık ve gerekli olduğunu kontrol ediniz; puan düşmeye devam ederse şablon duraklatılır.',
  },
  message_template_components_update: {
    topic: 'Mesaj şablonunun içeriği değişti',
    advice:
      '“admin templates” çıktısıyla WhatsApp Manager’daki metni karşılaştırınız; alanlar uyuşmazsa mesajlar gönderilemez.',
  },
  template_category_update: {
    topic: 'Mesaj şablonunun kategorisi değişti',
    advice:
      'Pazarlama kategorisindeki mesajlar daha pahalıdır ve vatandaş tarafından kapatılabilir. Metni tanıtım ifadelerinden arındırıp hizmet (UTILITY) kategorisi için itiraz ediniz.',
  },
  phone_number_quality_update: {
    topic: 'Hattın kalitesi veya gönderim sınırı değişti',
    advice:
      'WhatsApp Manager’da hattın kalite puanına bakınız. Puan düşükse gereksiz bilgilendirmeleri azaltınız; yedi gün içinde düzelmezse günlük gönderim sınırı düşer.',
  },
  phone_number_name_update: {
    topic: 'Görünen ad başvurusu sonuçlandı',
    advice: 'Ad reddedildiyse WhatsApp Manager’da kurumun resmî adıyla yeniden başvurunuz.',
  },
  account_update: {
    topic: 'WhatsApp hesabının durumu değişti',
    advice:
      'WhatsApp Manager’da “Hesap kalitesi” sayfasını açınız, gerekçeyi okuyup inceleme isteyiniz. Kısıtlama sürerken gönderilemeyen mesajlar bekletilir ve ulaşılamayan vatandaşların aranması istenir.',
  },
  account_alerts: {
    topic: 'WhatsApp hesabıyla ilgili uyarı',
    advice: 'Uyarının açıklamasını okuyup WhatsApp Manager’da istenen işlemi yapınız.',
  },
  account_review_update: {
    topic: 'WhatsApp hesabının incelemesi sonuçlandı',
    advice: 'Hesap reddedildiyse WhatsApp Manager’da gerekçeyi okuyup yeniden inceleme isteyiniz.',
  },
  business_capability_update: {
    topic: 'Günlük gönderim sınırı değişti',
    advice:
      'Sınır düşükse işletme doğrulamasını tamamlayınız; sınırı aşan bilgilendirmeler ertesi güne kalır.',
  },
  security: {
    topic: 'Hattın güvenlik ayarı değişti',
    advice:
      'İki adımlı doğrulama kodunu siz değiştirmediyseniz hemen WhatsApp Manager’dan yeni kod belirleyiniz ve erişimi olan kullanıcıları gözden geçiriniz.',
  },
  user_preferences: { topic: 'Vatandaşın tercihi değişti', advice: 'Yapmanız gereken bir işlem yoktur.' },
  flows: { topic: 'WhatsApp formunun durumu değişti', advice: 'Yapmanız gereken bir işlem yoktur.' },
};

/** Composes the letter that revokes an alarm about an undelivered message. */
export function arrivalLetter({ name }: Pick<Municipality, 'name'>, caseNumber: string): Letter {
  const state = 'Mesaj vatandaşa ulaştı';
  return frameLetter({
    subject: [state, caseNumber],
    caseNumber,
    state,
    municipality: name,
    greeting: null,
    lead: [
      'Daha önce ulaştırılamadığı bildirilen mesajın vatandaşın telefonuna ulaştığı WhatsApp tarafından bildirildi. Yapmanız gereken bir işlem yoktur.',
    ],
    tone: 'calm',
    rows: [],
    button: null,
  });
}

/** Composes the answer to a department that asked for a new link to a task it no longer has. */
export function taskGoneLetter(
  { name }: Pick<Municipality, 'name'>,
  { caseNumber, department, ended }: { caseNumber: string; department: string; ended: boolean },
): Letter {
  const state = 'Görev sizde değil';
  return frameLetter({
    subject: [caseNumber, state],
    caseNumber,
    state,
    municipality: name,
    greeting: department,
    lead: [
      'Bu kaydın eski bir bağlantısından yeni bağlantı istendi.',
      ended
        ? 'Kayıt sonuçlandığı için yeni bağlantı gönderilmedi; yapılacak bir işlem kalmadı.'
        : 'Görev başka bir birime geçtiği için yeni bağlantı gönderilmedi; yapılacak bir işlem kalmadı.',
    ],
    tone: 'calm',
    rows: [],
    button: null,
  });
}

/** Composes the letter to the operator with a mail that came back to the line's address. */
export function returnedLetter(
  { name }: Pick<Municipality, 'name'>,
  mail: {
    kind: 'bounce' | 'automatic' | 'reply';
    from: string;
    subject: string;
    words: string;
    caseNumber: string | null;
    recipient: string | null;
  },
): Letter {
  const state = returnedTitles[mail.kind];
  const row = (title: string, value: string | null): { name: string; value: string }[] =>
    value ? [{ name: title, value: oneLine(value, 200) }] : [];
  return frameLetter({
    subject: [state, mail.caseNumber],
    caseNumber: mail.caseNumber ?? 'E-posta',
    state,
    municipality: name,
    greeting: null,
    lead: [
      mail.kind === 'bounce'
        ? 'Aşağıdaki alıcıya gönderilen e-posta teslim edilemedi. Adresi kontrol ediniz ve ilgiliyi başka yoldan bilgilendiriniz.'
        : 'Hattın adresine aşağıdaki e-posta geldi. Hat bu gönderene yanıt vermez; gerekiyorsa siz yanıtlayınız.',
    ],
    tone: mail.kind === 'bounce' ? 'alarm' : 'calm',
    rows: [
      ...row('Gönderen', mail.from),
      ...row('Konu', mail.subject),
      ...row('Mektubun alıcısı', mail.recipient),
    ],
    quotes: [quoteOf('E-posta', [mail.words])],
    button: null,
  });
}

const returnedTitles = {
  bounce: 'E-posta teslim edilemedi',
  automatic: 'Otomatik e-posta yanıtı',
  reply: 'E-posta yanıtı',
} as const;

/** Composes the letter to the operator about a notice from Meta. */
export function noticeLetter({ name }: Pick<Municipality, 'name'>, notice: AccountNotice): Letter {
  const { field, about, event, details, severity } = notice;
  const { topic, advice } = noticeTexts[field];
  const row = (title: string, value: string | null): { name: string; value: string }[] =>
    value === null ? [] : [{ name: title, value: oneLine(value, 200) }];
  return frameLetter({
    subject: [topic, ...(about === null ? [] : [oneLine(about, 60)]), oneLine(event, 60)],
    caseNumber: 'WhatsApp',
    state: topic,
    municipality: name,
    greeting: null,
    lead: [`Meta, belediyenin WhatsApp hesabıyla ilgili bir değişiklik bildirdi. ${advice}`],
    tone: severity === 'alarm' ? 'alarm' : 'warning',
    rows: [...row('Konu', about), ...row('Meta’nın bildirdiği durum', event), ...row('Ayrıntı', details)],
    button: null,
  });
}

/** Composes the letter with a link that signs a member of staff in once. */
export function signInLetter(
  { name }: Pick<Municipality, 'name'>,
  { to, url, minutes }: { to: string; url: string; minutes: number },
): Letter {
  const state = 'Görevli sayfalarına giriş';
  return frameLetter({
    subject: [state],
    caseNumber: 'Giriş bağlantısı',
    state,
    municipality: name,
    greeting: to,
    lead: [
      `Görevli sayfalarına giriş için aşağıdaki bağlantıyı açınız. Bağlantı ${minutes} dakika geçerlidir ve bir kez kullanılır.`,
      'Girişi siz istemediyseniz bu e-postayı siliniz; bağlantı açılmadıkça bir işlem yapılmaz.',
    ],
    tone: 'calm',
    rows: [],
    button: {
      label: 'Giriş yap',
      url,
      scope: 'Bu bağlantı yalnızca sizin içindir. Lütfen kimseye iletmeyiniz.',
    },
  });
}
