import { readyAnswers } from '../../config/answers';
import type { Municipality } from '../../config/municipality';
import type { AnswerPurpose } from '../../config/schemas/answers';
import type { TaskAction } from '../../domain/case/acts';
import { oneLine } from '../../mail/plain-text';
import { MOST_WORK_PHOTOS } from '../../store/file-records';
import { LONGEST_ANSWER, LONGEST_NOTE, type Field } from './task-form';

interface Option {
  value: string;
  name: string;
}

/** A field as the page shows it. */
export type FieldView = { name: Field; label: string; hint: string | null; isRequired: boolean } & (
  | { type: 'choice'; empty: string | null; groups: { label: string | null; options: Option[] }[] }
  | { type: 'words'; limit: number }
  | { type: 'day' | 'time' | 'email' | 'number' }
  | { type: 'photos'; limit: number }
);

interface Around {
  municipality: Municipality;
  /** Slugs: the subject of the case and the department it lies with. */
  subject: string;
  desk: string;
}

const purposeNames: Readonly<Record<AnswerPurpose, string>> = {
  resolved: 'Çözüldü',
  partlyResolved: 'Kısmen çözüldü',
  planned: 'Çalışma programına alındı',
  rejected: 'Reddedildi',
  handedOff: 'Kuruma yönlendirildi',
  question: 'Soru',
};

const LONGEST_OPTION = 90;

function choice(name: Field, label: string, options: Option[]): FieldView {
  return {
    type: 'choice',
    name,
    label,
    hint: null,
    isRequired: true,
    empty: 'Seçiniz',
    groups: [{ label: null, options }],
  };
}

function words(label: string, limit: number, hint: string | null = null): FieldView {
  return { type: 'words', name: 'words', label, limit, hint, isRequired: true };
}

/** The words to the citizen with the ready answers before them; one or the other must be given. */
function answerWords(around: Around, label: string, purposes: readonly AnswerPurpose[]): FieldView[] {
  const { municipality, subject } = around;
  const groups = purposes
    .map(purpose => ({
      label: purposes.length > 1 ? purposeNames[purpose] : null,
      options: readyAnswers(municipality, subject, purpose).map(({ slug, tr }) => ({
        value: slug,
        name: oneLine(tr, LONGEST_OPTION),
      })),
    }))
    .filter(({ options }) => options.length > 0);
  const written: FieldView = { ...words(label, LONGEST_ANSWER), isRequired: groups.length === 0 };
  if (groups.length === 0) return [written];
  const ready: FieldView = {
    type: 'choice',
    name: 'answer',
    label: 'Hazır metin',
    hint: 'Aşağıdaki kutu boşsa gönderilir. Değiştirmek için önce “Önizle”ye basınız; metin kutuya yazılır.',
    isRequired: false,
    empty: 'Kendim yazacağım',
    groups,
  };
  return [ready, written];
}

function day(label: string, isRequired: boolean, hint: string | null = null): FieldView {
  return { type: 'day', name: 'day', label, hint, isRequired };
}

function institutionChoice({ institutions }: Municipality): FieldView {
  const options = Object.values(institutions).map(({ slug, name }) => ({ value: slug, name: name.tr }));
  return choice('institution', 'Kurum', options);
}

/** The fields of a form in their order. */
export function actFields(action: TaskAction, around: Around): FieldView[] {
  const { municipality, desk } = around;
  switch (action) {
    case 'accept':
      return [day('Çalışma günü (isteğe bağlı)', false)];
    case 'schedule':
      return [day('Çalışma günü', true)];
    case 'askCitizen':
      return answerWords(around, 'Vatandaşa sorunuz', ['question']);
    case 'waitInstitution':
      return [
        institutionChoice(municipality),
        words('Vatandaşa açıklama: ne bekleniyor?', LONGEST_ANSWER),
        day('En geç (isteğe bağlı)', false),
      ];
    case 'reroute': {
      const departments = Object.values(municipality.departments).filter(({ slug }) => slug !== desk);
      const options = departments.map(({ slug, name }) => ({ value: slug, name }));
      return [
        choice('department', 'Müdürlük', options),
        words('Gerekçe (yeni müdürlük görür)', LONGEST_NOTE),
      ];
    }
    case 'handOff':
      return [institutionChoice(municipality), ...answerWords(around, 'Vatandaşa açıklama', ['handedOff'])];
    case 'resolve':
      return [
        {
          ...choice(
            'outcome',
            'Sonuç',
            (['resolved', 'partlyResolved', 'planned'] as const).map(value => ({
              value,
              name: purposeNames[value],
            })),
          ),
          empty: null,
        } as FieldView,
        ...answerWords(around, 'Vatandaşa açıklama: ne yapıldı?', ['resolved', 'partlyResolved', 'planned']),
        {
          type: 'photos',
          name: 'photos',
          label: 'Yapılan işin fotoğrafları (isteğe bağlı)',
          hint: `En çok ${MOST_WORK_PHOTOS} fotoğraf, her biri en çok 8 MB; JPEG, PNG veya WebP. Konum ve cihaz bilgileri silinir.`,
          isRequired: false,
          limit: MOST_WORK_PHOTOS,
        },
      ];
    case 'reject': {
      const reasons = Object.entries(municipality.texts.tr.rejectionReasons);
      return [
        choice(
          'reason',
          'Gerekçe',
          reasons.map(([value, name]) => ({ value, name })),
        ),
        ...answerWords(around, 'Vatandaşa açıklama', ['rejected']),
      ];
    }
    case 'note':
      return [words('Not', LONGEST_NOTE)];
    case 'handOver': {
      const domain = mailDomainOf(municipality, desk);
      return [
        {
          type: 'email',
          name: 'colleague',
          label: 'İş arkadaşınızın e-posta adresi',
          hint: `Adres @${domain} ile bitmelidir.`,
          isRequired: true,
        },
        words('Notunuz (iş arkadaşınız görür)', LONGEST_NOTE),
      ];
    }
    case 'join':
      return [
        {
          type: 'number',
          name: 'leader',
          label: 'Bağlanacağı kaydın numarası',
          hint: 'PK-XXXX-XXXX; müdürlüğünüzde açık bir kayıt olmalıdır.',
          isRequired: true,
        },
      ];
    case 'start':
    case 'resume':
    case 'separate':
      return [];
  }
}

/** The domain of a department's mailbox: its tasks are handed over within it only. */
export function mailDomainOf({ departments }: Municipality, desk: string): string {
  const address = departments[desk]?.mail.address ?? '';
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
