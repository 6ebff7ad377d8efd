import type { MessageFacts, Says } from '../src/domain/conversation';
import { isEnded } from '../src/domain/case';
import { readFeedbackButtonId } from '../src/domain/identifiers';
import { languageOf, meaningOf } from '../src/domain/message-meaning';
import { tellsStreet } from '../src/domain/routing/place-words';
import { AppError } from '../src/errors';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import { contentOf, type MessageContent } from '../src/whatsapp/message-content';
import { senderOf } from '../src/whatsapp/payload';
import type { Activities } from './contract';
import type { Deps } from './deps';

const HOUR_MS = 3_600_000;

/** Types that report something about a message or an account and are no message of their own. */
const events: readonly string[] = ['system', 'edit', 'revoke', 'request_welcome'];
const asides: readonly string[] = ['reaction', 'sticker'];

export function readMessage({ store, municipality, now }: Deps): Activities['readMessage'] {
  const recentMs = municipality.conversation.recentHours * HOUR_MS;

  async function understand(citizenId: string, messageId: string): Promise<Message> {
    const inbox = await store.inbox.get(messageId);
    if (!inbox) throw new AppError('message-missing');
    const content = contentOf(inbox.payload);
    const { bsuid, phone, profileName } = senderOf(inbox.payload, inbox.contact);
    const language = content.words ? languageOf(content.words) : 'tr';
    await store.citizens.seen(citizenId, {
      bsuid,
      phone,
      profileName,
      language: content.words && content.words.length > 12 ? language : null,
      at: inbox.sentAt,
    });
    const message: Message = {
      id: messageId,
      citizenId,
      sentAt: inbox.sentAt,
      ...content,
      says: saysOf(content),
      language,
      caseNumber: null,
      handledAt: null,
    };
    await store.messages.add(message);
    return message;
  }

  async function openCaseOf(citizen: Citizen | null): Promise<string | null> {
    const last = citizen?.lastCase;
    if (!last || now().getTime() - last.openedAt.getTime() > recentMs) return null;
    const record = await store.cases.get(last.caseNumber);
    return record?.progress && !isEnded(record.progress.stage) ? last.caseNumber : null;
  }

  return async ({ citizenId, messageId }): Promise<MessageFacts> => {
    const message = (await store.messages.get(messageId)) ?? (await understand(citizenId, messageId));
    return {
      messageId,
      at: message.sentAt.getTime(),
      says: message.says,
      tellsPlace: message.place !== null || (message.words !== null && tellsStreet(message.words)),
      photo: isPhoto(message),
      recentCase: await openCaseOf(await store.citizens.get(citizenId)),
      alreadyHandled: message.handledAt !== null,
    };
  };
}

/** Whether a message brought a picture: citizens also send photos as documents. */
export function isPhoto({ media }: Pick<Message, 'media'>): boolean {
  return media?.kind === 'image' || (media?.kind === 'document' && media.mimeType.startsWith('image/'));
}

/** Whether a message brought a file that belongs to the report. */
export function bringsFile({ media }: Pick<Message, 'media'>): boolean {
  return media !== null && media.kind !== 'sticker';
}

function saysOf({ type, words, place, media, tap }: MessageContent): Says {
  if (events.includes(type)) return 'event';
  if (asides.includes(type)) return 'aside';
  if (tap !== null) return readFeedbackButtonId(tap) ? 'endedCase' : 'help';
  const meaning = words === null ? 'empty' : meaningOf(words);
  if (meaning !== 'empty' && (meaning === 'report' || meaning === 'emergency' || !media)) return meaning;
  if (place) return 'place';
  return media ? 'attachment' : 'unreadable';
}
