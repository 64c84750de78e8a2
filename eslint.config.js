import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Dependencies point down only: apps on libs on event-models; tools may use anything but apps' sources. */
const moduleBoundaries = {
  enforceBuildableLibDependency: false,
  allow: [],
  depConstraints: [
    { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib', 'type:models'] },
    { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:models'] },
    { sourceTag: 'type:models', onlyDependOnLibsWithTags: [] },
    { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:models'] },
  ],
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.nx', '.keptn'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', moduleBoundaries],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Nest declares its option objects as classes and takes literals for them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Scripts that run before anything is built; TypeScript checks their JSDoc types.
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': ['error', moduleBoundaries], eqeqeq: 'error' },
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
