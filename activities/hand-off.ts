import { calendarFor } from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { departmentOf, handOffWay, institutionOf } from '../src/config/offices';
import { type Institution, TRIAGE } from '../src/config/schemas/town';
import type { CaseProgress } from '../src/domain/case/case';
import {
  type Awaited,
  type HandOffLetter,
  type HandOffSide,
  type HandOffTerms,
  institutionLetters,
  lostHandOff,
} from '../src/domain/case/hand-off';
import { DAY_MS } from '../src/domain/durations';
import { addBusinessMinutes } from '../src/domain/sla/business-calendar';
import { AppError, isMailRefusal } from '../src/errors';
import { handOffLetter } from '../src/mail/letters/hand-off-letters';
import { passedMatter, passedWords } from '../src/mail/passed-matter';
import { linkLife } from '../src/mail/task-link';
import type { OpenedCase } from '../src/store/case-records';
import type { OtherLetter } from '../src/store/outbox-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { Activities } from '../workflows/contract';
import { caseOf, firstOnDuty } from './case-lookup';
import type { Deps } from './deps';

/** The letters of a hand-off are counted from 1. */
const letterKey = (caseNumber: string, number: number, count: number): string =>
  `${caseNumber}:handoff:${number}:${count}`;

/**
 * Stores the first letter, which its workflow then sends: to the institution, or to our desk. An institution that is
 * no longer configured gets nothing.
 */
export function passOn({ store, municipality, gateway, letterOutbox }: Deps): Activities['passOn'] {
  return async ({ caseNumber, number, institution: slug }) => {
    const institution = municipality.institutions[slug];
    const way = institution ? handOffWay(institution) : null;
    if (!institution || institution.handOff === 'citizen' || way === null) return { way: null };
    await caseOf(store, caseNumber);
    const side = way === 'letter' ? 'institution' : 'desk';
    await letterOutbox.reserve({
      key: letterKey(caseNumber, number, 1),
      recipient: recipientOf(side, slug),
      caseNumber,
      to: mailboxOf(municipality, institution, side),
      about: {
        ...{ type: 'handOff', number, institution: slug, count: 1 },
        letter: way === 'letter' ? 'matter' : 'pass',
      },
    });
    const terms = termsOf(municipality, institution.handOff);
    await gateway.startHandOff({ caseNumber, number, institution: slug, way, ...terms });
    return { way };
  };
}

const termsOf = (
  { sla }: Municipality,
  { answerDays }: Exclude<Institution['handOff'], 'citizen'>,
): HandOffTerms => ({ answerWithinMs: answerDays * DAY_MS, tries: sla.handOffs.tries });

/**
 * Continues a hand-off that Temporal has lost, if its case still waits for it. Returns false if the hand-off is
 * running, belongs to the leading case, or is to an institution that is no longer configured.
 */
export async function resumeHandOff(deps: Deps, opened: OpenedCase): Promise<boolean> {
  const { handOff, leader } = opened.progress;
  if (!handOff || handOff.awaits === null || leader !== null) return false;
  return startLost(deps, opened, { ...handOff, awaits: handOff.awaits });
}

/** Starts a hand-off that Temporal has lost, where its record is. Returns false like `resumeHandOff`. */
async function startLost(
  { store, municipality, gateway }: Deps,
  { caseNumber, progress: { revision } }: OpenedCase,
  handOff: NonNullable<CaseProgress['handOff']> & { awaits: Awaited },
): Promise<boolean> {
  const { number, institution: slug, way } = handOff;
  const handling = municipality.institutions[slug]?.handOff ?? 'citizen';
  if (handling === 'citizen') return false;
  const facts = await store.cases.facts(caseNumber, revision);
  const steps = facts.filter(fact => fact.type === 'handOff').filter(fact => fact.number === number);
  let stored = 0;
  let additions = 0;
  for (;;) {
    const letter = await store.outbox.get(letterKey(caseNumber, number, stored + 1));
    if (!letter) break;
    stored += 1;
    if (letter.about?.type === 'handOff' && letter.about.added) additions += 1;
  }
  return gateway.startHandOff({
    ...{ caseNumber, number, institution: slug, way, ...termsOf(municipality, handling) },
    resuming: lostHandOff(handOff, steps, stored, additions),
  });
}

/** Tells the hand-off of a matter what the citizen wrote later. After its end, nobody is told. */
export function passAddition({ gateway }: Deps): Activities['passAddition'] {
  return async ({ caseNumber, number, messageIds }) => {
    await gateway.addToHandOff(caseNumber, number, messageIds);
  };
}

/**
 * Ends a hand-off, which tells the institution. One that Temporal has lost is started once more for that. The hand-off of
 * a follower is that of its leading case, which goes on.
 */
export function recallHandOff(deps: Deps): Activities['recallHandOff'] {
  const { store, gateway } = deps;
  return async ({ caseNumber, number }) => {
    if (await gateway.recallHandOff(caseNumber, number)) return;
    if ((await store.outbox.get(letterKey(caseNumber, number, 1))) === null) return;
    const opened = await caseOf(store, caseNumber);
    const { handOff } = opened.progress;
    if (handOff?.number !== number) return;
    if (await startLost(deps, opened, { ...handOff, awaits: 'answer' }))
      await gateway.recallHandOff(caseNumber, number);
  };
}

const recipientOf = (side: HandOffSide, institution: string): string =>
  side === 'institution' ? `institution:${institution}` : `handoff:${TRIAGE}`;

/** Rejects with `mail-refused` if the institution has no mailbox any more. */
function mailboxOf(
  municipality: Municipality,
  { name, handOff }: Institution,
  side: HandOffSide,
): LinkRecipient {
  if (side === 'desk') return departmentOf(municipality, TRIAGE).mail;
  if (handOff === 'citizen' || !handOff.to.includes('@')) {
    throw new AppError('mail-refused', { reason: 'no-mailbox' });
  }
  return { name: name.tr, address: handOff.to };
}

/** A letter of a hand-off, and the role of its recipient in it. */
type Letter = Extract<OtherLetter, { type: 'handOff' }>;

const sideOf = (letter: HandOffLetter): HandOffSide =>
  (institutionLetters as readonly HandOffLetter[]).includes(letter) ? 'institution' : 'desk';

/** Composes a letter of a hand-off as its case stands now, and sends it with a new link. */
async function postHandOff(
  deps: Deps,
  opened: OpenedCase,
  about: Letter,
  { key, to }: { key: string; to: LinkRecipient },
): Promise<void> {
  const { municipality, letterOutbox } = deps;
  const { caseNumber } = opened;
  const { number, institution: slug, letter } = about;
  const institution = institutionOf(municipality, slug);
  const side = sideOf(letter);
  const link = letter === 'recall' ? null : await handOffLink(deps, { caseNumber, number, side, slug }, to);
  await letterOutbox.send({
    ...{ key, to, about, caseNumber, recipient: recipientOf(side, slug) },
    letter: handOffLetter(letter, {
      ...(await passedMatter(deps, opened, slug)),
      ...{ municipality, recipient: to.name, link },
      contact: contactOf(institution),
      said: await saidIn(deps, opened, letter),
      added: about.added ? passedWords(await deps.store.messages.shown(about.added)) : [],
      urgent: opened.progress.hazard === true,
      wasRefused: letter === 'pass' && handOffWay(institution) === 'letter',
    }),
    thread: `${caseNumber}:handoff`,
  });
}

/**
 * Mails a letter of a hand-off. A letter that our desk's mailbox refuses goes to its fallback. A hazard does not wait
 * for the desk to open: whoever is on duty gets the task to pass it on as well. Rejects with `mail-refused` if the
 * institution's mailbox does.
 */
export function mailHandOff(deps: Deps): Activities['mailHandOff'] {
  const { store, municipality } = deps;
  return async ({ caseNumber, number, institution: slug, letter, count, added: given }) => {
    const key = letterKey(caseNumber, number, count);
    const stored = await store.outbox.get(key);
    if (stored?.state === 'accepted') return;
    const opened = await caseOf(store, caseNumber);
    // A letter that came back is sent again without its messages.
    const added = given ?? (stored?.about?.type === 'handOff' ? stored.about.added : undefined);
    const about: Letter = {
      ...{ type: 'handOff', number, institution: slug, letter, count },
      ...(added && { added }),
    };
    const post = (postKey: string, to: LinkRecipient): Promise<void> =>
      postHandOff(deps, opened, about, { key: postKey, to });
    const isHazard = opened.progress.hazard === true;
    const onDuty = isHazard && letter === 'pass' ? await firstOnDuty(deps, TRIAGE) : null;
    if (onDuty) await post(`${key}:duty`, onDuty);
    try {
      await post(key, mailboxOf(municipality, institutionOf(municipality, slug), sideOf(letter)));
    } catch (error) {
      if (sideOf(letter) === 'institution') throw error;
      if (!isMailRefusal(error)) throw error;
      const desk = departmentOf(municipality, TRIAGE);
      await post(`${key}:fallback`, desk.fallback ?? desk.chief);
    }
  };
}

/** Sends a letter of a hand-off again, under another key. */
export async function handOffAgain(
  deps: Deps,
  opened: OpenedCase,
  about: Letter,
  copy: string,
): Promise<void> {
  const { municipality } = deps;
  const to = mailboxOf(municipality, institutionOf(municipality, about.institution), sideOf(about.letter));
  await postHandOff(deps, opened, about, { key: copy, to });
}

function contactOf({ phone, website, handOff }: Institution) {
  const to = handOff === 'citizen' ? 'phone' : handOff.to;
  const by = to === 'form' || to === 'phone' ? to : 'letter';
  return { phone, website: website ?? null, by } as const;
}

/** Issues a link for every attempt, because only the hash of earlier links is stored. */
export async function handOffLink(
  { store, municipality, taskLinks, now }: Pick<Deps, 'store' | 'municipality' | 'taskLinks' | 'now'>,
  { slug, ...about }: { caseNumber: string; number: number; side: HandOffSide; slug: string },
  { name, address }: LinkRecipient,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue('handOff');
  const recipient = { name, address };
  const life = linkLife(municipality, now());
  await store.handOffLinks.add({ tokenHash, ...about, institution: slug, recipient, ...life });
  return url;
}

/** Returns the institution's question or our reply, whichever the letter is about. */
async function saidIn(
  { store }: Pick<Deps, 'store'>,
  { caseNumber }: OpenedCase,
  letter: HandOffLetter,
): Promise<string | null> {
  if (letter !== 'question' && letter !== 'reply') return null;
  const actions = await store.tasks.actionsOf(caseNumber);
  return actions.findLast(({ action }) => action === letter)?.words ?? null;
}

export function planHandOff({ store, municipality }: Deps): Activities['planHandOff'] {
  return async ({ from }) => {
    const calendar = calendarFor(municipality, TRIAGE, await store.closures.all());
    return addBusinessMinutes(calendar, from, municipality.sla.handOffs.againMinutes);
  };
}

/** Passes a step to the case, and to the cases that were handed off together with it. */
export function noteHandOff({ store, gateway }: Deps): Activities['noteHandOff'] {
  return async ({ caseNumber, news }) => {
    const { progress } = await caseOf(store, caseNumber);
    await gateway.noteHandOff(progress, news);
    const members = progress.handOff?.number === news.number ? progress.handOff.members : [];
    for (const member of members) {
      const record = await store.cases.get(member);
      if (record?.progress) await gateway.noteHandOff(record.progress, news);
    }
  };
}
