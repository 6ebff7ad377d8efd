import { createHash } from 'node:crypto';
import { AppError } from '../../errors';
import { oneLine } from '../../mail/plain-text';
import { rewritten } from '../../pictures/picture';
import type { Store } from '../../store/store';
import { MOST_WORK_PHOTOS } from '../../store/file-records';
import type { Upload } from '../form-body';

/** Runs pieces of work one after the other: a picture unfolds into hundreds of megabytes while it is decoded. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
}

const LONGEST_NAME = 40;

/**
 * Keeps what came with a form under the id of its act, so that it needs not be chosen again when the form comes back.
 * The function returns what is wrong with it in Turkish, null when nothing is.
 */
export function createPhotoKeeper({
  workPhotos,
}: Pick<Store, 'workPhotos'>): (
  upload: Upload,
  act: { actionId: string; caseNumber: string; at: Date },
) => Promise<string | null> {
  const inTurn = createQueue();

  /** False when there is no room for it; null when it is no picture. */
  async function keep(bytes: Buffer, act: { actionId: string; caseNumber: string; at: Date }) {
    try {
      const { jpeg, thumbnail, width, height } = await inTurn(() => rewritten(bytes));
      const digest = createHash('sha256').update(bytes).digest('hex');
      const { actionId, caseNumber, at } = act;
      return await workPhotos.add(actionId, {
        ...{ caseNumber, digest, jpeg, thumbnail, width, height },
        keptAt: at,
      });
    } catch (error) {
      if (error instanceof AppError && error.code === 'photo-unreadable') return null;
      throw error;
    }
  }

  return async ({ files, error }, act) => {
    const unread: string[] = [];
    for (const { name, bytes } of files) {
      const isKept = await keep(bytes, act);
      if (isKept === null) unread.push(oneLine(name, LONGEST_NAME));
      if (isKept === false) return `En çok ${MOST_WORK_PHOTOS} fotoğraf ekleyebilirsiniz; fazlası alınmadı.`;
    }
    if (error !== null) return error;
    if (unread.length === 0) return null;
    return `Okunamayan dosya: ${unread.join(', ')}. JPEG, PNG veya WebP biçiminde bir fotoğraf seçiniz.`;
  };
}
