/**
 * Computes figures about the sources and compares them with their limits. Exits with 1 if one is missed.
 *
 * npm run structure [-- --json | --journeys | --graph]
 *
 * --graph prints room and imports of each file as JSON, for test/architecture.test.ts.
 * --journeys counts the files of both journeys on a started line and writes test/journeys.json.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { roomOf, walls } from '../walls.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const list = join(root, 'test/journeys.json');
const longest = 400;
const short = 25;
/** The goal is 90. Never raise this limit: fold files of one subject instead. */
const mostTravelled = 90;

/** Returns the files of the program with their number of lines, imports and exported names. */
function readProgram() {
  const names = ['activities', 'src', 'workflows'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true })
      .filter(name => name.endsWith('.ts'))
      .map(name => join(folder, name)),
  );
  const known = new Set(names);
  return new Map(
    names.sort().map(name => {
      const text = readFileSync(join(root, name), 'utf8');
      const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
      const imports = specifiersIn(source).flatMap(specifier => targetOf(name, specifier, known) ?? []);
      const lines = text.split('\n').length - 1;
      return [name, { lines, imports: new Set(imports), exports: source.statements.flatMap(exportedBy) }];
    }),
  );
}

/** Returns the imports of a file: statements, re-exports, and `import()` of values and types. */
function specifiersIn(source) {
  const found = [];
  const visit = node => {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    const called = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    if (named && node.moduleSpecifier !== undefined) found.push(node.moduleSpecifier.text);
    if (called) found.push(node.arguments[0].text);
    if (ts.isImportTypeNode(node)) found.push(node.argument.literal.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(specifier => specifier.startsWith('.'));
}

function targetOf(from, specifier, known) {
  const path = normalize(join(dirname(from), specifier)).replace(/\.js$/, '');
  return [`${path}.ts`, join(path, 'index.ts')].find(name => known.has(name));
}

/** Returns the names that a statement declares and exports. */
function exportedBy(statement) {
  const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
  if (!exported) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  return statement.name === undefined ? [] : [statement.name.text];
}

function importersIn(program) {
  const importers = new Map([...program.keys()].map(name => [name, []]));
  for (const [name, { imports }] of program) for (const target of imports) importers.get(target).push(name);
  return importers;
}

/** Returns names that several files export, with these files. */
function sharedNames(program) {
  const files = new Map();
  for (const [file, { exports }] of program) {
    for (const name of new Set(exports)) files.set(name, [...(files.get(name) ?? []), file]);
  }
  return [...files].filter(([, all]) => all.length > 1).map(([name, all]) => `${name}: ${all.join(', ')}`);
}

/** Returns imports that the walls forbid. */
function arrowsUp(program) {
  return [...program].flatMap(([from, { imports }]) =>
    [...imports]
      .filter(to => {
        const [room, other] = [roomOf(from), roomOf(to)];
        return room !== other && !walls[room].imports.includes(other);
      })
      .map(to => `${from} → ${to}`),
  );
}

/** Returns the cycles of a graph by node names (Tarjan's strongly connected components). */
function circles(edges) {
  const [index, low, stack, found] = [new Map(), new Map(), [], []];
  const visit = node => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of edges.get(node)) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.join(' ↔ '));
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}

/** Returns entries of the checked-in journeys that no longer match the program. */
function strayInJourneys(program, journeys) {
  const importers = importersIn(program);
  return Object.entries(journeys).flatMap(([journey, files]) => {
    const missing = files.filter(file => !program.has(file)).map(file => `${journey}: ${file} is gone`);
    const loose = files
      .filter(file => program.has(file))
      .filter(
        file => ![...program.get(file).imports, ...importers.get(file)].some(other => files.includes(other)),
      )
      .map(file => `${journey}: ${file} has no import in common with the others`);
    return [...missing, ...loose];
  });
}

function figures() {
  const program = readProgram();
  const importers = importersIn(program);
  const lines = [...program.values()].map(file => file.lines).sort((a, b) => a - b);
  const journeys = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};
  const travelled = new Set(Object.values(journeys).flat());
  const named = (name, found, most) => ({ name, value: found.length, most, found });
  return [
    { name: 'files', value: program.size },
    { name: 'lines of the median file', value: lines[lines.length >> 1], least: 80, most: 150 },
    { name: 'lines of the longest file', value: lines.at(-1), most: longest },
    named(
      `files over ${longest} lines`,
      [...program].filter(([, file]) => file.lines > longest).map(([name]) => name),
      0,
    ),
    named(
      `files under ${short} lines with one importer`,
      [...program]
        .filter(([name, file]) => file.lines < short && importers.get(name).length === 1)
        .map(([name]) => `${name} ← ${importers.get(name)[0]}`),
      0,
    ),
    named('names exported by several files', sharedNames(program), 10),
    named('arrows that run back up', arrowsUp(program), 0),
    named('circles of files', circles(new Map([...program].map(([name, file]) => [name, file.imports]))), 0),
    named(
      'circles of rooms',
      circles(new Map(Object.entries(walls).map(([room, wall]) => [room, wall.imports]))),
      0,
    ),
    ...Object.entries(journeys).map(([name, files]) => ({
      name: `files on the way: ${name}`,
      value: files.length,
    })),
    // Every file with a function that ran, including tables of labels and leaves. This number may only
    // decrease.
    { name: 'files on both ways together', value: travelled.size, most: mostTravelled },
    named('files of the journeys that are gone or loose', strayInJourneys(program, journeys), 0),
  ].map(figure => ({
    ...figure,
    met: figure.value >= (figure.least ?? 0) && figure.value <= (figure.most ?? Infinity),
  }));
}

function goalOf({ least, most }) {
  if (most === undefined) return '';
  return least === undefined ? (most === 0 ? 'goal 0' : `goal ≤ ${most}`) : `goal ${least}–${most}`;
}

if (process.argv.includes('--journeys')) {
  const { travelJourneys } = await import('./journeys.mjs');
  writeFileSync(list, `${JSON.stringify(await travelJourneys(root), null, 2)}\n`);
}
if (process.argv.includes('--graph')) {
  const files = [...readProgram()].map(([name, { imports }]) => [
    name,
    { room: roomOf(name), imports: [...imports] },
  ]);
  process.stdout.write(JSON.stringify(Object.fromEntries(files)));
  process.exit();
}
const measured = figures();
if (process.argv.includes('--json')) {
  process.stdout.write(JSON.stringify(measured));
} else {
  for (const figure of measured) {
    const mark = figure.met ? ' ' : '✗';
    console.log(`${mark} ${figure.name.padEnd(70)} ${String(figure.value).padStart(5)}  ${goalOf(figure)}`);
    if (!figure.met || process.argv.includes('--long'))
      for (const one of figure.found ?? []) console.log(`      ${one}`);
  }
}
if (measured.some(({ met }) => !met)) process.exitCode = 1;
