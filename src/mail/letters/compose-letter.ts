import { breach } from './breach';
import { citizenAdded } from './citizen-added';
import { citizenAnswered } from './citizen-answered';
import { decision } from './decision';
import { escalation } from './escalation';
import { handOver } from './hand-over';
import { holdEnded } from './hold-ended';
import type { LetterData, LetterDataOf, LetterWords } from './letter-data';
import { frameLetter, quoteOf, type Letter } from './letter-frame';
import { bindingDue, rowsOf } from './letter-rows';
import { operatorAlert } from './operator-alert';
import { reminder } from './reminder';
import { reopened } from './reopened';
import { replanned } from './replanned';
import { sendingPaused } from './sending-paused';
import { task } from './task';
import { withdrawn } from './withdrawn';

const letters: { [Kind in keyof LetterDataOf]: LetterWords<LetterDataOf[Kind]> } = {
  task,
  reminder,
  breach,
  escalation,
  citizenAdded,
  citizenAnswered,
  holdEnded,
  handOver,
  replanned,
  withdrawn,
  decision,
  reopened,
  operatorAlert,
  sendingPaused,
};

const TASK_LINK_SCOPE =
  'Bu bağlantı yalnızca sizin içindir ve yalnızca bu kaydı açar. Başkasına iletmeyiniz; görevi bir çalışma arkadaşınıza görev sayfasından devredebilirsiniz.';

/**
 * A letter ready to be sent: the subject starts with the case number and the state in words, the text says the
 * same as the HTML. Whatever a citizen or a colleague wrote appears as text.
 */
export function composeLetter<Kind extends keyof LetterDataOf>(kind: Kind, data: LetterDataOf[Kind]): Letter {
  const words: LetterWords<LetterDataOf[Kind]> = letters[kind];
  const { caseNumber, municipality } = data;
  const state = words.state(data);
  const common = {
    caseNumber,
    state,
    municipality: municipality.name,
    lead: words.lead(data),
    tone: words.tone,
  };
  const about: LetterData | null = 'link' in data ? data : null;
  if (!about) {
    return frameLetter({ ...common, subject: [caseNumber, state], greeting: null, rows: [], button: null });
  }
  return frameLetter({
    ...common,
    subject: [caseNumber, state, about.subject, about.neighbourhood],
    greeting: about.recipient.name,
    due: bindingDue(about),
    rows: rowsOf(about),
    quotes: [
      quoteOf(words.said?.(data) ?? '', words.said && about.said ? [about.said] : []),
      quoteOf(words.quoted ?? 'Vatandaşın yazdıkları', about.words),
    ],
    pictures: about.pictures,
    button: words.button === null ? null : { label: words.button, url: about.link, scope: TASK_LINK_SCOPE },
  });
}
