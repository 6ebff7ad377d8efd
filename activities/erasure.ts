import { createHash } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import { type Language, townDay } from '../src/config/texts';
import { DAY_MS } from '../src/domain/durations';
import { tapId } from '../src/domain/talk/taps';
import { requestLetter } from '../src/mail/letters/staff-letters';
import type { TaskLinks } from '../src/mail/task-link';
import type { Citizen } from '../src/store/citizen-records';
import type { ErasureRequest } from '../src/store/erasure-records';
import { carryOutErasure, type ErasurePlan, mustStay, planErasure } from '../src/store/erasures';
import type { Store } from '../src/store/store';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import type { RetentionActivities } from '../workflows/contract';
import type { ReplyTo } from './answers';
import type { Deps } from './deps';
import { filledTemplate } from './tell-citizen';

/** Carries out the requests that an open case, a hold or a crash has delayed, or the approved one with this id. */
export function finishErasures({
  store,
  now,
}: Pick<Deps, 'store' | 'now'>): RetentionActivities['finishErasures'] {
  return async ({ requestId } = {}) => {
    const approved = requestId === undefined ? null : await store.erasureRequests.get(requestId);
    const isDue = approved?.state === 'approved' || approved?.state === 'waiting';
    const requests = requestId === undefined ? await store.erasureRequests.waiting() : [];
    let done = 0;
    for (const request of [...requests, ...(approved && isDue ? [approved] : [])]) {
      if (await carryOutErasure(store, request, now())) done += 1;
      heartbeat();
    }
    return { done };
  };
}

/** Names that a person of the municipality can type. */
const ID_LENGTH = 10;

/**
 * Stores the wish of a citizen to be erased, confirmed by a message, and returns the request: the earlier one, if it is
 * still open. Idempotent.
 */
export async function askErasure(
  store: Store,
  citizen: Citizen,
  messageId: string,
  at: Date,
): Promise<ErasureRequest | null> {
  const earlier = await openRequestOf(store, citizen);
  if (earlier) return earlier;
  const id = createHash('sha256').update(`erasure:${messageId}`).digest('hex').slice(0, ID_LENGTH);
  await store.erasureRequests.ask(id, citizen.id, at);
  return store.erasureRequests.get(id);
}

async function openRequestOf(store: Store, citizen: Citizen): Promise<ErasureRequest | null> {
  const ids = [citizen.id, ...citizen.formerIds];
  const open = await store.erasureRequests.open();
  return open.find(({ citizenId }) => citizenId !== null && ids.includes(citizenId)) ?? null;
}

/** The answer names this many cases; a message with buttons has at most 1,024 characters. */
const CASES_NAMED = 3;

/**
 * Answers the wish to be erased: what is stored, what must stay and until when, with a button that confirms it. If
 * the wish has been recorded, tells its limit.
 */
export async function erasureOffer(deps: Deps, to: ReplyTo, explained: string): Promise<OutgoingContent> {
  const { store, say, now } = deps;
  const { citizen, language } = to;
  const asked = await openRequestOf(store, citizen);
  if (asked) return { type: 'text', body: requestTaken(deps, language, asked) };
  const plan = await planErasure(store, { citizenId: citizen.id, caseNumber: null }, now());
  const messages = await store.messages.countOf([citizen.id, ...citizen.formerIds]);
  const stored = { cases: String(plan.ended.length + plan.staying.length), messages: String(messages) };
  const stays = staysText(deps, language, plan);
  return {
    type: 'buttons',
    body: [
      explained,
      say(language, 'eraseStored', stored),
      ...(stays === null ? [] : [stays]),
      say(language, 'eraseConfirm', {}),
    ].join('\n\n'),
    buttons: [true, false].map(isWanted => ({
      id: tapId({ kind: 'erase', isWanted }),
      title: say(language, isWanted ? 'buttons.erase' : 'buttons.keepData', {}),
    })),
  };
}

/** Returns what must stay, why and until when, one line each; null if nothing must. */
function staysText(
  { say, municipality }: Pick<Deps, 'say' | 'municipality'>,
  language: Language,
  plan: ErasurePlan,
): string | null {
  const { staying, heldUntil } = plan;
  if (!mustStay(plan)) return null;
  const dated = (date: Date): string => townDay(municipality, language, date.getTime());
  const lines = staying.slice(0, CASES_NAMED).map(({ caseNumber, why, until }) => {
    if (until === null) return say(language, 'eraseStaysNew', { caseNumber });
    const key = why === 'open' ? 'eraseStaysOpen' : 'eraseStaysHeld';
    return say(language, key, { caseNumber, date: dated(until) });
  });
  const rest = staying.length - lines.length;
  if (rest > 0) lines.push(say(language, 'eraseStaysMore', { count: String(rest) }));
  if (heldUntil && staying.length === 0) lines.push(say(language, 'eraseHeld', { date: dated(heldUntil) }));
  return lines.join('\n');
}

/** Tells that a request is recorded, and its limit. */
export function requestTaken(
  { say, municipality }: Deps,
  language: Language,
  { id, requestedAt, dueBy }: ErasureRequest,
): string {
  const dated = (date: Date): string => townDay(municipality, language, date.getTime());
  return say(language, 'eraseAsked', { id, date: dated(requestedAt), due: dated(dueBy) });
}

/**
 * Tells the citizen the decision about a request from the chat, before the number is forgotten, and ends a refused
 * request. Idempotent.
 */
export function answerErasure(
  deps: Pick<Deps, 'store' | 'citizenOutbox' | 'say' | 'municipality' | 'now'>,
): RetentionActivities['answerErasure'] {
  const { store, citizenOutbox, say, municipality, now } = deps;
  return async ({ requestId }) => {
    const request = await store.erasureRequests.get(requestId);
    const citizen = request?.citizenId ? await store.citizens.get(request.citizenId) : null;
    if (!request || !citizen) return;
    const { language } = citizen;
    const plan = await planErasure(store, request, now());
    const stays = staysText(deps, language, plan);
    const body =
      request.state === 'refused'
        ? say(language, 'eraseRefused', { reason: request.reason })
        : stays === null
          ? say(language, 'eraseDone', {})
          : [say(language, 'eraseDonePartly', {}), stays].join('\n');
    const values = { caseNumber: '', department: '', words: '', date: '', token: '', news: body };
    await citizenOutbox.send({
      key: `erasure:${requestId}:answer`,
      citizenId: citizen.id,
      caseNumber: null,
      content: { type: 'text', body },
      outsideWindow: [filledTemplate(municipality, 'data_request', language, values)],
    });
  };
}

/** Ends a refused request. */
export function closeRequest({
  store,
  now,
}: Pick<Deps, 'store' | 'now'>): RetentionActivities['closeRequest'] {
  return async ({ requestId }) => {
    const request = await store.erasureRequests.get(requestId);
    if (request?.state === 'refused') await store.erasureRequests.done(requestId, now(), 'refused');
  };
}

interface OfficerDeps extends Pick<Deps, 'municipality' | 'letterOutbox'> {
  taskLinks: Pick<TaskLinks, 'deskPage'>;
}

/** Writes to the data protection officer about each open request whose limit is near or has passed, once each. */
export function remindOfRequests(
  deps: OfficerDeps & Pick<Deps, 'store'>,
): RetentionActivities['remindOfRequests'] {
  const { store, municipality } = deps;
  return async ({ at }) => {
    let reminded = 0;
    for (const request of await store.erasureRequests.open()) {
      const left = request.dueBy.getTime() - at;
      if (left > municipality.privacy.warnDays * DAY_MS) continue;
      await tellOfficer(deps, request, left > 0 ? 'near' : 'late', at);
      reminded += 1;
    }
    return { reminded };
  };
}

/** Writes to the data protection officer about a request: its id, limit and page, no personal data. */
export async function tellOfficer(
  { municipality, letterOutbox, taskLinks }: OfficerDeps,
  request: ErasureRequest,
  news: 'asked' | 'near' | 'late',
  at: number,
): Promise<void> {
  await letterOutbox.send({
    key: `erasure:${request.id}:${news}`,
    recipient: 'privacy-officer',
    caseNumber: null,
    to: municipality.privacy.officer,
    letter: requestLetter(municipality, request, {
      ...{ news, now: at },
      page: taskLinks.deskPage(`/erasures/${request.id}`),
    }),
    thread: `erasure:${request.id}`,
  });
}
