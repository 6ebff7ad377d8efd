import type { Outcome } from './case';
import type { CaseFact, CloseReason, ReplanReason, ResumeReason } from './case-facts';
import { answerWords, clockWords, holdWords, outcomeWords, roleWords } from './case-words';

const resumeWords: Readonly<Record<ResumeReason, string>> = {
  answered: 'vatandaş yanıt verdi',
  department: 'müdürlük sürdürdü',
  separated: 'bağlı kayıt beklenmiyor',
  limit: 'bekleme süresi doldu',
};

const replanWords: Readonly<Record<ReplanReason, string>> = {
  resume: 'bekleme sonrası kalan süre',
  priority: 'öncelik değişti',
  extend: 'yönetici süreyi uzattı',
  calendar: 'takvim değişti',
};

const closeWords: Readonly<Record<CloseReason, string>> = {
  confirmed: 'Vatandaş onayıyla kapandı',
  silence: 'Yanıt gelmeden süre dolunca kapandı',
  undecided: 'Yönetici kararı gelmeden süre dolunca kapandı',
  withdrawn: 'Vatandaş geri çektiği için kapandı',
  answered: 'Yanıtla kapandı',
};

/** A line of the case's story in Turkish; departments appear by their slug. */
export function factWords(fact: CaseFact): string {
  switch (fact.type) {
    case 'opened':
      return 'Kayıt açıldı';
    case 'handedOff':
      return 'İlgili kuruma yönlendirildi';
    case 'accepted':
      return 'Müdürlük işi kabul etti';
    case 'scheduled':
      return 'Çalışma günü planlandı';
    case 'started':
      return 'Çalışma başladı';
    case 'paused':
      return `Süre durdu: ${holdWords[fact.stage]}`;
    case 'resumed':
      return `Süre sürüyor: ${resumeWords[fact.reason]}`;
    case 'handedOver':
      return 'Görev bir çalışma arkadaşına devredildi';
    case 'resolved':
      return resolutionWords(fact.outcome ?? 'resolved');
    case 'rejected':
      return 'Gerekçeyle reddedildi';
    case 'noted':
      return 'Müdürlük not ekledi';
    case 'rerouted':
      return `Yönlendirildi: ${fact.from} → ${fact.to}`;
    case 'planned':
      return 'Süreler planlandı';
    case 'citizenAdded':
      return 'Vatandaş ekleme yaptı';
    case 'replanned':
      return `Süreler yenilendi: ${replanWords[fact.reason]}`;
    case 'joined':
      return `Aynı sorunun kaydına bağlandı: ${fact.leader}`;
    case 'separated':
      return `Bağlı olduğu kayıttan ayrıldı: ${fact.leader}`;
    case 'followed':
      return `Bağlı olduğu kayıtla sonuçlandı: ${fact.leader}, ${outcomeWords[fact.outcome]}`;
    case 'memberJoined':
      return `Aynı sorunun kaydı bağlandı: ${fact.member}`;
    case 'memberLeft':
      return `Bağlı kayıt ayrıldı: ${fact.member}`;
    case 'extended':
      return 'Yönetici çözüm süresini uzattı';
    case 'reassigned':
      return `Yönetici başka müdürlüğe verdi: ${fact.from} → ${fact.to}`;
    case 'prioritised':
      return `${fact.actionId === undefined ? 'Bildirenlerin sayısıyla öncelik yükseldi' : 'Yönetici önceliği değiştirdi'}: ${fact.from.toUpperCase()} → ${fact.to.toUpperCase()}`;
    case 'escalatedByManager':
      return `Yönetici üst makama bildirdi (${roleWords[fact.to]})`;
    case 'takenBack':
      return 'Yönetici sonucu geri aldı';
    case 'managerNoted':
      return 'Yönetici not ekledi';
    case 'withdrawn':
      return 'Vatandaş bildirimini geri çekti';
    case 'surveyRepeated':
      return 'Memnuniyet yeniden soruldu';
    case 'decisionAsked':
      return `Vatandaş ${fact.count + 1}. kez memnun kalmadı, yönetici kararı istendi`;
    case 'feedback':
      return `Vatandaş: ${answerWords[fact.answer]}`;
    case 'reopened':
      return `Yeniden açıldı (${fact.count}. kez)`;
    case 'closed':
      return closeWords[fact.reason];
    case 'reminded':
      return `${clockWords[fact.clock]}: hatırlatma gönderildi`;
    case 'breached':
      return `${clockWords[fact.clock]} aşıldı, bildirildi: ${roleWords[fact.to]}`;
    case 'escalated':
      return `${clockWords[fact.clock]}: üst makama bildirildi (${roleWords[fact.to]})`;
    case 'notDelivered':
      return `Bildirim ulaştırılamadı: ${fact.recipient === 'citizen' ? 'vatandaş' : roleWords[fact.recipient]}`;
    case 'photoLost':
      return 'Fotoğraf alınamadı';
  }
}

function resolutionWords(outcome: Outcome): string {
  return outcome === 'resolved'
    ? 'Müdürlük sonuçlandırdı'
    : `Müdürlük sonuçlandırdı: ${outcomeWords[outcome]}`;
}
