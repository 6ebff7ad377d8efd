import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { readEnv, secretFileOf } from '../../config/env';
import { rotateLinkKeys, writeLinkKeys, type LinkKey } from '../../config/link-keys';
import { loadMunicipality } from '../../config/municipality';
import { DAY_MS } from '../../domain/durations';

function days(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('Give a number of days, 0 to 999.');
  return Number(text);
}

/** Adds `keys`: lists and rotates the keys that sign links. */
export function registerKeys(admin: Command): void {
  const keys = admin.command('keys').description('the keys that sign the links in letters');

  keys
    .command('list')
    .description('show which key signs and until when the others are accepted, without the keys')
    .action(() => {
      const now = new Date();
      for (const [place, key] of readEnv('keys').LINK_KEYS.entries()) {
        console.log(`${key.id.padEnd(16)}  ${stateOf(key, place === 0, now)}`);
      }
    });

  keys
    .command('rotate')
    .description(
      'make a new signing key; the value for LINK_KEYS is printed, or written into the file that LINK_KEYS_FILE ' +
        'names. Restart the web role first, then the worker',
    )
    .option(
      '--window-days <days>',
      'how long links signed before are accepted; the longest life of a link when left out',
      days,
    )
    .option('--print', 'print the value even if LINK_KEYS_FILE is set')
    .option('--revoke', 'invalidate all links at once, for a leaked key')
    .action(({ windowDays, revoke, print }: { windowDays?: number; revoke?: true; print?: true }) => {
      const { LINK_KEYS, CONFIG_DIR } = readEnv('keys');
      const window = revoke ? 0 : (windowDays ?? loadMunicipality(CONFIG_DIR).taskLinks.longestDays);
      const rotated = rotateLinkKeys(LINK_KEYS, new Date(), window * DAY_MS);
      const file = print ? null : secretFileOf('LINK_KEYS');
      if (file === null) console.log(writeLinkKeys(rotated));
      else if (!replaceFile(file, `${writeLinkKeys(rotated)}\n`)) {
        console.error(`${file} cannot be replaced; nothing was changed. Print the value instead: --print.`);
        process.exitCode = 1;
        return;
      }
      console.error(adviceOf(rotated, file));
    });
}

function stateOf({ until }: LinkKey, signs: boolean, now: Date): string {
  if (signs) return 'signs';
  if (until === undefined) return 'accepted, without an end';
  return `${until > now ? 'accepted until' : 'ended'} ${until.toISOString()}`;
}

function adviceOf(keys: readonly LinkKey[], file: string | null): string {
  const [signing, ...others] = keys;
  const kept = others.map(({ id, until }) => `${id} until ${until?.toISOString() ?? 'further notice'}`);
  return [
    `New signing key: ${signing?.id ?? ''}. Still accepted: ${kept.length > 0 ? kept.join(', ') : 'no other'}.`,
    file === null
      ? 'Put the line above into LINK_KEYS of every web and worker role (in .env: LINK_KEYS=…). The line of ' +
        '`npm start` without LINK_KEYS of its own keeps it as "LINK_KEYS" in .local/secrets.json: replace it there ' +
        'and start the line again.'
      : `${file} holds the new list; give it to every web and worker role.`,
    'Restart the web role first, then the worker: a link must not be sent before it is accepted.',
  ].join('\n');
}

/** Replaces the file atomically, because a partial file would invalidate every link. */
function replaceFile(file: string, content: string): boolean {
  const beside = `${file}.new`;
  try {
    writeFileSync(beside, content, { mode: 0o600 });
    chmodSync(beside, 0o600);
    renameSync(beside, file);
    return true;
  } catch {
    rmSync(beside, { force: true });
    return false;
  }
}
