import type { Clock, Role, Stage } from '../../domain/case/case';
import type { CaseFact, LetterKind } from '../../domain/case/case-events';
import type { Place } from '../../store/message-records';

interface Common {
  /** The municipality's name and time zone, from the configuration. */
  municipality: { readonly name: string; readonly timeZone: string };
  /** Epoch ms UTC, like all times here. */
  now: number;
  caseNumber: string;
}

/** A citizen's photo, small enough to stand in a letter. */
export interface LetterPicture {
  readonly id: string;
  readonly jpeg: Buffer;
  /** In px, as shown. */
  readonly width: number;
  readonly height: number;
}

/** What a letter to a department or its superiors is made of. */
export interface LetterData extends Common {
  /** Names from the configuration. */
  subject: string;
  department: string;
  neighbourhood: string | null;
  place: Place | null;
  /** What must be known of the place beside it, sentences. */
  placeNotes: readonly string[];
  /** What the citizen wrote, one entry a message; of a letter about an addition only what is new. */
  words: readonly string[];
  /** How many photos the citizen sent, and those of them that stand in the letter. */
  photos: number;
  pictures: readonly LetterPicture[];
  /** How many other citizens reported the same. */
  others: number;
  /** The fact that gave rise to the letter, and what somebody wrote in the act behind it. */
  occasion: CaseFact | null;
  said: string | null;
  /** The citizen's name and number, only where the subject cannot be settled without a call. */
  callBack: { readonly name: string | null; readonly phone: string } | null;
  stage: Stage;
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  /** The day on which the department wants to do the work. */
  plannedFor: number | null;
  /** Until when the service clock stands at most, and when a result becomes final. */
  pauseLimitAt: number | null;
  closeAt: number | null;
  /** The first resolve target, when the case has moved to another department since. */
  overallBy?: number;
  /** The rung of the ladder behind a reminder, breach or escalation; the clock that binds now when left out. */
  rung?: { readonly clock: Clock; readonly level: number };
  recipient: { readonly name: string; readonly role: Role };
  /** The recipient's own task link. */
  link: string;
}

/** What the operator is told when something could not be delivered. */
export interface OperatorAlertData extends Common {
  /** The number of the case's effect; null for a letter about no single case, which the heading names. */
  undelivered: number | null;
  to: 'citizen' | Role;
  /** How it stands with the address that a refused letter went to instead; null when there was none. */
  fallback: { readonly name: string; readonly state: 'sent' | 'refused' | 'waiting' } | null;
}

/** What the operator is told when WhatsApp takes no message from the line; the heading stands for a case number. */
export interface SendingPausedData extends Common {
  /** Meta's error number. */
  reason: string;
}

export type LetterDataOf = Record<LetterKind, LetterData> & {
  operatorAlert: OperatorAlertData;
  sendingPaused: SendingPausedData;
};

export type Tone = 'calm' | 'warning' | 'alarm';

/** How a kind of letter speaks. Each is a file of its own in this folder. */
export interface LetterWords<Data> {
  /** The state in words, for the subject and the heading. */
  state: (data: Data) => string;
  /** Why the letter comes and what is expected, one paragraph each. */
  lead: (data: Data) => string[];
  tone: Tone;
  /** The words on the one button; null when there is nothing to open. */
  button: string | null;
  /** The heading over the citizen's words, unless it is the usual one. */
  quoted?: string;
  /** The heading over a colleague's words; letters without one do not show them. */
  said?: (data: Data) => string;
}
