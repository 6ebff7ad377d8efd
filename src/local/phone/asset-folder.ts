import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Where an area's templates, styles and scripts lie. They are not compiled: a program that runs from `dist/` reads
 * them in the sources beside it.
 */
export function assetFolder(area: 'phone' | 'mailbox'): string {
  const beside = path.join(__dirname, '..', area, 'assets');
  return existsSync(beside)
    ? beside
    : path.join(__dirname, '..', '..', '..', '..', 'src', 'local', area, 'assets');
}
