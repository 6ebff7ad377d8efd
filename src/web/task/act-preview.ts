import type { Municipality } from '../../config/municipality';
import type { Say } from '../../config/texts';
import type { Named } from '../../domain/case/case';
import type { CitizenNews } from '../../domain/case/case-events';
import type { CaseIntake, CaseProgress } from '../../store/case-records';
import { newsContent } from '../../whatsapp/case-news';
import { actionRecordOf } from './task-act';
import type { TaskForm } from './task-form';

/** What the citizen receives: exactly so once the form was looked at, else with marks where words are missing. */
export interface Preview {
  text: string;
  buttons: string[];
  isExact: boolean;
}

interface Around {
  intake: CaseIntake;
  progress: CaseProgress;
  municipality: Municipality;
  say: Say;
  now: number;
}

/** What a form says before anything is filled in. */
export type Draft = Omit<TaskForm, 'nonce' | 'seen' | 'isPreview'>;

const SAMPLE_WORDS = '[Yazdığınız açıklama]';

export function emptyDraft(action: TaskForm['action']): Draft {
  return {
    action,
    words: SAMPLE_WORDS,
    reason: null,
    department: null,
    institution: null,
    outcome: null,
    day: null,
    colleague: null,
    leader: null,
  };
}

function institutionNamed({ institutions }: Municipality, slug: string | null): Named {
  const known = slug === null ? undefined : institutions[slug];
  return known ? { slug: known.slug, name: known.name.tr } : { slug: '', name: '[Seçtiğiniz kurum]' };
}

/** The news that an act brings the citizen, with the case as it will be then; null when it brings none. */
function newsOf(
  draft: Draft,
  { progress, municipality, now }: Around,
): { news: CitizenNews; after: CaseProgress } | null {
  switch (draft.action) {
    case 'accept':
      return draft.day === null ? null : { news: 'scheduled', after: { ...progress, plannedFor: draft.day } };
    case 'schedule':
      return { news: 'scheduled', after: { ...progress, plannedFor: draft.day ?? now } };
    case 'askCitizen':
      return { news: 'question', after: progress };
    case 'waitInstitution': {
      const waitingFor = institutionNamed(municipality, draft.institution);
      return { news: 'waitingInstitution', after: { ...progress, waitingFor } };
    }
    case 'handOff': {
      const institution = institutionNamed(municipality, draft.institution);
      return { news: 'passedOn', after: { ...progress, institution } };
    }
    case 'resolve':
      return {
        news: progress.terms?.answerEnds ? 'answered' : (draft.outcome ?? 'resolved'),
        after: progress,
      };
    case 'reject':
      return { news: 'rejected', after: progress };
    case 'join':
      return { news: 'joined', after: progress };
    // The new department's target is not known before it is planned.
    case 'reroute':
    case 'start':
    case 'resume':
    case 'handOver':
    case 'separate':
    case 'note':
      return null;
  }
}

/** The message to the citizen that an act sends, in the citizen's language; null when it sends none. */
export function previewOf(draft: Draft, isExact: boolean, around: Around): Preview | null {
  const told = newsOf(draft, around);
  if (told === null) return null;
  const { intake, progress, municipality, say } = around;
  const record = actionRecordOf(draft);
  const opened = { caseNumber: progress.caseNumber, intake, progress: told.after };
  const content = newsContent({ municipality, say }, opened, told.news, {
    action: record,
    leader: null,
    link: null,
  });
  const buttons = content.type === 'buttons' ? content.buttons.map(({ title }) => title) : [];
  return { text: content.body, buttons, isExact };
}
