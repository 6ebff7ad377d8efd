import type { Clock, Role } from '../../domain/sla/sla';
import type { Stage } from '../../domain/case/case';
import type { CaseFact, LetterKind } from '../../domain/case/case-events';
import type { Place } from '../../store/message-records';

interface Common {
  /** The municipality's name and time zone, from the configuration. */
  municipality: { readonly name: string; readonly timeZone: string };
  /** Epoch ms UTC, like all times here. */
  now: number;
  caseNumber: string;
}

/** A thumbnail of a citizen's photo. */
export interface LetterPicture {
  readonly id: string;
  readonly jpeg: Buffer;
  /** Size in px. */
  readonly width: number;
  readonly height: number;
}

/** The data of a letter to a department or its superiors. */
export interface LetterData extends Common {
  /** Names from the configuration. */
  subject: string;
  department: string;
  neighbourhood: string | null;
  /** Neighbourhood and address in one line. */
  address: string | null;
  place: Place | null;
  /** Sentences about doubts on the place. */
  placeNotes: readonly string[];
  /** The citizen's text, one entry per message. A letter about an addition contains only the new messages. */
  words: readonly string[];
  /** The number of photos, and those embedded in the letter. */
  photos: number;
  pictures: readonly LetterPicture[];
  /** The number of other citizens with the same report. */
  others: number;
  /** The fact that caused the letter, and the text of the act behind it. */
  occasion: CaseFact | null;
  said: string | null;
  /** The citizen's name and number, only for subjects that require a call. */
  callBack: { readonly name: string | null; readonly phone: string } | null;
  stage: Stage;
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  /** The planned day of the work. */
  plannedFor: number | null;
  /** The promised period as the citizen reads it, and its end. */
  programme: { readonly words: string; readonly by: number } | null;
  /** The decider of the citizen's objection, by name, and the deadline. */
  objection: { readonly decider: string; readonly decideBy: number } | null;
  /** The end of the current pause, and when the outcome becomes final. */
  pauseLimitAt: number | null;
  closeAt: number | null;
  /** The first resolve target, if the case was rerouted since. */
  overallBy?: number;
  /** The ladder step of a reminder, breach or escalation. If omitted, the letter uses the current clock. */
  rung?: { readonly clock: Clock; readonly level: number };
  recipient: { readonly name: string; readonly role: Role };
  /** What happened since the task was given, as a sentence; for letters of the ladder. */
  since?: string;
  /** Whether a hazard waits for help. */
  urgent?: boolean;
  /** The recipient's task link. */
  link: string;
}

/** The data of a letter to the operator about a failed delivery. */
export interface OperatorAlertData extends Common {
  /** The effect number; null if the letter is not about a single case. */
  undelivered: number | null;
  to: Role;
  /** The result of sending a rejected letter to the fallback address; null without one. */
  fallback: { readonly name: string; readonly state: 'sent' | 'refused' | 'waiting' } | null;
}

/** The data of a letter to the operator about a sending pause. The heading replaces the case number. */
interface SendingPausedData extends Common {
  /** Meta's error number. */
  reason: string;
}

export type LetterDataOf = Record<LetterKind, LetterData> & {
  operatorAlert: OperatorAlertData;
  sendingPaused: SendingPausedData;
};

export type Tone = 'calm' | 'warning' | 'alarm';

/** The texts of one kind of letter. */
export interface LetterText<Data> {
  /** The state, for subject line and heading. */
  state: (data: Data) => string;
  /** The reason for the letter and the expected action, as paragraphs. */
  lead: (data: Data) => string[];
  tone: Tone;
  /** The label of the button; null without a button. */
  button: string | null;
  /** The heading above the citizen's text, if it is not the usual one. */
  quoted?: string;
  /** The heading above a colleague's text. Without it the text is not shown. */
  said?: (data: Data) => string;
}
