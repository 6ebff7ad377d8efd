import { builtWorkflows } from './support/time-skipping';

const MOST_BYTES = 2_500_000;

const bundle = builtWorkflows();

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
    const modules = ours.filter(module => /^\.\/dist\/(workflows|src)\//.test(module));
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter(module => module.includes(words)).map(module => module.slice(0, 60))).toEqual([]);
  },
);

test('the workflow bundle stays small', () => {
  const code = bundle.code.split('//# sourceMappingURL=')[0] ?? '';
  expect(code.length).toBeLessThan(MOST_BYTES);
});
