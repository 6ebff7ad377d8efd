import type { CaseState, Clock, Outcome, Role, SlaState, Stage, Step } from './case';
import type { CaseEffect, CitizenNews, LetterKind } from './case-events';
import type { Reply } from './conversation';

/** Turkish words for managers: what the Temporal UI shows of a case. Names come from the configuration. */
export const stageWords: Readonly<Record<Stage, string>> = {
  received: 'Alındı',
  triage: 'Yönlendirme bekliyor',
  assigned: 'Müdürlüğe iletildi',
  accepted: 'İşleme alındı',
  resolved: 'Sonuçlandırıldı, vatandaş onayı bekleniyor',
  closed: 'Kapandı',
  rejected: 'Gerekçeyle reddedildi',
  handedOff: 'İlgili kuruma yönlendirildi',
};

export const slaWords: Readonly<Record<SlaState, string>> = {
  onTrack: 'süresinde',
  atRisk: 'süre azalıyor',
  breached: 'süre aşıldı',
  met: 'süresinde tamamlandı',
  missed: 'süresi aşılarak tamamlandı',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  resolved: 'çözüldü',
  rejected: 'reddedildi',
  handedOff: 'kuruma yönlendirildi',
};

export const clockWords: Readonly<Record<Clock, string>> = {
  accept: 'Kabul süresi',
  resolve: 'Çözüm süresi',
  legal: 'Yasal süre (3071)',
};

export const roleWords: Readonly<Record<Role, string>> = {
  department: 'müdürlük',
  chief: 'şef',
  deputyMayor: 'başkan yardımcısı',
};

const newsWords: Readonly<Record<CitizenNews, string>> = {
  acknowledged: 'kayıt bildirildi',
  handedOff: 'ilgili kurum bildirildi',
  added: 'ek alındı bildirildi',
  rerouted: 'yeni müdürlük bildirildi',
  resolved: 'sonuç bildirildi, memnuniyet soruldu',
  rejected: 'ret gerekçesi bildirildi',
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
  reopened: 'yeniden açılma bildirimi',
};

/** What a step of the ladder means, for a timer's label: "Kabul süresi %75 – hatırlatma". */
export function stepWords(step: Step): string {
  const rung = step.level === 0 ? 'hatırlatma' : step.level === 1 ? 'süre sonu' : 'üst makama bildirim';
  return `${clockWords[step.clock]}: ${rung}`;
}

/** What an effect does, for an activity's label. */
export function effectWords(effect: CaseEffect, deskName: string): string {
  switch (effect.type) {
    case 'plan':
      return 'Süreler planlanıyor';
    case 'tellCitizen':
      return `Vatandaşa ${newsWords[effect.news]}`;
    case 'mail':
      return `${deskName}, ${roleWords[effect.to]}: ${letterWords[effect.letter]}`;
    case 'keepPhoto':
      return 'Fotoğraf saklanıyor';
  }
}

/** What a reply of the conversation is, for its label. */
export const replyWords: Readonly<Record<Reply, string>> = {
  greeting: 'karşılama',
  thanks: 'teşekküre yanıt',
  status: 'durum bilgisi',
  help: 'yardım',
  emergency: '112 uyarısı',
  askPlace: 'konum soruldu',
  askWords: 'açıklama istendi',
  endedCase: 'kaydın kapandığı bilgisi',
  unreadable: 'okunamayan mesaja yanıt',
};

/** The case in one line, for the list's summary: "Yol çukuru · Süvari · P2". */
export function summaryOf(state: Pick<CaseState, 'category' | 'neighbourhood' | 'priority'>): string {
  const parts = [state.category.name, state.neighbourhood?.name, state.priority.toUpperCase()];
  return parts.filter(part => part !== undefined).join(' · ');
}
