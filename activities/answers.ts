import type { Municipality } from '../src/config/municipality';
import { categoryOf, dependsOnPlace, deskName, offered, ownerOf } from '../src/config/offices';
import { tellsAddress } from '../src/config/places';
import { languages, type Texts } from '../src/config/schemas/texts';
import type { Language } from '../src/config/texts';
import type { FeedbackAnswer } from '../src/domain/case/case';
import { feedbackButtonId } from '../src/domain/identifiers';
import { OTHER_CATEGORY, type Owner } from '../src/domain/routing/category';
import { LIKELY_FROM } from '../src/domain/routing/classify';
import type { Reply } from '../src/domain/talk/conversation-state';
import type { Titles } from '../src/domain/talk/answer-words';
import { tapId, wishes } from '../src/domain/talk/taps';
import type { Matters } from '../src/domain/talk/message-meaning';
import type { CaseRecord } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import { type Message, wordsOf } from '../src/store/message-records';
import type { Button, OutgoingContent, Row } from '../src/whatsapp/outgoing';
import { openCasesOf, ownCase, ownOpenCase } from './case-lookup';
import type { Deps } from './deps';
import { guessOf } from './case-intake';

/** The recipient of an answer, and the messages that it answers. */
export interface ReplyTo {
  citizen: Citizen;
  language: Language;
  kind: Reply;
  messages: readonly Message[];
  /** The case of a question. */
  caseNumber: string | null;
  /** Other cases that may be meant. */
  alike: readonly string[];
  /** The slug of a small question. */
  question: string | null;
  /** The two subjects of a question about two matters. */
  matters: Matters | null;
  /** The right subject of a case. */
  subject: string | null;
  /** The survey answer that was understood from words. */
  answer: FeedbackAnswer | null;
}

/** Subjects in the list, before the row for everything else. */
const SUBJECTS_SHOWN = 3;
/** If no subject is likely, the list shows one subject per department. */
const MOST_ROWS = 10;
const LONGEST_BUTTON = 20;

/**
 * Asks for the subject: by two buttons if one is likely, otherwise by a list of the most likely ones with
 * their owners.
 */
export function subjectQuestion(
  { municipality, say }: Deps,
  language: Language,
  messages: readonly Message[],
  { isRefused = false, isLapsed = false } = {},
): OutgoingContent {
  const words = wordsOf(messages);
  const likely = guessOf(messages, municipality).ranked.filter(({ category }) => category !== OTHER_CATEGORY);
  const ranked = isRefused ? likely.slice(1) : likely;
  const idOf = (category: string): string => tapId({ kind: 'subject', category });
  const nameOf = (category: string): string => categoryOf(municipality, category).name[language];
  const other = { id: idOf(OTHER_CATEGORY), title: say(language, 'buttons.otherSubject', {}) };
  const [best] = ranked;
  const isPlaced =
    messages.some(message => message.place !== null) ||
    tellsAddress(municipality, words) ||
    (best !== undefined && !dependsOnPlace(municipality, categoryOf(municipality, best.category)));
  if (best && !isRefused && !isLapsed && best.confidence >= LIKELY_FROM) {
    const subject = nameOf(best.category);
    const yes = say(language, 'buttons.yes', {});
    const named = `${yes}, ${language === 'tr' ? withSmallInitial(subject) : subject.toLowerCase()}`;
    return {
      type: 'buttons',
      body: say(language, isPlaced ? 'confirmSubject' : 'confirmSubjectAndPlace', { subject }),
      buttons: [
        { id: idOf(best.category), title: named.length <= LONGEST_BUTTON ? named : yes },
        { id: tapId({ kind: 'otherSubject' }), title: other.title },
      ],
    };
  }
  const slugs =
    ranked.length > 0
      ? ranked.slice(0, SUBJECTS_SHOWN).map(({ category }) => category)
      : oneOfEach(municipality);
  return {
    type: 'list',
    body: say(language, isLapsed ? 'subjectLapsed' : isPlaced ? 'askSubject' : 'askSubjectAndPlace', {}),
    open: say(language, 'buttons.chooseSubject', {}),
    rows: [
      ...slugs
        .filter(slug => slug !== OTHER_CATEGORY)
        .slice(0, MOST_ROWS - 1)
        .map((slug): Row => ({
          id: idOf(slug),
          title: nameOf(slug),
          description: ownerName(municipality, language, slug),
        })),
      other,
    ],
  };
}

/** Asks which of the two matters of a message to report. */
export function mattersQuestion(
  { municipality, say }: Deps,
  language: Language,
  matters: Matters,
): OutgoingContent {
  const nameOf = (slug: string): string => categoryOf(municipality, slug).name[language];
  const [first, second] = matters;
  const only = (category: string): string => tapId({ kind: 'subject', category });
  return {
    type: 'buttons',
    body: say(language, 'askMatters', { first: nameOf(first), second: nameOf(second) }),
    buttons: [
      {
        id: tapId({ kind: 'subjects', categories: matters }),
        title: say(language, 'buttons.bothMatters', {}),
      },
      { id: only(first), title: say(language, 'buttons.firstMatter', {}) },
      { id: only(second), title: say(language, 'buttons.secondMatter', {}) },
    ],
  };
}

function withSmallInitial(name: string): string {
  const first = name.slice(0, 1);
  return (first === 'I' ? 'ı' : first === 'İ' ? 'i' : first.toLowerCase()) + name.slice(1);
}

/** Returns the owner of a subject in the citizen's language, for the description of its row. */
function ownerName(municipality: Municipality, language: Language, slug: string): string {
  const owner = ownerOf(municipality, categoryOf(municipality, slug));
  return 'department' in owner
    ? deskName(municipality, language, owner.department)
    : owner.institution.name[language];
}

/** Returns the first subject of each department, in the order of the catalogue. */
function oneOfEach({ categories }: Municipality): string[] {
  const seen = new Set<string>();
  const isFirst = (owner: Owner): boolean => {
    if (!('department' in owner) || seen.has(owner.department)) return false;
    seen.add(owner.department);
    return true;
  };
  return offered(categories)
    .filter(({ owner }) => isFirst(owner))
    .map(({ slug }) => slug);
}

/** A message has at most three buttons, and one is for a new report. */
const CASES_ASKED = 2;

/** Asks "A new report, or about that case?". With several cases, each button names one. */
export async function whichQuestion(
  deps: Deps,
  language: Language,
  caseNumbers: readonly [string, ...string[]],
): Promise<OutgoingContent> {
  const { say } = deps;
  const [first, ...others] = caseNumbers;
  const isOne = others.length === 0;
  const ofCase = (caseNumber: string): Button => ({
    id: tapId({ kind: 'which', caseNumber }),
    title: isOne ? say(language, 'buttons.aboutCase', {}) : caseNumber,
  });
  return {
    type: 'buttons',
    body: isOne
      ? say(language, 'askWhich', { caseNumber: first, subject: await subjectOf(deps, language, first) })
      : say(language, 'askWhichOf', {}),
    buttons: [
      { id: tapId({ kind: 'which', caseNumber: null }), title: say(language, 'buttons.newReport', {}) },
      ...caseNumbers.slice(0, CASES_ASKED).map(ofCase),
    ],
  };
}

/** Asks whether a case shall be corrected as understood from an unclear text, or for the right value. */
export async function correctionQuestion(
  deps: Deps,
  { citizen, language, caseNumber, subject }: ReplyTo,
): Promise<OutgoingContent> {
  const { store, municipality, say } = deps;
  const record = caseNumber === null ? null : await ownCase(store, citizen, caseNumber);
  if (!record) return endedAnswer(deps, citizen, language, caseNumber);
  const nameOf = (slug: string): string => categoryOf(municipality, slug).name[language];
  const about = { caseNumber: record.caseNumber, subject: nameOf(record.intake.category.slug) };
  if (subject === null) return { type: 'text', body: say(language, 'askRight', about) };
  return {
    type: 'buttons',
    body: say(language, 'askCorrection', { ...about, right: nameOf(subject) }),
    buttons: [
      {
        id: tapId({ kind: 'which', caseNumber: record.caseNumber }),
        title: say(language, 'buttons.correct', {}),
      },
      { id: tapId({ kind: 'which', caseNumber: null }), title: say(language, 'buttons.newReport', {}) },
    ],
  };
}

async function subjectOf(
  { store, municipality }: Deps,
  language: Language,
  caseNumber: string,
): Promise<string> {
  const record = await store.cases.get(caseNumber);
  return record ? categoryOf(municipality, record.intake.category.slug).name[language] : '';
}

/** Asks by buttons whether the problem of a resolved case is solved. */
export async function solvedQuestion(
  deps: Deps,
  { citizen, language, caseNumber }: ReplyTo,
): Promise<OutgoingContent> {
  const { store, say } = deps;
  const record = caseNumber === null ? null : await ownCase(store, citizen, caseNumber);
  if (record?.progress?.stage !== 'resolved') return endedAnswer(deps, citizen, language, caseNumber);
  const { caseNumber: number } = record;
  const subject = await subjectOf(deps, language, number);
  return {
    type: 'buttons',
    body: say(language, 'askSolvedOf', { caseNumber: number, subject }),
    buttons: (['solved', 'partly', 'unsolved'] as const).map(answer => ({
      id: feedbackButtonId(number, answer),
      title: say(language, `buttons.${answer}`, {}),
    })),
  };
}

/** Confirms how an answer in words was understood, with a button to correct it. */
export function answerTaken({ say }: Deps, { language, caseNumber, answer }: ReplyTo): OutgoingContent {
  const number = caseNumber ?? '';
  const title = say(language, `buttons.${answer ?? 'unsolved'}`, {});
  return {
    type: 'buttons',
    body: say(language, 'answerTaken', { caseNumber: number, answer: title }),
    buttons: [{ id: tapId({ kind: 'undo', caseNumber: number }), title: say(language, 'buttons.undo', {}) }],
  };
}

/** A message with buttons has at most 1,024 characters (Cloud API), and the frame needs some of them. */
const LONGEST_QUOTE = 800;

/** Tells what was understood of a voice note, with buttons to confirm or refuse it. */
export function voiceQuestion({ say }: Deps, { language, messages }: ReplyTo): OutgoingContent {
  const [note] = messages;
  const all = Array.from(note?.words ?? '');
  const words = all.length > LONGEST_QUOTE ? `${all.slice(0, LONGEST_QUOTE).join('')}…` : all.join('');
  const button = (isRight: boolean): Button => ({
    id: tapId({ kind: 'voice', isRight, messageId: note?.id ?? '' }),
    title: say(language, isRight ? 'buttons.voiceRight' : 'buttons.voiceWrong', {}),
  });
  return {
    type: 'buttons',
    body: say(language, 'askVoice', { words }),
    buttons: [button(true), button(false)],
  };
}

/** Asks a citizen whose message was not understood what it is about. */
export function wishQuestion({ say }: Deps, language: Language): OutgoingContent {
  const titles = { report: 'buttons.report', status: 'buttons.askStatus', person: 'buttons.person' } as const;
  return {
    type: 'buttons',
    body: say(language, 'notUnderstood', {}),
    buttons: wishes.map(wish => ({
      id: tapId({ kind: 'wish', wish }),
      title: say(language, titles[wish], {}),
    })),
  };
}

/** Tells that a case has ended and what the citizen can still do. */
export function endedAnswer(
  { say }: Deps,
  citizen: Citizen,
  language: Language,
  caseNumber: string | null,
): OutgoingContent {
  const ended = caseNumber ?? citizen.cases.at(-1)?.caseNumber;
  const body = ended
    ? say(language, 'alreadyClosed', { caseNumber: ended })
    : say(language, 'noOpenCase', {});
  return { type: 'text', body };
}

/** Asks for confirmation of a withdrawal, or which case to withdraw if several are open. */
export async function withdrawQuestion(deps: Deps, to: ReplyTo): Promise<OutgoingContent> {
  const { say } = deps;
  const { language } = to;
  const open = await casesToWithdraw(deps, to);
  const [first] = open;
  if (!first) return { type: 'text', body: say(language, 'noOpenCase', {}) };
  const subjectOf = ({ intake }: CaseRecord): string =>
    categoryOf(deps.municipality, intake.category.slug).name[language];
  const { caseNumber } = first;
  if (open.length > 1) {
    const rows = open.slice(0, MOST_ROWS).map(record => ({
      id: tapId({ kind: 'withdraw', choice: 'ask', caseNumber: record.caseNumber }),
      title: record.caseNumber,
      description: subjectOf(record),
    }));
    const body = say(language, 'chooseWithdraw', {});
    return { type: 'list', body, open: say(language, 'buttons.chooseCase', {}), rows };
  }
  return {
    type: 'buttons',
    body: say(language, 'confirmWithdraw', { caseNumber, subject: subjectOf(first) }),
    buttons: [
      {
        id: tapId({ kind: 'withdraw', choice: 'yes', caseNumber }),
        title: say(language, 'buttons.withdraw', {}),
      },
      { id: tapId({ kind: 'withdraw', choice: 'no', caseNumber }), title: say(language, 'buttons.keep', {}) },
    ],
  };
}

/** Returns the named case, otherwise all open ones. */
async function casesToWithdraw({ store }: Deps, { citizen, caseNumber }: ReplyTo): Promise<CaseRecord[]> {
  if (caseNumber === null) return openCasesOf(store, citizen);
  const named = await ownOpenCase(store, citizen, caseNumber);
  return named ? [named] : [];
}

/** Returns the titles of our buttons and the names of our subjects in both languages. */
export function buttonTitles({ texts, categories }: Municipality): Titles {
  const both = (name: keyof Texts['buttons']): string[] =>
    languages.map(language => texts[language].buttons[name]);
  return {
    withdraw: both('withdraw'),
    keep: both('keep'),
    newReport: both('newReport'),
    aboutCase: both('aboutCase'),
    report: both('report'),
    status: both('askStatus'),
    person: both('person'),
    both: both('bothMatters'),
    first: both('firstMatter'),
    second: both('secondMatter'),
    right: both('voiceRight'),
    wrong: both('voiceWrong'),
    correct: both('correct'),
    subjects: [
      ...categories.map(({ slug, name }) => ({ slug, names: languages.map(language => name[language]) })),
      { slug: OTHER_CATEGORY, names: both('otherSubject') },
    ],
  };
}
