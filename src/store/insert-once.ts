/** MongoDB's duplicate key error. Every compatible store returns it for an existing `_id`. */
const DUPLICATE_KEY = 11000;

/** Runs an insert. Returns false if a record with that `_id` exists. Rethrows other errors. */
export async function insertOnce(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
}

/** Returns the id of a revision of a record. Revisions are counted from 1, and each is a record of its own. */
export function revisionId(id: string, revision: number): string {
  return `${id}:${revision}`;
}

/** Returns the last revision of a record; null without one. Looks up one by one, which is fast on every store. */
export async function lastRevision<T>(
  id: string,
  find: (revisionId: string) => Promise<T | null>,
): Promise<T | null> {
  let last: T | null = null;
  for (let revision = 1; ; revision += 1) {
    const found = await find(revisionId(id, revision));
    if (!found) return last;
    last = found;
  }
}
