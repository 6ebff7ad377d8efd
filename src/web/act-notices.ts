import type { CaseFact, TaskAction } from '../domain/case-events';
import type { Refusal } from '../domain/stage-table';
import type { ActResult } from './task-act';

/** What happened to a form, in the words of the page. */
export interface Notice {
  tone: 'good' | 'warning' | 'alarm';
  title: string;
  text: string;
  /** The person's words, when there is no form left that could hold them. */
  typed?: string;
}

const refusalWords: Readonly<Record<Refusal, string>> = {
  taskEnded: 'Bu bağlantının görevi sona ermiş. Kaydın son durumu aşağıdadır.',
  notInThisStage:
    'Kayıt bu arada başka bir aşamaya geçti; bu işlem artık yapılamıyor. Kaydın son durumu aşağıdadır.',
  departmentMissing: 'Yönlendirilecek müdürlük seçilmemiş. Lütfen listeden bir müdürlük seçiniz.',
  sameDepartment: 'Kayıt zaten bu müdürlükte. Lütfen başka bir müdürlük seçiniz.',
};

function isRefusal(reason: string): reason is Refusal {
  return reason in refusalWords;
}

/** What the person reads after an act that did not simply succeed. */
export function noticeOf(result: Exclude<ActResult, { type: 'done' }>): Notice {
  switch (result.type) {
    case 'refused':
      return {
        tone: 'alarm',
        title: 'İşlem yapılmadı',
        text: isRefusal(result.reason)
          ? refusalWords[result.reason]
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

const doneWords: Readonly<Record<TaskAction, string>> = {
  accept: 'İş kabul edildi.',
  resolve: 'Kayıt sonuçlandırıldı; açıklamanız vatandaşa gönderiliyor.',
  reject: 'Bildirim reddedildi; gerekçe ve açıklamanız vatandaşa gönderiliyor.',
  reroute: 'Kayıt seçtiğiniz müdürlüğe yönlendirildi.',
  note: 'Notunuz kaydın geçmişine eklendi.',
};

const factActions = {
  accepted: 'accept',
  resolved: 'resolve',
  rejected: 'reject',
  rerouted: 'reroute',
  noted: 'note',
} as const satisfies Partial<Record<CaseFact['type'], TaskAction>>;

/** The confirmation of an act that the case has taken; null when its story knows of no such act. */
export function doneNotice(facts: readonly CaseFact[], actionId: string): Notice | null {
  for (const fact of facts) {
    if ('actionId' in fact && fact.actionId === actionId) {
      return { tone: 'good', title: 'İşleminiz kaydedildi', text: doneWords[factActions[fact.type]] };
    }
  }
  return null;
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

export const previewShown: Notice = {
  tone: 'warning',
  title: 'Önizleme',
  text: 'Henüz hiçbir şey gönderilmedi. Mesaj aşağıdaki formda görünüyor; uygunsa onaylayıp gönderiniz.',
};
