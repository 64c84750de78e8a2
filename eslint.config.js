import tseslint from 'typescript-eslint';
import { wallsOfTheWorkspace } from './tools/walls/eslint-walls.mjs';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.nx', '.keptn'] },
  ...wallsOfTheWorkspace,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // To leave a field out of a copy.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Nest declares its option objects as classes and takes literals for them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // There are no enums here to mix up, and looking for them takes a fifth of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Deprecated only to stand out: for an identity provider on the machine of a developer, without TLS.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: 'openid-client', name: 'allowInsecureRequests' }] },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Scripts that run before anything is built; TypeScript checks their JSDoc types.
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.recommended],
    rules: { eqeqeq: 'error' },
  },
  {
    // Vitest's asymmetric matchers, such as expect.stringMatching, are typed as any.
    files: ['**/*.spec.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // People read what tools print.
    files: ['tools/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
