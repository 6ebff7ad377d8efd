import { activityInfo, heartbeat } from '@temporalio/activity';
import { randomBytes } from 'node:crypto';
import type { FileProblem } from '../src/config/schemas/texts';
import { AppError } from '../src/errors';
import { rewritten } from '../src/picture';
import type { CaseIntake } from '../src/store/case-records';
import type { Media } from '../src/store/message-records';
import { fileTypeOf, gathered, HEAD_BYTES, peeked } from '../src/whatsapp/media-file';
import type { Activities } from '../workflows/contract';
import type { Deps } from './deps';

const MEGABYTE = 1024 * 1024;
/** Meta's limits for files. Photos may also arrive as documents. */
const limits: Readonly<Record<Media['kind'], number>> = {
  image: 16 * MEGABYTE,
  audio: 16 * MEGABYTE,
  video: 16 * MEGABYTE,
  document: 100 * MEGABYTE,
  sticker: MEGABYTE,
};
const LARGEST_PICTURE = 32 * MEGABYTE;
/** A file that stays damaged after this many attempts is damaged at Meta. */
const DAMAGED_TRIES = 5;

type KeepDeps = Pick<Deps, 'store' | 'graph' | 'citizenOutbox' | 'say' | 'now'>;

/**
 * Copies a citizen's file from Meta, which deletes it after seven days. Photos are re-encoded without
 * metadata; voice notes, videos and documents are stored unchanged. If a file cannot be stored, the citizen
 * gets the reason, and the report continues without it.
 */
export function keepFile(deps: KeepDeps): Activities['keepPhoto'] {
  const { store, graph, now } = deps;

  async function copy(caseNumber: string, messageId: string, media: Media): Promise<void> {
    heartbeat();
    const bytes = await graph.download(media.mediaId, limits[media.kind]);
    const { head, all } = await peeked(beating(bytes), HEAD_BYTES);
    const type = fileTypeOf(head);
    if (!type) throw new AppError('file-unreadable', { reason: 'type' });
    const { kind, mimeType, extension } = type;
    const kept = { id: messageId, caseNumber, keptAt: now() };
    if (kind === 'photo') {
      const picture = await rewritten(await gathered(all, LARGEST_PICTURE));
      const intake = await intakeOf(store, caseNumber);
      await store.photos.add({ ...kept, ...picture, takenAt: intake.place ? null : picture.takenAt });
    } else {
      const name = `${kind}-${randomBytes(6).toString('hex')}.${extension}`;
      await store.attachments.add({ ...kept, kind, mimeType, name }, all);
    }
  }

  return async ({ caseNumber, messageId }) => {
    if ((await store.photos.has(messageId)) || (await store.attachments.has(messageId))) return;
    const message = await store.messages.get(messageId);
    if (!message?.media) throw new AppError('message-missing');
    try {
      await copy(caseNumber, messageId, message.media);
    } catch (error) {
      const failure = finalWhenDamaged(error);
      const problem = problemOf(failure);
      if (problem !== null) await tellCitizen(deps, caseNumber, messageId, problem);
      throw failure;
    }
  };
}

async function intakeOf(store: KeepDeps['store'], caseNumber: string): Promise<CaseIntake> {
  const record = await store.cases.get(caseNumber);
  if (!record) throw new AppError('case-missing');
  return record.intake;
}

async function* beating(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    heartbeat();
    yield chunk;
  }
}

function finalWhenDamaged(error: unknown): unknown {
  const isDamaged = error instanceof AppError && error.reason === 'damaged';
  if (!isDamaged || activityInfo().attempt < DAMAGED_TRIES) return error;
  return new AppError('file-unreadable', { reason: 'damaged', cause: error });
}

/** Returns a problem that the citizen can solve by sending another file, or null. */
function problemOf(error: unknown): FileProblem | null {
  if (!(error instanceof AppError)) return null;
  if (error.reason === 'too-large' || error.reason === 'too-many-pixels') return 'tooLarge';
  if (error.code !== 'file-unreadable') return null;
  switch (error.reason) {
    case 'type':
      return 'type';
    case 'incomplete':
    case 'damaged':
      return 'incomplete';
    default:
      return 'damaged';
  }
}

/** Sends one message per file. Ignores a refusal by Meta. */
async function tellCitizen(
  { store, say, citizenOutbox }: KeepDeps,
  caseNumber: string,
  messageId: string,
  problem: FileProblem,
): Promise<void> {
  const { language, citizenId } = await intakeOf(store, caseNumber);
  const why = say(language, `fileProblems.${problem}`, {});
  await citizenOutbox
    .send({
      key: `${messageId}:file-unreadable`,
      citizenId,
      caseNumber,
      content: { type: 'text', body: say(language, 'fileUnreadable', { caseNumber, why }) },
    })
    .catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'whatsapp-refused') throw error;
    });
}
