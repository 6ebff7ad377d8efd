import { departmentOf } from '../src/config/offices';
import type { Department } from '../src/config/schemas/departments';
import type { Role } from '../src/domain/case/case';
import type { LetterOrder } from '../src/domain/case/case-events';
import { AppError } from '../src/errors';
import { composeLetter } from '../src/mail/letters/compose-letter';
import type { LinkRecipient } from '../src/store/task-records';
import { caseOf } from './case-of';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { letterContents } from './letter-contents';
import { tellOperator } from './alert-operator';

const DAY_MS = 86_400_000;

const mailboxes = {
  department: 'mail',
  chief: 'chief',
  deputyMayor: 'deputyMayor',
} as const satisfies Record<Role, string>;

/**
 * Sends the letter of an effect to its recipient. An address that the mail server refuses for good is replaced by
 * the fallback, and the operator told at once, before the refusal becomes a fact of the case.
 */
export function mailLetter(deps: Deps): Activities['mailLetter'] {
  const { store, municipality } = deps;
  return async ({ caseNumber, effect, order }) => {
    const key = `${caseNumber}:${effect}`;
    const record = await store.outbox.get(key);
    if (record?.state === 'accepted') return;
    const desk = departmentOf(municipality, order.department);
    const to = await addresseeOf(deps, desk, order);
    const post = (postKey: string, recipient: LinkRecipient): Promise<void> =>
      sendTo(deps, { key: postKey, caseNumber, order, to: recipient });
    try {
      if (record?.state === 'failed') throw refusal(record.errorCode);
      await post(key, to);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const fallback = fallbackOf(deps, desk, order);
      const fell = await outcomeOf(post(`${key}:fallback`, fallback));
      const [told] = await Promise.allSettled([
        tellOperator(deps, { caseNumber, undelivered: effect, recipient: order.to }),
      ]);
      // What may still get through is worth another try; the steps that did are not repeated.
      if (fell !== null && !isRefusal(fell)) throw fell;
      if (told.status === 'rejected' && !isRefusal(told.reason)) throw told.reason;
      throw error;
    }
  };
}

const refusal = (code: string | null): AppError =>
  new AppError('mail-refused', { reason: code ?? 'unknown' });

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code === 'mail-refused';

/** The error of an attempt, null when it succeeded. */
async function outcomeOf(attempt: Promise<void>): Promise<Error | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** The holder of the role; a task that is handed over goes to the colleague whom the act names. */
async function addresseeOf(
  { store }: Deps,
  desk: Department,
  { letter, to, actionId }: LetterOrder,
): Promise<LinkRecipient> {
  const holder = desk[mailboxes[to]];
  if (letter !== 'handOver' || actionId === undefined) return holder;
  const action = await store.tasks.action(actionId);
  return action?.colleague ? { name: `${desk.name} çalışanı`, address: action.colleague } : holder;
}

/** Who gets a letter that its mailbox does not take; a task that could not be handed over stays with its desk. */
function fallbackOf({ municipality }: Deps, desk: Department, { letter, to }: LetterOrder): LinkRecipient {
  if (letter === 'handOver') return desk.mail;
  if (desk.fallback) return desk.fallback;
  return to === 'department' ? desk.chief : municipality.operator;
}

async function sendTo(
  deps: Deps,
  { key, caseNumber, order, to }: { key: string; caseNumber: string; order: LetterOrder; to: LinkRecipient },
): Promise<void> {
  const { store, letterOutbox } = deps;
  const opened = await caseOf(store, caseNumber);
  const link = await issueLink(deps, caseNumber, order, to);
  await letterOutbox.send({
    key,
    recipient: `${order.to}:${order.department}`,
    caseNumber,
    to,
    letter: composeLetter(order.letter, await letterContents(deps, opened, order, to, link)),
    thread: caseNumber,
  });
}

/** A fresh link for every attempt: only its hash is kept, so the one of an earlier attempt cannot be repeated. */
async function issueLink(
  { store, municipality, taskLinks, now }: Deps,
  caseNumber: string,
  { task, department, to }: LetterOrder,
  { name, address }: LinkRecipient,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue();
  const createdAt = now();
  const expiresAt = new Date(createdAt.getTime() + municipality.taskLinks.longestDays * DAY_MS);
  const recipient = { name, address };
  await store.tasks.addLink({
    tokenHash,
    caseNumber,
    task,
    department,
    role: to,
    recipient,
    createdAt,
    expiresAt,
  });
  return url;
}
