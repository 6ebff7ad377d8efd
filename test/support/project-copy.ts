import { copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ownFolder } from './own-folder';

const root = resolve(__dirname, '../..');

/** The built program in a folder of the test's own, so that a line started there is not the checkout's line. */
export function projectCopy(name: string): string {
  if (!existsSync(join(root, 'dist/workflow-bundle.js'))) {
    throw new Error('The program is not built: run "npm run build" first');
  }
  const folder = ownFolder(name);
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const part of ['node_modules', 'src', 'config']) symlinkSync(join(root, part), join(folder, part));
  mkdirSync(join(folder, '.local'));
  mkdirSync(join(root, '.local/bin'), { recursive: true });
  symlinkSync(join(root, '.local/bin'), join(folder, '.local/bin'));
  return folder;
}
