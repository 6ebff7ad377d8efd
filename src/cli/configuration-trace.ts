import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { problemLine } from '../config/config-error';
import type { LinkKey } from '../config/link-keys';
import type { Municipality } from '../config/municipality';
import { noticeVersion } from '../config/texts';
import { MINUTE_MS } from '../domain/durations';
import { errorFields, type Log } from '../logging';
import type { Store } from '../store/store';

interface Started {
  role: 'web' | 'worker';
  folder: string;
  municipality: Municipality;
  linkKeys: readonly LinkKey[];
  auditKeys: readonly LinkKey[];
}

const TRIES = 10;

/**
 * Logs the keys that only a newer program knows. Adds an entry to the audit trail if this role last started with other
 * files or keys. Repeats while the database is
 * unreachable, because a role starts before it. Never rejects.
 */
export async function traceConfiguration(
  store: Pick<Store, 'trail'>,
  started: Started,
  log: Log,
): Promise<void> {
  for (const problem of started.municipality.ignored) {
    log.warn(
      { problem: problemLine(problem) },
      'a key of the configuration is left out: it needs a newer program',
    );
  }
  const detail = versionsOf(started);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const last = await store.trail.latest('configuration', started.role);
      if (last?.detail === detail) return;
      await store.trail.add({
        ...{ at: new Date(), actor: started.role, reason: '', what: 'configuration', detail },
      });
      return;
    } catch (error) {
      log.warn(errorFields(error), 'the configuration is not in the audit trail yet');
      await setTimeout(MINUTE_MS, undefined, { ref: false });
    }
  }
}

/** The versions of what decides: the municipality's files, the privacy notice, and the ids of the keys. */
function versionsOf({ folder, municipality, linkKeys, auditKeys }: Started): string {
  const names = (keys: readonly LinkKey[]): string => keys.map(({ id }) => id).join(' ') || 'none';
  return [
    `files ${hashOf(folder)}`,
    `notice ${noticeVersion(municipality)}`,
    `link keys ${names(linkKeys)}`,
    `audit keys ${names(auditKeys)}`,
  ].join(', ');
}

/** Returns twelve hex digits that change with any file of the folder. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(`${file.slice(folder.length)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
