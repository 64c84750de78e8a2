import { BaseSequencer } from 'vitest/node';

/** @typedef {import('vitest/node').TestSpecification} TestSpecification */

/** Specs that start whole systems: the size of their files says nothing of how long they take. */
const STARTS_SYSTEMS = /\/tools\/(?:e2e|faults)\//;

/** Begins with what takes longest, so that no process is left with a long spec when the others have ended. */
export class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files);
    const isLong = (/** @type {TestSpecification} */ { moduleId }) => STARTS_SYSTEMS.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
