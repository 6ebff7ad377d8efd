import type { Municipality } from '../src/config/municipality';
import type { Say } from '../src/config/texts';
import type { EventKind } from '../src/domain/case/outgoing-events';
import type { WebhookClient } from '../src/events/webhook-client';
import type { LetterOutbox } from '../src/mail/letter-outbox';
import type { TaskLinks } from '../src/mail/task-link';
import type { Store } from '../src/store/store';
import type { CaseList } from '../src/temporal/case-list';
import type { CaseGateway } from '../src/temporal/case-gateway';
import type { CitizenOutbox } from '../src/whatsapp/citizen-outbox';
import type { SpeechClient } from '../src/whatsapp/speech-client';
import type { GraphClient, ReadReceipts } from '../src/whatsapp/graph-client';

/** External dependencies of the activities, created once in the worker role. */
export interface Deps {
  municipality: Municipality;
  say: Say;
  store: Store;
  gateway: Pick<
    CaseGateway,
    | 'openCase'
    | 'addToCase'
    | 'correctCase'
    | 'addToEnded'
    | 'correctAfterEnd'
    | 'giveFeedback'
    | 'object'
    | 'undoAnswer'
    | 'withdraw'
    | 'resumeCase'
    | 'stateOf'
    | 'recordAgain'
    | 'changeCalendar'
    | 'joinTalk'
    | 'callCitizen'
    | 'resumeCall'
    | 'cancelCall'
    | 'noteCall'
    | 'startHandOff'
    | 'addToHandOff'
    | 'recallHandOff'
    | 'noteHandOff'
    | 'gatherLetter'
  >;
  caseList: CaseList;
  graph: Pick<GraphClient, 'download'>;
  /** Null without a speech server: voice notes are recordings only. */
  speech: SpeechClient | null;
  /** The receivers of events. The name is null for the one without a name. */
  events: readonly { name: string | null; kinds: readonly EventKind[]; client: WebhookClient }[];
  citizenOutbox: CitizenOutbox;
  receipts: ReadReceipts;
  letterOutbox: LetterOutbox;
  taskLinks: TaskLinks;
  now: () => Date;
}
