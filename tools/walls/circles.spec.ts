import { describe, expect, it } from 'vitest';
import { circlesOfTheWorkspace, fileCircles, mutualFolders } from './circles.mjs';

const graph = (imports: Record<string, string[]>): Map<string, string[]> => new Map(Object.entries(imports));

describe('the imports of apps and libraries', () => {
  it('never go in circles, neither between folders nor between files', () => {
    const { folders, circles } = circlesOfTheWorkspace();
    expect([...folders, ...circles]).toEqual([]);
  });
});

describe('the search for circles', () => {
  it('finds neighbouring folders that import each other, at any depth', () => {
    const imports = graph({ 'src/a/x.ts': ['src/b/c/y.ts'], 'src/b/z.ts': ['src/a/x.ts'], 'src/b/c/y.ts': [] });
    expect(mutualFolders(imports)).toEqual(['src/a <-> src/b']);
    expect(mutualFolders(graph({ 'src/p/a/x.ts': ['src/p/b/y.ts'], 'src/p/b/z.ts': ['src/p/a/w.ts'] }))).toEqual([
      'src/p/a <-> src/p/b',
    ]);
  });

  it('lets a folder use its own files and those below it', () => {
    expect(mutualFolders(graph({ 'src/x.ts': ['src/a/y.ts'], 'src/a/y.ts': ['src/z.ts'] }))).toEqual([]);
  });

  it('finds files that import each other, directly and around a corner', () => {
    expect(fileCircles(graph({ a: ['b'], b: ['a'], c: ['a'] }))).toEqual(['a, b']);
    expect(fileCircles(graph({ a: ['b'], b: ['c'], c: ['a'], d: ['d2'], d2: [] }))).toEqual(['a, b, c']);
  });
});
