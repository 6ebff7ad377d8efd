import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onlyTownFolder, variables } from '../src/config/env';
import { routePolicies } from '../src/web/access';
import { composeText, root } from './support/compose-file';
import { readDockerfile } from './support/dockerfile';

const stages = readDockerfile();
const stageNames = stages.map(({ name }) => name);
const { main, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  main: string;
  version: string;
};
const images = stages.filter(({ instructions }) => 'ENTRYPOINT' in instructions);
/** The files that the build stage creates. */
const made = ['node_modules', 'dist'];

function stageNamed(name: string) {
  const found = stages.find(stage => stage.name === name);
  if (!found) throw new Error(`the Dockerfile has no stage ${name}`);
  return found;
}

/** The paths that .dockerignore lets into the build context. */
const context = readFileSync(join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .flatMap(line => /^!(.+)$/.exec(line)?.[1] ?? []);

test('the base is an exact Debian image, and every other stage builds on an earlier one', () => {
  const [first, ...others] = stages;
  expect(first?.base).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/);
  for (const { name, base } of others) {
    expect(stageNames.slice(0, stageNames.indexOf(name))).toContain(base);
  }
});

test('files copied from the build context exist there, and all of the context is copied', () => {
  const outside = stages.flatMap(({ copies }) => copies.filter(({ from }) => from === undefined));
  const paths = outside.flatMap(({ sources }) => sources);
  expect(paths.filter(path => !existsSync(join(root, path)))).toEqual([]);
  expect(paths.sort()).toEqual(context.sort());
});

test('files copied from a stage exist there at the same path', () => {
  for (const { name, copies } of stages) {
    for (const { from, sources, target } of copies.filter(copy => copy.from !== undefined)) {
      expect(stageNames.slice(0, stageNames.indexOf(name))).toContain(from);
      expect(sources).toEqual([`/app/${target}`]);
      expect([target, made.includes(target) || existsSync(join(root, target))]).toEqual([target, true]);
    }
  }
});

test('production is the last stage and contains no development packages or pages', () => {
  const { name, copies } = stages.at(-1) ?? stageNamed('production');
  expect(name).toBe('production');
  expect(copies.find(({ target }) => target === 'node_modules')?.from).toBe('production-packages');
  expect(stageNamed('production-packages').instructions['RUN']).toContain('npm prune --omit=dev');
  expect(copies.map(({ target }) => target)).not.toContain('src/local');
});

test('every data file of the program is in the image that needs it', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.ts'))
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter(path => !path.startsWith('src/cli/'));
  const missingIn = (name: string, paths: string[]) => {
    const copied = stageNamed(name).copies.map(({ target }) => target);
    return paths.filter(path => !copied.some(folder => path.startsWith(`${folder}/`)));
  };
  expect(missingIn('dev-sandbox', files)).toEqual([]);
  expect(
    missingIn(
      'production',
      files.filter(path => !path.startsWith('src/local/')),
    ),
  ).toEqual([]);
  const settings = onlyTownFolder(root);
  if (settings === undefined) throw new Error('config/ holds several municipalities');
  expect(missingIn('production', [settings])).toEqual([]);
});

test('images do not run as root', () => {
  expect(images.map(({ name }) => name).sort()).toEqual(['dev-sandbox', 'production']);
  for (const { instructions } of images) {
    expect(instructions['USER']).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(instructions['ENTRYPOINT']).toBe(JSON.stringify(['node', main]).replace(',', ', '));
  }
});

test('the health check asks an existing path on the port of the role', () => {
  const probe = stageNamed('production').instructions['HEALTHCHECK'] ?? '';
  const path = /(\/\w+)`/.exec(probe)?.[1];
  expect(Object.keys(routePolicies)).toContain(`GET ${path}`);
  expect(stageNamed('production').instructions['EXPOSE']).toBe(variables.PORT.standard);
  expect(probe).toContain(`+process.env.HEALTH_PORT || +process.env.PORT || ${variables.PORT.standard}`);
});

test('Compose builds stages that exist and names the images by the version of the program', () => {
  const targets = [...composeText.matchAll(/^ +target: ([\w-]+)$/gm)].map(match => match[1]);
  expect([...new Set(targets)].sort()).toEqual(['dev-sandbox', 'production']);
  const tags = [...composeText.matchAll(/image: paydaskent[\w-]*:(.+)$/gm)].map(match => match[1]);
  expect(new Set(tags)).toEqual(new Set([version]));
});
