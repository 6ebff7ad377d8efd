import { readFeedbackButtonId } from '../src/domain/identifiers';
import type { Reply } from '../src/domain/conversation';
import { AppError } from '../src/errors';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import type { OutgoingContent } from '../src/whatsapp/outgoing';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { statusWords } from './status-words';

/** Replies after which the talk goes on about the same messages. */
const questions: readonly Reply[] = ['askPlace', 'askWords', 'emergency'];

export function reply(deps: Deps): Activities['reply'] {
  const { store, citizenOutbox, now } = deps;
  return async ({ citizenId, reply: kind, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const messages = await store.messages.several(messageIds);
    await citizenOutbox.send({
      key: `${messageIds[0]}:${kind}`,
      citizenId,
      caseNumber: null,
      content: await contentOf(deps, citizen, kind, messages),
    });
    if (!questions.includes(kind)) await store.messages.handled(messageIds, now(), null);
  };
}

async function contentOf(
  deps: Deps,
  citizen: Citizen,
  kind: Reply,
  messages: Message[],
): Promise<OutgoingContent> {
  const { say } = deps;
  const { language } = citizen;
  const text = (body: string): OutgoingContent => ({ type: 'text', body });
  switch (kind) {
    case 'askPlace':
      return { type: 'locationRequest', body: say(language, 'askLocation', {}) };
    case 'askWords': {
      const spoken = messages.some(message => message.media?.kind === 'audio');
      return text(say(language, spoken ? 'voiceNote' : 'askWords', {}));
    }
    case 'status':
      return text(await statusOf(deps, citizen));
    case 'endedCase': {
      const [tapped] = messages.flatMap(({ tap }) => (tap === null ? [] : (readFeedbackButtonId(tap) ?? [])));
      const caseNumber = tapped?.caseNumber ?? citizen.lastCase?.caseNumber;
      return text(
        caseNumber ? say(language, 'alreadyClosed', { caseNumber }) : say(language, 'noOpenCase', {}),
      );
    }
    case 'unreadable':
      return text(say(language, 'unsupported', {}));
    case 'greeting':
    case 'thanks':
    case 'help':
    case 'emergency':
      return text(say(language, kind, {}));
  }
}

/** The citizen's latest case; only ever their own. */
async function statusOf(deps: Deps, { language, lastCase }: Citizen): Promise<string> {
  const record = lastCase && (await deps.store.cases.get(lastCase.caseNumber));
  if (!record?.progress) return deps.say(language, 'noOpenCase', {});
  return statusWords(deps, {
    caseNumber: record.caseNumber,
    intake: record.intake,
    progress: record.progress,
  });
}
