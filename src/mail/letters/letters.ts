import { factLabel, roleLabels } from '../../domain/case/case-labels';
import type { Clock } from '../../domain/sla/sla';
import { momentText } from '../case-text';
import type { LetterData, LetterDataOf, LetterText, OperatorAlertData } from './letter-data';
import {
  bindingDue,
  clockName,
  clockOf,
  frameLetter,
  isOver,
  type Letter,
  matterIn,
  quoteOf,
  rowsOf,
  shortcutsOf,
  waitText,
} from './letter-frame';

const TASK_LINK_SCOPE =
  'Bu bağlantı yalnızca sizin içindir ve yalnızca bu kaydı açar. Başkasına iletmeyiniz; görevi bir çalışma arkadaşınıza görev sayfasından devredebilirsiniz.';

/**
 * Composes a letter. The subject starts with the matter and its place, so that a phone shows them; plain text and HTML
 * are equivalent. Text of citizens and colleagues is escaped.
 */
export function composeLetter<Kind extends keyof LetterDataOf>(kind: Kind, data: LetterDataOf[Kind]): Letter {
  const words: LetterText<LetterDataOf[Kind]> = letters[kind];
  const { caseNumber, municipality } = data;
  const state = words.state(data);
  const about: LetterData | null = 'link' in data ? data : null;
  const common = {
    caseNumber,
    state,
    municipality: municipality.name,
    lead: [...words.lead(data), ...(about?.since ? [about.since] : []), ...(about ? hazardWish(about) : [])],
    tone: words.tone,
  };
  if (!about) {
    return frameLetter({ ...common, subject: [caseNumber, state], greeting: null, rows: [], button: null });
  }
  return frameLetter({
    ...common,
    subject: [matterIn(about), state, caseNumber],
    preview: about.words.join(' '),
    greeting: about.recipient.name,
    urgent: about.urgent === true,
    due: bindingDue(about),
    rows: rowsOf(about),
    quotes: [
      quoteOf(words.said?.(data) ?? '', words.said && about.said ? [about.said] : []),
      quoteOf(words.quoted ?? 'Vatandaşın yazdıkları', about.words),
    ],
    pictures: about.pictures,
    button: words.button === null ? null : { label: words.button, url: about.link, scope: TASK_LINK_SCOPE },
    shortcuts: words.button === null ? [] : shortcutsOf(about),
  });
}

/** What a hazard asks of its reader until somebody has accepted it. */
function hazardWish({ urgent, stage }: LetterData): string[] {
  if (!urgent || (stage !== 'assigned' && stage !== 'triage')) return [];
  return [
    `Bu bir tehlike bildirimidir: süreler günün her saati işler. ${
      stage === 'triage' ? 'İlk işlem yapılana' : 'Görev kabul edilene'
    } kadar uyarı yinelenir ve sıradaki görevlilere de iletilir.`,
  ];
}

const APPROACHES: Readonly<Record<Clock, string>> = {
  accept: 'dolmak üzere',
  resolve: 'dolmak üzere',
  overall: 'dolmak üzere',
  legal: 'dolmak üzere',
  plan: 'yaklaşıyor',
  objection: 'dolmak üzere',
};

function reminderWish(data: LetterData): string {
  switch (clockOf(data)) {
    case 'plan':
      return 'İş bu tarihte tamamlanamayacaksa görev sayfasında yeni tarihi gerekçesiyle bildiriniz; tamamlandıysa sonuçlandırınız.';
    case 'objection':
      return 'Lütfen itirazı kayıt sayfasında gerekçenizle karara bağlayınız.';
    case 'accept':
      return 'Lütfen görev sayfasında işi kabul ediniz; size ait değilse ilgili müdürlüğe yönlendiriniz.';
    case 'resolve':
    case 'overall':
    case 'legal':
      return 'İş tamamlandıysa görev sayfasında sonuçlandırınız; sürüyorsa durumu not olarak yazabilirsiniz.';
  }
}

function breachWish(data: LetterData): string {
  switch (clockOf(data)) {
    case 'plan':
      return 'Tarihin geçtiği vatandaşa bildirildi. Lütfen görev sayfasında işi sonuçlandırınız ya da yeni tarihi gerekçesiyle bildiriniz.';
    case 'objection':
      return 'Vatandaşın itirazı hâlâ karara bağlanmadı; kayıt karar verilene kadar açık kalır.';
    case 'accept':
    case 'resolve':
    case 'overall':
    case 'legal':
      return 'Görevi bu bağlantıdan siz de görebilir, işlem yapabilir veya not yazabilirsiniz.';
  }
}

function fallbackText({ fallback }: OperatorAlertData): string[] {
  if (!fallback) return [];
  const { name, state } = fallback;
  switch (state) {
    case 'sent':
      return [`Aynı e-posta yedek adrese gönderildi: ${name}.`];
    case 'refused':
      return [`Yedek adres de e-postayı kabul etmedi: ${name}.`];
    case 'waiting':
      return [`Yedek adrese gönderim deneniyor: ${name}.`];
  }
}

/** The texts of each kind of letter. */
const letters: { [Kind in keyof LetterDataOf]: LetterText<LetterDataOf[Kind]> } = {
  task: {
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
  },

  reminder: {
    tone: 'warning',
    button: 'Görevi aç',
    state: data => `Süre azalıyor (${clockName(data)})`,
    lead: data => [`Bu kaydın ${clockName(data)} ${APPROACHES[clockOf(data)]}.`, reminderWish(data)],
  },

  breach: {
    tone: 'alarm',
    button: 'Görevi aç',
    state: data => `Süre aşıldı (${clockName(data)})`,
    lead: data => [
      `${data.department} üzerindeki bu kaydın ${clockName(data)} ${data.rung?.clock === 'plan' ? 'geçti' : 'doldu'}.`,
      breachWish(data),
    ],
  },

  escalation: {
    tone: 'alarm',
    button: 'Görevi aç',
    state: data => `Üst makama bildirim (${clockName(data)} ${isOver(data) ? 'aşıldı' : 'doluyor'})`,
    lead: data => [
      isOver(data)
        ? `${data.department} üzerindeki bu kaydın ${clockName(data)} doldu ve iş hâlâ açık.`
        : `${data.department} üzerindeki bu kaydın ${clockName(data)} dolmak üzere ve iş hâlâ açık.`,
      ...(data.rung ? [`Bildirim kademesi: ${data.rung.level}.`] : []),
      'Görevi bu bağlantıdan görebilir, işlem yapabilir veya not yazabilirsiniz.',
    ],
  },

  citizenAdded: {
    tone: 'calm',
    button: 'Görevi aç',
    state: () => 'Vatandaş ekleme yaptı',
    lead: () => ['Vatandaş kaydına yeni bilgi ekledi. Süreler değişmedi.'],
    quoted: 'Eklenenler',
  },

  lowRating: {
    tone: 'calm',
    button: 'Kaydı aç',
    state: () => 'Düşük puanın nedeni',
    lead: () => [
      'Vatandaş, sonucu onayladıktan sonra hizmete düşük puan verdi ve nedenini bildirdi. Kayıt kapalıdır; yapılacak bir işlem kalmadı.',
    ],
    quoted: 'Bildirdiği neden',
  },

  citizenAnswered: {
    tone: 'warning',
    button: 'Görevi aç',
    state: () => 'Vatandaş yanıt verdi',
    lead: () => ['Vatandaş sorunuza yanıt verdi. Duran hizmet süresi kaldığı yerden işlemeye başladı.'],
    said: () => 'Sorunuz',
    quoted: 'Vatandaşın yanıtı',
  },

  holdEnded: {
    tone: 'warning',
    button: 'Görevi aç',
    state: () => 'Bekleme süresi doldu',
    lead: data => [
      `${waitText(data)} En uzun bekleme süresi doldu; hizmet süresi kaldığı yerden işlemeye başladı.`,
      'Lütfen işi eldeki bilgilerle sürdürünüz, sonuçlandırınız ya da gerekçesiyle yeniden beklemeye alınız.',
    ],
    said: ({ occasion }) =>
      occasion?.type === 'paused' && occasion.stage === 'waitingCitizen'
        ? 'Yanıt bekleyen soru'
        : 'Bekleme notu',
  },

  handOver: {
    tone: 'calm',
    button: 'Görevi aç',
    state: () => 'Görev size devredildi',
    lead: ({ department }) => [
      `${department} üzerindeki bu görevi bir çalışma arkadaşınız size devretti.`,
      'Görevi aşağıdaki bağlantıdan yürütebilirsiniz; süreler işlemeye devam eder.',
    ],
    said: () => 'Çalışma arkadaşınızın notu',
  },

  replanned: {
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
  },

  corrected: {
    tone: 'calm',
    button: 'Görevi aç',
    state: () => 'Kayıt düzeltildi',
    lead: ({ occasion }) => [
      `${occasion?.type === 'corrected' ? factLabel(occasion) : 'Kayıt düzeltildi'}. Kaydın şimdiki bilgileri ve süreleri aşağıdadır.`,
    ],
    said: () => 'Düzeltmenin gerekçesi',
  },

  instruction: {
    tone: 'warning',
    button: 'Görevi aç',
    state: () => 'Yöneticinin talimatı',
    lead: () => ['Yönetici bu görev için bir talimat yazdı. Süreler değişmedi.'],
    said: () => 'Talimat',
  },

  withdrawn: {
    tone: 'calm',
    button: null,
    state: () => 'Vatandaş geri çekti',
    lead: () => ['Vatandaş bildirimini geri çekti; görev sona erdi ve yapılacak bir işlem kalmadı.'],
  },

  decision: {
    tone: 'alarm',
    button: 'Kaydı aç',
    state: () => 'Yönetici kararı bekleniyor',
    lead: ({ department, closeAt, municipality }) => [
      `Vatandaş, ${department} tarafından verilen sonuçtan yeniden memnun kalmadı. Kayıt izin verilen sayıda yeniden açıldığı için bu kez kendiliğinden açılmadı.`,
      closeAt === null
        ? 'Kaydın yeniden açılıp açılmayacağına karar vermeniz beklenmektedir.'
        : `Kaydın yeniden açılıp açılmayacağına karar vermeniz beklenmektedir. Karar verilmezse kayıt ${momentText(closeAt, municipality.timeZone)} tarihinde kapanır.`,
    ],
    said: () => 'Müdürlüğün son yanıtı',
  },

  objection: {
    tone: 'warning',
    button: 'Kaydı aç',
    state: ({ recipient }) =>
      recipient.role === 'department' ? 'Sonuca itiraz edildi' : 'İtiraz: kararınız bekleniyor',
    lead: ({ department, recipient, objection }) =>
      recipient.role === 'department'
        ? [
            `Vatandaş, ${department} tarafından verilen sonuca itiraz etti. Karar verecek: ${objection?.decider ?? 'yönetici'}.`,
            'Kararda dikkate alınmasını istediğiniz bilgileri kayıt sayfasına not olarak yazabilirsiniz.',
          ]
        : [
            `Vatandaş, ${department} tarafından verilen sonuca itiraz etti; karar vermeniz beklenmektedir.`,
            'Kayıt sayfasında iki tarafın yazdıklarını ve fotoğrafları görebilir, kaydı yeniden açabilir ya da sonucu gerekçenizle uygun bulabilirsiniz. Kararınız vatandaşa bildirilir; karar verilmeden kayıt kapanmaz.',
          ],
    said: () => 'Müdürlüğün son yanıtı',
  },

  confirmed: {
    tone: 'calm',
    button: null,
    state: () => 'İtiraz reddedildi',
    lead: ({ department }) => [
      `Vatandaşın ${department} sonucuna itirazı değerlendirildi; sonuç uygun bulundu. Yapılacak bir işlem kalmadı.`,
    ],
    said: () => 'Kararın gerekçesi',
  },

  reopened: {
    tone: 'warning',
    button: 'Görevi aç',
    state: () => 'Yeniden açıldı',
    lead: ({ department, recipient, occasion }) => [
      occasion?.type === 'takenBack'
        ? 'Yönetici bu kaydı yeniden açtı; süreler yeniden başladı.'
        : occasion?.type === 'overturned'
          ? 'Vatandaşın sonuca itirazı kabul edildi; kayıt yeniden açıldı ve süreler yeniden başladı.'
          : occasion?.type === 'returned'
            ? 'Kurum, konunun kendi görev alanında olmadığını bildirdi; kayıt yeniden açıldı ve vatandaşa bildirildi.'
            : 'Vatandaş sorunun çözülmediğini bildirdi; kayıt yeniden açıldı ve süreler yeniden başladı.',
      recipient.role === 'department'
        ? 'Lütfen durumu yerinde yeniden değerlendiriniz.'
        : `Görev yeniden ${department} üzerindedir; bu ileti bilginiz içindir.`,
    ],
    said: ({ occasion }) => (occasion?.type === 'returned' ? 'Kurumun açıklaması' : 'Yöneticinin gerekçesi'),
  },

  answerUndone: {
    tone: 'calm',
    button: null,
    state: () => 'Vatandaş yanıtını geri aldı',
    lead: ({ department }) => [
      `Vatandaş “çözülmedi” yanıtını geri aldı; ${department} tarafından verilen sonuç geçerlidir ve vatandaşa yeniden soruldu. Yapılacak bir işlem kalmadı.`,
    ],
  },

  called: {
    tone: 'calm',
    button: 'Görevi aç',
    state: () => 'Vatandaş telefonda konuştu',
    lead: () => [
      'WhatsApp mesajı ulaştırılamadığı için vatandaş telefonla arandı; söyledikleri kayda not edildi.',
      'Vatandaşın yanıtı bekleniyorsa süre yeniden işlemektedir.',
    ],
    said: () => 'Vatandaşın söyledikleri',
  },

  newLink: {
    tone: 'calm',
    button: 'Görevi aç',
    state: () => 'Yeni bağlantı',
    lead: ({ department }) => [
      `${department} üzerindeki bu kaydın geçerliliğini yitirmiş bir bağlantısından yeni bağlantı istendi. Görevi aşağıdaki bağlantıdan açabilirsiniz; süreler değişmedi.`,
      'Yeni bağlantılar yalnızca müdürlüğün kendi e-posta adresine gönderilir. İsteği siz yapmadıysanız bir işlem yapmanız gerekmez.',
    ],
  },

  alarm: {
    tone: 'alarm',
    button: 'Görevi aç',
    state: () => 'Tehlike bildirimi kabul bekliyor',
    lead: ({ stage, department, recipient }) => [
      recipient.role === 'department'
        ? 'Tehlike bildiren bu kayıt için henüz kimse harekete geçmedi.'
        : `Tehlike bildiren bu kayıt için ${department} ve nöbetçiler henüz harekete geçmedi; sıra sizdedir.`,
      stage === 'triage'
        ? 'Lütfen görev sayfasında hemen ilgili müdürlüğe yönlendiriniz.'
        : 'Lütfen görev sayfasında hemen kabul ediniz ve ekibi yönlendiriniz.',
    ],
  },

  operatorAlert: {
    tone: 'alarm',
    button: null,
    state: () => 'Bildirim ulaştırılamadı',
    lead: data => [
      `Göreve ilişkin e-posta (alıcı: ${roleLabels[data.to]}) ulaştırılamadı. Alıcının adresini kontrol ediniz ve ilgiliyi başka yoldan bilgilendiriniz.`,
      ...fallbackText(data),
      data.undelivered === null
        ? `Konu: ${data.caseNumber}.`
        : `Kayıt: ${data.caseNumber}, gönderi sırası: ${data.undelivered}.`,
    ],
  },

  sendingPaused: {
    tone: 'alarm',
    button: null,
    state: () => 'Mesaj gönderimi durdu',
    lead: ({ reason }) => [
      `WhatsApp, hattın erişim anahtarı veya hesabı nedeniyle mesaj kabul etmiyor (Meta hata kodu ${reason}). Vatandaşlara gidecek bütün mesajlar bekletiliyor; hiçbiri kaybolmaz.`,
      'Lütfen Meta Business yönetim sayfasında erişim anahtarını, yetkileri, ödeme yöntemini ve hesabın durumunu kontrol ediniz. Anahtar yenilendiyse WHATSAPP_ACCESS_TOKEN değerini güncelleyip worker süreçlerini yeniden başlatınız.',
      'Hat en geç beş dakikada bir yeniden dener ve sorun giderilince gönderime kendiliğinden devam eder.',
    ],
  },
};
