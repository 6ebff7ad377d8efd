import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the nearest parent folder with package.json, from src/ or dist/. */
export function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`No package.json above ${__dirname}`);
    folder = above;
  }
  return folder;
}
