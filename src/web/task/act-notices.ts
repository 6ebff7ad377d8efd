import type { Refusal } from '../../domain/case/acts';
import type { CaseFact } from '../../domain/case/case-events';
import type { TaskActionRecord } from '../../store/task-records';
import { actEntry } from './acts';
import type { HistoryEntry } from './case-history';
import type { ActResult } from './task-act';

/** The result of a form, as shown on the page. */
export interface Notice {
  tone: 'good' | 'warning' | 'alarm';
  title: string;
  text: string;
  /** The typed text, if no form is left to hold it. */
  typed?: string;
  /** Label above the typed text. Defaults to Turkish. */
  typedLabel?: string;
}

/** A notice of what could not be done, and one of what was done. */
export const alarm = (title: string, text: string): Notice => ({ tone: 'alarm', title, text });
export const good = (title: string, text: string): Notice => ({ tone: 'good', title, text });

const refusalTexts: Readonly<Record<Refusal, string>> = {
  taskEnded: 'Bu bağlantının görevi sona ermiş. Kaydın son durumu aşağıdadır.',
  notInThisStage:
    'Kayıt bu arada başka bir aşamaya geçti; bu işlem artık yapılamıyor. Kaydın son durumu aşağıdadır.',
  departmentMissing: 'Yönlendirilecek müdürlük seçilmemiş. Lütfen listeden bir müdürlük seçiniz.',
  sameDepartment: 'Kayıt zaten bu müdürlükte. Lütfen başka bir müdürlük seçiniz.',
  institutionMissing: 'Kurum seçilmemiş. Lütfen listeden bir kurum seçiniz.',
  dateMissing: 'Tarih girilmemiş. Lütfen bir tarih giriniz.',
  dateNotAhead: 'Verilen tarih ileride değil. Lütfen daha sonraki bir tarih giriniz.',
  waitTooLong: 'Verilen tarih en uzun bekleme süresini aşıyor. Lütfen daha erken bir tarih giriniz.',
  notTheDecider: 'Bu itiraza karar vermek size ait değil; görüşünüzü not olarak yazabilirsiniz.',
  planTooFar:
    'Verilen tarih programa alınabilecek en uzak tarihi aşıyor. Lütfen daha erken bir tarih giriniz.',
  verdictMissing: 'Karar seçilmemiş. Lütfen kararınızı seçiniz.',
  deadlinePassed: 'Çözüm süresi dolduğu için uzatılamaz.',
  priorityMissing: 'Öncelik seçilmemiş. Lütfen bir öncelik seçiniz.',
  samePriority: 'Kayıt zaten bu öncelikte.',
  moved: 'Kayıt siz baktıktan sonra değişti; güncel hâline bakıp yeniden deneyiniz.',
  nothingToCorrect: 'Kayıt zaten bu bilgilerle duruyor; düzeltilecek bir şey yok.',
  leaderMissing: 'Bağlanacak kayıt seçilmemiş. Lütfen bir kayıt numarası giriniz.',
  sameCase: 'Bir kayıt kendisine bağlanamaz. Lütfen başka bir kayıt numarası giriniz.',
  hasMembers: 'Bu kayda bağlı başka kayıtlar var; önce onların ayrılması gerekir.',
  noIncident: 'Kayıt süren bir olaya bağlı değil.',
  tooLate: 'Kaydın geri alınabileceği süre geçti.',
};

function isRefusal(reason: string): reason is Refusal {
  return reason in refusalTexts;
}

/** Returns the notice for an act that did not succeed. */
export function noticeOf(result: Exclude<ActResult, { type: 'done' }>): Notice {
  switch (result.type) {
    case 'refused':
      return {
        tone: 'alarm',
        title: 'İşlem yapılmadı',
        text: isRefusal(result.reason)
          ? refusalTexts[result.reason]
          : 'Kayıt bu işlemi kabul etmedi. Kaydın son durumu aşağıdadır.',
      };
    case 'pending':
      return {
        tone: 'warning',
        title: 'İşleminiz alındı, henüz kesinleşmedi',
        text: 'Birkaç dakika sonra aynı formu yeniden gönderiniz; ilk gönderiminiz işlendiyse ikinci kez işlenmez.',
      };
    case 'unavailable':
      return {
        tone: 'warning',
        title: 'Sisteme şu anda ulaşılamıyor',
        text: 'İşlem henüz yapılmadı. Yazdıklarınız formda duruyor; birkaç dakika sonra yeniden gönderiniz.',
      };
    case 'otherWords':
      return {
        tone: 'warning',
        title: 'Bu form daha önce gönderildi',
        text: 'İlk gönderdiğiniz metin geçerlidir. Kaydın son durumunu aşağıda görebilirsiniz; gerekirse değişikliği yeni bir işlem olarak gönderiniz.',
      };
  }
}

/**
 * Returns the confirmation of an act, or null if the case's history does not contain it. `isUnheard`: whether the citizen
 * gets no message about it.
 */
export function doneNotice(
  { actionId, action }: Pick<TaskActionRecord, 'actionId' | 'action'>,
  facts: readonly CaseFact[],
  isUnheard: boolean,
): Notice | null {
  const isTaken = facts.some(fact => 'actionId' in fact && fact.actionId === actionId);
  const entry = isTaken ? actEntry(action) : null;
  const text = (isUnheard ? entry?.unheard?.done : undefined) ?? entry?.done;
  return text === undefined ? null : { tone: 'good', title: 'İşleminiz kaydedildi', text };
}

export const damagedForm: Notice = {
  tone: 'alarm',
  title: 'Form işlenmedi',
  text: 'Form eksik veya bozuk ulaştı. Lütfen aşağıdaki formu yeniden gönderiniz.',
};

export const wrongFields: Notice = {
  tone: 'alarm',
  title: 'İşlem henüz yapılmadı',
  text: 'Formda düzeltilmesi gereken alanlar var; yazdıklarınız duruyor.',
};

export const noQuestions: Notice = {
  tone: 'alarm',
  title: 'Soru gönderilmedi',
  text: 'Vatandaş mesaj almak istemiyor veya numarası yok; kendisine soru gönderilemiyor. Lütfen eldeki bilgiyle ilerleyiniz veya sonucu bildiriniz.',
};

export const previewShown: Notice = {
  tone: 'warning',
  title: 'Önizleme',
  text: 'Henüz hiçbir şey gönderilmedi. Mesaj aşağıdaki formda görünüyor; uygunsa onaylayıp gönderiniz.',
};

/** Returns the notice for a form that the page no longer shows. */
export function lostNotice(notice: Notice): Notice {
  return notice === previewShown || notice === wrongFields
    ? noticeOf({ type: 'refused', reason: 'notInThisStage' })
    : notice;
}

/** Entries that a person must know before acting: acts of people, not passed deadlines. */
function isByPeople(fact: CaseFact): boolean {
  return 'actionId' in fact
    ? fact.actionId !== null
    : fact.type === 'citizenAdded' || fact.type === 'withdrawn';
}

/**
 * Returns what others did between the revision of a page and the return of its form, or null. Each fact
 * increments the revision by one.
 */
export function othersSince(
  facts: readonly CaseFact[],
  history: readonly HistoryEntry[],
  seen: number,
  actionId: string,
): Notice | null {
  // A repeated form was already applied, before later acts of others.
  if (facts.some(fact => 'actionId' in fact && fact.actionId === actionId)) return null;
  const news = history.filter((_, place) => place >= seen && isByPeople(facts[place] as CaseFact));
  if (news.length === 0) return null;
  return {
    tone: 'warning',
    title: 'İşlem henüz yapılmadı: kayıt bu arada değişti',
    text: `Siz bu sayfayı açtıktan sonra: ${news.map(({ at, title }) => `${title} (${at})`).join('; ')}. Yine de sürdürmek istiyorsanız formu yeniden gönderiniz; yazdıklarınız duruyor.`,
  };
}
