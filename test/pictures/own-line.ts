import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { slaSchema } from '../../src/config/schemas/sla';
import { anyFree } from '../../src/local/services/port';
import { townFolder } from '../support/line/town-folder';
import { copyProject } from '../support/project-copy';
import { startLineIn } from '../support/started-line';

/** Long enough for a busy machine. */
const START_LIMIT_MS = 300_000;

/** A line started like `npm start`, with separate ports and data. */
export interface OwnLine {
  sandboxUrl: string;
  managersUrl: string;
  temporalUrl: string;
  /** Stops every process and removes the data. */
  stop(): Promise<void>;
}

/** Resolves when the line is ready. Stops it and rejects if it does not start. */
export async function startOwnLine(): Promise<OwnLine> {
  const folder = mkdtempSync(join(tmpdir(), 'paydaskent-pictures-'));
  copyProject(folder);
  const line = startLineIn(folder, {
    PORT: String(await anyFree()),
    CONFIG_DIR: hurriedTown(join(folder, 'town')),
  });
  const stop = async (): Promise<void> => {
    line.signal('SIGTERM');
    await line.exitCode;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await line.says('Paydaşkent runs.', START_LIMIT_MS);
    await line.says('Logs');
    return {
      sandboxUrl: addressIn(line.output(), 'Phone').replace(/\/$/, ''),
      managersUrl: addressIn(line.output(), "Managers' page"),
      temporalUrl: new URL(addressIn(line.output(), 'Temporal UI')).origin,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The configuration of Etimesgut with short waits in conversations and offices that never close. Hazards are overdue
 * after a minute, so that late cases can be shown.
 */
function hurriedTown(folder: string): string {
  townFolder(folder, { quietSeconds: 4, longestSeconds: 20, alwaysOpen: true });
  const file = join(folder, 'sla.yaml');
  const sla = slaSchema.parse(parse(readFileSync(file, 'utf8')));
  const hazard = { acceptMinutes: 1, resolveMinutes: 2 };
  writeFileSync(file, stringify({ ...sla, classes: { ...sla.classes, hazard } }));
  return folder;
}

function addressIn(table: string, name: string): string {
  const [, address] = new RegExp(`^\\s*${name}\\s+(https?://[^\\s,]+)`, 'm').exec(table) ?? [];
  if (address === undefined) throw new Error(`The table of addresses has no "${name}":\n${table}`);
  return address;
}
