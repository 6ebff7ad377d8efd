import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface SavedFolder<T> {
  load(): T[];
  /** Schedules a write of this item, at most every 300 ms. */
  save(id: string, current: () => T): void;
  flush: () => Promise<void>;
}

const WRITE_EVERY_MS = 300;

/** One JSON file per item, replaced atomically so that a crash leaves the previous version. */
export function createSavedFolder<T>(folder: string): SavedFolder<T> {
  mkdirSync(folder, { recursive: true });
  const waiting = new Map<string, () => T>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const writeAll = async (): Promise<void> => {
    const batch = [...waiting];
    waiting.clear();
    for (const [id, current] of batch) {
      const file = path.join(folder, `${id}.json`);
      await writeFile(`${file}.new`, JSON.stringify(current()));
      await rename(`${file}.new`, file);
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeAll).catch((error: unknown) => {
      console.error(
        `The sandbox could not save to ${folder}:`,
        error instanceof Error ? error.message : error,
      );
    });
    return writing;
  };

  return {
    load: () =>
      readdirSync(folder)
        .filter(name => name.endsWith('.json'))
        .flatMap(name => {
          try {
            return [JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T];
          } catch {
            console.error(`The sandbox skips an unreadable file: ${path.join(folder, name)}`);
            return [];
          }
        }),
    save(id, current) {
      waiting.set(id, current);
      timer ??= setTimeout(() => void flush(), WRITE_EVERY_MS);
    },
    flush,
  };
}
