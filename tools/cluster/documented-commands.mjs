/** The commands that the documentation gives, as people would type them. */
import { readFileSync } from 'node:fs';

/**
 * @param {string} file a Markdown document
 * @returns {string[]} its blocks that are marked as `sh`, in their order
 */
export function commandBlocks(file) {
  const blocks = readFileSync(file, 'utf8').matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm);
  return [...blocks].map(([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}
