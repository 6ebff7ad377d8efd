import type { Say } from '../../config/texts';
import { legalActions, type TaskAction } from '../../domain/case/acts';
import type { TaskLink } from '../../store/task-records';
import { newsContent } from '../../whatsapp/case-news';
import type { ActContext, ActValues, FieldView } from './act-fields';
import type { Notice } from './act-notices';
import { actGroups, acts } from './acts';
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
  draft?: ActValues;
  /** Photos that came with it and are kept for the next sending; their ids. */
  photos?: readonly string[];
}

/** What the citizen receives: exactly so once the form was looked at, else with marks where words are missing. */
interface Preview {
  text: string;
  buttons: string[];
  isExact: boolean;
}

interface ActForm {
  action: TaskAction;
  title: string;
  consequence: string;
  /** The words of the box that must be ticked, if there is one. */
  confirm: string | null;
  submit: string;
  nonce: string;
  /** The revision of the case that its reader sees. */
  seen: number;
  /** What happened when it was sent; the form is then shown open. */
  notice: Notice | null;
  typed: Typed;
  errors: FieldErrors;
  fields: FieldView[];
  photos: readonly string[];
  preview: Preview | null;
}

/** The forms of a page under one heading. */
export interface ActGroup {
  title: string;
  forms: ActForm[];
}

interface FormsInput extends ActContext {
  link: Pick<TaskLink, 'role'>;
  say: Say;
  attempt: Attempt | null;
  /** Whether the citizen wants no messages but the outcome. */
  isMuted: boolean;
  /** The case that this one may follow, by its record. */
  proposedLeader: string | null;
  newNonce: () => string;
}

/** The forms of what is legal now, each with its own nonce; the one that comes back is shown open and filled. */
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
  };
}

/** Shown where the words are still missing. */
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
};

/** The message to the citizen that an act sends, in the citizen's language; null when it sends none. */
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
