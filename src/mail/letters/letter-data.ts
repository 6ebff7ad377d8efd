import type { Clock, Role, Stage } from '../../domain/case';
import type { LetterKind } from '../../domain/case-events';
import type { Place } from '../../store/message-records';

interface Common {
  /** The municipality's name and time zone, from the configuration. */
  municipality: { readonly name: string; readonly timeZone: string };
  /** Epoch ms UTC, like all times here. */
  now: number;
  caseNumber: string;
}

/** What a letter to a department or its superiors is made of; never the citizen's name or number. */
export interface LetterData extends Common {
  /** Names from the configuration. */
  subject: string;
  department: string;
  neighbourhood: string | null;
  place: Place | null;
  /** What the citizen wrote, one entry a message; with `citizenAdded` only what is new. */
  words: readonly string[];
  photos: number;
  stage: Stage;
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
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
  undelivered: number;
  to: 'citizen' | Role;
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

/** How a kind of letter speaks. Each is a file of its own in this folder. */
export interface LetterWords<Data> {
  /** The state in words, for the subject and the heading. */
  state: (data: Data) => string;
  /** Why the letter comes and what is expected, one paragraph each. */
  lead: (data: Data) => string[];
  tone: 'calm' | 'warning' | 'alarm';
  /** The words on the one button; null when there is nothing to open. */
  button: string | null;
}
