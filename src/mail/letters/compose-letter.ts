import { coordinateWords, mapUrl } from '../map-link';
import { dueWords } from '../due-words';
import { oneLine, plainText } from '../plain-text';
import { createTemplates } from '../templates';
import { breach } from './breach';
import { citizenAdded } from './citizen-added';
import { citizenAnswered } from './citizen-answered';
import { decision } from './decision';
import { escalation } from './escalation';
import { handOver } from './hand-over';
import { holdEnded } from './hold-ended';
import type { LetterData, LetterDataOf, LetterWords } from './letter-data';
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

const templates = createTemplates(__dirname);

/** Facts of a report for the table of the letter, each with its heading. */
function rowsOf(data: LetterData): { name: string; value: string; url?: string }[] {
  const { municipality, now, stage, place, photos } = data;
  const due = (at: number): string => dueWords(at, now, municipality.timeZone);
  const waits = stage === 'assigned' || stage === 'triage';
  return [
    { name: 'Konu', value: data.subject },
    { name: 'Müdürlük', value: data.department },
    ...(data.neighbourhood ? [{ name: 'Mahalle', value: data.neighbourhood }] : []),
    ...(place?.address || place?.name
      ? [{ name: 'Yer', value: oneLine([place.name, place.address].filter(part => part).join(', '), 200) }]
      : []),
    ...(place ? [{ name: 'Konum', value: coordinateWords(place), url: mapUrl(place) }] : []),
    ...(photos > 0 ? [{ name: 'Fotoğraf', value: `${photos} fotoğraf, görev sayfasında` }] : []),
    ...(waits ? [{ name: stage === 'triage' ? 'İlk işlem' : 'Kabul', value: due(data.acceptBy) }] : []),
    { name: 'Çözüm', value: due(data.resolveBy) },
    { name: 'Yasal süre', value: due(data.legalBy) },
  ];
}

function shownWords(words: readonly string[]): string[] {
  const whole = words
    .map(plainText)
    .filter(text => text !== '')
    .join('\n');
  const letters = [...whole];
  const shown = letters.length <= WORDS_SHOWN ? whole : `${letters.slice(0, WORDS_SHOWN).join('')}…`;
  return shown === '' ? [] : shown.split('\n');
}

/**
 * A letter ready to be sent: the subject starts with the case number and the state in words, the text says the
 * same as the HTML. Whatever a citizen wrote appears as text.
 */
export function composeLetter<Kind extends keyof LetterDataOf>(kind: Kind, data: LetterDataOf[Kind]): Letter {
  const { state, lead, tone, button }: LetterWords<LetterDataOf[Kind]> = letters[kind];
  const about: LetterData | null = 'link' in data ? data : null;
  const parts = [data.caseNumber, state(data), about?.subject, about?.neighbourhood];
  const values = {
    state: state(data),
    caseNumber: data.caseNumber,
    municipality: data.municipality.name,
    greeting: about && oneLine(about.recipient.name, 80),
    lead: lead(data),
    tone,
    rows: about ? rowsOf(about) : [],
    words: about ? shownWords(about.words) : [],
    button: about && button !== null ? { label: button, url: about.link } : null,
  };
  return {
    subject: oneLine(parts.filter(part => part).join(' · '), LONGEST_SUBJECT),
    html: templates.html('letter-html', values),
    text: templates.text('letter-text', values),
  };
}
