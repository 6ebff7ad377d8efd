/** Compiles the sources to dist/ and bundles the workflows, if anything changed. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './elapsed.mjs';
import { buildIsFresh, programSources, sourceHash, stampBuild } from './freshness.mjs';

/** Resolves with undefined if dist/ is up to date, otherwise with the compiler output. */
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

/** A compiled file without a source could still be required. */
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
