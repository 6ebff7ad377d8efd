import type { Say } from '../../config/texts';
import { type Correction, legalActions, type TaskAction } from '../../domain/case/acts';
import type { TaskLink } from '../../store/task-records';
import { newsContent } from '../../whatsapp/case-news';
import type { ActContext, ActValues, FieldView } from './act-fields';
import type { Notice } from './act-notices';
import { actGroups, acts } from './acts';
import type { FieldErrors, Typed } from './task-act';
import type { Muted } from './task-view';

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

/** The message that the citizen will get for the values of a form. */
interface Preview {
  text: string;
  buttons: string[];
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
  isOpen: boolean;
  /** The result of sending the form. */
  notice: Notice | null;
  typed: Typed;
  errors: FieldErrors;
  fields: FieldView[];
  photos: readonly string[];
  /** Whether the act may send a message, which can be looked at before. */
  isTold: boolean;
  /** What the citizen gets or does not get after an opt-out or without a number. */
  muted: string | null;
  preview: Preview | null;
  /** What the act would change, for acts that can say it: empty before the preview. Null for all others. */
  foreseen: string[] | null;
}

/** Forms under one heading. */
interface ActGroup {
  title: string;
  forms: ActForm[];
}

/** The forms of a page: at most two that come next, and all others. */
export interface ActChoice {
  next: ActForm[];
  others: ActGroup[];
}

interface FormsInput extends ActContext {
  link: Pick<TaskLink, 'role'>;
  say: Say;
  attempt: Attempt | null;
  /** The act whose form a link opens. */
  opens: TaskAction | null;
  /** Why the citizen gets no questions and no interim messages. */
  muted: Muted;
  /** The case that this one may follow, from its record. */
  proposedLeader: string | null;
  newNonce: () => string;
}

/** The acts that usually come next, by importance. */
const nextActs: readonly TaskAction[] = ['reopen', 'confirm', 'accept', 'resume', 'resolve'];
/** Those of a report that waits for its desk. */
const sortingActs: readonly TaskAction[] = ['reroute', 'resolve'];
const MOST_NEXT = 2;

/**
 * Returns the forms of the legal acts, each with its own nonce. A form that is shown again is open and filled
 * in.
 */
export function actForms(input: FormsInput): ActChoice {
  const { progress, link, muted } = input;
  const legal = legalActions(progress, link.role);
  const offered = inOrder.filter(
    action => legal.includes(action) && !(muted !== null && acts[action].isInterim),
  );
  const usual = progress.stage === 'triage' ? sortingActs : nextActs;
  const next =
    offered.length === 1 ? offered : usual.filter(action => offered.includes(action)).slice(0, MOST_NEXT);
  const others = offered.filter(action => !next.includes(action));
  return {
    next: next.map(action => formOf(action, input)),
    others: actGroups
      .map(title => ({ title, forms: others.filter(action => acts[action].group === title) }))
      .filter(({ forms }) => forms.length > 0)
      .map(({ title, forms }) => ({ title, forms: forms.map(action => formOf(action, input)) })),
  };
}

const inOrder = Object.keys(acts) as TaskAction[];

function formOf(action: TaskAction, input: FormsInput): ActForm {
  const { progress, proposedLeader, newNonce } = input;
  const { title, consequence, confirm, submit, fields, news } = acts[action];
  const attempt = input.attempt?.action === action ? input.attempt : null;
  const unheard = isUnheard(action, input);
  return {
    action,
    title,
    consequence: typeof consequence === 'string' ? consequence : consequence(input),
    confirm,
    submit,
    nonce: attempt?.nonce ?? newNonce(),
    seen: progress.revision,
    isOpen: input.attempt === null ? input.opens === action : attempt !== null,
    notice: attempt?.notice ?? null,
    typed: attempt?.typed ?? (action === 'join' ? proposed(input, proposedLeader) : {}),
    errors: attempt?.errors ?? {},
    fields: Object.entries(fields?.(input) ?? {}).map(([name, field]) => ({ name, ...field })),
    photos: attempt?.photos ?? [],
    isTold: news !== undefined && !unheard,
    muted: mutedText(action, input),
    preview: attempt?.draft && !unheard ? previewOf(action, attempt.draft, input) : null,
    foreseen: acts[action].foresees ? (input.foreseen?.lines ?? []) : null,
  };
}

function proposed({ comparison }: ActContext, leader: string | null): Typed {
  if (leader === null) return {};
  return comparison?.others.some(({ caseNumber }) => caseNumber === leader) ? { pick: leader } : { leader };
}

/** Whether the citizen gets no message about an act. */
export function isUnheard(
  action: TaskAction,
  { muted, progress }: Pick<FormsInput, 'muted' | 'progress'>,
): boolean {
  const { unheard } = acts[action];
  if (muted === 'noContact') return true;
  return muted !== null && unheard !== undefined && (unheard.when?.({ progress }) ?? true);
}

function mutedText(action: TaskAction, input: FormsInput): string | null {
  const { unheard, news } = acts[action];
  if (input.muted === null || (!unheard && !news)) return null;
  if (input.muted === 'noContact') return 'Başvuranın numarası yok: bu işlemde kendisine mesaj gitmez.';
  return isUnheard(action, input)
    ? 'Vatandaş ara mesaj istemiyor: bu işlemde kendisine mesaj gitmez.'
    : 'Vatandaş ara mesaj istemiyor; bu sonuç yasa gereği yine de bildirilir.';
}

/** Returns the message that an act sends to the citizen, in the citizen's language, or null. */
function previewOf(action: TaskAction, values: ActValues, input: FormsInput): Preview | null {
  const told = acts[action].news?.(values, input) ?? null;
  if (told === null) return null;
  const { intake, progress, municipality, say } = input;
  const opened = { caseNumber: progress.caseNumber, intake, progress: told.after };
  const matter = { action: values, leader: null, link: null, now: input.now };
  const content = newsContent({ municipality, say }, opened, told.news, matter);
  const buttons = content.type === 'buttons' ? content.buttons.map(button => button.title) : [];
  return { text: content.body, buttons };
}
