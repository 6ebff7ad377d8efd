import { appendFile, readFile } from 'node:fs/promises';

/** The kinds of names in the list. */
type Listed = { citizenId: string } | { caseNumber: string };

export type ErasureList = ReturnType<typeof erasureList>;

/**
 * The list of erased people and cases, a file apart from the database: a backup still contains them, and `db-sync` erases
 * them again after a restore. Each line is a keyed hash; the key is in the database, so the list alone says nothing.
 */
export function erasureList(file: string | undefined, hashId: () => Promise<(name: string) => string>) {
  const nameOf = (listed: Listed): string =>
    'citizenId' in listed ? `erased:citizen:${listed.citizenId}` : `erased:case:${listed.caseNumber}`;

  return {
    /** Whether a list is configured. */
    isKept: file !== undefined,

    /** Adds names, before their records go: a crash in between must not lose them. Rejects if the file cannot be written. */
    async add(listed: readonly Listed[]): Promise<void> {
      if (file === undefined || listed.length === 0) return;
      const hash = await hashId();
      await appendFile(file, listed.map(each => `${hash(nameOf(each))}\n`).join(''), { mode: 0o600 });
    },

    /** Returns the test for names in the list, and its length. Without a file the list is empty. */
    async read(): Promise<{ count: number; has: (listed: Listed) => boolean }> {
      const text = file === undefined ? '' : await readFile(file, 'utf8').catch(absent);
      const hashes = new Set(text.split('\n').filter(line => line !== ''));
      const hash = await hashId();
      return { count: hashes.size, has: listed => hashes.has(hash(nameOf(listed))) };
    },
  };
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
