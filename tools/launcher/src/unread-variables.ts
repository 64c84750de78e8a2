/** Variables of the keptn command, which people export in the same terminal. */
const OF_THE_COMMAND = ['KEPTN_ENDPOINT', 'KEPTN_CONTEXT', 'KEPTN_CONFIG_DIR', 'KEPTN_GIT_TOKEN', 'KEPTN_COMPAT'];

/** Shorter names are too often near to each other. */
const SHORTEST_MISSPELT_NAME = 8;

/**
 * Warnings about variables that somebody has set for the system and nothing in it reads: those of the name KEPTN_*, and those
 * whose name is a slip away from one that is read.
 *
 * @param given names that are set
 * @param read names that the launcher and the services read
 */
export function warnOfUnread(given: readonly string[], read: ReadonlySet<string>): string[] {
  return given
    .filter((name) => !read.has(name) && !OF_THE_COMMAND.includes(name))
    .flatMap((name) => {
      const meant = [...read].find((other) => isSlip(name, other));
      if (meant !== undefined) return [`${name} is read by nothing: ${meant} is`];
      return name.startsWith('KEPTN_') ? [`${name} is read by nothing`] : [];
    });
}

/** Whether one character too many, too few or wrong, or two in the wrong order, are all that differs. */
const isSlip = (name: string, other: string): boolean => {
  if (Math.min(name.length, other.length) < SHORTEST_MISSPELT_NAME || Math.abs(name.length - other.length) > 1) {
    return false;
  }
  const start = Array.from(name).findIndex((character, index) => character !== other[index]);
  if (start < 0) return true;
  const [rest, otherRest] = [name.slice(start), other.slice(start)];
  return (
    rest.slice(1) === otherRest.slice(1) ||
    rest.slice(1) === otherRest ||
    rest === otherRest.slice(1) ||
    (rest[0] === otherRest[1] && rest[1] === otherRest[0] && rest.slice(2) === otherRest.slice(2))
  );
};
