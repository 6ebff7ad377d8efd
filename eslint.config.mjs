import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const nodeBuiltins =
  '(node:.*|fs|path|os|crypto|https?|net|stream|child_process|events|buffer|util|url|timers)(/.*)?';

/** What each folder may not import: folders of the project, and packages. The README draws the direction of the whole. */
const walls = {
  'src/domain': {
    folders: 'config store whatsapp mail web temporal local cli reports workflows activities',
    packages: `mongoose koa nodemailer @temporalio/.* zod luxon i18next pino ${nodeBuiltins}`,
  },
  'src/pictures': {
    folders: 'config store whatsapp mail web temporal local cli',
    packages: 'mongoose koa nodemailer @temporalio/.*',
  },
  'src/config': {
    folders: 'store whatsapp mail web temporal local cli',
    packages: 'mongoose koa nodemailer @temporalio/.*',
  },
  'src/store': {
    folders: 'whatsapp mail web temporal local cli',
    packages: 'koa nodemailer @temporalio/.*',
  },
  'src/reports': {
    folders: 'store whatsapp mail web temporal local cli',
    packages: 'mongoose koa nodemailer @temporalio/.*',
  },
  'src/whatsapp': {
    folders: 'mail web temporal local cli',
    packages: 'mongoose koa nodemailer @temporalio/.*',
  },
  'src/mail': { folders: 'whatsapp web temporal local cli', packages: 'mongoose koa @temporalio/.*' },
  'src/web': { folders: 'local cli', packages: 'mongoose nodemailer @temporalio/.*' },
  'src/temporal': { folders: 'whatsapp mail web local cli', packages: 'mongoose koa nodemailer' },
  'src/local': { folders: 'cli store web', packages: 'mongoose' },
  activities: { folders: 'web local cli', packages: 'koa mongoose nodemailer' },
  workflows: {
    folders: 'config store whatsapp mail web temporal local cli activities',
    packages: `zod luxon i18next mongoose pino ${nodeBuiltins}`,
  },
};

const anyOf = words => `(${words.split(' ').join('|')})`;

/** The imports that a wall stops, from whatever depth of the folder. */
const stopped = ({ folders, packages }) => `^((\\.\\./)+(src/)?${anyOf(folders)}/|${anyOf(packages)}$)`;

export default defineConfig(
  { ignores: ['dist', 'node_modules', '.local', 'coverage'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '*.js', 'src/cli/*.mjs', 'test/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...Object.entries(walls).map(([folder, wall]) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: stopped(wall), message: `${folder} must not depend on this.` }] },
      ],
    },
  })),
  {
    files: ['workflows/**/*.ts', 'src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Intl', 'process', 'Buffer', 'fetch', 'setInterval'],
      'no-restricted-properties': [
        'error',
        { property: 'toLocaleString' },
        { property: 'toLocaleDateString' },
        { property: 'toLocaleTimeString' },
      ],
    },
  },
  { files: ['src/cli/**', 'src/local/**', 'test/bench/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    plugins: { jest },
    rules: {
      ...jest.configs['flat/recommended'].rules,
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
    },
  },
);
