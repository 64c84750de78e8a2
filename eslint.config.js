import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { wallsOfTheWorkspace } from './tools/walls/eslint-walls.mjs';

/** What needs the graph of projects, or is not among the rules of oxlint, which checks everything else (.oxlintrc.json). */
export default defineConfig({ ignores: ['dist', 'node_modules', '.nx', '.keptn'] }, ...wallsOfTheWorkspace, {
  files: ['**/*.{ts,tsx}'],
  plugins: { '@typescript-eslint': tseslint.plugin },
  languageOptions: {
    parser: tseslint.parser,
    // Nest reads the types of a decorated class when it runs: their imports have to stay.
    parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true },
  },
  rules: { '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }] },
});
