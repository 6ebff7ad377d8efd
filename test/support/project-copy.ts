import { copyFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/cli/start/project-root';
import { ownFolder } from './own-folder';

/** Copies the built program to a folder of the test, so that a line started there is not the checkout's line. */
export function projectCopy(name: string): string {
  const folder = ownFolder(name);
  copyProject(folder);
  return folder;
}

/** Copies the built program to an empty folder. */
export function copyProject(folder: string): void {
  const root = projectRoot();
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const part of ['node_modules', 'src', 'config']) symlinkSync(join(root, part), join(folder, part));
  mkdirSync(join(folder, '.local'));
  mkdirSync(join(root, '.local/bin'), { recursive: true });
  symlinkSync(join(root, '.local/bin'), join(folder, '.local/bin'));
}
