import { oneLine, plainText } from '../plain-text';
import { createTemplates } from '../templates';
import type { LetterPicture, Tone } from './letter-data';
import type { LetterDue, LetterRow } from './letter-rows';

export interface Letter {
  subject: string;
  html: string;
  text: string;
  /** Pictures that the HTML shows, each under `cid:<id>`. */
  pictures: readonly LetterPicture[];
}

/** Somebody's own words with their heading. */
export interface Quote {
  title: string;
  lines: readonly string[];
}

/** One of several tasks in a letter. */
export interface TaskLine {
  title: string;
  stage: string;
  due: string;
  isOverdue: boolean;
}

/** What fills the one layout of all letters; every value appears as text. */
export interface LetterFrame {
  /** Parts of the subject line; empty ones are left out. */
  subject: readonly (string | null | undefined)[];
  /** Above the heading, usually the case number. */
  caseNumber: string;
  state: string;
  municipality: string;
  greeting: string | null;
  lead: readonly string[];
  tone: Tone;
  due?: LetterDue | null;
  /** Tasks one below the other, and what is said below them. */
  tasks?: readonly TaskLine[];
  rest?: string | null;
  rows: readonly LetterRow[];
  quotes?: readonly Quote[];
  pictures?: readonly LetterPicture[];
  button: { label: string; url: string; scope: string } | null;
}

const LONGEST_SUBJECT = 120;
const LONGEST_NAME = 80;
/** The rest is on the task page. */
const WORDS_SHOWN = 4_000;

const templates = createTemplates(__dirname);

/** Somebody's words as lines of plain text under a heading, cut where a letter would get too long. */
export function quoteOf(title: string, words: readonly string[]): Quote {
  const whole = words
    .map(plainText)
    .filter(text => text !== '')
    .join('\n');
  const characters = [...whole];
  const shown = characters.length <= WORDS_SHOWN ? whole : `${characters.slice(0, WORDS_SHOWN).join('')}…`;
  return { title, lines: shown === '' ? [] : shown.split('\n') };
}

/** A letter in both forms: the text says the same as the HTML, and the subject fits a header. */
export function frameLetter(frame: LetterFrame): Letter {
  const { subject, greeting, due = null, tasks = [], rest = null, quotes = [], pictures = [] } = frame;
  const values = {
    ...frame,
    greeting: greeting && oneLine(greeting, LONGEST_NAME),
    due,
    tasks,
    rest,
    quotes: quotes.filter(({ lines }) => lines.length > 0),
    pictures,
  };
  return {
    subject: oneLine(subject.filter(part => part).join(' · '), LONGEST_SUBJECT),
    html: templates.html('letter-html', values),
    text: templates.text('letter-text', values),
    pictures,
  };
}
