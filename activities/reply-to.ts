import type { Language } from '../src/config/texts';
import type { Reply } from '../src/domain/talk/conversation';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';

/** Whom an answer goes to, and to what. */
export interface ReplyTo {
  citizen: Citizen;
  language: Language;
  kind: Reply;
  messages: readonly Message[];
  /** The case that a question is about. */
  caseNumber: string | null;
}
