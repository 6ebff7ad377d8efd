import type { Say } from '../../config/texts';
import { type Correction, legalActions, type TaskAction } from '../../domain/case/acts';
import type { TaskLink } from '../../store/task-records';
import { newsContent } from '../../whatsapp/case-news';
import type { ActContext, ActValues, FieldView } from './act-fields';
import type { Notice } from './act-notices';
import { actGroups, acts } from './acts';
import type { FieldErrors, Typed } from './task-act';

/** A form that is shown again: refused, or only previewed. */
export interface Attempt {
  action: TaskAction;
  typed: Typed;
  errors: FieldErrors;
  notice: Notice;
  /** Set if the same form may be sent again. Otherwise a new one is generated. */
  nonce?: string;
  /** The parsed values, for a preview. */
  draft?: ActValues;
  /** What a previewed correction changes. */
  correction?: Correction;
  /** Ids of its photos, kept for the next attempt. */
  photos?: readonly string[];
}

/**
 * The message that the citizen would get. Exact after a preview; before that, with placeholders for missing
 * text.
 */
interface Preview {
  text: string;
  buttons: string[];
  isExact: boolean;
}

interface ActForm {
  action: TaskAction;
  title: string;
  consequence: string;
  /** Label of the required checkbox, if any. */
  confirm: string | null;
  submit: string;
  nonce: string;
  /** The revision of the case on the page. */
  seen: number;
  /** The result of sending the form. The form is then shown open. */
  notice: Notice | null;
  typed: Typed;
  errors: FieldErrors;
  fields: FieldView[];
  photos: readonly string[];
  preview: Preview | null;
  /** What the act would change, for acts that can say it: empty before the preview. Null for all others. */
  foreseen: string[] | null;
}

/** Forms under one heading. */
export interface ActGroup {
  title: string;
  forms: ActForm[];
}

interface FormsInput extends ActContext {
  link: Pick<TaskLink, 'role'>;
  say: Say;
  attempt: Attempt | null;
  /** Whether the citizen gets no questions and no interim messages. */
  isMuted: boolean;
  /** The case that this one may follow, from its record. */
  proposedLeader: string | null;
  newNonce: () => string;
}

/**
 * Returns the forms of the legal acts, each with its own nonce. A form that is shown again is open and filled
 * in.
 */
export function actForms(input: FormsInput): ActGroup[] {
  const { progress, link, isMuted } = input;
  const offered = legalActions(progress, link.role).filter(action => !(isMuted && acts[action].isInterim));
  return actGroups
    .map(title => ({
      title,
      forms: inOrder.filter(action => offered.includes(action) && acts[action].group === title),
    }))
    .filter(({ forms }) => forms.length > 0)
    .map(({ title, forms }) => ({ title, forms: forms.map(action => formOf(action, input)) }));
}

const inOrder = Object.keys(acts) as TaskAction[];

function formOf(action: TaskAction, input: FormsInput): ActForm {
  const { progress, proposedLeader, newNonce } = input;
  const { title, consequence, confirm, submit, fields } = acts[action];
  const attempt = input.attempt?.action === action ? input.attempt : null;
  return {
    action,
    title,
    consequence: typeof consequence === 'string' ? consequence : consequence(input),
    confirm,
    submit,
    nonce: attempt?.nonce ?? newNonce(),
    seen: progress.revision,
    notice: attempt?.notice ?? null,
    typed: attempt?.typed ?? (action === 'join' && proposedLeader ? { leader: proposedLeader } : {}),
    errors: attempt?.errors ?? {},
    fields: Object.entries(fields?.(input) ?? {}).map(([name, field]) => ({ name, ...field })),
    photos: attempt?.photos ?? [],
    preview: previewOf(action, attempt?.draft, input),
    foreseen: acts[action].foresees ? (input.foreseen?.lines ?? []) : null,
  };
}

/** Placeholders for missing text. */
const untouched: ActValues = {
  words: '[Yazdığınız açıklama]',
  reason: null,
  department: null,
  institution: null,
  outcome: null,
  day: null,
  precision: null,
  colleague: null,
  leader: null,
  subject: null,
  priority: null,
  pin: null,
  neighbourhood: null,
  street: null,
};

/** Returns the message that an act sends to the citizen, in the citizen's language, or null. */
function previewOf(action: TaskAction, draft: ActValues | undefined, input: FormsInput): Preview | null {
  const values = draft ?? untouched;
  const told = acts[action].news?.(values, input) ?? null;
  if (told === null) return null;
  const { intake, progress, municipality, say } = input;
  const opened = { caseNumber: progress.caseNumber, intake, progress: told.after };
  const matter = { action: values, leader: null, link: null, now: input.now };
  const content = newsContent({ municipality, say }, opened, told.news, matter);
  const buttons = content.type === 'buttons' ? content.buttons.map(button => button.title) : [];
  return { text: content.body, buttons, isExact: draft !== undefined };
}
