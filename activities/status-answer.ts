import { categoryOf } from '../src/config/offices';
import { isEnded } from '../src/domain/case/case';
import { isStatusOver } from '../src/domain/case/case-clocks';
import { HOUR_MS } from '../src/domain/durations';
import { caseNumbersIn, readCaseNumber } from '../src/domain/identifiers';
import { readTap, tapId } from '../src/domain/talk/taps';
import type { OpenedCase } from '../src/store/case-records';
import type { Message } from '../src/store/message-records';
import { promiseLines, statusText } from '../src/whatsapp/case-status';
import type { OutgoingContent, Row } from '../src/whatsapp/outgoing';
import type { ReplyTo } from './answers';
import { latestCasesOf, opened, ownCase } from './case-lookup';
import type { Deps } from './deps';
import { erasureOffer } from './erasure';
import { statusLink } from './tell-citizen';

/** The most rows of a list message (Cloud API). */
const MOST_ROWS = 10;

/**
 * Returns the status of the citizen's own cases: the one named by number, quote, list row or subject, otherwise all
 * open ones with a list of them and the recently ended ones. Case numbers of others get the same answer as
 * unknown ones, and the number of questions per hour is limited, so that numbers cannot be guessed.
 */
export async function statusAnswer(deps: Deps, to: ReplyTo): Promise<OutgoingContent> {
  const { store, say, municipality, now } = deps;
  const { citizen, language, messages } = to;
  const text = (body: string): OutgoingContent => ({ type: 'text', body });
  if (!(await mayAsk(deps, to))) return text(say(language, 'tooManyQuestions', {}));
  const told = namedIn(messages, municipality.language.meaning.caseNumber);
  const named = told === undefined ? (to.caseNumber ?? undefined) : told;
  if (named !== undefined) {
    const own = named === null ? null : opened(await ownCase(store, citizen, named));
    return own ? statusOf(deps, to, own) : text(say(language, 'unknownCase', {}));
  }
  const known = (await latestCasesOf(store, citizen)).flatMap(record => opened(record) ?? []);
  const open = known.filter(({ progress }) => !isEnded(progress.stage));
  const ended = known.filter(
    ({ progress }) => isEnded(progress.stage) && !isStatusOver(progress, now().getTime()),
  );
  const [only, ...others] = [...open, ...ended];
  if (!only) return text(say(language, 'noOpenCase', {}));
  return others.length === 0 ? statusOf(deps, to, only) : listOf(deps, to, open, ended);
}

/** Answers a small question, or shows the citizen's own cases if it asks about them. */
export async function questionAnswer(deps: Deps, to: ReplyTo): Promise<OutgoingContent> {
  const { say, municipality } = deps;
  const text = (body: string): OutgoingContent => ({ type: 'text', body });
  const known = to.question === null ? undefined : municipality.questions[to.question];
  // The question may have been removed from the configuration meanwhile.
  if (to.question === null || !known) return text(say(to.language, 'help', {}));
  if (known.ownCases && to.citizen.cases.length > 0) return statusAnswer(deps, to);
  const answer = say(to.language, `questions.${to.question}`, {});
  return known.offers === 'erasure' ? erasureOffer(deps, to, answer) : text(answer);
}

/** Returns the case named in messages; null for an invalid number, undefined without a number. */
function namedIn(messages: readonly Message[], pattern: RegExp): string | null | undefined {
  const [tapped] = messages.flatMap(({ tap }) => (tap === null ? [] : (readTap(tap) ?? [])));
  if (tapped?.kind === 'status') return tapped.caseNumber;
  const [typed] = messages.flatMap(({ words }) => caseNumbersIn(words ?? '', pattern));
  if (typed !== undefined) return readCaseNumber(typed);
  return messages.find(({ quotedCase }) => quotedCase)?.quotedCase ?? undefined;
}

/** Counts a status question unless it was counted before. Returns false if there were too many within the last hour. */
async function mayAsk({ store, municipality, now }: Deps, { citizen, messages }: ReplyTo): Promise<boolean> {
  const limit = municipality.conversation.statusQuestionsPerHour;
  const at = now();
  const lately = citizen.statusAsked.filter(asked => at.getTime() - asked.at.getTime() < HOUR_MS);
  const isCounted = lately.some(({ messageId }) => messages.some(({ id }) => id === messageId));
  if (isCounted) return true;
  const [first] = messages;
  if (!first || lately.length >= limit) return false;
  await store.citizens.statusAsked(citizen.id, [...lately, { messageId: first.id, at }].slice(-limit));
  return true;
}

/** Returns the status of one case, with a button for its page until that expires. */
async function statusOf(deps: Deps, { language }: ReplyTo, of: OpenedCase): Promise<OutgoingContent> {
  const now = deps.now().getTime();
  const body = statusText(deps, of, now);
  if (isStatusOver(of.progress, now)) return { type: 'text', body };
  const { url } = await statusLink(deps, of.caseNumber);
  return { type: 'link', body, title: deps.say(language, 'buttons.openCase', {}), url };
}

/** Returns the status of all open cases, with a list of them and the recently ended ones. */
function listOf(
  deps: Deps,
  { language }: ReplyTo,
  open: readonly OpenedCase[],
  ended: readonly OpenedCase[],
): OutgoingContent {
  const { municipality, say } = deps;
  const now = deps.now().getTime();
  const subjectOf = ({ intake }: OpenedCase): string =>
    categoryOf(municipality, intake.category.slug).name[language];
  const stageOf = ({ progress }: OpenedCase): string => say(language, `stages.${progress.stage}`, {});
  const parts = open.slice(0, MOST_ROWS).map(of => {
    const { caseNumber } = of;
    const line = say(language, 'openCase', { caseNumber, subject: subjectOf(of), stage: stageOf(of) });
    return [line, ...promiseLines(deps, of, now)].join('\n');
  });
  const rows = [...open, ...ended].slice(0, MOST_ROWS).map((of): Row => {
    const { caseNumber } = of;
    const id = tapId({ kind: 'status', caseNumber });
    return { id, title: caseNumber, description: `${stageOf(of)} – ${subjectOf(of)}` };
  });
  const head =
    open.length === 0
      ? say(language, 'noCaseOpenNow', {})
      : say(language, 'openCases', { count: String(open.length) });
  return {
    type: 'list',
    body: [head, ...parts, say(language, 'chooseStatus', {})].join('\n\n'),
    open: say(language, 'buttons.chooseCase', {}),
    rows,
  };
}
