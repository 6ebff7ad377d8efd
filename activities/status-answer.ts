import { categoryOf } from '../src/config/offices';
import { readCaseNumber } from '../src/domain/identifiers';
import { caseNumbersIn } from '../src/domain/talk/message-meaning';
import type { CaseRecord } from '../src/store/case-records';
import type { OpenedCase } from '../src/store/case-records';
import type { Deps } from './deps';
import { openCasesOf, ownCase } from './own-cases';
import type { ReplyTo } from './reply-to';
import { statusWords } from '../src/whatsapp/status-words';
import { townTime } from '../src/whatsapp/town-time';

const HOUR_MS = 3_600_000;
const MOST_LISTED = 10;

/**
 * Where the citizen's own cases stand: the one whose number was typed, or of which a message was quoted, else all that
 * are open. A foreign number and one that does not exist get the same answer, and nobody can try many of them.
 */
export async function statusAnswer(deps: Deps, to: ReplyTo): Promise<string> {
  const { store, say } = deps;
  const { citizen, language, messages } = to;
  if (!(await mayAsk(deps, to))) return say(language, 'tooManyQuestions', {});
  const [typed] = messages.flatMap(({ words }) => caseNumbersIn(words ?? ''));
  const quoted = messages.find(({ quotedCase }) => quotedCase)?.quotedCase ?? null;
  if (typed !== undefined || quoted !== null) {
    const caseNumber = typed === undefined ? quoted : readCaseNumber(typed);
    const opened = begun(caseNumber ? await ownCase(store, citizen, caseNumber) : null);
    return opened ? statusWords(deps, opened) : say(language, 'unknownCase', {});
  }
  const open = (await openCasesOf(store, citizen)).flatMap(record => begun(record) ?? []);
  if (open.length > 1) return listOf(deps, to, open);
  const newest = citizen.cases.at(-1);
  const only = open[0] ?? begun(newest ? await store.cases.get(newest.caseNumber) : null);
  return only ? statusWords(deps, only) : say(language, 'noOpenCase', {});
}

/** Counts the question, unless it was counted before; false when there were too many within the last hour. */
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

function begun(record: CaseRecord | null): OpenedCase | null {
  if (!record?.progress) return null;
  const { caseNumber, intake, progress } = record;
  return { caseNumber, intake, progress };
}

function listOf({ municipality, say }: Deps, { language }: ReplyTo, open: readonly OpenedCase[]): string {
  const parts = open.slice(0, MOST_LISTED).map(({ caseNumber, intake, progress }) =>
    say(language, 'openCase', {
      caseNumber,
      subject: categoryOf(municipality, intake.category.slug).name[language],
      stage: say(language, `stages.${progress.stage}`, {}),
      due: townTime(municipality, language, progress.plan.resolveBy),
    }),
  );
  return [say(language, 'openCases', { count: String(open.length) }), ...parts].join('\n\n');
}
