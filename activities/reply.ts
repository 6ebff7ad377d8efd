import type { Reply } from '../src/domain/talk/conversation';
import type { Language } from '../src/config/texts';
import { readTap } from '../src/domain/talk/taps';
import { AppError } from '../src/errors';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { ownCase } from './own-cases';
import { replyContent } from './reply-content';

/** Replies after which the talk goes on about the same messages. */
const questions: readonly Reply[] = ['askPlace', 'askWords', 'askSubject', 'askWhich', 'emergency'];

/** What need not be said twice in a day, however often it is asked for. */
const saidOnce: readonly Reply[] = ['unreadable', 'blocked'];
const ONCE_MS = 24 * 3_600_000;

export function reply(deps: Deps): Activities['reply'] {
  const { store, citizenOutbox, now } = deps;

  /** What a citizen's wish or word changes for the time to come. */
  async function keep(citizen: Citizen, kind: Reply, messages: readonly Message[]): Promise<void> {
    if (kind === 'stop') await store.citizens.stopped(citizen.id, now());
    if (kind === 'start') await store.citizens.stopped(citizen.id, null);
    for (const { id, tap } of messages) {
      if (kind === 'abuse') await store.citizens.struck(citizen.id, id);
      const rating = kind === 'rated' && tap !== null ? readTap(tap) : null;
      if (rating?.kind !== 'rating' || !(await ownCase(store, citizen, rating.caseNumber))) continue;
      await store.ratings.add({ caseNumber: rating.caseNumber, rating: rating.rating, at: now() });
    }
  }

  return async ({ citizenId, reply: kind, messageIds, caseNumber }) => {
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const messages = await store.messages.several(messageIds);
    await keep(citizen, kind, messages);
    const name = onceName(kind, messages);
    const last = name === null ? undefined : citizen.told[name];
    if (last === undefined || now().getTime() - last.getTime() > ONCE_MS) {
      const language = languageFor(citizen, messages);
      await citizenOutbox.send({
        key: `${messageIds[0]}:${kind}`,
        citizenId: citizen.id,
        caseNumber: null,
        content: await replyContent(deps, {
          citizen,
          language,
          kind,
          messages,
          caseNumber: caseNumber ?? null,
        }),
      });
      if (name !== null) await store.citizens.toldOnce(citizen.id, name, now());
    }
    if (!questions.includes(kind)) await store.messages.handled(messageIds, now(), null);
  };
}

/** The name under which a reply is given once a day, or null. Whoever is in danger hears of 112 each time. */
function onceName(kind: Reply, messages: readonly Message[]): string | null {
  if (messages.some(({ says }) => says === 'emergency')) return null;
  if (saidOnce.includes(kind)) return kind;
  return kind === 'help' && messages.every(({ says }) => says === 'aside') ? 'aside' : null;
}

/** The language of the latest words, if they tell one; else the citizen's own. */
function languageFor(citizen: Citizen, messages: readonly Message[]): Language {
  return messages.findLast(({ language }) => language !== null)?.language ?? citizen.language;
}
