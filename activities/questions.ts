import type { Municipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import type { Language } from '../src/config/texts';
import { OTHER_CATEGORY, type Owner } from '../src/domain/routing/category';
import { classify } from '../src/domain/routing/classify';
import { tellsStreet } from '../src/domain/place/place-words';
import { tapId } from '../src/domain/talk/taps';
import type { CaseRecord } from '../src/store/case-records';
import type { Message } from '../src/store/message-records';
import type { OutgoingContent, Row } from '../src/whatsapp/outgoing';
import type { Deps } from './deps';
import { wordsOf } from './message-parts';
import { openCasesOf, ownOpenCase } from './own-cases';
import type { ReplyTo } from './reply-to';

/** A list of WhatsApp holds ten rows; the last one is for everything else. */
const SUBJECTS_SHOWN = 9;
const MOST_ROWS = 10;

/** The list of the likeliest subjects, filled up with one subject of each department. */
export function subjectQuestion(
  { municipality, say }: Deps,
  language: Language,
  messages: readonly Message[],
): OutgoingContent {
  const words = wordsOf(messages);
  const isPlaced = messages.some(message => message.place !== null) || tellsStreet(words);
  const ranked = classify(words, municipality).ranked.map(({ category }) => category);
  const slugs = [...new Set([...ranked, ...oneOfEach(municipality)])]
    .filter(slug => slug !== OTHER_CATEGORY)
    .slice(0, SUBJECTS_SHOWN);
  const row = (slug: string, title: string): Row => ({
    id: tapId({ kind: 'subject', category: slug }),
    title,
  });
  return {
    type: 'list',
    body: say(language, isPlaced ? 'askSubject' : 'askSubjectAndPlace', {}),
    open: say(language, 'buttons.chooseSubject', {}),
    rows: [
      ...slugs.map(slug => row(slug, categoryOf(municipality, slug).name[language])),
      row(OTHER_CATEGORY, say(language, 'buttons.otherSubject', {})),
    ],
  };
}

/** The first subject of each department in the order of the catalogue. */
function oneOfEach({ categories }: Municipality): string[] {
  const seen = new Set<string>();
  const isFirst = (owner: Owner): boolean => {
    if (!('department' in owner) || seen.has(owner.department)) return false;
    seen.add(owner.department);
    return true;
  };
  return categories.filter(({ owner }) => isFirst(owner)).map(({ slug }) => slug);
}

/** "A new report, or about that case?" */
export function whichQuestion({ say }: Deps, language: Language, caseNumber: string): OutgoingContent {
  return {
    type: 'buttons',
    body: say(language, 'askWhich', { caseNumber }),
    buttons: [
      {
        id: tapId({ kind: 'which', caseNumber: null }),
        title: say(language, 'buttons.newReport', {}),
      },
      { id: tapId({ kind: 'which', caseNumber }), title: say(language, 'buttons.aboutCase', {}) },
    ],
  };
}

/** Asks whether a case shall really be withdrawn, or which one when several are open. */
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

/** The case that is named, else all that are open. */
async function casesToWithdraw({ store }: Deps, { citizen, caseNumber }: ReplyTo): Promise<CaseRecord[]> {
  if (caseNumber === null) return openCasesOf(store, citizen);
  const named = await ownOpenCase(store, citizen, caseNumber);
  return named ? [named] : [];
}
