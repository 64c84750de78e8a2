import { describe, expect, it } from 'vitest';
import { InvalidName, InvalidPath } from './git-store.errors';
import { checkBranchName, checkRepositoryName, splitPath } from './names';

describe('a path', () => {
  it.each(['a', 'carts/helm/values.yaml', '.gitignore', 'a/.gitkeep', 'b c/ä', '日本', 'a:b', '..a', 'a..', 'x/-y'])(
    '%j is accepted',
    (path) => {
      expect(splitPath(path)).toHaveLength(path.split('/').length);
    },
  );

  it.each([
    ...['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/../b', './a', '...', 'a/. '],
    ...['.git', 'a/.git/config', '.GIT', '.git ', '.git.', '.git::$INDEX_ALLOCATION', 'GIT~1', '.g\u200cit', '.ｇｉｔ'],
    ...['.gitmodules', '.GitAttributes', 'gitmod~1', 'gi7eba~1'],
    ...['-option', '--upload-pack=x', 'a\\b', 'a\0b', 'a\nb', 'a\u0085b', '\ud800', 'a\u2028b'],
    ...['x'.repeat(256), `a/${'b/'.repeat(600)}c`],
  ])('%j is refused', (path) => {
    expect(() => splitPath(path)).toThrow(InvalidPath);
  });
});

describe('a name', () => {
  it.each(['a', 'sockshop', 'my-project_2.0', 'x'.repeat(200)])('%j is accepted', (name) => {
    expect(checkRepositoryName(name)).toBe(name);
    expect(checkBranchName(name)).toBe(name);
  });

  it.each([
    '',
    '.',
    '..',
    '-a',
    '.a',
    '_a',
    'a/b',
    'a b',
    'a..b',
    'a.',
    'a.git',
    'a.lock',
    'a\n',
    'ä',
    'x'.repeat(201),
    'a~1',
    'a@{1}',
  ])('%j is refused', (name) => {
    expect(() => checkRepositoryName(name)).toThrow(InvalidName);
    expect(() => checkBranchName(name)).toThrow(InvalidName);
  });

  it.each(['HEAD', 'a'.repeat(40)])('%j is no branch', (name) => {
    expect(() => checkBranchName(name)).toThrow(InvalidName);
  });
});
