import { languageIn } from '../src/domain/talk/message-meaning';
import { plainText } from '../src/domain/plain-text';
import { AppError } from '../src/errors';
import { fileTypeOf, gathered } from '../src/whatsapp/media-file';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import type { Tap } from '../src/domain/talk/taps';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import type { Activities } from '../workflows/contract';
import type { Deps } from './deps';
import { saysOf } from './message-says';

const MEGABYTE = 1024 * 1024;

/**
 * Stores the transcript of a voice note with its message, for the citizen to confirm. The recording itself is kept
 * with its case, as without a speech server.
 */
export function transcribe(
  deps: Pick<Deps, 'store' | 'graph' | 'speech' | 'municipality'>,
): Activities['transcribe'] {
  const { store, graph, speech, municipality } = deps;
  const limit = municipality.speech.mostMegabytes * MEGABYTE;
  return async ({ citizenId, messageId }) => {
    const [message, citizen] = await Promise.all([
      store.messages.get(messageId),
      store.citizens.get(citizenId),
    ]);
    if (!message?.media || !citizen) throw new AppError('message-missing');
    if (message.transcript) return true;
    if (speech === null) return false;
    const bytes = await gathered(await graph.download(message.media.mediaId, limit), limit);
    const type = fileTypeOf(bytes);
    if (type?.kind !== 'audio') throw new AppError('file-unreadable', { reason: 'type' });
    const { mimeType, extension } = type;
    const words = plainText(
      await speech.transcribe({ bytes, mimeType, extension, language: citizen.language }),
    );
    if (words === '') return false;
    // A transcript is the message itself, not the caption of a file.
    const content = { ...message, words, media: null, lostFile: false, refersTo: null };
    await store.messages.transcribed(messageId, {
      words,
      says: saysOf(content, municipality.language),
      language: languageIn(words, municipality.language.languages),
    });
    return true;
  };
}

/** Returns the facts of a message that concern its recording. */
export function spokenFacts(
  { media, words, transcript, says, handledAt }: Message,
  canTranscribe: boolean,
): Pick<MessageFacts, 'voice' | 'spoken' | 'unconfirmed'> {
  if (media?.kind !== 'audio') return {};
  if (words !== null && transcript)
    return { spoken: true, ...(transcript === 'unconfirmed' && { unconfirmed: true }) };
  const isNew = !transcript && words === null && says === 'attachment' && handledAt === null;
  return canTranscribe && isNew ? { voice: true } : {};
}

/**
 * Stores whether the transcript of a voice note is right and returns the note, which is then read again. Returns null
 * if it has been handled meanwhile or is not the citizen's.
 */
export async function judgedNote(
  { messages }: Deps['store'],
  { id, formerIds }: Citizen,
  { messageId, isRight }: Extract<Tap, { kind: 'voice' }>,
): Promise<Message | null> {
  const note = await messages.get(messageId);
  if (!note?.transcript || ![id, ...formerIds].includes(note.citizenId)) return null;
  await messages.transcriptJudged(messageId, isRight);
  return note.handledAt === null ? messages.get(messageId) : null;
}
