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
