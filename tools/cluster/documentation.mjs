/** The commands that the documentation gives, run as people would type them, and which of them were run. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * @param {string} markdown
 * @returns {{ language: string, text: string }[]} its fenced blocks, in their order
 */
export function fencedBlocks(markdown) {
  return [...markdown.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', block = '']) => ({
      language,
      text: block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

export class Documentation {
  #terminal;
  #adapt;
  /** Commands by document. @type {Map<string, string[]>} */
  #blocks = new Map();
  /** @type {Set<string>} */
  #executed = new Set();

  /**
   * @param {string} folder of Markdown documents
   * @param {import('./terminal.mjs').Terminal} terminal
   * @param {(commands: string) => string} adapt changes commands before they are run, e.g. where they write
   */
  constructor(folder, terminal, adapt) {
    this.#terminal = terminal;
    this.#adapt = adapt;
    for (const file of readdirSync(folder)) {
      const blocks = fencedBlocks(readFileSync(join(folder, file), 'utf8'));
      this.#blocks.set(
        basename(file, '.md'),
        blocks.filter(({ language }) => language === 'sh').map(({ text }) => text),
      );
    }
  }

  /**
   * @param {string} document e.g. install
   * @param {...number} numbers of blocks, from 1; without any: all
   * @returns {Promise<string>} what they printed
   * @throws {Error} when a command fails, or there is no such block
   */
  async run(document, ...numbers) {
    const blocks = this.#blocks.get(document) ?? [];
    const all = blocks.map((_, index) => index + 1);
    let said = '';
    for (const number of numbers.length > 0 ? numbers : all) {
      const block = blocks[number - 1];
      if (block === undefined) {
        throw new Error(`${document}.md has no block ${number}`);
      }
      said += await this.#terminal.run(this.#adapt(block));
      this.#executed.add(`${document}.md, block ${number}`);
    }
    return said;
  }

  /** @returns {string[]} the blocks that were not run */
  unexecuted() {
    return [...this.#blocks]
      .flatMap(([document, blocks]) => blocks.map((_, index) => `${document}.md, block ${index + 1}`))
      .filter((block) => !this.#executed.has(block));
  }
}
