import { oneLine, plainText } from '../plain-text';
import { createTemplates } from '../templates';
import { breach } from './breach';
import { citizenAdded } from './citizen-added';
import { citizenAnswered } from './citizen-answered';
import { decision } from './decision';
import { escalation } from './escalation';
import { handOver } from './hand-over';
import { holdEnded } from './hold-ended';
import type { LetterData, LetterDataOf, LetterPicture, LetterWords } from './letter-data';
import { bindingDue, rowsOf } from './letter-rows';
import { operatorAlert } from './operator-alert';
import { reminder } from './reminder';
import { reopened } from './reopened';
import { replanned } from './replanned';
import { sendingPaused } from './sending-paused';
import { task } from './task';
import { withdrawn } from './withdrawn';

export interface Letter {
  subject: string;
  html: string;
  text: string;
  /** Pictures that the HTML shows, each under `cid:<id>`. */
  pictures: readonly LetterPicture[];
}

const LONGEST_SUBJECT = 120;
/** The rest is on the task page. */
const WORDS_SHOWN = 4_000;

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

export const letterTemplates = createTemplates(__dirname);

/** Somebody's words as lines of plain text, cut where a letter would get too long. */
function linesOf(words: readonly string[]): string[] {
  const whole = words
    .map(plainText)
    .filter(text => text !== '')
    .join('\n');
  const characters = [...whole];
  const shown = characters.length <= WORDS_SHOWN ? whole : `${characters.slice(0, WORDS_SHOWN).join('')}…`;
  return shown === '' ? [] : shown.split('\n');
}

/** The subject of a letter: its parts on one line that fits a header. */
export function subjectOf(parts: readonly (string | null | undefined)[]): string {
  return oneLine(parts.filter(part => part).join(' · '), LONGEST_SUBJECT);
}

/**
 * A letter ready to be sent: the subject starts with the case number and the state in words, the text says the
 * same as the HTML. Whatever a citizen or a colleague wrote appears as text.
 */
export function composeLetter<Kind extends keyof LetterDataOf>(kind: Kind, data: LetterDataOf[Kind]): Letter {
  const words: LetterWords<LetterDataOf[Kind]> = letters[kind];
  const about: LetterData | null = 'link' in data ? data : null;
  const state = words.state(data);
  const pictures = about?.pictures ?? [];
  const values = {
    state,
    caseNumber: data.caseNumber,
    municipality: data.municipality.name,
    greeting: about && oneLine(about.recipient.name, 80),
    lead: words.lead(data),
    tone: words.tone,
    due: about && bindingDue(about),
    rows: about ? rowsOf(about) : [],
    quotes: [
      { title: words.said?.(data) ?? '', lines: words.said && about?.said ? linesOf([about.said]) : [] },
      { title: words.quoted ?? 'Vatandaşın yazdıkları', lines: linesOf(about?.words ?? []) },
    ].filter(({ lines }) => lines.length > 0),
    pictures,
    button: about && words.button !== null ? { label: words.button, url: about.link } : null,
  };
  return {
    subject: subjectOf([data.caseNumber, state, about?.subject, about?.neighbourhood]),
    html: letterTemplates.html('letter-html', values),
    text: letterTemplates.text('letter-text', values),
    pictures,
  };
}
