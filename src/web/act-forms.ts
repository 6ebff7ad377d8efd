import type { Municipality } from '../config/municipality';
import { resolvedMessage } from '../config/resolved-message';
import type { Say } from '../config/texts';
import type { TaskAction } from '../domain/acts';
import { legalActions } from '../domain/stage-table';
import { dueOf } from '../mail/due-words';
import { plainText } from '../mail/plain-text';
import type { CaseIntake, CaseProgress } from '../store/case-records';
import type { Notice } from './act-notices';
import { LONGEST_ANSWER, LONGEST_NOTE, type Field, type Typed } from './task-form';

/** A form that was sent and comes back to its writer: refused, or only looked at. */
export interface Attempt {
  action: TaskAction;
  typed: Typed;
  errors: Readonly<Partial<Record<Field, string>>>;
  notice: Notice;
  /** Kept when the very same form may be sent again; a new one is made otherwise. */
  nonce?: string;
  isPreview?: boolean;
}

interface Choice {
  label: string;
  options: { slug: string; name: string }[];
}

export interface ActForm {
  action: TaskAction;
  title: string;
  /** What follows from pressing the button. */
  consequence: string;
  nonce: string;
  /** What happened when it was sent; the form then stands open. */
  notice: Notice | null;
  typed: Typed;
  errors: Readonly<Partial<Record<Field, string>>>;
  department: Choice | null;
  reason: Choice | null;
  words: { label: string; limit: number } | null;
  /** What the citizen receives; with the typed words in it once the form was looked at. */
  preview: { text: string; buttons: string[]; isExact: boolean } | null;
  /** The words of the box that must be ticked; null when the words themselves are choice enough. */
  confirm: string | null;
  submit: string;
}

type Fixed = Omit<ActForm, 'action' | 'nonce' | 'notice' | 'typed' | 'errors' | 'preview'>;

/** In the order in which a department usually needs them. */
const shownOrder = [
  'accept',
  'resolve',
  'reroute',
  'reject',
  'note',
] as const satisfies readonly TaskAction[];
type ShownAction = (typeof shownOrder)[number];

const SAMPLE_WORDS = '[Yazdığınız açıklama]';
const SAMPLE_REASON = '[Seçtiğiniz gerekçe]';

function fixedPart(
  action: ShownAction,
  progress: CaseProgress,
  municipality: Municipality,
  now: number,
): Fixed {
  const plain = { department: null, reason: null, words: null, confirm: null };
  switch (action) {
    case 'accept': {
      const { until } = dueOf(progress.plan.resolveBy, now, municipality.timeZone);
      return {
        ...plain,
        title: 'İşi kabul et',
        consequence: `İş müdürlüğünüzün üzerine alınır; kabul süresi durur, çözüm süresi işler (${until}). Vatandaşa mesaj gitmez.`,
        confirm: 'Bu işi üstlendiğimizi onaylıyorum.',
        submit: 'Kabul et',
      };
    }
    case 'resolve':
      return {
        ...plain,
        title: 'Sonuçlandır',
        consequence: `Vatandaşa aşağıdaki mesaj gider ve çözülüp çözülmediği sorulur. “Çözülmedi” derse kayıt yeniden açılır; yanıt gelmezse ${municipality.feedback.closeAfterDays} gün sonra kapanır.`,
        words: { label: 'Vatandaşa açıklama: ne yapıldı?', limit: LONGEST_ANSWER },
        confirm: 'Bu açıklamanın vatandaşa gönderilmesini onaylıyorum.',
        submit: 'Sonuçlandır ve gönder',
      };
    case 'reject':
      return {
        ...plain,
        title: 'Gerekçeyle reddet',
        consequence: 'Kayıt kapanır; vatandaşa gerekçe ve açıklamanız gönderilir. Bu işlem geri alınamaz.',
        reason: {
          label: 'Gerekçe',
          options: Object.entries(municipality.texts.tr.rejectionReasons).map(([slug, name]) => ({
            slug,
            name,
          })),
        },
        words: { label: 'Vatandaşa açıklama', limit: LONGEST_ANSWER },
        confirm: 'Bildirimin reddedilmesini ve bu açıklamanın gönderilmesini onaylıyorum.',
        submit: 'Reddet ve gönder',
      };
    case 'reroute':
      return {
        ...plain,
        title: 'Başka müdürlüğe yönlendir',
        consequence:
          'Kayıt seçtiğiniz müdürlüğe geçer ve süreleri yeniden başlar; bu bağlantıyla artık işlem yapılamaz. Vatandaşa yeni birim bildirilir, gerekçeniz bildirilmez.',
        department: {
          label: 'Müdürlük',
          options: Object.values(municipality.departments).filter(
            ({ slug }) => slug !== progress.plan.desk.slug,
          ),
        },
        words: { label: 'Gerekçe (yeni müdürlük görür)', limit: LONGEST_NOTE },
        confirm: 'Kaydın seçtiğim müdürlüğe gönderilmesini onaylıyorum.',
        submit: 'Yönlendir',
      };
    case 'note':
      return {
        ...plain,
        title: 'Not ekle',
        consequence: 'Not kaydın geçmişine yazılır; vatandaşa gönderilmez, süreleri değiştirmez.',
        words: { label: 'Not', limit: LONGEST_NOTE },
        submit: 'Notu ekle',
      };
  }
}

/** The message to the citizen that an act sends, in the citizen's language; null when it sends no words. */
function previewOf(
  action: TaskAction,
  { intake, progress }: { intake: CaseIntake; progress: CaseProgress },
  attempt: Attempt | null,
  { municipality, say }: { municipality: Municipality; say: Say },
): ActForm['preview'] {
  const { language } = intake;
  const { caseNumber } = progress;
  const department = progress.plan.desk.name;
  const isExact = attempt?.isPreview === true;
  const words = isExact ? plainText(attempt.typed.words ?? '') : SAMPLE_WORDS;
  if (action === 'resolve') {
    const { body, buttons } = resolvedMessage(say, language, { caseNumber, department, words });
    return { text: body, buttons: buttons.map(({ title }) => title), isExact };
  }
  if (action === 'reject') {
    const reasons = municipality.texts[language].rejectionReasons;
    const reason = (isExact && reasons[attempt.typed.reason ?? '']) || SAMPLE_REASON;
    return {
      text: say(language, 'rejected', { caseNumber, department, reason, words }),
      buttons: [],
      isExact,
    };
  }
  return null;
}

/** The forms of what is legal now, each with its own nonce; the one that comes back stands open and filled. */
export function actForms(input: {
  intake: CaseIntake;
  progress: CaseProgress;
  municipality: Municipality;
  say: Say;
  attempt: Attempt | null;
  newNonce: () => string;
  now: number;
}): ActForm[] {
  const { progress, municipality, newNonce, now } = input;
  const legal = legalActions(progress.stage);
  return shownOrder
    .filter(action => legal.includes(action))
    .map(action => {
      const attempt = input.attempt?.action === action ? input.attempt : null;
      return {
        action,
        ...fixedPart(action, progress, municipality, now),
        nonce: attempt?.nonce ?? newNonce(),
        notice: attempt?.notice ?? null,
        typed: attempt?.typed ?? {},
        errors: attempt?.errors ?? {},
        preview: previewOf(action, input, attempt, input),
      };
    });
}
