import { z } from 'zod';
import { dayStart, townMoment } from '../../config/calendars';
import { correctSubjects } from '../../config/correction';
import type { Municipality } from '../../config/municipality';
import { offered } from '../../config/offices';
import { legalManagerActions, type ManagerAct, type ManagerAction, verdicts } from '../../domain/case/acts';
import { pinIn } from '../../domain/place/map-pin';
import { plainText } from '../../domain/plain-text';
import type { CaseProgress } from '../../domain/case/case';
import { priorities } from '../../domain/sla/sla';
import { type Grant, hasRight, hasRightFor, type StaffRight } from './rights';

/** Acts on the records beside a case, which its workflow does not know. */
const recordActions = ['resend', 'flagPhoto', 'block', 'unblock'] as const;
export type RecordAction = (typeof recordActions)[number];

/** The acts that have a form on the staff pages. */
export type DeskAction = ManagerAction | RecordAction;

/** Returns the right that an act needs. */
export function rightFor(action: DeskAction): StaffRight {
  return action === 'unblock' ? 'block' : action;
}

type FieldName =
  | ('until' | 'department' | 'priority' | 'verdict' | 'subject' | 'neighbourhood' | 'street' | 'pin')
  | ('message' | 'photo' | 'day');

interface ActText {
  title: string;
  /** What follows from it. */
  consequence: string;
  done: string;
  fields: readonly FieldName[];
  reason: string;
}

const texts: Readonly<Record<DeskAction, ActText>> = {
  extend: {
    title: 'Ek süre ver',
    consequence: 'Çözüm süresi uzar. Vatandaşa bildirilen tarih değişirse vatandaşa yeni tarih bildirilir.',
    done: 'Çözüm süresi uzatıldı.',
    fields: ['until'],
    reason: 'Gerekçe',
  },
  reassign: {
    title: 'Başka müdürlüğe ver',
    consequence:
      'Görev, seçtiğiniz müdürlüğe yeni süreleriyle geçer; şimdiki müdürlüğün bağlantıları kapanır.',
    done: 'Kayıt seçtiğiniz müdürlüğe verildi.',
    fields: ['department'],
    reason: 'Gerekçe; yeni müdürlük de okur',
  },
  setPriority: {
    title: 'Önceliği değiştir',
    consequence: 'Kalan süre yeni önceliğe göre belirlenir. P1 tehlike sayılır: nöbetçiler hemen uyarılır.',
    done: 'Öncelik değiştirildi.',
    fields: ['priority'],
    reason: 'Gerekçe',
  },
  correct: {
    title: 'Konuyu veya yeri düzelt',
    consequence:
      'Sorumlu müdürlük, süreler ve benzer kayıtlar buna göre yeniden belirlenir. Boş bıraktığınız alan değişmez.',
    done: 'Kayıt düzeltildi.',
    fields: ['subject', 'neighbourhood', 'street', 'pin'],
    reason: 'Gerekçe',
  },
  escalate: {
    title: 'Üst makama bildir',
    consequence: 'Sıradaki makama şimdi e-posta gider.',
    done: 'Üst makama bildirildi.',
    fields: [],
    reason: 'Gerekçe',
  },
  reopen: {
    title: 'Yeniden aç',
    consequence: 'Kayıt müdürlüğe yeni bir görev olarak döner; vatandaşa bildirilir.',
    done: 'Kayıt yeniden açıldı.',
    fields: ['department'],
    reason: 'Gerekçe',
  },
  confirm: {
    title: 'Çözüldüğünü kaydet',
    consequence:
      'Vatandaş size sorunun çözüldüğünü söylediyse kayıt onun onayıyla kapanır; vatandaşa kapandığı yazılır.',
    done: 'Kayıt vatandaşın onayıyla kapatıldı.',
    fields: [],
    reason: 'Nasıl söyledi (telefonla, gişede)',
  },
  release: {
    title: 'Olaydan ayır',
    consequence:
      'Kayıt duyurulan olayı beklemez: kendi görevini alır, süreleri ilk andan sayılır; vatandaşa bildirilir.',
    done: 'Kayıt olaydan ayrıldı.',
    fields: [],
    reason: 'Gerekçe',
  },
  decide: {
    title: 'İtirazı karara bağla',
    consequence: 'Gerekçeniz vatandaşa aynen gönderilir.',
    done: 'Karar kaydedildi ve vatandaşa bildiriliyor.',
    fields: ['verdict', 'department'],
    reason: 'Vatandaşa gidecek gerekçe',
  },
  instruct: {
    title: 'Müdürlüğe talimat ver',
    consequence:
      'Yazdığınız, görevi yürüten müdürlüğe şimdi e-postayla gider ve kayda girer; vatandaş görmez.',
    done: 'Talimat müdürlüğe gönderiliyor.',
    fields: [],
    reason: 'Talimat',
  },
  note: {
    title: 'Not ekle',
    consequence: 'Notu müdürlük ve kaydı gören görevliler okur; vatandaş görmez.',
    done: 'Not eklendi.',
    fields: [],
    reason: 'Not',
  },
  resend: {
    title: 'Yeniden gönder',
    consequence: 'Seçtiğiniz mesaj veya e-posta, kaydın bugünkü durumuyla bir kez daha gönderilir.',
    done: 'Yeniden gönderiliyor; sonucu geçmişte ve yazışmada görünür.',
    fields: ['message'],
    reason: 'Gerekçe',
  },
  flagPhoto: {
    title: 'Fotoğrafı işaretle',
    consequence: 'İşaretli fotoğraf e-postalara konmaz, yalnızca görev sayfasında görülür.',
    done: 'Fotoğrafın işareti değiştirildi.',
    fields: ['photo'],
    reason: 'Gerekçe',
  },
  block: {
    title: 'Vatandaşı engelle',
    consequence:
      'Mesajları saklanır ama seçtiğiniz günün sonuna kadar yanıtlanmaz ve kayıt açmaz. 112 uyarısı yine gider.',
    done: 'Vatandaş engellendi.',
    fields: ['day'],
    reason: 'Gerekçe',
  },
  unblock: {
    title: 'Engeli kaldır',
    consequence: 'Hat bu vatandaşı yeniden yanıtlar.',
    done: 'Engel kaldırıldı.',
    fields: [],
    reason: 'Gerekçe',
  },
};

const deskActions = Object.keys(texts) as DeskAction[];

const LONGEST_REASON = 1_000;
const LONGEST_STREET = 120;
const LONGEST_PIN = 500;

/** One of the offered values; null for an empty field. */
const chosen = <Value extends string>(values: readonly Value[]) =>
  z
    .string()
    .optional()
    .transform((text, context): Value | null => {
      const value = values.find(each => each === text) ?? null;
      if (value === null && text) context.addIssue('not offered');
      return value;
    });

/** Parses a form of the case page. Values that are not offered are refused. */
export function deskForm({ departments, neighbourhoods, timeZone, categories, country }: Municipality) {
  const slugs = (all: readonly { slug: string }[]): string[] => all.map(({ slug }) => slug);
  return z.object({
    nonce: z.string().max(100),
    /** The revision of the case that the page showed. */
    seen: z.coerce.number().int().min(0),
    action: z.enum(deskActions),
    reason: z.string().max(20_000).transform(plainText).pipe(z.string().trim().min(1).max(LONGEST_REASON)),
    until: z
      .string()
      .optional()
      .transform(text => (text ? townMoment(timeZone, text.slice(0, 16)) : null)),
    department: chosen(slugs(offered(Object.values(departments)))),
    priority: chosen(priorities),
    verdict: chosen(verdicts),
    subject: chosen(slugs(correctSubjects({ categories }))),
    neighbourhood: chosen(slugs(neighbourhoods)),
    street: z
      .string()
      .max(LONGEST_STREET)
      .optional()
      .transform(text => text?.trim() || null),
    pin: z
      .string()
      .max(LONGEST_PIN)
      .optional()
      .transform((text, context) => {
        const pin = text?.trim() ? pinIn(text, country) : null;
        if (text?.trim() && pin === null) context.addIssue('no coordinates');
        return pin;
      }),
    message: z.string().max(200).optional(),
    photo: z.string().max(200).optional(),
    /** The end of the chosen day. */
    day: z
      .string()
      .optional()
      .transform(text => (text ? dayStart(timeZone, text, 1) : null)),
  });
}

export type DeskForm = z.infer<ReturnType<typeof deskForm>>;

interface FormField {
  name: FieldName;
  label: string;
  type: 'choice' | 'moment' | 'text' | 'day';
  isRequired: boolean;
  options: { value: string; name: string }[];
}

/** A form of the case page. */
export interface DeskActForm extends Omit<ActText, 'fields'> {
  action: DeskAction;
  fields: FormField[];
  limit: number;
}

/** What the acts on records can choose from. */
export interface ActChoices {
  messages: FormField['options'];
  photos: FormField['options'];
  /** Null for a citizen who is not known any more. */
  isBlocked: boolean | null;
}

/** Returns whether a record act has something to act on. */
function isPossible(action: RecordAction, { messages, photos, isBlocked }: ActChoices): boolean {
  switch (action) {
    case 'resend':
      return messages.length > 0;
    case 'flagPhoto':
      return photos.length > 0;
    case 'block':
      return isBlocked === false;
    case 'unblock':
      return isBlocked === true;
  }
}

export function isRecordAction(action: DeskAction): action is RecordAction {
  return recordActions.some(each => each === action);
}

/** Returns the forms of a case for a person: what its stage allows and a role of the person has the right to. */
export function deskActForms(
  municipality: Municipality,
  progress: CaseProgress,
  grants: readonly Grant[],
  beside: ActChoices,
): DeskActForm[] {
  const { plan } = progress;
  const legal = legalManagerActions(progress);
  return deskActions
    .filter(action => (isRecordAction(action) ? isPossible(action, beside) : legal.includes(action)))
    .filter(action => hasRightFor(grants, rightFor(action), plan.desk.slug))
    .map(action => formOf(municipality, action, beside));
}

function formOf(municipality: Municipality, action: DeskAction, beside: ActChoices): DeskActForm {
  const { fields, ...text } = texts[action];
  return {
    ...text,
    action,
    limit: LONGEST_REASON,
    fields: fields.map(name => fieldOf(municipality, action, name, beside)),
  };
}

/** Acts that can be carried out on all cases of a list. */
export const bulkActions = [
  'note',
  'instruct',
  'extend',
  'reassign',
  'setPriority',
  'escalate',
  'release',
] as const satisfies readonly DeskAction[];
export type BulkAction = (typeof bulkActions)[number];

/** Returns the forms of the acts on a list that one of the roles has a right to. */
export function bulkForms(municipality: Municipality, grants: readonly Grant[]): DeskActForm[] {
  const none = { messages: [], photos: [], isBlocked: null };
  return bulkActions
    .filter(action => hasRight(grants, action))
    .map(action => formOf(municipality, action, none));
}

/** Returns what the workflow hears of a form besides its act. */
export function detailsOf({
  action,
  until,
  department,
  priority,
  verdict,
}: Pick<DeskForm, 'action' | 'until' | 'department' | 'priority' | 'verdict'>): Pick<
  ManagerAct,
  'until' | 'department' | 'priority' | 'verdict'
> {
  const takesDepartment =
    action === 'reassign' || action === 'reopen' || (action === 'decide' && verdict === 'reopen');
  return {
    ...(action === 'extend' && until !== null && { until }),
    ...(takesDepartment && department && { department }),
    ...(action === 'setPriority' && priority && { priority }),
    ...(action === 'decide' && verdict && { verdict }),
  };
}

/** Returns what the page says after an act. */
export function doneText(action: string): string | null {
  if (action === 'entered') return 'Bildirim kaydedildi. Kayıt numarasını vatandaşa söyleyebilirsiniz.';
  return deskActions.some(each => each === action) ? texts[action as DeskAction].done : null;
}

function fieldOf(
  { departments, categories, neighbourhoods }: Municipality,
  action: DeskAction,
  name: FieldName,
  beside: ActChoices,
): FormField {
  const choice = (label: string, isRequired: boolean, options: FormField['options']): FormField => ({
    ...{ name, label, type: 'choice', isRequired, options },
  });
  const byName = (all: readonly { slug: string; name: string }[]): FormField['options'] =>
    all
      .map(({ slug: value, name: text }) => ({ value, name: text }))
      .sort((a, b) => a.name.localeCompare(b.name, 'tr'));
  switch (name) {
    case 'until':
      return { name, label: 'Yeni son tarih ve saat', type: 'moment', isRequired: true, options: [] };
    case 'department': {
      const label = action === 'reassign' ? 'Müdürlük' : 'Müdürlük (boşsa aynı müdürlük)';
      return choice(label, action === 'reassign', byName(offered(Object.values(departments))));
    }
    case 'priority': {
      const all = priorities.map(value => ({ value, name: value.toUpperCase() }));
      return choice('Öncelik', true, all);
    }
    case 'verdict':
      return choice('Karar', true, [
        { value: 'reopen', name: 'İtiraz haklı: kaydı yeniden aç' },
        { value: 'confirm', name: 'Sonuç uygun: itirazı reddet' },
      ]);
    case 'subject':
      return choice(
        'Konu',
        false,
        byName(correctSubjects({ categories }).map(({ slug, name: { tr } }) => ({ slug, name: tr }))),
      );
    case 'neighbourhood':
      return choice('Mahalle', false, byName(neighbourhoods));
    case 'street':
      return { name, label: 'Sokak ve kapı numarası', type: 'text', isRequired: false, options: [] };
    case 'pin':
      return {
        ...{ name, label: 'Konum: enlem ve boylam veya harita bağlantısı', type: 'text', isRequired: false },
        options: [],
      };
    case 'message':
      return choice('Gönderilen', true, beside.messages);
    case 'photo':
      return choice('Fotoğraf', true, beside.photos);
    case 'day':
      return { name, label: 'Son gün', type: 'day', isRequired: true, options: [] };
  }
}
