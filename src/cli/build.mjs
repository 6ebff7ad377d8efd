/** Compiles the sources to dist/ and bundles the workflows; nothing happens when nothing changed. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './elapsed.mjs';
import { buildIsFresh, programSources, sourceHash, stampBuild } from './freshness.mjs';

/** Resolves with undefined when dist/ is up to date, else with what the compiler said. */
export async function build(root) {
  const hash = sourceHash(root);
  if (buildIsFresh(root, hash)) return undefined;
  return (await compile(root)) ?? (await bundle(root, hash));
}

async function compile(root) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo'];
  const { code, output } = await runStep(
    'Compiling',
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', ...options],
    { cwd: root },
  );
  removeOrphans(root);
  return code === 0 ? undefined : output;
}

async function bundle(root, hash) {
  const { code, output } = await runStep('Bundling the workflows', process.execPath, ['src/cli/bundle.mjs'], {
    cwd: root,
  });
  if (code !== 0) return output;
  stampBuild(root, hash);
  return undefined;
}

/** A compiled file whose source is gone would still be found by a require. */
function removeOrphans(root) {
  const kept = new Set(programSources(root).map(file => file.replace(/\.ts$/, '')));
  for (const folder of ['activities', 'src', 'workflows']) {
    const compiled = join(root, 'dist', folder);
    if (!existsSync(compiled)) continue;
    for (const name of readdirSync(compiled, { recursive: true })) {
      if (!/\.js(\.map)?$/.test(name)) continue;
      const source = join(folder, name).replace(/\.js(\.map)?$/, '');
      if (!kept.has(source)) rmSync(join(root, 'dist', `${source}${/\.js(\.map)?$/.exec(name)[0]}`));
    }
  }
}
