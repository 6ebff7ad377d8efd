import type { Due } from './case-clocks';
import type { CaseState, FeedbackAnswer, HoldStage, Outcome, Stage } from './case';
import type { Clock, ReplanReason, Role, SlaState, Step } from '../sla/sla';
import type {
  CaseEffect,
  CaseFact,
  CaseNews,
  CitizenNews,
  CloseReason,
  LetterKind,
  ResumeReason,
} from './case-events';

/** Turkish words for managers: what the Temporal UI shows of a case. Names come from the configuration. */
export const stageWords: Readonly<Record<Stage, string>> = {
  received: 'Alındı',
  triage: 'Yönlendirme bekliyor',
  assigned: 'Müdürlüğe iletildi',
  accepted: 'İşleme alındı',
  inProgress: 'Çalışma sürüyor',
  scheduled: 'Çalışma günü planlandı',
  waitingCitizen: 'Vatandaşın yanıtı bekleniyor',
  waitingInstitution: 'Kurum bekleniyor',
  duplicate: 'Aynı sorunun kaydına bağlı',
  resolved: 'Sonuçlandırıldı, vatandaş onayı bekleniyor',
  closed: 'Kapandı',
  rejected: 'Gerekçeyle reddedildi',
  handedOff: 'İlgili kuruma yönlendirildi',
  withdrawn: 'Vatandaş geri çekti',
};

export const slaWords: Readonly<Record<SlaState, string>> = {
  onTrack: 'süresinde',
  atRisk: 'süre azalıyor',
  breached: 'süre aşıldı',
  paused: 'süre durdu',
  met: 'süresinde tamamlandı',
  missed: 'süresi aşılarak tamamlandı',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  resolved: 'çözüldü',
  partlyResolved: 'kısmen çözüldü',
  planned: 'programa alındı',
  rejected: 'reddedildi',
  handedOff: 'kuruma yönlendirildi',
  withdrawn: 'vatandaş geri çekti',
  duplicate: 'aynı sorunun kaydına bağlandı',
};

export const clockWords: Readonly<Record<Clock, string>> = {
  accept: 'Kabul süresi',
  resolve: 'Çözüm süresi',
  overall: 'Toplam çözüm süresi',
  legal: 'Yasal süre',
};

export const roleWords: Readonly<Record<Role, string>> = {
  department: 'müdürlük',
  chief: 'şef',
  deputyMayor: 'başkan yardımcısı',
};

const newsWords: Readonly<Record<CitizenNews, string>> = {
  acknowledged: 'kayıt bildirildi',
  known: 'kayıt ve sorunun bilindiği bildirildi',
  joined: 'sorunun başka bir kayıtla izlendiği bildirildi',
  handedOff: 'ilgili kurum bildirildi',
  passedOn: 'kuruma aktarıldığı bildirildi',
  question: 'soru soruldu',
  scheduled: 'çalışma günü bildirildi',
  waitingInstitution: 'kurumun beklendiği bildirildi',
  added: 'ek alındı bildirildi',
  rerouted: 'yeni müdürlük bildirildi',
  resolved: 'sonuç bildirildi, memnuniyet soruldu',
  partlyResolved: 'kısmi sonuç bildirildi, memnuniyet soruldu',
  planned: 'programa alındığı bildirildi, memnuniyet soruldu',
  answered: 'yanıt bildirildi',
  surveyReminder: 'memnuniyet yeniden soruldu',
  rejected: 'ret gerekçesi bildirildi',
  managerDecides: 'yöneticinin karar vereceği bildirildi',
  withdrawn: 'geri çekme onaylandı',
  reopened: 'yeniden açıldığı bildirildi',
  closed: 'kapanış bildirildi',
  status: 'durum bildirildi',
  alreadyClosed: 'kaydın kapandığı bildirildi',
};

const letterWords: Readonly<Record<LetterKind, string>> = {
  task: 'görev e-postası',
  reminder: 'hatırlatma',
  breach: 'süre aşımı bildirimi',
  escalation: 'üst makama bildirim',
  citizenAdded: 'vatandaş eki bildirimi',
  citizenAnswered: 'vatandaşın yanıtı',
  holdEnded: 'bekleme süresi doldu bildirimi',
  handOver: 'görevin devri',
  replanned: 'yeni süre bildirimi',
  withdrawn: 'geri çekme bildirimi',
  decision: 'yönetici kararı istendi',
  reopened: 'yeniden açılma bildirimi',
};

/** What a step of the ladder means, for a timer's label: "Kabul süresi %75 – hatırlatma". */
function stepWords(step: Step): string {
  const rung = step.level === 0 ? 'hatırlatma' : step.level === 1 ? 'süre sonu' : 'üst makama bildirim';
  return `${clockWords[step.clock]}: ${rung}`;
}

/** What happens by itself when a deadline comes, for a timer's label. */
export function deadlineLabel(due: Due): string {
  switch (due.type) {
    case 'step':
      return stepWords(due.step);
    case 'letter':
      return `${stepWords(due.letter.step)} (mesai başlayınca bildirilir)`;
    case 'holdEnds':
      return 'Bekleme süresi dolar, hizmet süresi sürer';
    case 'surveyReminder':
      return 'Memnuniyet yeniden sorulur';
    case 'close':
      return 'Yanıt gelmezse kapanır';
  }
}

const caseNewsWords: Readonly<Record<CaseNews['type'], string>> = {
  memberJoined: 'bu kayıt ona bağlandı',
  memberLeft: 'bu kayıt ondan ayrıldı',
  leaderEnded: 'sonuç aktarıldı',
};

export const answerWords: Readonly<Record<FeedbackAnswer, string>> = {
  solved: 'çözüldü',
  partly: 'kısmen çözüldü',
  unsolved: 'çözülmedi',
};

/** Why the service clock stands. */
export const holdWords: Readonly<Record<HoldStage, string>> = {
  waitingCitizen: 'vatandaşın yanıtı bekleniyor',
  waitingInstitution: 'kurum bekleniyor',
  duplicate: 'aynı sorunun kaydı bekleniyor',
};

/** What an effect does, for an activity's label. */
export function effectWords(effect: CaseEffect, deskName: string): string {
  switch (effect.type) {
    case 'plan':
      return 'Süreler planlanıyor';
    case 'tellCitizen':
      return `Vatandaşa ${newsWords[effect.news]}`;
    case 'mail':
      return `${deskName}, ${roleWords[effect.to]}: ${letterWords[effect.letter]}`;
    case 'tellCase':
      return `${effect.caseNumber}: ${caseNewsWords[effect.news.type]}`;
    case 'keepPhoto':
      return 'Fotoğraf saklanıyor';
  }
}

/** The case in one line, for the list's summary: "Yol çukuru · Süvari · P2". */
export function summaryOf(state: Pick<CaseState, 'category' | 'neighbourhood' | 'priority'>): string {
  const parts = [state.category.name, state.neighbourhood?.name, state.priority.toUpperCase()];
  return parts.filter(part => part !== undefined).join(' · ');
}

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
