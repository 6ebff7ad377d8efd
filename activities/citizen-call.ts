import { calendarFor } from '../src/config/calendars';
import { categoryOf, departmentOf } from '../src/config/offices';
import { isCallOpen } from '../src/domain/case/citizen-call';
import { addBusinessMinutes } from '../src/domain/sla/business-calendar';
import { isMailRefusal } from '../src/errors';
import { callLetter } from '../src/mail/letters/call-letter';
import { linkLife } from '../src/mail/task-link';
import type { OpenedCase } from '../src/store/case-records';
import type { OtherLetter } from '../src/store/outbox-records';
import type { CallLink, LinkRecipient } from '../src/store/task-records';
import { untoldEffects } from '../src/whatsapp/case-talk';
import { isNumberWrong } from '../src/whatsapp/citizen-outbox';
import type { Activities } from '../workflows/contract';
import { actingFor, caseOf } from './case-lookup';
import type { Deps } from './deps';

/**
 * Finds another way for a message that did not reach the citizen: a template if only the 24-hour window was
 * closed, otherwise a call if the citizen must hear it. Nobody calls a number that belongs to somebody else.
 */
export async function reachOtherwise(
  { store, municipality, gateway, citizenOutbox }: Deps,
  caseNumber: string,
  undelivered: number,
): Promise<void> {
  const key = `${caseNumber}:${undelivered}`;
  if (await citizenOutbox.mend(key)) return;
  const record = await store.outbox.get(key);
  if (record?.byPhone === false) return;
  const { intake } = await caseOf(store, caseNumber);
  const citizen = await store.citizens.get(intake.citizenId);
  if (!citizen || isNumberWrong(citizen)) return;
  await gateway.callCitizen(caseNumber, municipality.sla.calls.tries, undelivered);
}

/**
 * Continues a call that Temporal has lost, if the case still waits for its result. Returns false if the call is
 * running.
 */
export async function resumeCall(
  { store, municipality, gateway }: Deps,
  { caseNumber, progress }: OpenedCase,
): Promise<boolean> {
  if (progress.call === null || !isCallOpen(progress.call.step)) return false;
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const untold: number[] = [];
  for (const effect of untoldEffects(facts)) {
    const record = await store.outbox.get(`${caseNumber}:${effect}`);
    if (record && record.byPhone !== false) untold.push(effect);
  }
  const attempt = facts.findLast(({ type }) => type === 'called');
  return gateway.resumeCall(caseNumber, municipality.sla.calls.tries, {
    untold,
    attempt: attempt?.type === 'called' ? attempt.attempt : 1,
  });
}

/** Issues a link for every attempt, because only the hash of earlier links is stored. */
export async function callLink(
  { store, municipality, taskLinks, now }: Pick<Deps, 'store' | 'municipality' | 'taskLinks' | 'now'>,
  about: Pick<CallLink, 'caseNumber' | 'wish'>,
  recipient: LinkRecipient,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue('call');
  await store.callLinks.add({ tokenHash, ...about, recipient, ...linkLife(municipality, now()) });
  return url;
}

/** Mails the desk the task to phone a citizen. An address that refuses the letter is replaced by the desk's chief. */
export function askToCall(deps: Deps): Activities['askToCall'] {
  const { store, municipality } = deps;
  return async ({ caseNumber, attempt, at }) => {
    const { intake } = await caseOf(store, caseNumber);
    const citizen = await store.citizens.get(intake.citizenId);
    if (!citizen?.phone) return { hasNumber: false };
    const desk = departmentOf(municipality, municipality.sla.calls.desk);
    const key = `${caseNumber}:call:${at}`;
    const about = { type: 'call', attempt, at } as const;
    try {
      await postCall(deps, caseNumber, about, { key, to: await actingFor(deps, desk.mail) });
    } catch (error) {
      if (!isMailRefusal(error)) throw error;
      await postCall(deps, caseNumber, about, { key: `${key}:fallback`, to: desk.fallback ?? desk.chief });
    }
    return { hasNumber: true };
  };
}

/** Sends the letter of a call again, under another key. */
export async function callAgain(
  deps: Deps,
  caseNumber: string,
  about: CallLetter,
  copy: string,
): Promise<void> {
  const { municipality } = deps;
  const desk = departmentOf(municipality, municipality.sla.calls.desk);
  await postCall(deps, caseNumber, about, { key: copy, to: await actingFor(deps, desk.mail) });
}

type CallLetter = Extract<OtherLetter, { type: 'call' }>;

/** Composes the letter of a call and sends it with a new link. */
async function postCall(
  deps: Deps,
  caseNumber: string,
  about: CallLetter,
  { key, to }: { key: string; to: LinkRecipient },
): Promise<void> {
  const { store, municipality, letterOutbox } = deps;
  const { intake } = await caseOf(store, caseNumber);
  const { desk, tries } = municipality.sla.calls;
  const { slug, name } = departmentOf(municipality, desk);
  await letterOutbox.send({
    ...{ key, to, about, caseNumber, recipient: `department:${slug}` },
    letter: callLetter({
      ...{ municipality, caseNumber, attempt: about.attempt, tries, desk: name },
      link: await callLink(deps, { caseNumber }, to),
      subject: categoryOf(municipality, intake.category.slug).name.tr,
      isAgreed: intake.entry?.answer === 'call',
    }),
    thread: caseNumber,
  });
}

export function planCall({ store, municipality }: Deps): Activities['planCall'] {
  return async ({ from }) => {
    const { desk, againMinutes } = municipality.sla.calls;
    const calendar = calendarFor(municipality, desk, await store.closures.all());
    return addBusinessMinutes(calendar, from, againMinutes);
  };
}

/**
 * Passes a step of the call to its case. After a wrong number the line no longer writes to it, until the citizen
 * writes again.
 */
export function noteCall({ store, gateway, now }: Deps): Activities['noteCall'] {
  return async ({ caseNumber, news }) => {
    const { intake, progress } = await caseOf(store, caseNumber);
    if (news.step === 'wrongNumber') await store.citizens.numberWrong(intake.citizenId, now());
    await gateway.noteCall(progress, news);
  };
}
