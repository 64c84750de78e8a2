import fc from 'fast-check';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourceUri } from './resource-uri';

const reasonFor = (path: unknown) => resourceUri.safeParse(path).error?.issues[0]?.message;

describe('resourceUri', () => {
  it.each([
    'slo.yaml',
    'helm/carts/values.yaml',
    '.gitignore',
    'a/.gitkeep',
    'x.gitlab.yml',
    'a b',
    'ü/ñ',
    'a-',
    'a/-b',
    '..a',
  ])('accepts %j', (path) => {
    expect(resourceUri.parse(path)).toBe(path);
  });

  it('drops one leading slash, which lists of Keptn 0.7 show', () => {
    expect(resourceUri.parse('/carts/metadata.yaml')).toBe('carts/metadata.yaml');
  });

  it.each([
    ['./slo.yaml', 'slo.yaml'],
    ['/./slo.yaml', 'slo.yaml'],
    ['././helm/./carts.yaml', 'helm/carts.yaml'],
    ['helm/.', 'helm'],
  ])('drops the segments "." of %j, which name the same file', (path, stored) => {
    expect(resourceUri.parse(path)).toBe(stored);
  });

  it.each([
    ['', 'empty'],
    ['/', 'empty'],
    ['//a', 'empty segments'],
    ['a//b', 'empty segments'],
    ['a/', 'empty segments'],
    ['.', 'empty'],
    ['./', 'empty'],
    ['.//a', 'empty segments'],
    ['./..', 'dots or blanks'],
    ['. /a', 'dots or blanks'],
    ['../other/x', 'dots or blanks'],
    ['a/../b', 'dots or blanks'],
    ['a/.. /b', 'dots or blanks'],
    ['a/.\u200c./b', 'dots or blanks'],
    ['a\\b', 'backslash'],
    ['a\0b', 'control characters'],
    ['a\nb', 'control characters'],
    ['a\u0085b', 'control characters'],
    ['-rf', 'start with "-"'],
    ['/-rf', 'start with "-"'],
    ['./-rf', 'start with "-"'],
    ['./.git/config', '".git" folder'],
    ['\ud800', 'valid Unicode'],
    ['x'.repeat(256), 'segment longer than 255 bytes'],
    ['ü'.repeat(128), 'segment longer than 255 bytes'],
    ['abcdefg/'.repeat(128) + 'a', 'longer than 1024 bytes'],
  ])('refuses %j: %s', (path, reason) => {
    expect(reasonFor(path)).toContain(reason);
    expect(reasonFor(path)).toContain('use a relative path such as');
  });

  it.each([
    ...[
      '.git',
      '.GIT/config',
      'a/.Git/hooks/pre-commit',
      'git~1',
      'GIT~1/config',
      'GIT~2',
      '.git ',
      '.git.',
      '.git . .',
    ],
    ...['.git:x', '.git::$INDEX_ALLOCATION/config', '.g\u200cit/config', '\ufeff.git', '.git\u202e'],
  ])('refuses %j, which opens the .git folder on some file system', (path) => {
    expect(reasonFor(path)).toContain('".git" folder');
  });

  it('never accepts what leaves the folder that it is joined to or enters .git', () => {
    const tricky = fc.string({
      unit: fc.constantFrom(
        'a',
        '.',
        '..',
        '/',
        '\\',
        '-',
        '~1',
        '\0',
        '.git',
        'GIT',
        ' ',
        ':',
        '\u200d',
        '\ud800',
        'é',
      ),
    });
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string(), fc.string({ unit: 'binary' })), (path) => {
        const result = resourceUri.safeParse(path);
        if (!result.success) return;
        const joined = posix.normalize(posix.join('/root', result.data));
        expect(joined).toBe(`/root/${result.data}`);
        expect(joined.split('/').map((segment) => segment.toLowerCase())).not.toContain('.git');
      }),
      { numRuns: 3000 },
    );
  });

  it('accepts its own result unchanged', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const result = resourceUri.safeParse(path);
        if (result.success) expect(resourceUri.parse(result.data)).toBe(result.data);
      }),
    );
  });
});
