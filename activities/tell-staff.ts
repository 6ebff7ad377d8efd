import { departmentOf } from '../src/config/offices';
import { TRIAGE } from '../src/config/schemas/town';
import { handOffLabels } from '../src/domain/case/hand-off';
import type { Role } from '../src/domain/sla/sla';
import { MINUTE_MS } from '../src/domain/durations';
import { AppError, isMailRefusal } from '../src/errors';
import { maskedCaller, writtenIn } from '../src/mail/case-text';
import {
  type CallRequestData,
  composeCallRequest,
  noticeLetter,
  signInLetter,
} from '../src/mail/letters/staff-letters';
import { composeLetter } from '../src/mail/letters/letters';
import type { OperatorAlertData } from '../src/mail/letters/letter-data';
import type { CaseRecord } from '../src/store/case-records';
import { staffId } from '../src/store/staff-records';
import type { OutboxRecord } from '../src/store/outbox-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { Activities, OperatorActivities } from '../workflows/contract';
import { actingFor, firstOnDuty, isOpenCase, latestCasesOf } from './case-lookup';
import type { Deps } from './deps';
import { callLink } from './citizen-call';
import { askErasure, tellOfficer } from './erasure';
import { handOffLink } from './hand-off';

/**
 * Notifies the triage desk that a citizen wants to speak to a person, with a link to the page of the call; the data protection
 * officer, if the citizen wants to be erased. If people are in danger, whoever is on duty gets the letter as well.
 */
export function tellStaff(deps: Deps): Activities['tellStaff'] {
  const { store, municipality, letterOutbox, now } = deps;
  return async ({ citizenId, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const messages = await store.messages.several(messageIds);
    const [wish] = messages.filter(({ says }) => says === 'eraseYes');
    if (wish) {
      const request = await askErasure(store, citizen, wish.id, wish.sentAt);
      if (request) await tellOfficer(deps, request, 'asked', now().getTime());
      return;
    }
    const cases = await latestCasesOf(store, citizen);
    const desk = departmentOf(municipality, TRIAGE);
    const isAlarm = messages.some(({ says }) => says === 'emergency');
    const { name, phone } = maskedCaller(citizen.profileName, citizen.phone ?? '');
    const data = {
      ...{ municipality, name, phone: citizen.phone && phone },
      caseNumbers: cases.filter(isOpenCase).map(({ caseNumber }) => caseNumber),
      handedOff: await handedOffAmong(deps, cases),
      isAlarm,
      words: writtenIn(messages),
    };
    const send = async (key: string, to: LinkRecipient): Promise<void> =>
      letterOutbox.send({
        ...{ key, to, caseNumber: null },
        letter: composeCallRequest({
          ...data,
          link: await callLink(deps, { caseNumber: null, wish: { citizenId: citizen.id, messageIds } }, to),
        }),
        recipient: `department:${desk.slug}`,
        thread: `call-request:${citizen.id}`,
      });
    const holder = await actingFor(deps, desk.mail);
    const onDuty = isAlarm ? await firstOnDuty(deps, desk.slug) : null;
    await Promise.all([
      send(`${messageIds[0]}:call-request`, holder),
      ...(onDuty && onDuty.address !== holder.address ? [send(`${messageIds[0]}:duty`, onDuty)] : []),
    ]);
  };
}

const MOST_HANDED_OFF = 3;

/**
 * Returns the cases at institutions, newest first: citizens who reach nobody there write to the line. Our desk can act
 * on those that are still watched.
 */
async function handedOffAmong(
  deps: Deps,
  cases: readonly CaseRecord[],
): Promise<CallRequestData['handedOff']> {
  const { institutions, departments } = deps.municipality;
  const own = cases.filter(({ progress }) => progress?.outcome === 'handedOff').slice(0, MOST_HANDED_OFF);
  return Promise.all(
    own.map(async ({ caseNumber, progress }) => {
      const handOff = progress?.handOff ?? null;
      const slug = handOff?.institution ?? progress?.institution?.slug ?? '';
      const name = institutions[slug]?.name.tr ?? slug;
      const state = `${caseNumber}, ${name}: ${handOff ? handOffLabels[handOff.step] : 'kuruma iletilmedi'}`;
      const desk = departments[TRIAGE]?.mail;
      if (!desk || handOff === null || handOff.awaits === null) return { state, link: null };
      const about = { caseNumber, number: handOff.number, side: 'desk', slug } as const;
      return { state, link: await handOffLink(deps, about, desk) };
    }),
  );
}

/** Notifies the operator once that a letter of a case was not delivered, and of the fallback. */
export async function tellOperator(
  { store, municipality, letterOutbox, now }: Deps,
  { caseNumber, undelivered, recipient }: { caseNumber: string; undelivered: number; recipient: Role },
): Promise<void> {
  const key = `${caseNumber}:${undelivered}:undelivered`;
  const fallback = fallbackOf(await store.outbox.get(`${caseNumber}:${undelivered}:fallback`));
  await letterOutbox.send({
    key,
    recipient: 'operator',
    caseNumber,
    to: municipality.operator,
    letter: composeLetter('operatorAlert', {
      municipality,
      now: now().getTime(),
      caseNumber,
      undelivered,
      to: recipient,
      fallback,
    }),
    thread: caseNumber,
  });
}

function fallbackOf(record: OutboxRecord | null): OperatorAlertData['fallback'] {
  if (!record) return null;
  const { to } = record.content as { to: { name: string } };
  switch (record.state) {
    case 'accepted':
      return { name: to.name, state: 'sent' };
    case 'failed':
      return { name: to.name, state: 'refused' };
    case 'pending':
    case 'sending':
      return { name: to.name, state: 'waiting' };
  }
}

/** Mails a notice from Meta about the account to the operator, with advice on what to do. */
export function mailNotice({ store, municipality, letterOutbox }: Deps): OperatorActivities['mailNotice'] {
  return async ({ noticeId }) => {
    const notice = await store.accountNotices.get(noticeId);
    if (!notice) throw new AppError('message-missing');
    await letterOutbox.send({
      key: `notice:${noticeId}`,
      recipient: 'operator',
      caseNumber: null,
      to: municipality.operator,
      letter: noticeLetter(municipality, notice),
      thread: `notice:${notice.field}:${notice.about ?? ''}`,
    });
  };
}

const SIGN_IN_MINUTES = 15;

/**
 * Mails a link that signs a member of staff in once. Each attempt makes a link of its own, because a token is not
 * stored. A refusal of the mail server is final, and in the record of the letter.
 */
export function mailSignIn({
  store,
  municipality,
  letterOutbox,
  taskLinks,
  now,
}: Deps): Activities['mailSignIn'] {
  return async ({ person, turn }) => {
    const idOf = await store.hashId();
    const found = Object.values(municipality.staff.people).find(
      ({ address }) => staffId(idOf, address) === person,
    );
    if (!found) return;
    const { name, address } = found;
    const { tokenHash, url } = taskLinks.issue('signIn');
    const createdAt = now();
    const expiresAt = new Date(createdAt.getTime() + SIGN_IN_MINUTES * MINUTE_MS);
    await store.staff.addLink({ tokenHash, address, createdAt, expiresAt });
    try {
      await letterOutbox.send({
        ...{ key: `sign-in:${person}:${turn}`, recipient: 'staff', caseNumber: null, to: { name, address } },
        letter: signInLetter(municipality, { to: name, url, minutes: SIGN_IN_MINUTES }),
        thread: `sign-in:${person}`,
      });
    } catch (error) {
      if (!isMailRefusal(error)) throw error;
    }
  };
}
