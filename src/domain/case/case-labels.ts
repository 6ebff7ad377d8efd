import type { Due } from './case-clocks';
import type { CallStep } from './citizen-call';
import { handOffLabels } from './hand-off';
import type { CaseKind, CaseState, FeedbackAnswer, HoldStage, Outcome, Stage } from './case';
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

/** Turkish names of the kinds of a report. */
export const kindLabels: Readonly<Record<CaseKind, string>> = {
  problem: 'Sorun',
  request: 'Talep',
  suggestion: 'Öneri',
  thanks: 'Teşekkür',
  information: 'Bilgi',
};

/** Turkish labels of a case in the Temporal UI. Names come from the configuration. */
export const stageLabels: Readonly<Record<Stage, string>> = {
  received: 'Alındı',
  triage: 'Yönlendirme bekliyor',
  assigned: 'Müdürlüğe iletildi',
  accepted: 'İşleme alındı',
  inProgress: 'Çalışma sürüyor',
  scheduled: 'Çalışma günü planlandı',
  waitingCitizen: 'Vatandaşın yanıtı bekleniyor',
  waitingInstitution: 'Kurum bekleniyor',
  planned: 'Programa alındı',
  duplicate: 'Aynı sorunun kaydına bağlı',
  resolved: 'Sonuçlandırıldı, vatandaş onayı bekleniyor',
  objected: 'İtiraz edildi, karar bekleniyor',
  closed: 'Kapandı',
  rejected: 'Gerekçeyle reddedildi',
  handedOff: 'İlgili kuruma yönlendirildi',
  withdrawn: 'Vatandaş geri çekti',
};

export const slaLabels: Readonly<Record<SlaState, string>> = {
  onTrack: 'süresinde',
  atRisk: 'süre azalıyor',
  breached: 'süre aşıldı',
  paused: 'süre durdu',
  met: 'süresinde tamamlandı',
  missed: 'süresi aşılarak tamamlandı',
};

export const outcomeLabels: Readonly<Record<Outcome, string>> = {
  resolved: 'çözüldü',
  partlyResolved: 'kısmen çözüldü',
  planned: 'programa alındı',
  rejected: 'reddedildi',
  handedOff: 'kuruma yönlendirildi',
  withdrawn: 'vatandaş geri çekti',
  duplicate: 'aynı sorunun kaydına bağlandı',
};

export const clockLabels: Readonly<Record<Clock, string>> = {
  accept: 'Kabul süresi',
  resolve: 'Çözüm süresi',
  overall: 'Toplam çözüm süresi',
  legal: 'Yasal süre',
  plan: 'Program tarihi',
  objection: 'İtiraz karar süresi',
};

export const roleLabels: Readonly<Record<Role, string>> = {
  department: 'müdürlük',
  chief: 'şef',
  deputyMayor: 'başkan yardımcısı',
};

const newsLabels: Readonly<Record<CitizenNews, string>> = {
  acknowledged: 'kayıt bildirildi',
  known: 'kayıt ve sorunun bilindiği bildirildi',
  joined: 'sorunun başka bir kayıtla izlendiği bildirildi',
  incident: 'duyurulan olay bildirildi',
  incidentEnded: 'olayın sona erdiği bildirildi',
  incidentLeft: 'bildirimin olaydan ayrı ele alındığı bildirildi',
  handedOff: 'ilgili kurum bildirildi',
  passedOn: 'ilgili kuruma yönlendirildiği bildirildi',
  passedOnByDesk: 'kuruma iletildiği bildirildi',
  notPassedOn: 'kuruma iletilemediği bildirildi',
  institutionTook: 'kurumun işleme aldığı bildirildi',
  institutionDone: 'kurumun sonucu bildirildi',
  institutionSilent: 'kurumun yanıt vermediği bildirildi',
  returned: 'kurumun görevli olmadığı ve yeni birim bildirildi',
  question: 'soru soruldu',
  scheduled: 'çalışma günü bildirildi',
  waitingInstitution: 'kurumun beklendiği bildirildi',
  added: 'ek alındı bildirildi',
  rerouted: 'yeni müdürlük bildirildi',
  corrected: 'düzeltme sonrası yeni hedef bildirildi',
  amended: 'düzeltmesinin yapıldığı bildirildi',
  heardAfterEnd: 'sonradan yazdığının kime iletildiği bildirildi',
  resolved: 'sonuç bildirildi, memnuniyet soruldu',
  partlyResolved: 'kısmi sonuç bildirildi, memnuniyet soruldu',
  planned: 'programa alındığı bildirildi',
  planMoved: 'programdaki yeni tarih bildirildi',
  planPassed: 'programdaki tarihin geçtiği bildirildi',
  late: 'hedeflenen tarihin geçtiği bildirildi',
  interim: 'ara bilgi verildi',
  answered: 'yanıt bildirildi',
  surveyReminder: 'memnuniyet yeniden soruldu',
  rejected: 'ret gerekçesi bildirildi',
  managerDecides: 'yöneticinin karar vereceği bildirildi',
  objected: 'itirazın alındığı bildirildi',
  notObjectable: 'neden itiraz edilemeyeceği bildirildi',
  objectionAccepted: 'itirazın kabul edildiği bildirildi',
  outcomeConfirmed: 'sonucun uygun bulunduğu gerekçesiyle bildirildi',
  objectionWithdrawn: 'itirazın geri alındığı onaylandı',
  withdrawn: 'geri çekme onaylandı',
  reopened: 'yeniden açıldığı bildirildi',
  answerUndone: 'yanıtının geri alındığı bildirildi',
  closed: 'kapanış bildirildi',
  status: 'durum bildirildi',
  alreadyClosed: 'kaydın kapandığı bildirildi',
};

/** The steps of the call that replaces undelivered messages. */
export const callLabels: Readonly<Record<CallStep, string>> = {
  asked: 'arama istendi',
  returned: 'arama isteği geri döndü, yedek adrese gönderildi',
  notReached: 'ulaşılamadı, yeniden aranacak',
  reached: 'ulaşıldı, metin okundu',
  wrongNumber: 'numara başkasına ait',
  unreached: 'ulaşılamadı, yeniden aranmayacak',
  unanswered: 'arandığı bildirilmedi',
  arrived: 'mesaj ulaştı, aramaya gerek kalmadı',
  noNumber: 'numarası bilinmiyor, aranamıyor',
};

const letterLabels: Readonly<Record<LetterKind, string>> = {
  task: 'görev e-postası',
  reminder: 'hatırlatma',
  breach: 'süre aşımı bildirimi',
  escalation: 'üst makama bildirim',
  citizenAdded: 'vatandaş eki bildirimi',
  lowRating: 'düşük puanın nedeni',
  citizenAnswered: 'vatandaşın yanıtı',
  holdEnded: 'bekleme süresi doldu bildirimi',
  handOver: 'görevin devri',
  replanned: 'yeni süre bildirimi',
  corrected: 'düzeltme bildirimi',
  withdrawn: 'geri çekme bildirimi',
  decision: 'yönetici kararı istendi',
  objection: 'itiraz bildirimi',
  confirmed: 'itirazın reddi bildirimi',
  reopened: 'yeniden açılma bildirimi',
  answerUndone: 'yanıtın geri alındığı bildirimi',
  called: 'vatandaşın telefonda söyledikleri',
  newLink: 'yeni bağlantı',
  instruction: 'yöneticinin talimatı',
  alarm: 'tehlike, kabul bekleniyor',
};

/** Returns the timer label of a ladder step: "Kabul süresi %75 – hatırlatma". */
function stepLabel(step: Step): string {
  const rung = step.level === 0 ? 'hatırlatma' : step.level === 1 ? 'süre sonu' : 'üst makama bildirim';
  return `${clockLabels[step.clock]}: ${rung}`;
}

/** Returns the timer label of a deadline. */
export function deadlineLabel(due: Due): string {
  switch (due.type) {
    case 'step':
      return stepLabel(due.step);
    case 'letter':
      return `${stepLabel(due.letter.step)} (mesai başlayınca bildirilir)`;
    case 'alarm':
      return 'Tehlike: kabul edilmezse nöbet yeniden uyarılır';
    case 'holdEnds':
      return 'Bekleme süresi dolar, hizmet süresi sürer';
    case 'waitEnded':
      return 'Bekleme süresinin dolduğu bildirilir';
    case 'incidentEnds':
      return 'Duyurulan olay sona erer';
    case 'lateNews':
      return 'Hedeflenen tarihin geçtiği vatandaşa bildirilir';
    case 'surveyReminder':
      return 'Memnuniyet yeniden sorulur';
    case 'close':
      return 'Yanıt gelmezse kapanır';
  }
}

const caseNewsLabels: Readonly<Record<CaseNews['type'], string>> = {
  memberJoined: 'bu kayıt ona bağlandı',
  memberLeft: 'bu kayıt ondan ayrıldı',
  leaderEnded: 'sonuç aktarıldı',
  leaderPlanned: 'program tarihi aktarıldı',
  leaderCorrected: 'düzeltilen konu aktarıldı',
};

export const feedbackLabels: Readonly<Record<FeedbackAnswer, string>> = {
  solved: 'çözüldü',
  partly: 'kısmen çözüldü',
  unsolved: 'çözülmedi',
};

/** Why the service clock is paused. */
export const holdLabels: Readonly<Record<HoldStage, string>> = {
  waitingCitizen: 'vatandaşın yanıtı bekleniyor',
  waitingInstitution: 'kurum bekleniyor',
  duplicate: 'aynı sorunun kaydı bekleniyor',
};

/** Returns the activity label of an effect. */
export function effectLabel(effect: CaseEffect, deskName: string): string {
  switch (effect.type) {
    case 'plan':
      return 'Süreler planlanıyor';
    case 'tellCitizen':
      return `Vatandaşa ${newsLabels[effect.news]}`;
    case 'mail':
      return `${deskName}, ${roleLabels[effect.to]}: ${letterLabels[effect.letter]}`;
    case 'tellCase':
      return `${effect.caseNumber}: ${caseNewsLabels[effect.news.type]}`;
    case 'keepFile':
      return 'Dosya saklanıyor';
    case 'passOn':
      return 'Kuruma iletim başlatılıyor';
    case 'readIncident':
      return 'Olayın sürüp sürmediğine bakılıyor';
    case 'recall':
      return 'Kuruma iletim geri alınıyor';
    case 'passAddition':
      return 'Vatandaşın sonradan yazdığı kuruma iletiliyor';
  }
}

/** Returns the summary line of a case in the workflow list: "Yol çukuru · Merkez · P2". */
export function summaryOf(state: Pick<CaseState, 'category' | 'neighbourhood' | 'priority'>): string {
  const parts = [state.category.name, state.neighbourhood?.name, state.priority.toUpperCase()];
  return parts.filter(part => part !== undefined).join(' · ');
}

const resumeLabels: Readonly<Record<ResumeReason, string>> = {
  answered: 'vatandaş yanıt verdi',
  department: 'müdürlük sürdürdü',
  separated: 'bağlı kayıt beklenmiyor',
  limit: 'bekleme süresi doldu',
};

const replanLabels: Readonly<Record<ReplanReason, string>> = {
  resume: 'bekleme sonrası kalan süre',
  priority: 'öncelik değişti',
  extend: 'yönetici süreyi uzattı',
  correct: 'kayıt düzeltildi',
  calendar: 'takvim değişti',
};

const closeLabels: Readonly<Record<CloseReason, string>> = {
  confirmed: 'Vatandaş onayıyla kapandı',
  silence: 'Yanıt gelmeden süre dolunca kapandı',
  undecided: 'Yönetici kararı gelmeden süre dolunca kapandı',
  withdrawn: 'Vatandaş geri çektiği için kapandı',
  answered: 'Yanıtla kapandı',
};

/** Returns an audit entry as a Turkish sentence. Departments appear by slug. */
export function factLabel(fact: CaseFact): string {
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
      return `Süre durdu: ${holdLabels[fact.stage]}`;
    case 'resumed':
      return `Süre sürüyor: ${resumeLabels[fact.reason]}`;
    case 'handedOver':
      return 'Görev bir çalışma arkadaşına devredildi';
    case 'resolved':
      return resolutionLabel(fact.outcome ?? 'resolved');
    case 'rejected':
      return 'Gerekçeyle reddedildi';
    case 'noted':
      return 'Müdürlük not ekledi';
    case 'rerouted':
      return `Yönlendirildi: ${fact.from} → ${fact.to}`;
    case 'planned':
      return 'Süreler planlandı';
    case 'plannedAhead':
      return 'Müdürlük işi programa aldı';
    case 'planMoved':
      return 'Program tarihi değişti';
    case 'informed':
      return 'Müdürlük vatandaşa ara bilgi verdi';
    case 'objected':
      return fact.messageId === null
        ? `Vatandaş yeniden memnun kalmadı, karar istendi (${roleLabels[fact.to]})`
        : `Vatandaş sonuca itiraz etti, karar istendi (${roleLabels[fact.to]})`;
    case 'objectionPlanned':
      return 'İtirazın karar süresi planlandı';
    case 'objectionWithdrawn':
      return 'Vatandaş itirazını geri aldı';
    case 'confirmed':
      return `İtiraz reddedildi, sonuç uygun bulundu (${roleLabels[fact.by]})`;
    case 'overturned':
      return `İtiraz kabul edildi, kayıt yeniden açılıyor (${roleLabels[fact.by]})`;
    case 'latenessTold':
      return 'Hedeflenen tarihin geçtiği vatandaşa bildirildi';
    case 'citizenAdded':
      return 'Vatandaş ekleme yaptı';
    case 'replanned':
      return `Süreler yenilendi: ${replanLabels[fact.reason]}`;
    case 'joined':
      return `Aynı sorunun kaydına bağlandı: ${fact.leader}`;
    case 'separated':
      return `Bağlı olduğu kayıttan ayrıldı: ${fact.leader}`;
    case 'followed':
      return `Bağlı olduğu kayıtla sonuçlandı: ${fact.leader}, ${outcomeLabels[fact.outcome]}`;
    case 'memberJoined':
      return `Aynı sorunun kaydı bağlandı: ${fact.member}`;
    case 'memberLeft':
      return `Bağlı kayıt ayrıldı: ${fact.member}`;
    case 'incidentJoined':
      return fact.leader === undefined
        ? 'Duyurulan olaya eklendi'
        : `Duyurulan olaya eklendi, olayın kaydı: ${fact.leader}`;
    case 'incidentLeft':
      return 'Duyurulan olaydan ayrıldı, ayrıca ele alınıyor';
    case 'incidentEnded':
      return 'Duyurulan olay sona erdi';
    case 'corrected':
      return `Kayıt düzeltildi: ${[fact.subject && 'konu', fact.priority && 'öncelik', fact.place && 'yer'].filter(Boolean).join(', ')}`;
    case 'extended':
      return 'Yönetici çözüm süresini uzattı';
    case 'reassigned':
      return `Yönetici başka müdürlüğe verdi: ${fact.from} → ${fact.to}`;
    case 'prioritised':
      return `${fact.actionId === undefined ? 'Bildirenlerin sayısıyla öncelik yükseldi' : 'Yönetici önceliği değiştirdi'}: ${fact.from.toUpperCase()} → ${fact.to.toUpperCase()}`;
    case 'escalatedByManager':
      return `Yönetici üst makama bildirdi (${roleLabels[fact.to]})`;
    case 'takenBack':
      return 'Yönetici sonucu geri aldı';
    case 'confirmedForCitizen':
      return 'Vatandaş görevliye çözüldüğünü söyledi';
    case 'managerNoted':
      return 'Yönetici not ekledi';
    case 'instructed':
      return 'Yönetici müdürlüğe talimat verdi';
    case 'withdrawn':
      return 'Vatandaş bildirimini geri çekti';
    case 'surveyRepeated':
      return 'Memnuniyet yeniden soruldu';
    case 'decisionAsked':
      return `Vatandaş ${fact.count + 1}. kez memnun kalmadı, yönetici kararı istendi`;
    case 'feedback':
      return `Vatandaş: ${feedbackLabels[fact.answer]}`;
    case 'placed':
      return 'Vatandaş konum gönderdi';
    case 'answerUndone':
      return 'Vatandaş yanıtını geri aldı, sonuç yeniden soruldu';
    case 'reopened':
      return `Yeniden açıldı (${fact.count}. kez)`;
    case 'closed':
      return closeLabels[fact.reason];
    case 'reminded':
      return `${clockLabels[fact.clock]}: hatırlatma gönderildi`;
    case 'breached':
      return `${clockLabels[fact.clock]} aşıldı, bildirildi: ${roleLabels[fact.to]}`;
    case 'escalated':
      return `${clockLabels[fact.clock]}: üst makama bildirildi (${roleLabels[fact.to]})`;
    case 'alarmed':
      return `Tehlike kabul edilmedi, nöbet uyarıldı (sırada ${fact.turn + 1}., ${fact.times}. kez)`;
    case 'notDelivered':
      return `Bildirim ulaştırılamadı: ${fact.recipient === 'citizen' ? 'vatandaş' : roleLabels[fact.recipient]}`;
    case 'arrivedLate':
      return 'Ulaştırılamadığı bildirilen mesaj vatandaşa ulaştı';
    case 'fileLost':
      return 'Dosya alınamadı';
    case 'called':
      return `Vatandaşın aranması (${fact.attempt}. kez): ${callLabels[fact.step]}`;
    case 'handOff':
      return `Kuruma iletim: ${handOffLabels[fact.step]}`;
    case 'returned':
      return 'Kurum görevli olmadığı için kayıt yeniden açıldı';
  }
}

function resolutionLabel(outcome: Outcome): string {
  return outcome === 'resolved'
    ? 'Müdürlük sonuçlandırdı'
    : `Müdürlük sonuçlandırdı: ${outcomeLabels[outcome]}`;
}
