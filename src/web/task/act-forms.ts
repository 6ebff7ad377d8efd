import type { Municipality } from '../../config/municipality';
import type { Say } from '../../config/texts';
import { legalActions, type TaskAction } from '../../domain/case/acts';
import type { CaseIntake, CaseProgress } from '../../store/case-records';
import { actFields, type FieldView } from './act-fields';
import type { Notice } from './act-notices';
import { emptyDraft, previewOf, type Draft, type Preview } from './act-preview';
import { actGroups, actWords, type ActWords } from './act-words';
import { dayFieldValue } from './day-field';
import type { FieldErrors, Typed } from './task-form';

/** A form that was sent and comes back to its writer: refused, or only looked at. */
export interface Attempt {
  action: TaskAction;
  typed: Typed;
  errors: FieldErrors;
  notice: Notice;
  /** Kept when the very same form may be sent again; a new one is made otherwise. */
  nonce?: string;
  /** What was understood of it, when it is only looked at. */
  draft?: Draft;
  /** Photos that came with it and are kept for the next sending; their ids. */
  photos?: readonly string[];
}

export interface ActForm extends ActWords {
  action: TaskAction;
  nonce: string;
  /** The revision of the case that its reader sees. */
  seen: number;
  /** What happened when it was sent; the form then stands open. */
  notice: Notice | null;
  typed: Typed;
  errors: FieldErrors;
  fields: FieldView[];
  /** Bounds of a date field. */
  firstDay: string;
  lastDay: string;
  photos: readonly string[];
  preview: Preview | null;
}

export interface ActGroup {
  title: string;
  forms: ActForm[];
}

export interface FormsInput {
  intake: CaseIntake;
  progress: CaseProgress;
  municipality: Municipality;
  say: Say;
  attempt: Attempt | null;
  /** Whether the citizen wants no questions. */
  isMuted: boolean;
  /** The case that this one may follow, by its record. */
  proposedLeader: string | null;
  newNonce: () => string;
  /** Epoch ms UTC. */
  now: number;
}

const YEAR_MS = 365 * 86_400_000;

function formOf(action: TaskAction, input: FormsInput): ActForm {
  const { intake, progress, municipality, proposedLeader, newNonce, now } = input;
  const attempt = input.attempt?.action === action ? input.attempt : null;
  const around = { municipality, subject: intake.category.slug, desk: progress.plan.desk.slug };
  return {
    action,
    ...actWords(action, progress, municipality, now),
    nonce: attempt?.nonce ?? newNonce(),
    seen: progress.revision,
    notice: attempt?.notice ?? null,
    typed: attempt?.typed ?? (action === 'join' && proposedLeader ? { leader: proposedLeader } : {}),
    errors: attempt?.errors ?? {},
    fields: actFields(action, around),
    firstDay: dayFieldValue(now, municipality.timeZone),
    lastDay: dayFieldValue(now + YEAR_MS, municipality.timeZone),
    photos: attempt?.photos ?? [],
    preview: previewOf(attempt?.draft ?? emptyDraft(action), attempt?.draft !== undefined, input),
  };
}

/** The forms of what is legal now, each with its own nonce; the one that comes back stands open and filled. */
export function actForms(input: FormsInput): ActGroup[] {
  const legal = legalActions(input.progress.stage).filter(
    action => !(action === 'askCitizen' && input.isMuted),
  );
  return actGroups
    .map(({ title, actions }) => ({
      title,
      forms: actions.filter(action => legal.includes(action)).map(action => formOf(action, input)),
    }))
    .filter(({ forms }) => forms.length > 0);
}
