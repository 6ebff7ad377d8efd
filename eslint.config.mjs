import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';
import { filesOf, innerWalls, stoppedBy, walls } from './walls.mjs';

export default defineConfig(
  { ignores: ['dist', 'node_modules', '.local', 'coverage'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.mjs', '*.js', 'src/cli/*.mjs', 'test/*.mjs', 'test/support/*.cjs'],
        },
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
  ...Object.keys(walls).map(room => ({
    files: [filesOf(room)],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: stoppedBy(room), message: `${room} must not depend on this.` }] },
      ],
    },
  })),
  ...Object.entries(innerWalls).map(([folder, { room, not }]) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: stoppedBy(room, not), message: `${folder} must not depend on this.` }] },
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
  // Preloaded by --require, which also applies to the threads of a process.
  {
    files: ['**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    plugins: { jest },
    rules: {
      ...jest.configs['flat/recommended'].rules,
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
    },
  },
);
