import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const nodeBuiltins = ['node:*', 'fs', 'path', 'os', 'crypto', 'http', 'https', 'net', 'stream', 'child_process', 'events', 'buffer', 'util', 'url', 'timers'];

/** What each folder may not import; the direction of the whole is drawn in the README. */
const walls = {
  'src/domain': ['../config/*', '../store/*', '../whatsapp/*', '../mail/*', '../web/*', '../temporal/*', '../local/*', '../cli/*', '../../workflows/*', '../../activities/*', 'mongoose', 'koa', 'nodemailer', '@temporalio/*', 'zod', 'luxon', 'i18next', 'pino', ...nodeBuiltins],
  'src/config': ['../store/*', '../whatsapp/*', '../mail/*', '../web/*', '../temporal/*', '../local/*', '../cli/*', 'mongoose', 'koa', 'nodemailer', '@temporalio/*'],
  'src/store': ['../whatsapp/*', '../mail/*', '../web/*', '../temporal/*', '../local/*', '../cli/*', 'koa', 'nodemailer', '@temporalio/*'],
  'src/whatsapp': ['../mail/*', '../web/*', '../temporal/*', '../local/*', '../cli/*', 'mongoose', 'koa', 'nodemailer', '@temporalio/*'],
  'src/mail': ['../whatsapp/*', '../web/*', '../temporal/*', '../local/*', '../cli/*', 'mongoose', 'koa', '@temporalio/*'],
  'src/web': ['../local/*', '../cli/*', 'mongoose', 'nodemailer', '@temporalio/*'],
  'src/temporal': ['../whatsapp/*', '../mail/*', '../web/*', '../local/*', '../cli/*', 'mongoose', 'koa', 'nodemailer'],
  'src/local': ['../cli/*', 'mongoose', '../store/*', '../web/*'],
  activities: ['../src/web/*', '../src/local/*', '../src/cli/*', '../workflows/*', 'koa', 'mongoose', 'nodemailer'],
  workflows: ['../src/config/*', '../src/store/*', '../src/whatsapp/*', '../src/mail/*', '../src/web/*', '../src/temporal/*', '../src/local/*', '../src/cli/*', 'zod', 'luxon', 'i18next', 'mongoose', 'pino', ...nodeBuiltins],
};

export default defineConfig(
  { ignores: ['dist', 'node_modules', '.local', 'coverage'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.mjs', '*.js', 'src/cli/*.mjs', 'test/*.mjs'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...Object.entries(walls).map(([folder, group]) => ({
    files: [`${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message: `${folder} must not depend on this.` }] }] },
  })),
  {
    files: ['workflows/**/*.ts', 'src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Intl', 'process', 'Buffer', 'fetch', 'setInterval'],
      'no-restricted-properties': ['error', { property: 'toLocaleString' }, { property: 'toLocaleDateString' }, { property: 'toLocaleTimeString' }],
    },
  },
  { files: ['src/cli/**', 'src/local/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    plugins: { jest },
    rules: { ...jest.configs['flat/recommended'].rules, 'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }] },
  },
);
