import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a temporary folder, removed after all tests of the file. */
export function ownFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `paydaskent-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
