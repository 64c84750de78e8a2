import { describeMissing, missingPrograms } from './test-programs.mjs';

/** Says at the start and at the end of a run which specs were left out, and what would bring them in. */
export default function setup(): () => void {
  const report = (): void => {
    for (const program of missingPrograms()) {
      console.warn(describeMissing(program));
    }
  };
  report();
  return report;
}
