/** MongoDB's "duplicate key", which every compatible store answers to a taken `_id`. */
const DUPLICATE_KEY = 11000;

/** Runs an insert; false when a record with that `_id` was there already. Other errors pass through. */
export async function insertOnce(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
}
