import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import ts from 'typescript';
import sharedModules from '../workflows/shared-modules.json';
import { bundleWorkflows } from './support/time-skipping';

const MOST_BYTES = 2_500_000;

let bundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  bundle = await bundleWorkflows();
}, 60_000);

test.each(['mongoose', 'nodemailer', 'luxon', 'i18next', 'pino', 'node_modules/zod', 'node_modules/koa'])(
  'the workflow bundle contains nothing of %s',
  name => {
    expect(bundle.code).not.toContain(name);
  },
);

test.each(['Intl.', 'toLocale', 'process.env.', 'require("node:'])(
  'our workflow code does not use %s',
  words => {
    const ours = bundle.code.split('sourceMappingURL=')[0]?.split(/\n\/\*\*\*\/ "/) ?? [];
    const modules = ours.filter(module => /^\.\/(workflows|src)\//.test(module));
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter(module => module.includes(words)).map(module => module.slice(0, 60))).toEqual([]);
  },
);

test('the workflow bundle stays small', () => {
  const code = bundle.code.split('//# sourceMappingURL=')[0] ?? '';
  expect(code.length).toBeLessThan(MOST_BYTES);
});

function importsValues({ importClause }: ts.ImportDeclaration): boolean {
  const names = importClause?.namedBindings;
  if (importClause?.isTypeOnly) return false;
  return !names || !ts.isNamedImports(names) || names.elements.some(({ isTypeOnly }) => !isTypeOnly);
}

/** Returns the modules with everything they import at run time, by path. */
function withImports(names: readonly string[], found = new Map<string, ts.SourceFile>()) {
  for (const name of names) {
    const path = join(__dirname, '..', `${name}.ts`);
    if (found.has(path)) continue;
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    found.set(path, source);
    const imported = source.statements
      .filter(ts.isImportDeclaration)
      .filter(importsValues)
      .map(statement => {
        const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
        expect(specifier).toMatch(/^\./);
        return join(dirname(name), specifier);
      });
    withImports(imported, found);
  }
  return found;
}

/** Whether a top-level statement can hold a value that changes: a variable, or an empty collection. */
function canChange(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return ts.isExpressionStatement(statement);
  const { flags, declarations } = statement.declarationList;
  return (
    (flags & ts.NodeFlags.Const) === 0 ||
    declarations.some(
      ({ initializer }) =>
        initializer &&
        ((ts.isNewExpression(initializer) && (initializer.arguments?.length ?? 0) === 0) ||
          (ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0)),
    )
  );
}

test('modules that all workflows of a worker share hold no state', () => {
  const modules = withImports(sharedModules);
  expect(modules.size).toBeGreaterThan(15);
  const changing = [...modules].flatMap(([path, { statements }]) =>
    statements.filter(canChange).map(statement => `${path}: ${statement.getText().split('\n')[0]}`),
  );
  expect(changing).toEqual([]);
});
