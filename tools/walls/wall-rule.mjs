import { relative } from 'node:path';
import { isTest, targetOf, WORKSPACE } from './import-graph.mjs';
import { WALLS } from './walls.mjs';

/**
 * Whether `name` is what `pattern` says, or something below it.
 *
 * @param {string} pattern `*` stands for anything
 * @param {string} name
 */
const matches = (pattern, name) =>
  new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}(?:/.*)?$`).test(name);

/** ESLint rule: refuses the imports that the walls refuse, dynamic and type imports included, and says why. */
export const wallRule = {
  meta: { type: /** @type {const} */ ('problem'), schema: [] },
  /** @param {import('eslint').Rule.RuleContext} context */
  create(context) {
    const file = relative(WORKSPACE, context.filename).replaceAll('\\', '/');
    const walls = isTest(file) ? [] : WALLS.filter((wall) => matches(wall.in, file));
    if (walls.length === 0) {
      return {};
    }
    /** @param {import('estree').Node & { source?: unknown }} node */
    const check = (node) => {
      const { value } = /** @type {{ value?: unknown }} */ (node.source ?? {});
      if (typeof value !== 'string') {
        return;
      }
      const target = targetOf(value, file);
      const isAmong = (/** @type {readonly string[]} */ patterns) =>
        patterns.some((pattern) => matches(pattern, target));
      const wall = walls.find(({ refuses, except = [] }) => isAmong(refuses) && !isAmong(except));
      if (wall !== undefined) {
        context.report({ node, message: `${wall.in} must not import ${target}: ${wall.because}.` });
      }
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};
