import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import { wallRule } from './wall-rule.mjs';
import { DIRECTIONS, ENVIRONMENT_READERS, ENVIRONMENT_REASON } from './walls.mjs';

/** Nx' rule names the tags that forbid an import; this one adds why they do. */
function directionRule() {
  const rule = nx.rules['enforce-module-boundaries'];
  if (rule === undefined) {
    throw new Error('@nx/eslint-plugin has no rule enforce-module-boundaries');
  }
  const messages = Object.entries(/** @type {Record<string, string>} */ (rule.meta?.messages ?? {}));
  return {
    ...rule,
    meta: { ...rule.meta, messages: Object.fromEntries(messages.map(([id, text]) => [id, `${text}{{because}}`])) },
    /** @param {import('eslint').Rule.RuleContext} context */
    create(context) {
      /** @param {import('eslint').Rule.ReportDescriptor & { data?: Record<string, string> }} problem */
      const report = (problem) => {
        const direction = DIRECTIONS.find(({ sourceTag }) => sourceTag === problem.data?.['sourceTag']);
        const because = direction === undefined ? '' : `. ${direction.because}`;
        context.report({ ...problem, data: { ...problem.data, because } });
      };
      const visitor = rule.create(Object.create(context, { report: { value: report } }));
      return /** @type {import('eslint').Rule.RuleListener} */ (visitor);
    },
  };
}

const directionOptions = {
  enforceBuildableLibDependency: false,
  // Scripts, which run unbuilt, use a file of another script.
  allow: ['../build.mjs', '../web-bundle.mjs', '../bench/process-figures.mjs', '../vitest/free-ports.mjs'],
  depConstraints: DIRECTIONS.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
    sourceTag,
    onlyDependOnLibsWithTags,
  })),
};

/** What tests of any layer share. */
const testOptions = { ...directionOptions, allow: [...directionOptions.allow, '@keptn/vitest-setup/free-ports'] };

/** What may import what, and where the environment is read: the table of walls.mjs as configuration of ESLint. */
export const wallsOfTheWorkspace = defineConfig(
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    plugins: { walls: { rules: { imports: wallRule, direction: directionRule() } } },
    rules: { 'walls/imports': 'error', 'walls/direction': ['error', directionOptions] },
  },
  {
    files: ['**/*.spec.{ts,tsx}', '{apps,libs}/*/test/**/*.ts'],
    rules: { 'walls/direction': ['error', testOptions] },
  },
  {
    // The scripts and settings of the workspace put its tools together, by their paths.
    files: ['*.{js,ts}', 'tools/*.mjs'],
    rules: { 'walls/direction': 'off' },
  },
  {
    files: ['{apps,libs}/*/src/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.{ts,tsx}', ...ENVIRONMENT_READERS],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT_REASON }],
      'no-restricted-imports': ['error', { name: 'node:process', importNames: ['env'], message: ENVIRONMENT_REASON }],
    },
  },
);
