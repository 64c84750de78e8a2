/** Whether a path below the chart's folder stays out of the package. */
export type IsIgnored = (path: string) => boolean;

/**
 * The rules of a `.helmignore`: a pattern on each line, with `*` and `?`; `/` at its end for folders only, and
 * anywhere else for paths from the chart's folder; `!` takes a rule back. What begins with a dot is never packed.
 */
export function ignoredBy(helmignore: string): IsIgnored {
  const rules = helmignore
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toRule);
  return (path) =>
    parentsAndSelf(path).some(
      (each) => nameOf(each).startsWith('.') || rules.findLast(({ matches }) => matches(each, each !== path))?.ignores,
    );
}

interface Rule {
  readonly ignores: boolean;
  readonly matches: (path: string, isFolder: boolean) => boolean;
}

function toRule(line: string): Rule {
  const [, not = '', fromRoot = '', pattern = '', folderOnly = ''] = /^(!?)(\/?)(.*?)(\/?)$/.exec(line) ?? [];
  const isPath = fromRoot !== '' || pattern.includes('/');
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${literal.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
  return {
    ignores: not === '',
    matches: (path, isFolder) => (folderOnly === '' || isFolder) && expression.test(isPath ? path : nameOf(path)),
  };
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `a`, `a/b` and `a/b/c` of `a/b/c`. */
const parentsAndSelf = (path: string): string[] =>
  path.split('/').map((_, index, segments) => segments.slice(0, index + 1).join('/'));
